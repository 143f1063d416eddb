import type { BuildDependencies } from '@millrace/contracts';
import { openDataSource, TenantDatabase, type TenantTransaction } from '@millrace/database';
import { newId, type PipelineId } from '@millrace/kernel';
import { digestOf, FileObjectStore } from '@millrace/object-store';
import { asSuper, type SeededOrganization, seedOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBundle } from '../bundle/read-bundle.js';
import { BundleCompiler } from '../compile/bundle-compiler.js';
import type { Deployment } from '../deployment.js';
import { findDeployment, getDeployment, listDeployments, readDeploymentLog } from '../readers/deployments.js';
import { getVersionDetail, listPipelines, listVersions } from '../readers/pipelines.js';
import { findActiveVersion, findPipeline, getPipeline, type Pipeline, VersionCache } from '../readers/versions.js';
import { activateVersion, pausePipeline, rollBackPipeline, unpausePipeline } from './activate-version.js';
import { finishDeployment, loadBuild, recordBuild } from './build-dependencies.js';
import { CreateDeployment } from './create-deployment.js';
import { rollBackDeployment } from './roll-back-deployment.js';
import { ValidateBundle } from './validate-bundle.js';

type Files = Record<string, string>;

function pipelineFile(name: string, script = 'true', more = ''): string {
  return `pipeline: ${name}\n${more}tasks:\n  a: { type: shell, script: "${script}" }\n`;
}

describe('deployments', () => {
  let database: TestDatabase;
  let tenants: TenantDatabase;
  let folder: string;
  let objects: FileObjectStore;
  let validate: ValidateBundle;
  let create: CreateDeployment;
  let organization: SeededOrganization;
  const closes: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    const source = await openDataSource({ url: database.appUrl, poolSize: 10, applicationName: 'spec' });
    closes.push(() => source.destroy());
    tenants = new TenantDatabase(source);
    folder = await mkdtemp(join(tmpdir(), 'deployments-'));
    objects = await FileObjectStore.open(folder);
    validate = new ValidateBundle(new BundleCompiler(), 'test-platform');
    create = new CreateDeployment(objects);
  });
  beforeEach(async () => {
    organization = await seedOrganization(database.superuserUrl);
  });
  afterAll(async () => {
    for (const close of closes) await close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  function within<T>(work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return tenants.transaction(organization.tenantId, work);
  }

  function actor() {
    return { tenantId: organization.tenantId, actor: 'usr_spec', requestId: 'req_spec' };
  }

  async function deploy(files: Files, options: { activate?: boolean } = {}): Promise<Deployment> {
    const bundle = await validate.execute({
      tenantId: organization.tenantId,
      body: Buffer.from(JSON.stringify({ files })),
      contentType: 'application/json',
      pools: [{ name: 'default', memoryBytes: 2 ** 30 }],
    });
    const { environmentId } = organization;
    const activate = options.activate ?? true;
    return within((tx) => create.execute(tx, { environmentId, actor: actor(), bundle, activate }));
  }

  function pipeline(ref: string): Promise<Pipeline> {
    return within((tx) => getPipeline(tx, organization.environmentId, ref));
  }

  async function counts(): Promise<Record<string, number>> {
    const tables = [
      'pipelines',
      'pipeline_versions',
      'deployments',
      'bundles',
      'outbox',
      'dependency_sets',
      'audit_events',
    ];
    const selects = tables.map((table) => `(select count(*)::int from ${table} where tenant_id = $1) as ${table}`);
    const [row] = await asSuper(database.superuserUrl, `select ${selects.join(', ')}`, [organization.tenantId]);
    return row as Record<string, number>;
  }

  it('makes versions that run what was pushed, in one transaction', async () => {
    const files = {
      'pipelines/one.yaml': pipelineFile('one', 'echo 1', 'description: The first.\n'),
      'two.pipeline.json': JSON.stringify({ pipeline: 'two', tasks: { n: { type: 'node', entry: 'src/n.ts' } } }),
      'src/n.ts': 'export default (x: number) => x;',
    };
    const deployment = await deploy(files);

    expect(deployment).toMatchObject({ state: 'ready', error: null, createdBy: 'usr_spec', activate: true });
    expect(
      deployment.versions.map(({ pipeline: name, number, isNew, activated, previousVersionId }) => [
        name,
        number,
        isNew,
        activated,
        previousVersionId,
      ]),
    ).toEqual([
      ['one', 1, true, true, null],
      ['two', 1, true, true, null],
    ]);
    const active = await within((tx) => findActiveVersion(tx, organization.environmentId, 'two'));
    expect(active?.version).toMatchObject({
      number: 1,
      bundleDigest: deployment.bundleDigest,
      deploymentId: deployment.id,
    });
    const parsed = await within((tx) => new VersionCache().get(tx, active?.version.id ?? newId('version')));
    expect(parsed.spec).toMatchObject({
      bundleDigest: deployment.bundleDigest,
      dependencies: {},
      tasks: { n: { config: { entry: 'src/n.ts.mjs' } } },
    });
    const stored = await readBundle(
      await objects.get(organization.tenantId, deployment.bundleDigest),
      'application/gzip',
    );
    expect([...stored.files.keys()].sort()).toEqual([...Object.keys(files), 'src/n.ts.mjs'].sort());
    expect(await pipeline('one')).toMatchObject({ description: 'The first.', activeVersionNumber: 1, pausedAt: null });
  });

  it('finds the same content again, and makes a version of every difference', async () => {
    const files = { 'pipelines/p.yaml': pipelineFile('p'), 'data.txt': '1' };
    const first = await deploy(files);
    const again = await deploy(files);
    const other = await deploy({ ...files, 'data.txt': '2' });
    const back = await deploy(files);

    expect(again.versions).toMatchObject([
      { versionId: first.versions[0]?.versionId, number: 1, isNew: false, activated: true },
    ]);
    expect(other.versions).toMatchObject([{ number: 2, isNew: true, previousVersionId: first.versions[0]?.versionId }]);
    expect(back.versions).toMatchObject([{ number: 1, isNew: false, activated: true }]);
    expect(await counts()).toMatchObject({ pipeline_versions: 2, bundles: 2, deployments: 4 });
    expect((await pipeline('p')).activeVersionNumber).toBe(1);
  });

  it('changes nothing where anything is wrong', async () => {
    await deploy({ 'pipelines/p.yaml': pipelineFile('p') });
    const before = await counts();
    const files = {
      'pipelines/p.yaml': pipelineFile('p', 'echo new'),
      'pipelines/q.yaml': 'pipeline: q\ntasks: { a: { type: nod } }',
    };

    await expect(deploy(files)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'deployment.invalid',
      details: [
        { code: 'pipeline.unknown_type', file: 'pipelines/q.yaml', line: 2, column: 21, pointer: '/tasks/a/type' },
      ],
    });
    await expect(deploy({ 'README.md': 'x' })).rejects.toMatchObject({ code: 'bundle.no_pipelines' });
    await expect(deploy({ 'p/pipelines/p.yaml': pipelineFile('p') })).rejects.toMatchObject({
      details: [{ hint: expect.stringContaining('tar -C p') as string }],
    });
    expect(await counts()).toEqual(before);
    expect((await pipeline('p')).activeVersionNumber).toBe(1);
  });

  it('keeps the notify rules and the deadline with the version', async () => {
    const notify = 'notify: [{ on: failed, email: owners }]\ndeadline: 2h\n';
    await deploy({
      'a.pipeline.yaml': pipelineFile('with', 'true', notify),
      'b.pipeline.yaml': pipelineFile('without'),
    });

    const rows = await asSuper(
      database.superuserUrl,
      `select p.name, v.notify, v.deadline_ms::int from pipeline_versions v join pipelines p on p.id = v.pipeline_id
       where v.tenant_id = $1 order by 1`,
      [organization.tenantId],
    );
    expect(rows).toEqual([
      { name: 'with', notify: [{ on: ['failed'], email: ['owners'] }], deadline_ms: 7_200_000 },
      { name: 'without', notify: null, deadline_ms: null },
    ]);
  });

  it('can leave the active versions alone, and activate one later', async () => {
    await deploy({ 'pipelines/p.yaml': pipelineFile('p') });
    const quiet = await deploy({ 'pipelines/p.yaml': pipelineFile('p', 'echo 2') }, { activate: false });

    expect(quiet.versions).toMatchObject([{ number: 2, isNew: true, activated: false }]);
    expect((await pipeline('p')).activeVersionNumber).toBe(1);

    const activated = await within(async (tx) =>
      activateVersion(tx, actor(), await getPipeline(tx, organization.environmentId, 'p'), 2),
    );
    expect(activated.activeVersionNumber).toBe(2);
    await expect(
      within(async (tx) => activateVersion(tx, actor(), await getPipeline(tx, organization.environmentId, 'p'), 3)),
    ).rejects.toMatchObject({ kind: 'not_found', code: 'version.not_found' });
  });

  it('rolls a pipeline back and forward again', async () => {
    await deploy({ 'pipelines/p.yaml': pipelineFile('p') });
    const only = await pipeline('p');
    await expect(within((tx) => rollBackPipeline(tx, actor(), only))).rejects.toMatchObject({
      code: 'pipeline.no_previous_version',
    });
    await deploy({ 'pipelines/p.yaml': pipelineFile('p', 'echo 2') });

    const back = await within(async (tx) =>
      rollBackPipeline(tx, actor(), await getPipeline(tx, organization.environmentId, 'p')),
    );
    expect(back.activeVersionNumber).toBe(1);
    const forward = await within((tx) => rollBackPipeline(tx, actor(), back));
    expect(forward.activeVersionNumber).toBe(2);
  });

  it('rolls a whole deployment back, once, and never over a later one', async () => {
    const one = { 'pipelines/p.yaml': pipelineFile('p'), 'pipelines/q.yaml': pipelineFile('q') };
    await deploy(one);
    const second = await deploy({
      'pipelines/p.yaml': pipelineFile('p', 'echo 2'),
      'pipelines/q.yaml': pipelineFile('q', 'echo 2'),
    });

    const undone = await within(async (tx) => rollBackDeployment(tx, actor(), await getDeployment(tx, second.id)));
    expect(undone).toMatchObject({ state: 'ready', rollbackOf: second.id });
    expect([(await pipeline('p')).activeVersionNumber, (await pipeline('q')).activeVersionNumber]).toEqual([1, 1]);
    await expect(within((tx) => rollBackDeployment(tx, actor(), second))).rejects.toMatchObject({
      code: 'deployment.superseded',
    });

    const third = await deploy({ 'pipelines/p.yaml': pipelineFile('p', 'echo 3') });
    await deploy({ 'pipelines/p.yaml': pipelineFile('p', 'echo 4') });
    await expect(within((tx) => rollBackDeployment(tx, actor(), third))).rejects.toMatchObject({
      kind: 'conflict',
      code: 'deployment.superseded',
    });
    expect((await pipeline('p')).activeVersionNumber).toBe(4);
  });

  it('says why a first deployment cannot be rolled back', async () => {
    const first = await deploy({ 'pipelines/p.yaml': pipelineFile('p') });

    await expect(within((tx) => rollBackDeployment(tx, actor(), first))).rejects.toMatchObject({
      code: 'deployment.first',
    });
    expect((await pipeline('p')).activeVersionNumber).toBe(1);
  });

  it('keeps a pipeline paused whatever is deployed', async () => {
    await deploy({ 'pipelines/p.yaml': pipelineFile('p') });
    const paused = await within(async (tx) =>
      pausePipeline(tx, actor(), await getPipeline(tx, organization.environmentId, 'p')),
    );
    const again = await within((tx) => pausePipeline(tx, actor(), paused));
    await deploy({ 'pipelines/p.yaml': pipelineFile('p', 'echo 2') });

    expect(paused.pausedAt).not.toBeNull();
    expect(again.pausedAt).toBe(paused.pausedAt);
    expect(await pipeline('p')).toMatchObject({ pausedAt: paused.pausedAt, activeVersionNumber: 2 });
    expect((await within((tx) => unpausePipeline(tx, actor(), paused))).pausedAt).toBeNull();
  });

  it('numbers versions without gaps when pushes race', async () => {
    await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        deploy({
          'pipelines/p.yaml': pipelineFile('p', `echo ${i}`),
          'pipelines/q.yaml': pipelineFile('q', `echo ${i}`),
        }),
      ),
    );
    const { id } = await pipeline('p');
    const versions = await within((tx) => listVersions(tx, id, { limit: 10 }));

    expect(versions.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
  });

  it('lists by name and by time, and shows what a version is made of', async () => {
    for (const name of ['c', 'a', 'b']) await deploy({ 'pipelines/p.yaml': pipelineFile(name) });
    const names = await within((tx) => listPipelines(tx, organization.environmentId, { after: 'a', limit: 10 }));
    const deployments = await within((tx) => listDeployments(tx, organization.environmentId, { limit: 2 }));
    const rest = await within((tx) =>
      listDeployments(tx, organization.environmentId, { before: deployments[1]?.id, limit: 5 }),
    );
    const detail = await within(async (tx) => getVersionDetail(tx, names[0]?.id ?? newId('pipeline'), '1'));

    expect(names.map(({ name }) => name)).toEqual(['b', 'c']);
    expect([...deployments, ...rest].map(({ versions }) => versions[0]?.pipeline)).toEqual(['b', 'a', 'c']);
    expect(detail).toMatchObject({
      sourceFile: 'pipelines/p.yaml',
      files: [{ path: 'pipelines/p.yaml', sizeBytes: expect.any(Number) as number }],
    });
    expect(JSON.parse(detail.definitionText)).toEqual({
      pipeline: 'b',
      tasks: { a: { type: 'shell', script: 'true' } },
    });
  });

  it('shows nothing of it to another organization', async () => {
    const deployment = await deploy({ 'pipelines/p.yaml': pipelineFile('p') });
    const { id } = await pipeline('p');
    const ours = organization;
    organization = await seedOrganization(database.superuserUrl);

    expect(await within((tx) => findDeployment(tx, deployment.id))).toBeUndefined();
    expect(await within((tx) => findPipeline(tx, ours.environmentId, id))).toBeUndefined();
    expect(await within((tx) => findPipeline(tx, ours.environmentId, 'p'))).toBeUndefined();
    await expect(within((tx) => getVersionDetail(tx, id, '1'))).rejects.toMatchObject({ kind: 'not_found' });
    expect(await within((tx) => listDeployments(tx, ours.environmentId, { limit: 10 }))).toEqual([]);
    await expect(objects.get(organization.tenantId, deployment.bundleDigest)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  describe('with dependencies', () => {
    const bundle = (script = 'true', requirements = 'requests==2.0\n'): Files => ({
      'pipelines/p.yaml': pipelineFile('p', script),
      'package.json': '{"dependencies": {"left-pad": "1.0.0"}}',
      'requirements.txt': requirements,
    });

    async function build(
      deployment: Deployment,
      outcome: (kind: string) => { ok: boolean; lockText?: string },
    ): Promise<string> {
      const builds = await within((tx) => loadBuild(tx, deployment.id));
      for (const one of builds) {
        const archive = await objects.put(organization.tenantId, Buffer.from(`built ${one.kind}`));
        const { ok, lockText } = outcome(one.kind);
        const result = {
          ok,
          log: `log of ${one.kind}\n`,
          ...(ok ? { objectDigest: archive.digest, sizeBytes: 5 } : {}),
          ...(lockText === undefined ? {} : { lockText }),
        };
        await within((tx) => recordBuild(tx, one, result));
      }
      return within((tx) => finishDeployment(tx, deployment.id));
    }

    it('waits for the builds, then makes and activates the versions together', async () => {
      const deployment = await deploy(bundle());

      expect(deployment).toMatchObject({
        state: 'building',
        versions: [],
        endedAt: null,
        dependencies: [{ kind: 'npm' }, { kind: 'pip' }],
      });
      expect(await counts()).toMatchObject({ pipelines: 0, pipeline_versions: 0, outbox: 1, dependency_sets: 2 });
      expect(
        await asSuper(database.superuserUrl, `select kind, subject from outbox where tenant_id = $1`, [
          organization.tenantId,
        ]),
      ).toEqual([{ kind: 'build', subject: deployment.id }]);
      const builds = await within((tx) => loadBuild(tx, deployment.id));
      expect(builds).toEqual(
        deployment.dependencies.map(({ kind, inputDigest }): BuildDependencies => ({
          tenantId: organization.tenantId,
          deploymentId: deployment.id,
          kind,
          bundleDigest: deployment.bundleDigest,
          inputDigest,
        })),
      );
      expect(await within((tx) => finishDeployment(tx, deployment.id))).toBe('building');

      expect(await build(deployment, () => ({ ok: true, lockText: 'lock' }))).toBe('ready');
      const ready = await within((tx) => getDeployment(tx, deployment.id));
      expect(ready).toMatchObject({ state: 'ready', versions: [{ pipeline: 'p', number: 1, activated: true }] });
      const active = await within((tx) => findActiveVersion(tx, organization.environmentId, 'p'));
      expect(JSON.parse(active?.version.specText ?? '')).toMatchObject({
        dependencies: { npm: digestOf('built npm'), pip: digestOf('built pip') },
      });
      expect(await within((tx) => readDeploymentLog(tx, deployment.id))).toContain('log of npm');
      expect(await within((tx) => finishDeployment(tx, deployment.id))).toBe('ready');
    });

    it('needs no second build of the same dependencies', async () => {
      await build(await deploy(bundle()), () => ({ ok: true }));
      const second = await deploy(bundle('echo 2'));
      const third = await deploy(bundle('echo 2', 'requests==2.1\n'));

      expect(second).toMatchObject({ state: 'ready', versions: [{ number: 2, isNew: true }] });
      expect(third.state).toBe('building');
      expect((await within((tx) => loadBuild(tx, third.id))).map(({ kind }) => kind)).toEqual(['pip']);
      expect(await deploy(bundle('echo 2'))).toMatchObject({ state: 'ready', versions: [{ number: 2, isNew: false }] });
    });

    it('fails as a whole where one build fails, and may be pushed again', async () => {
      const deployment = await deploy(bundle());

      expect(await build(deployment, (kind) => ({ ok: kind === 'npm' }))).toBe('failed');
      const failed = await within((tx) => getDeployment(tx, deployment.id));
      expect(failed).toMatchObject({
        state: 'failed',
        versions: [],
        error: { code: 'deployment.build_failed', details: [{ message: 'log of pip', file: 'requirements.txt' }] },
      });
      expect(await within((tx) => readDeploymentLog(tx, deployment.id))).toContain('# pip: failed\nlog of pip');
      expect(await counts()).toMatchObject({ pipelines: 0, pipeline_versions: 0 });
      expect(await within((tx) => loadBuild(tx, deployment.id))).toEqual([]);

      const again = await deploy(bundle());
      expect((await within((tx) => loadBuild(tx, again.id))).map(({ kind }) => kind)).toEqual(['pip']);
      expect(await build(again, () => ({ ok: true }))).toBe('ready');
    });

    it('fails with the reason where a build could not even be tried', async () => {
      const deployment = await deploy(bundle());

      expect(await within((tx) => finishDeployment(tx, deployment.id, { reason: 'no runner took the build' }))).toBe(
        'failed',
      );
      expect((await within((tx) => getDeployment(tx, deployment.id))).error?.message).toBe('no runner took the build');
    });

    it('does not let a slow build undo a later deployment', async () => {
      const slow = await deploy(bundle());
      await deploy({ 'pipelines/p.yaml': pipelineFile('p', 'echo newer') });

      expect(await build(slow, () => ({ ok: true }))).toBe('ready');
      expect((await within((tx) => getDeployment(tx, slow.id))).versions).toMatchObject([
        { number: 2, activated: false },
      ]);
      expect((await pipeline('p')).activeVersionNumber).toBe(1);
    });

    it('makes another version where the same files resolve to other packages', async () => {
      const first = await deploy(bundle());
      await build(first, () => ({ ok: true, lockText: 'resolved 1' }));
      await asSuper(database.superuserUrl, `update dependency_sets set lock_text = 'resolved 2' where tenant_id = $1`, [
        organization.tenantId,
      ]);

      expect(await deploy(bundle())).toMatchObject({ versions: [{ number: 2, isNew: true }] });
    });

    it('reports a broken package.json with its place', async () => {
      await expect(deploy({ ...bundle(), 'package.json': '{"dependencies": {,}}' })).rejects.toMatchObject({
        details: [{ code: 'json.syntax', file: 'package.json', line: 1, column: 19 }],
      });
    });
  });

  it('writes an audit row for each change', async () => {
    const deployment = await deploy({ 'pipelines/p.yaml': pipelineFile('p') });
    const found: { id: PipelineId } = await pipeline('p');
    await within(async (tx) => pausePipeline(tx, actor(), await getPipeline(tx, organization.environmentId, 'p')));

    const rows = await asSuper(
      database.superuserUrl,
      `select actor, action, target from audit_events where tenant_id = $1 order by id`,
      [organization.tenantId],
    );
    expect(rows).toEqual([
      { actor: 'usr_spec', action: 'deployment.created', target: deployment.id },
      { actor: 'usr_spec', action: 'pipeline.paused', target: found.id },
    ]);
  });
});
