import { TenantDatabase } from '@millrace/database';
import type { EnvironmentId } from '@millrace/kernel';
import { createApiKey, type Scope } from '@millrace/tenancy';
import { asSuper, type SeededOrganization, seedOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';

interface View {
  readonly id: string;
  readonly environmentId: EnvironmentId;
  readonly bundleDigest: string;
  readonly versions: readonly { readonly pipelineId: string; readonly versionId: string; readonly number: number }[];
}

interface Diff {
  readonly from: unknown;
  readonly to: unknown;
  readonly pipelines: readonly { readonly pipeline: string; readonly change: string; readonly tasks: unknown[] }[];
}

const bundle = (script: string, more: object = {}, name = 'p', fields: object = {}) => ({
  files: { 'src/n.ts': `export default () => ${JSON.stringify(script)};` },
  pipelines: [
    {
      pipeline: name,
      ...fields,
      tasks: { a: { type: 'shell', script, ...more }, n: { type: 'node', entry: 'src/n.ts' } },
    },
  ],
});

describe('comparing and promoting over HTTP', () => {
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
    key = await keyOf(['read', 'run', 'deploy', 'manage']);
    expect((await post('/v1/environments').send({ slug: 'staging' })).status).toBe(201);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  function keyOf(scopes: readonly Scope[], environmentId?: EnvironmentId): Promise<string> {
    const { tenantId } = organization;
    return api.app.get(TenantDatabase).transaction(tenantId, async (tx) => {
      const actor = { tenantId, actor: 'usr_spec', requestId: 'req_spec', scopes };
      const made = await createApiKey(tx, actor, { name: 'spec', scopes, environmentId, expiresAt: undefined });
      return made.key;
    });
  }

  const get = (path: string, as = key) => request(api.server).get(path).auth(as, { type: 'bearer' });
  const post = (path: string, as = key) => request(api.server).post(path).auth(as, { type: 'bearer' });

  async function push(body: object, query = ''): Promise<View> {
    const response = await post(`/v1/deployments${query}`).send(body);
    expect(response.status, JSON.stringify(response.body)).toBe(201);
    return response.body as View;
  }

  async function diff(query: string, body?: object): Promise<Diff> {
    const response = await post(`/v1/deployments:diff${query}`).send(body);
    expect(response.status, JSON.stringify(response.body)).toBe(200);
    return response.body as Diff;
  }

  const kinds = ({ pipelines }: Diff) => pipelines.map(({ pipeline, change }) => `${pipeline} ${change}`);

  async function rowCounts(): Promise<unknown> {
    const tables = ['pipelines', 'pipeline_versions', 'deployments', 'bundles', 'audit_events'];
    const selects = tables.map((table) => `(select count(*)::int from ${table} where tenant_id = $1) as ${table}`);
    return (await asSuper(database.superuserUrl, `select ${selects.join(', ')}`, [organization.tenantId]))[0];
  }

  it('compares versions, deployments, environments and a bundle, and writes nothing', async () => {
    const first = await push(bundle('one'));
    const second = await push(bundle('two', { timeout: '5m' }));
    await push(bundle('other', {}, 'q'));
    const before = await rowCounts();
    const [old, now] = [first.versions[0]?.versionId ?? '', second.versions[0]?.versionId ?? ''];
    const expected = [
      {
        pipeline: 'p',
        change: 'changed',
        fields: [],
        tasks: [
          {
            task: 'a',
            change: 'changed',
            codeChanged: false,
            fields: [
              { path: '/tasks/a/script', change: 'changed', from: 'one', to: 'two' },
              { path: '/tasks/a/timeout', change: 'added', from: null, to: '5m' },
            ],
          },
          { task: 'n', change: 'changed', codeChanged: true, fields: [] },
        ],
        files: [{ path: 'src/n.ts', change: 'changed' }],
        filesChanged: 1,
        dependencies: [],
      },
    ];

    const versions = { from: { versionId: old, number: 1 }, to: { versionId: now, number: 2 } };
    expect(await diff(`?from=${old}&to=${now}`)).toEqual({
      from: { kind: 'version', ref: old },
      to: { kind: 'version', ref: now },
      pipelines: [{ ...expected[0], ...versions }],
    });
    expect((await diff(`?from=${first.id}&to=${second.id}`)).pipelines).toEqual([{ ...expected[0], ...versions }]);
    // The environment is the default, and only the bundle's own pipelines are looked at in it.
    expect(await diff('', bundle('two', { timeout: '5m' }))).toMatchObject({
      from: { kind: 'environment', ref: 'production' },
      to: { kind: 'bundle', ref: null },
      pipelines: [{ pipeline: 'p', change: 'unchanged', from: versions.to, to: null }],
    });
    expect(kinds(await diff(`?from=${first.id}`, bundle('x', {}, 'new')))).toEqual(['new added', 'p removed']);
    expect(kinds(await diff('?from=staging&to=production'))).toEqual(['p added', 'q added']);
    expect(kinds(await diff(`?from=production&to=${first.id}`))).toEqual(['p changed']);
    const validated = await post('/v1/deployments:validate').send(bundle('three'));
    expect(validated.body).toMatchObject({ valid: true, changes: [{ pipeline: 'p', change: 'changed' }] });
    expect(await rowCounts()).toEqual(before);
  });

  it('says what cannot be compared', async () => {
    const { id } = await push(bundle('one'));
    for (const [query, body, status, code] of [
      ['', undefined, 422, 'diff.nothing_to_compare'],
      [`?to=${id}`, bundle('x'), 422, 'diff.two_sides'],
      ['?to=nowhere', undefined, 404, 'environment.not_found'],
      [`?to=${id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`, undefined, 404, 'deployment.not_found'],
      ['', { pipelines: [{ pipeline: 'p', tasks: {} }] }, 422, 'deployment.invalid'],
    ] as const) {
      const response = await post(`/v1/deployments:diff${query}`).send(body);
      expect([response.status, (response.body as { code: string }).code], query).toEqual([status, code]);
    }
    const reader = await keyOf(['read']);
    expect((await post(`/v1/deployments:diff?to=${id}`, reader)).status).toBe(200);
    expect((await post('/v1/deployments:diff', reader).send(bundle('x'))).body).toMatchObject({
      code: 'auth.missing_scope',
      neededScope: 'deploy',
    });
  });

  it('carries a deployment to another environment, digest for digest', async () => {
    const query =
      '?message=first&repository=https://example.com/r&commit=abc123&branch=main&commitMessage=Fix&dirty=true';
    const source = {
      repository: 'https://example.com/r',
      commit: 'abc123',
      branch: 'main',
      message: 'Fix',
      dirty: true,
    };
    const first = await push(bundle('one'), query);
    expect(first).toMatchObject({ message: 'first', source, promotedFrom: null });

    const response = await post(`/v1/deployments/${first.id}:promote`).send({ environment: 'staging' });

    expect(response.status, JSON.stringify(response.body)).toBe(201);
    const promoted = response.body as View;
    expect(promoted).toMatchObject({
      state: 'ready',
      message: 'first',
      source,
      promotedFrom: first.id,
      bundleDigest: first.bundleDigest,
      versions: [{ pipeline: 'p', number: 1, isNew: true, activated: true, previousVersionId: null }],
    });
    expect(promoted.environmentId).not.toBe(first.environmentId);
    const version = (await get('/v1/pipelines/p/versions/1?environment=staging')).body as { digest: string };
    const original = (await get('/v1/pipelines/p/versions/1')).body as { digest: string };
    expect(version.digest).toBe(original.digest);
    expect(version).toMatchObject({ notify: null, deadlineMs: null, files: expect.any(Array) as unknown });
    expect(kinds(await diff('?from=staging&to=production'))).toEqual(['p unchanged']);

    // Again finds the version; a second one can be rolled back there.
    const again = await post(`/v1/deployments/${first.id}:promote`).send({ environment: 'staging' });
    expect(again.body).toMatchObject({ versions: [{ number: 1, isNew: false }] });
    const second = await push(bundle('two'));
    const next = await post(`/v1/deployments/${second.id}:promote`).send({ environment: 'staging', activate: false });
    expect(next.body).toMatchObject({ activate: false, versions: [{ number: 2, isNew: true, activated: false }] });
    const third = await post(`/v1/deployments/${second.id}:promote`).send({ environment: 'staging', message: 'now' });
    expect(third.body).toMatchObject({ message: 'now', versions: [{ number: 2, isNew: false, activated: true }] });
    const back = await post(`/v1/deployments/${(third.body as View).id}:rollback`);
    expect(back.body).toMatchObject({ versions: [{ number: 1, activated: true }] });
  });

  it('refuses to carry over what the other environment has no place for, with all of it', async () => {
    const needy = {
      secrets: ['TOKEN'],
      connections: ['db'],
      variables: ['REGION'],
      pool: 'default',
      memory: '16MiB',
    };
    const ops = { name: 'ops', url: 'https://hooks.example/ops' };
    expect((await post('/v1/webhooks').send(ops)).status).toBe(201);
    const { id } = await push(bundle('one', needy, 'p', { notify: [{ on: 'failed', webhook: 'ops' }] }));
    await asSuper(
      database.superuserUrl,
      `delete from pools p using environments e where e.id = p.environment_id and e.slug = 'staging' and p.tenant_id = $1`,
      [organization.tenantId],
    );

    const refused = await post(`/v1/deployments/${id}:promote`).send({ environment: 'staging' });

    expect(refused.status).toBe(409);
    const { code, errors } = refused.body as { code: string; errors: { code: string; hint: string }[] };
    expect(code).toBe('deployment.unfit');
    expect(errors.map((one) => one.code).sort()).toEqual([
      ...['promotion.missing_connection', 'promotion.missing_pool', 'promotion.missing_pool'],
      ...['promotion.missing_secret', 'promotion.missing_variable', 'promotion.missing_webhook'],
    ]);
    expect(errors.find((one) => one.code === 'promotion.missing_secret')?.hint).toBe(
      'create it: PUT /v1/secrets/TOKEN?environment=staging',
    );
    expect(errors.find((one) => one.code === 'promotion.missing_webhook')).toMatchObject({
      hint: 'create it: POST /v1/webhooks?environment=staging',
      pointer: '/p/notify/0/webhook',
    });
    expect((await get('/v1/pipelines?environment=staging')).body).toMatchObject({ data: [] });
    const same = await post(`/v1/deployments/${id}:promote`).send({ environment: 'production' });
    expect(same.body).toMatchObject({ code: 'deployment.same_environment' });
  });

  it('reaches no further than the key does', async () => {
    const { id, environmentId } = await push(bundle('one'));
    const bound = await keyOf(['read', 'run', 'deploy'], environmentId);
    const without = await keyOf(['read', 'run']);

    expect((await post(`/v1/deployments/${id}:promote`, bound).send({ environment: 'staging' })).body).toMatchObject({
      code: 'environment.not_found',
    });
    expect((await post(`/v1/deployments/${id}:promote`, without).send({ environment: 'staging' })).status).toBe(403);
    expect((await post('/v1/deployments:diff?to=staging', bound)).status).toBe(404);
  });

  it('lists the deployments of one pipeline', async () => {
    const first = await push(bundle('one'));
    await push(bundle('two', {}, 'q'));
    const ids = async (pipeline: string) =>
      ((await get(`/v1/deployments?pipeline=${pipeline}`)).body as { data: View[] }).data.map(({ id }) => id);

    expect(await ids('p')).toEqual([first.id]);
    expect(await ids(first.versions[0]?.pipelineId ?? '')).toEqual([first.id]);
    expect(await ids('nothing')).toEqual([]);
  });
});
