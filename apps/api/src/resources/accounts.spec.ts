import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../testing/start-api.js';

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly organizationId: string;
  readonly userId: string;
}

interface Problem {
  readonly code: string;
  readonly errors: readonly { readonly message: string }[];
}

let database: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  database = await testDatabase();
  api = await startApi(database);
});

afterAll(async () => {
  await api.close();
  await database.drop();
});

const password = 'correct horse battery';
let count = 0;

function call(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, token?: string): request.Test {
  const test = request(api.server)[method](path);
  return token === undefined ? test : test.set('authorization', `Bearer ${token}`);
}

async function signUp(slug = `org-${(count += 1)}`, email = `owner@${slug}.example`): Promise<Session> {
  const response = await call('post', '/v1/signup').send({
    organization: { name: slug, slug },
    email,
    name: 'Owner',
    password,
  });
  expect(response.status, response.text).toBe(201);
  return response.body as Session;
}

const logIn = (email: string, given = password, organization?: string): request.Test =>
  call('post', '/v1/login').send({ email, password: given, ...(organization === undefined ? {} : { organization }) });

async function join(owner: Session, role: string, email: string): Promise<Session> {
  const invited = await call('post', '/v1/invitations', owner.accessToken).send({ email, role });
  expect(invited.status, invited.text).toBe(201);
  const { token } = invited.body as { token: string };
  const accepted = await call('post', '/v1/invitations:accept').send({ token, name: role, password });
  expect(accepted.status, accepted.text).toBe(201);
  return accepted.body as Session;
}

const codeOf = (response: request.Response): string => (response.body as Problem).code;

describe('sign-up', () => {
  it('makes an organization with its owner, production, and a pool', async () => {
    const session = await signUp('acme');
    const me = await call('get', '/v1/me', session.accessToken);
    expect(me.body).toMatchObject({
      organization: { slug: 'acme' },
      kind: 'member',
      role: 'owner',
      scopes: ['read', 'run', 'deploy', 'manage'],
    });
    const environments = await call('get', '/v1/environments', session.accessToken);
    expect((environments.body as { data: unknown[] }).data).toMatchObject([{ slug: 'production' }]);
    const pools = await asSuper(
      database.superuserUrl,
      `select name, size, max_runners from pools where tenant_id = $1`,
      [session.organizationId],
    );
    expect(pools).toEqual([{ name: 'default', size: 's', max_runners: 2 }]);
  });

  it('refuses a slug that is taken, and makes nothing', async () => {
    await signUp('taken');
    const response = await call('post', '/v1/signup').send({
      organization: { name: 'x', slug: 'taken' },
      email: 'second@taken.example',
      name: 'x',
      password,
    });
    expect(response.status).toBe(409);
    expect(codeOf(response)).toBe('organization.slug_taken');
    const users = await asSuper(database.superuserUrl, `select from users where email = 'second@taken.example'`);
    expect(users).toHaveLength(0);
  });

  it('lets a person with an account have a second organization, with the same password only', async () => {
    await signUp('first-of-two', 'both@two.example');
    const wrong = await call('post', '/v1/signup').send({
      organization: { name: 'x', slug: 'second-of-two' },
      email: 'BOTH@two.example',
      name: 'x',
      password: 'another password',
    });
    expect(wrong.status).toBe(401);
    await signUp('second-of-two', 'both@two.example');

    const ambiguous = await logIn('both@two.example');
    expect(ambiguous.status).toBe(409);
    expect((ambiguous.body as Problem).errors.map(({ message }) => message)).toEqual(['first-of-two', 'second-of-two']);
    const chosen = await logIn('both@two.example', password, 'second-of-two');
    const me = await call('get', '/v1/me', (chosen.body as Session).accessToken);
    expect(me.body).toMatchObject({ organization: { slug: 'second-of-two' } });
    expect((await logIn('both@two.example', password, 'acme')).status).toBe(404);
  });

  it('stores neither passwords nor tokens', async () => {
    const session = await signUp();
    const tables = ['users', 'sessions', 'api_keys', 'invitations', 'idempotency_keys', 'audit_events', 'rate_limits'];
    for (const table of tables) {
      const rows = await asSuper(database.superuserUrl, `select to_jsonb(t)::text as row from ${table} t`);
      const text = JSON.stringify(rows);
      for (const secret of [password, session.accessToken, session.refreshToken]) expect(text).not.toContain(secret);
    }
  });
});

describe('log-in', () => {
  it('answers a wrong password and an unknown address alike, and locks both', async () => {
    await signUp('locked', 'owner@locked.example');
    const tries = async (email: string): Promise<request.Response[]> => {
      const answers: request.Response[] = [];
      for (let i = 0; i < 6; i += 1) answers.push(await logIn(email, 'not the password'));
      return answers;
    };
    const known = await tries('owner@locked.example');
    const unknown = await tries('nobody@locked.example');
    const facts = (answers: request.Response[]): unknown[] =>
      answers.map(({ status, body }) => [status, (body as Problem).code, (body as { detail: string }).detail]);
    expect(facts(known)).toEqual(facts(unknown));
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(Number(known[5]?.headers['retry-after'])).toBeGreaterThan(100);
    expect(codeOf(await logIn('owner@locked.example'))).toBe('auth.locked');
  });

  it('lets no more guesses through when they come at once', async () => {
    await signUp('parallel', 'owner@parallel.example');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => logIn('owner@parallel.example', 'not the password')),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  it('forgets failures after a right password', async () => {
    await signUp('forgiven', 'owner@forgiven.example');
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 3; i += 1) await logIn('owner@forgiven.example', 'not the password');
      expect((await logIn('owner@forgiven.example')).status).toBe(200);
    }
  });

  it('takes about as long for an unknown address', async () => {
    await signUp('timing', 'owner@timing.example');
    const time = async (email: string): Promise<number> => {
      const started = performance.now();
      await logIn(email, 'not the password');
      return performance.now() - started;
    };
    await time('warm@timing.example');
    const known = Math.min(await time('owner@timing.example'), await time('owner@timing.example'));
    const unknown = Math.min(await time('nobody1@timing.example'), await time('nobody2@timing.example'));
    // Without the decoy hash the unknown one would be answered in a fraction of the time.
    expect(unknown).toBeGreaterThan(known / 3);
  });
});

describe('sessions', () => {
  const refresh = (refreshToken: string): request.Test => call('post', '/v1/token:refresh').send({ refreshToken });

  it('rotate, and end as a whole when a refresh token comes twice', async () => {
    const first = await signUp();
    const second = (await refresh(first.refreshToken)).body as Session;
    expect((await call('get', '/v1/me', second.accessToken)).status).toBe(200);

    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await call('get', '/v1/me', second.accessToken)).status).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(401);
  });

  it('survive a repeat of the refresh under the same Idempotency-Key', async () => {
    const first = await signUp();
    const again = (): request.Test => refresh(first.refreshToken).set('idempotency-key', 'refresh-1');
    const second = await again();
    expect((await again()).text).toBe(second.text);
    expect((await call('get', '/v1/me', (second.body as Session).accessToken)).status).toBe(200);
  });

  it('end with the log-out', async () => {
    const session = await signUp();
    expect((await call('post', '/v1/logout', session.accessToken)).status).toBe(204);
    expect((await call('get', '/v1/me', session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });

  it('end when their time is over', async () => {
    const session = await signUp();
    await asSuper(database.superuserUrl, `update sessions set access_expires_at = now() where user_id = $1`, [
      session.userId,
    ]);
    expect((await call('get', '/v1/me', session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(200);
  });
});

describe('members', () => {
  it('have the rights of their role and no more', async () => {
    const owner = await signUp();
    const viewer = await join(owner, 'viewer', `viewer@${owner.organizationId}.example`);
    const editor = await join(owner, 'editor', `editor@${owner.organizationId}.example`);
    const admin = await join(owner, 'admin', `admin@${owner.organizationId}.example`);
    const setVariable = (session: Session): request.Test =>
      call('put', '/v1/variables/a', session.accessToken).send({ value: 'x' });
    const setSecret = (session: Session): request.Test =>
      call('put', '/v1/secrets/a', session.accessToken).send({ value: 'x' });
    expect((await setVariable(viewer)).status).toBe(403);
    expect((await setVariable(editor)).status).toBe(200);
    expect((await setSecret(editor)).status).toBe(403);
    expect((await setSecret(admin)).status).toBe(200);

    const promote = (session: Session, user: Session, role: string): request.Test =>
      call('patch', `/v1/members/${user.userId}`, session.accessToken).send({ role });
    expect(codeOf(await promote(admin, viewer, 'owner'))).toBe('member.owner_needed');
    expect(codeOf(await promote(admin, owner, 'viewer'))).toBe('member.owner_needed');
    expect(codeOf(await promote(viewer, viewer, 'admin'))).toBe('auth.missing_scope');
    expect((await promote(admin, viewer, 'operator')).body).toMatchObject({ role: 'operator' });

    expect((await call('delete', `/v1/members/${editor.userId}`, viewer.accessToken)).status).toBe(403);
    expect((await call('delete', `/v1/members/${viewer.userId}`, viewer.accessToken)).status).toBe(204);
    expect((await call('get', '/v1/me', viewer.accessToken)).status).toBe(401);
  });

  it('always have an owner, also when two leave at once', async () => {
    const owner = await signUp();
    const leave = (session: Session): request.Test =>
      call('delete', `/v1/members/${session.userId}`, session.accessToken);
    expect(codeOf(await leave(owner))).toBe('member.last_owner');
    const second = await join(owner, 'admin', `second@${owner.organizationId}.example`);
    await call('patch', `/v1/members/${second.userId}`, owner.accessToken).send({ role: 'owner' });

    const statuses = (await Promise.all([leave(owner), leave(second)])).map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 409]);
  });
});

describe('invitations', () => {
  it('work once, and not after they were taken back or ran out', async () => {
    const owner = await signUp();
    const invite = async (email: string): Promise<{ id: string; token: string }> =>
      (await call('post', '/v1/invitations', owner.accessToken).send({ email, role: 'viewer' })).body as {
        id: string;
        token: string;
      };
    const accept = (token: string): request.Test => call('post', '/v1/invitations:accept').send({ token, password });

    const used = await invite(`one@${owner.organizationId}.example`);
    expect((await accept(used.token)).status).toBe(201);
    expect(codeOf(await accept(used.token))).toBe('invitation.not_found');

    const revoked = await invite(`two@${owner.organizationId}.example`);
    expect((await call('delete', `/v1/invitations/${revoked.id}`, owner.accessToken)).status).toBe(204);
    expect((await accept(revoked.token)).status).toBe(404);

    const expired = await invite(`three@${owner.organizationId}.example`);
    await asSuper(database.superuserUrl, `update invitations set expires_at = now() where id = $1`, [expired.id]);
    expect((await accept(expired.token)).status).toBe(404);

    const list = await call('get', '/v1/invitations', owner.accessToken);
    const { data } = list.body as { data: { state: string }[] };
    expect(data.map(({ state }) => state)).toEqual(['expired', 'revoked', 'accepted']);
    expect(list.text).not.toContain('mr_inv_');
  });

  it('open an account that exists only with its own password', async () => {
    await signUp('elsewhere', 'guest@elsewhere.example');
    const owner = await signUp();
    const invited = await call('post', '/v1/invitations', owner.accessToken).send({
      email: 'guest@elsewhere.example',
      role: 'viewer',
    });
    const { token } = invited.body as { token: string };
    const accept = (given: string): request.Test =>
      call('post', '/v1/invitations:accept').send({ token, password: given });
    expect((await accept('not the password')).status).toBe(401);
    expect((await accept(password)).status).toBe(201);
  });

  it('stop at the number of members that the plan allows', async () => {
    const owner = await signUp();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const response = await call('post', '/v1/invitations', owner.accessToken).send({
        email: `m${i}@${owner.organizationId}.example`,
        role: 'viewer',
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 429]);
  });
});

describe('API keys', () => {
  interface Made {
    readonly id: string;
    readonly key: string;
    readonly environmentId: string | null;
  }

  const make = (token: string, body: object): request.Test =>
    call('post', '/v1/api-keys', token).send({ name: 'k', ...body });

  it('are shown once, have a checksum, and are refused once revoked or expired', async () => {
    const owner = await signUp();
    const made = (await make(owner.accessToken, { scopes: ['read'] })).body as Made;
    expect(made.key).toMatch(/^mr_live_[0-9A-Z]{26}_[0-9A-Za-z]{49}$/);
    expect((await call('get', '/v1/me', made.key)).body).toMatchObject({ kind: 'apiKey', actor: made.id });
    expect((await call('get', `/v1/api-keys/${made.id}`, owner.accessToken)).text).not.toContain('mr_live_');
    const forged = made.key.slice(0, -1) + (made.key.endsWith('a') ? 'b' : 'a');
    expect((await call('get', '/v1/me', forged)).status).toBe(401);

    await call('delete', `/v1/api-keys/${made.id}`, owner.accessToken);
    expect((await call('get', '/v1/me', made.key)).status).toBe(401);

    const short = (await make(owner.accessToken, { scopes: ['read'], expiresAt: '2100-01-01T00:00:00Z' })).body as Made;
    await asSuper(database.superuserUrl, `update api_keys set expires_at = now() where id = $1`, [short.id]);
    expect((await call('get', '/v1/me', short.key)).status).toBe(401);
    expect(codeOf(await make(owner.accessToken, { scopes: ['read'], expiresAt: '2000-01-01T00:00:00Z' }))).toBe(
      'api_key.expired',
    );
  });

  it('give away no more than their maker has, and stay in their environment', async () => {
    const owner = await signUp();
    await call('post', '/v1/environments', owner.accessToken).send({ slug: 'staging' });
    const bound = (await make(owner.accessToken, { scopes: ['read', 'manage'], environment: 'staging' })).body as Made;
    expect(codeOf(await make(bound.key, { scopes: ['deploy'] }))).toBe('api_key.beyond_scopes');
    const child = (await make(bound.key, { scopes: ['read'] })).body as Made;
    expect(child.environmentId).toBe(bound.environmentId);
    expect((await make(bound.key, { scopes: ['read'], environment: 'production' })).status).toBe(404);
    expect((await call('get', '/v1/variables?environment=production', bound.key)).status).toBe(404);
    expect((await call('get', '/v1/environments/production', bound.key)).status).toBe(404);
    expect(codeOf(await call('get', '/v1/members', bound.key))).toBe('auth.environment_bound');
    const free = (await make(owner.accessToken, { scopes: ['read'] })).body as Made;
    expect((await call('delete', `/v1/api-keys/${free.id}`, bound.key)).status).toBe(404);
  });

  it('overlap for a day when they are rotated', async () => {
    const owner = await signUp();
    const old = (await make(owner.accessToken, { scopes: ['read', 'run'] })).body as Made;
    const rotate = (): request.Test => call('post', `/v1/api-keys/${old.id}:rotate`, owner.accessToken);
    const made = (await rotate().set('idempotency-key', 'rotate-1')).body as Made;
    expect(((await rotate().set('idempotency-key', 'rotate-1')).body as Made).key).toBe(made.key);
    expect(codeOf(await rotate())).toBe('api_key.not_live');
    expect((await call('get', '/v1/me', old.key)).status).toBe(200);
    expect((await call('get', '/v1/me', made.key)).body).toMatchObject({ scopes: ['read', 'run'] });
    const shown = (await call('get', `/v1/api-keys/${old.id}`, owner.accessToken)).body as {
      expiresAt: string;
      replacedBy: string;
    };
    expect(shown.replacedBy).toBe(made.id);
    expect(Date.parse(shown.expiresAt) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  it('note their last use at most once a minute', async () => {
    const owner = await signUp();
    const made = (await make(owner.accessToken, { scopes: ['read'] })).body as Made;
    const lastUsed = async (): Promise<unknown> =>
      (await asSuper(database.superuserUrl, `select last_used_at, xmin from api_keys where id = $1`, [made.id]))[0];
    await call('get', '/v1/me', made.key);
    const first = await lastUsed();
    await call('get', '/v1/me', made.key);
    expect(await lastUsed()).toEqual(first);
  });
});

describe('secrets, connections, variables', () => {
  it('never show a secret again, and destroy what was rotated or deleted', async () => {
    const owner = await signUp();
    const put = (value: string): request.Test => call('put', '/v1/secrets/PASSWORD', owner.accessToken).send({ value });
    const first = await put('marker-one');
    expect(first.body).toMatchObject({ name: 'PASSWORD', version: 1 });
    expect((await put('marker-two')).body).toMatchObject({ version: 2 });
    const list = await call('get', '/v1/secrets', owner.accessToken);
    expect((list.body as { data: unknown[] }).data).toMatchObject([{ name: 'PASSWORD', version: 2 }]);
    for (const { text } of [first, list]) expect(text).not.toContain('marker');
    const lengths = (): Promise<{ length: number }[]> =>
      asSuper(database.superuserUrl, `select length(ciphertext) from secrets where tenant_id = $1 order by version`, [
        owner.organizationId,
      ]);
    expect(await lengths()).toEqual([{ length: 0 }, { length: 10 }]);

    expect((await call('delete', '/v1/secrets/PASSWORD', owner.accessToken)).status).toBe(204);
    expect(codeOf(await call('delete', '/v1/secrets/PASSWORD', owner.accessToken))).toBe('secret.not_found');
    expect(await lengths()).toEqual([{ length: 0 }, { length: 0 }]);
    expect((await put('marker-three')).body).toMatchObject({ version: 3 });
  });

  it('number concurrent versions without a gap', async () => {
    const owner = await signUp();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        call('put', '/v1/secrets/RACE', owner.accessToken).send({ value: `value ${i}` }),
      ),
    );
    const versions = answers.map(({ body }) => (body as { version: number }).version).sort((a, b) => a - b);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('keep environments apart', async () => {
    const owner = await signUp();
    await call('post', '/v1/environments', owner.accessToken).send({ slug: 'staging', name: 'Staging' });
    await call('put', '/v1/variables/region?environment=staging', owner.accessToken).send({ value: 'eu' });
    const names = async (query: string): Promise<unknown> =>
      (await call('get', `/v1/variables${query}`, owner.accessToken)).body;
    expect(await names('')).toMatchObject({ data: [] });
    expect(await names('?environment=staging')).toMatchObject({ data: [{ name: 'region', value: 'eu' }] });
    expect(codeOf(await call('get', '/v1/variables?environment=nowhere', owner.accessToken))).toBe(
      'environment.not_found',
    );
  });

  it('keep credentials out of connections', async () => {
    const owner = await signUp();
    const put = (body: object): request.Test =>
      call('put', '/v1/connections/warehouse', owner.accessToken).send({
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
    expect((await call('get', '/v1/connections/warehouse', owner.accessToken)).body).toEqual(made.body);
    expect((await call('delete', '/v1/connections/warehouse', owner.accessToken)).status).toBe(204);
    expect((await call('get', '/v1/connections/warehouse', owner.accessToken)).status).toBe(404);
  });
});

describe('the audit log', () => {
  it('has every change, by whom and in which request, and nothing that was refused', async () => {
    const owner = await signUp();
    const changed = await call('put', '/v1/variables/a', owner.accessToken).send({ value: 'x' });
    await call('delete', '/v1/variables/none', owner.accessToken);
    const log = await call('get', '/v1/audit-events', owner.accessToken);
    const { data } = log.body as { data: { action: string; actor: string; requestId: string }[] };
    expect(data.map(({ action }) => action)).toEqual(['variable.set', 'organization.created']);
    expect(data[0]).toMatchObject({ actor: owner.userId, requestId: changed.headers['x-request-id'] });
    const filtered = await call('get', '/v1/audit-events?action=variable.set', owner.accessToken);
    expect((filtered.body as { data: unknown[] }).data).toHaveLength(1);
  });
});

describe('routes', () => {
  interface Layer {
    readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  }

  it('are all described, but for the pages', async () => {
    const { router } = api.app.getHttpAdapter().getInstance() as unknown as {
      readonly router: { readonly stack: readonly Layer[] };
    };
    const served = router.stack.flatMap(({ route }) =>
      route === undefined
        ? []
        : Object.keys(route.methods).map(
            (method) => `${method} ${route.path.replaceAll(/(?<!\\):(\w+)/g, '{$1}').replaceAll('\\', '')}`,
          ),
    );
    const document = (await call('get', '/v1/openapi.json')).body as { paths: Record<string, object> };
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const pages = ['get /', 'get /metrics', 'get /v1/openapi.json', 'get /docs', 'get /docs/{asset}'];
    expect(served.sort()).toEqual([...described, ...pages].sort());
  });
});

describe('health', () => {
  it('says what is missing', async () => {
    expect((await call('get', '/readyz')).body).toEqual({ ready: true, missing: [] });
    await asSuper(
      database.superuserUrl,
      `update schema_migrations set name = 'Later9999999999999' where id = (select max(id) from schema_migrations)`,
    );
    const response = await call('get', '/readyz');
    expect(response.status).toBe(503);
    expect((response.body as { missing: { part: string }[] }).missing).toMatchObject([{ part: 'migrations' }]);
  });

  it('shows metrics to this machine only, and not through a proxy', async () => {
    expect((await call('get', '/metrics')).text).toContain('millrace_http_request_duration_seconds');
    expect((await call('get', '/metrics').set('x-forwarded-for', '203.0.113.7')).status).toBe(404);
  });

  it('serves the description and its page from its own files', async () => {
    const page = await call('get', '/docs');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/https?:\/\//);
    for (const [, path = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await call('get', path)).status, path).toBe(200);
    }
    expect((await call('get', '/docs/package.json')).status).toBe(404);
  });
});
