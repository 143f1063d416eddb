import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf } from '../testing/account-bench.js';

let bench: AccountBench;

beforeAll(async () => {
  bench = await AccountBench.start();
});

afterAll(async () => {
  await bench.stop();
});

describe('secrets, connections, variables', () => {
  it('never show a secret again, and destroy what was rotated or deleted', async () => {
    const owner = await bench.signUp();
    const put = (value: string): request.Test =>
      bench.call('put', '/v1/secrets/PASSWORD', owner.accessToken).send({ value });
    const first = await put('marker-one');
    expect(first.body).toMatchObject({ name: 'PASSWORD', version: 1 });
    expect((await put('marker-two')).body).toMatchObject({ version: 2 });
    const list = await bench.call('get', '/v1/secrets', owner.accessToken);
    expect((list.body as { data: unknown[] }).data).toMatchObject([{ name: 'PASSWORD', version: 2 }]);
    for (const { text } of [first, list]) expect(text).not.toContain('marker');
    const lengths = (): Promise<{ length: number }[]> =>
      bench.sql(`select length(ciphertext) from secrets where tenant_id = $1 order by version`, [owner.organizationId]);
    expect(await lengths()).toEqual([{ length: 0 }, { length: 10 }]);

    expect((await bench.call('delete', '/v1/secrets/PASSWORD', owner.accessToken)).status).toBe(204);
    expect(codeOf(await bench.call('delete', '/v1/secrets/PASSWORD', owner.accessToken))).toBe('secret.not_found');
    expect(await lengths()).toEqual([{ length: 0 }, { length: 0 }]);
    expect((await put('marker-three')).body).toMatchObject({ version: 3 });
  });

  it('number concurrent versions without a gap', async () => {
    const owner = await bench.signUp();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        bench.call('put', '/v1/secrets/RACE', owner.accessToken).send({ value: `value ${i}` }),
      ),
    );
    const versions = answers.map(({ body }) => (body as { version: number }).version).sort((a, b) => a - b);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keep environments apart', async () => {
    const owner = await bench.signUp();
    await bench.call('post', '/v1/environments', owner.accessToken).send({ slug: 'staging', name: 'Staging' });
    await bench.call('put', '/v1/variables/region?environment=staging', owner.accessToken).send({ value: 'eu' });
    const names = async (query: string): Promise<unknown> =>
      (await bench.call('get', `/v1/variables${query}`, owner.accessToken)).body;
    expect(await names('')).toMatchObject({ data: [] });
    expect(await names('?environment=staging')).toMatchObject({ data: [{ name: 'region', value: 'eu' }] });
    expect(codeOf(await bench.call('get', '/v1/variables?environment=nowhere', owner.accessToken))).toBe(
      'environment.not_found',
    );
  });

  it('keep credentials out of connections', async () => {
    const owner = await bench.signUp();
    const put = (body: object): request.Test =>
      bench.call('put', '/v1/connections/warehouse', owner.accessToken).send({
        type: 'postgres',
        host: 'db.example',
        port: 5432,
        ...body,
      });
    expect((await put({ password: 'x' })).status).toBe(422);
    expect((await put({ options: { password: 'x' } })).status).toBe(422);
    expect((await put({ host: 'http://db.example/x' })).status).toBe(422);
    const made = await put({ username: 'loader', passwordSecret: 'PASSWORD', options: { sslmode: 'require' } });
    expect(made.body).toMatchObject({ tls: 'verify', passwordSecret: 'PASSWORD', database: null });
    expect((await bench.call('get', '/v1/connections/warehouse', owner.accessToken)).body).toEqual(made.body);
    expect((await bench.call('delete', '/v1/connections/warehouse', owner.accessToken)).status).toBe(204);
    expect((await bench.call('get', '/v1/connections/warehouse', owner.accessToken)).status).toBe(404);
  });
});

describe('the audit log', () => {
  it('has every change, by whom and in which request, and nothing that was refused', async () => {
    const owner = await bench.signUp();
    const changed = await bench.call('put', '/v1/variables/a', owner.accessToken).send({ value: 'x' });
    await bench.call('delete', '/v1/variables/none', owner.accessToken);
    const log = await bench.call('get', '/v1/audit-events', owner.accessToken);
    const { data } = log.body as { data: { action: string; actor: string; requestId: string }[] };
    expect(data.map(({ action }) => action)).toEqual(['variable.set', 'organization.created']);
    expect(data[0]).toMatchObject({ actor: owner.userId, requestId: changed.headers['x-request-id'] });
    const filtered = await bench.call('get', '/v1/audit-events?action=variable.set', owner.accessToken);
    expect((filtered.body as { data: unknown[] }).data).toHaveLength(1);
  });
});

describe('routes', () => {
  interface Layer {
    readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  }

  it('are all described, but for the pages', async () => {
    const { router } = bench.api.app.getHttpAdapter().getInstance() as unknown as {
      readonly router: { readonly stack: readonly Layer[] };
    };
    const served = router.stack.flatMap(({ route }) =>
      route === undefined
        ? []
        : Object.keys(route.methods).map(
            (method) => `${method} ${route.path.replaceAll(/(?<!\\):(\w+)/g, '{$1}').replaceAll('\\', '')}`,
          ),
    );
    const document = (await bench.call('get', '/v1/openapi.json')).body as { paths: Record<string, object> };
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const pages = [
      'get /',
      'get /metrics',
      'get /v1/openapi.json',
      'get /docs',
      'get /docs/{asset}',
      'get /downloads/{file}',
    ];
    expect(served.sort()).toEqual([...described, ...pages].sort());
  });
});

describe('health', () => {
  it('says what is missing', async () => {
    expect((await bench.call('get', '/readyz')).body).toEqual({ ready: true, missing: [] });
    await bench.sql(
      `update schema_migrations set name = 'Later9999999999999' where id = (select max(id) from schema_migrations)`,
    );
    const response = await bench.call('get', '/readyz');
    expect(response.status).toBe(503);
    expect((response.body as { missing: { part: string }[] }).missing).toMatchObject([{ part: 'migrations' }]);
  });

  it('shows metrics to this machine only, and not through a proxy', async () => {
    expect((await bench.call('get', '/metrics')).text).toContain('millrace_http_request_duration_seconds');
    expect((await bench.call('get', '/metrics').set('x-forwarded-for', '203.0.113.7')).status).toBe(404);
  });

  it('serves the description and its page from its own files', async () => {
    const page = await bench.call('get', '/docs');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/https?:\/\//);
    for (const [, path = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await bench.call('get', path)).status, path).toBe(200);
    }
    expect((await bench.call('get', '/docs/package.json')).status).toBe(404);
  });
});
