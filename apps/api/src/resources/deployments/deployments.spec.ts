import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { finishDeployment, loadBuild, pipelineSchema, recordBuild } from '@millrace/pipelines';
import { TenantDatabase } from '@millrace/database';
import type { DeploymentId, EnvironmentId } from '@millrace/kernel';
import { createApiKey, type Scope } from '@millrace/tenancy';
import { asSuper, type SeededOrganization, seedOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';

interface DeploymentView {
  readonly id: DeploymentId;
  readonly state: string;
  readonly versions: readonly { readonly pipelineId: string; readonly versionId: string; readonly number: number }[];
}

const definition = (script: string) => ({ pipeline: 'p', tasks: { a: { type: 'shell', script } } });
const bundle = (script = 'true') => ({ pipelines: [definition(script)] });

async function tarGz(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  const collected = buffer(archive);
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return gzipSync(await collected);
}

describe('deployments and pipelines over HTTP', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let organization: SeededOrganization;
  let key: string;

  beforeAll(async () => {
    database = await testDatabase();
    api = await startApi(database);
  });
  beforeEach(async () => {
    organization = await seedOrganization(database.superuserUrl);
    key = await keyOf(organization, ['read', 'run', 'deploy']);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  function keyOf(
    { tenantId }: SeededOrganization,
    scopes: readonly Scope[],
    environmentId?: EnvironmentId,
  ): Promise<string> {
    return api.app.get(TenantDatabase).transaction(tenantId, async (tx) => {
      const actor = { tenantId, actor: 'usr_spec', requestId: 'req_spec', scopes };
      const made = await createApiKey(tx, actor, {
        name: 'spec',
        scopes,
        environmentId,
        expiresAt: undefined,
      });
      return made.key;
    });
  }

  const get = (path: string, as = key) => request(api.server).get(path).auth(as, { type: 'bearer' });
  const post = (path: string, as = key) => request(api.server).post(path).auth(as, { type: 'bearer' });

  async function push(body: object, query = ''): Promise<DeploymentView> {
    const response = await post(`/v1/deployments${query}`).send(body);
    expect([201, 202], JSON.stringify(response.body)).toContain(response.status);
    return response.body as DeploymentView;
  }

  it('serves the schema of the format to editors, who may keep it', async () => {
    const first = await request(api.server).get('/v1/schemas/pipeline.json').buffer(true);

    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/schema\+json/) as string,
      'cache-control': 'public, max-age=3600',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
    });
    const text = String(first.text ?? first.body);
    expect(JSON.parse(text)).toEqual(pipelineSchema());
    const again = await request(api.server)
      .get('/v1/schemas/pipeline.json')
      .set('if-none-match', first.headers['etag'] ?? '');
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('takes a bundle as one JSON document, with inline definitions', async () => {
    const response = await post('/v1/deployments?message=first').send(bundle());

    expect(response.status).toBe(201);
    expect(response.headers['location']).toBe(`/v1/deployments/${(response.body as DeploymentView).id}`);
    expect(response.body).toMatchObject({
      state: 'ready',
      message: 'first',
      versions: [{ pipeline: 'p', number: 1, isNew: true, activated: true, previousVersionId: null }],
      dependencies: [],
      error: null,
    });
    expect((await get('/v1/pipelines/p')).body).toMatchObject({
      name: 'p',
      paused: false,
      activeVersion: { number: 1 },
    });
  });

  it('takes a bundle as a tar.gz', async () => {
    const bytes = await tarGz({
      'pipelines/p.yaml': 'pipeline: p\ntasks:\n  a: { type: node, entry: src/a.ts }\n',
      'src/a.ts': 'export default (x: number) => x;',
    });
    const response = await post('/v1/deployments').type('application/gzip').send(bytes);

    expect(response.status).toBe(201);
    expect((await get('/v1/pipelines/p/versions/1')).body).toMatchObject({
      number: 1,
      active: true,
      definition: { pipeline: 'p' },
      sourceFile: 'pipelines/p.yaml',
      plan: { tasks: [{ id: 'a', kind: 'attempt', pool: 'default' }] },
      params: { type: 'object' },
      files: [{ path: 'pipelines/p.yaml' }, { path: 'src/a.ts' }, { path: 'src/a.ts.mjs' }],
    });
  });

  it('answers a bundle with mistakes with all of them, and changes nothing', async () => {
    const files = {
      'pipelines/p.yaml': 'pipeline: p\ntasks:\n  a: { type: nod }\n  b: { type: node, entry: src/b.ts, needs: [c] }\n',
      'src/b.ts': 'export default function ( {',
    };
    const response = await post('/v1/deployments').send({ files });

    expect(response.status).toBe(422);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.body).toMatchObject({
      code: 'deployment.invalid',
      mistakes: 3,
      errors: [
        {
          code: 'pipeline.unknown_type',
          file: 'pipelines/p.yaml',
          line: 3,
          column: 14,
          pointer: '/tasks/a/type',
          hint: 'did you mean "node"?',
        },
        { code: 'pipeline.unknown_need', file: 'pipelines/p.yaml', line: 4, column: 45 },
        { code: 'code.syntax', file: 'src/b.ts', line: 1 },
      ],
    });
    expect((await get('/v1/deployments')).body).toEqual({ data: [], nextCursor: null });
    expect((await get('/v1/pipelines')).body).toEqual({ data: [], nextCursor: null });
  });

  it('validates without deploying', async () => {
    const good = await post('/v1/deployments:validate').send(bundle());
    const bad = await post('/v1/deployments:validate').send({ pipelines: [{ pipeline: 'p', tasks: {} }] });

    expect(good.status).toBe(200);
    expect(good.body).toMatchObject({
      valid: true,
      pipelines: [{ pipeline: 'p', file: null, tasks: 1 }],
      dependencies: [],
    });
    expect(bad.status).toBe(422);
    expect(bad.body).toMatchObject({
      errors: [{ code: 'pipeline.no_tasks', pointer: '/pipelines/0/tasks', line: 1, column: 39 }],
    });
    expect((await get('/v1/deployments')).body).toMatchObject({ data: [] });
  });

  it('refuses other types, hostile archives, nothing at all, and unknown parameters', async () => {
    const rar = await post('/v1/deployments').type('application/x-rar').send(Buffer.from('Rar!'));
    const hostile = await post('/v1/deployments')
      .type('application/gzip')
      .send(await tarGz({ '../x': 'y' }));
    const empty = await post('/v1/deployments').type('application/gzip');
    const unknown = await post('/v1/deployments?activat=false').send(bundle());

    expect([rar.status, hostile.status, empty.status, unknown.status]).toEqual([415, 422, 422, 400]);
    expect(hostile.body).toMatchObject({ code: 'bundle.path_escape', errors: [{ file: '../x' }] });
  });

  it('has the effect of a repeated push once', async () => {
    const send = () => post('/v1/deployments').set('idempotency-key', 'one').send(bundle());
    const [first, second] = [await send(), await send()];
    const other = await post('/v1/deployments').set('idempotency-key', 'one').send(bundle('echo 2'));

    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(other.status).toBe(409);
    expect((await get('/v1/deployments')).body).toMatchObject({ data: [{ id: (first.body as DeploymentView).id }] });
  });

  it('lists deployments, pipelines and versions in pages', async () => {
    for (const script of ['1', '2', '3']) await push(bundle(script));
    const pages: number[][] = [];
    let cursor = '';
    do {
      const response = await get(`/v1/pipelines/p/versions?limit=2${cursor}`);
      const page = response.body as { data: { number: number }[]; nextCursor: string | null };
      pages.push(page.data.map(({ number }) => number));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');

    expect(pages).toEqual([[3, 2], [1]]);
    expect((await get('/v1/deployments?limit=2')).body).toMatchObject({
      data: [{}, {}],
      nextCursor: expect.any(String) as string,
    });
  });

  it('activates, rolls back, pauses and unpauses', async () => {
    const first = await push(bundle('1'));
    const second = await push(bundle('2'));
    const pipelineId = first.versions[0]?.pipelineId ?? '';

    const activated = await post(`/v1/pipelines/${pipelineId}:activate`).send({ version: 1 });
    expect([activated.status, activated.body]).toMatchObject([200, { activeVersion: { number: 1 } }]);
    expect((await post('/v1/pipelines/p:rollback')).body).toMatchObject({ activeVersion: { number: 2 } });
    expect((await post('/v1/pipelines/p:activate').send({ version: 9 })).body).toMatchObject({
      code: 'version.not_found',
    });

    const undone = await post(`/v1/deployments/${second.id}:rollback`);
    expect([undone.status, undone.body]).toMatchObject([201, { rollbackOf: second.id, versions: [{ number: 1 }] }]);
    expect((await post(`/v1/deployments/${second.id}:rollback`)).body).toMatchObject({
      status: 409,
      code: 'deployment.superseded',
    });

    expect((await post('/v1/pipelines/p:pause')).body).toMatchObject({ paused: true });
    await push(bundle('3'));
    expect((await get('/v1/pipelines/p')).body).toMatchObject({ paused: true, activeVersion: { number: 3 } });
    expect((await post('/v1/pipelines/p:unpause')).body).toMatchObject({ paused: false, pausedAt: null });
  });

  it('waits for builds, wakes when they end, and shows their log', async () => {
    const deployment = await push({ files: { 'requirements.txt': 'requests' }, pipelines: [definition('true')] });
    expect(deployment.state).toBe('building');
    const waiting = get(`/v1/deployments/${deployment.id}?wait=20s`).then((response) => response);
    const started = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 300));

    await api.app.get(TenantDatabase).transaction(organization.tenantId, async (tx) => {
      for (const build of await loadBuild(tx, deployment.id)) {
        await recordBuild(tx, build, {
          ok: true,
          objectDigest: `sha256:${'0'.repeat(64)}`,
          log: 'Collecting requests\n',
        });
      }
      await finishDeployment(tx, deployment.id);
    });

    expect((await waiting).body).toMatchObject({
      state: 'ready',
      versions: [{ number: 1 }],
      dependencies: [{ kind: 'pip' }],
    });
    expect(performance.now() - started).toBeLessThan(4000);
    const log = await get(`/v1/deployments/${deployment.id}/log`);
    expect(log.headers['content-type']).toContain('text/plain');
    expect(log.text).toContain('Collecting requests');
    const still = await push({ files: { 'requirements.txt': 'other' }, pipelines: [definition('true')] });
    expect((await get(`/v1/deployments/${still.id}?wait=100ms`)).body).toMatchObject({ state: 'building' });
  });

  it('answers with 404 to another organization, whatever it asks', async () => {
    const deployment = await push(bundle());
    const [version] = deployment.versions;
    const other = await keyOf(await seedOrganization(database.superuserUrl), ['read', 'run', 'deploy']);
    const reads = [
      `/v1/deployments/${deployment.id}`,
      `/v1/deployments/${deployment.id}/log`,
      `/v1/pipelines/p`,
      `/v1/pipelines/${version?.pipelineId}`,
      `/v1/pipelines/${version?.pipelineId}/versions`,
      `/v1/pipelines/${version?.pipelineId}/versions/1`,
    ];
    const actions = [
      `/v1/deployments/${deployment.id}:rollback`,
      ...['pause', 'unpause', 'rollback'].map((action) => `/v1/pipelines/${version?.pipelineId}:${action}`),
    ];

    for (const path of reads) expect((await get(path, other)).status, path).toBe(404);
    for (const path of actions) expect((await post(path, other)).status, path).toBe(404);
    expect((await post(`/v1/pipelines/${version?.pipelineId}:activate`, other).send({ version: 1 })).status).toBe(404);
    expect((await get('/v1/deployments', other)).body).toMatchObject({ data: [] });
  });

  it('asks for the scope of each action', async () => {
    await push(bundle());
    const reader = await keyOf(organization, ['read']);
    const runner = await keyOf(organization, ['read', 'run']);

    expect((await get('/v1/pipelines/p', reader)).status).toBe(200);
    expect((await post('/v1/pipelines/p:pause', reader)).status).toBe(403);
    expect((await post('/v1/pipelines/p:pause', runner)).status).toBe(200);
    expect((await post('/v1/deployments', runner).send(bundle('2'))).status).toBe(403);
    expect((await post('/v1/pipelines/p:rollback', runner)).status).toBe(403);
  });

  it('keeps a key that is bound to one environment out of the others', async () => {
    await asSuper(
      database.superuserUrl,
      `insert into environments (tenant_id, id, slug, name) values ($1, 'env_00000000000000000000000000', 'staging', 'Staging')`,
      [organization.tenantId],
    );
    const deployment = await push(bundle());
    const bound = await keyOf(
      organization,
      ['read', 'run', 'deploy'],
      'env_00000000000000000000000000' as EnvironmentId,
    );

    expect((await get(`/v1/deployments/${deployment.id}`, bound)).status).toBe(404);
    expect((await get(`/v1/pipelines/${deployment.versions[0]?.pipelineId}`, bound)).status).toBe(404);
    expect((await get('/v1/pipelines/p', bound)).status).toBe(404);
    expect((await get('/v1/pipelines?environment=production', bound)).status).toBe(404);
    expect((await post('/v1/deployments', bound).send(bundle())).status).toBe(201);
    expect((await get('/v1/pipelines/p?environment=staging')).status).toBe(200);
  });
});
