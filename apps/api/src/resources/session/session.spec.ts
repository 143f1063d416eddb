import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf, password, type Session } from '../../testing/account-bench.js';

interface Problem {
  readonly code: string;
  readonly errors: readonly { readonly message: string }[];
}

let bench: AccountBench;

beforeAll(async () => {
  bench = await AccountBench.start();
});

afterAll(async () => {
  await bench.stop();
});

describe('sign-up', () => {
  it('makes an organization with its owner, production, and a pool', async () => {
    const session = await bench.signUp('acme');
    const me = await bench.call('get', '/v1/me', session.accessToken);
    expect(me.body).toMatchObject({
      organization: { slug: 'acme' },
      kind: 'member',
      role: 'owner',
      scopes: ['read', 'run', 'deploy', 'manage'],
    });
    const environments = await bench.call('get', '/v1/environments', session.accessToken);
    expect((environments.body as { data: unknown[] }).data).toMatchObject([{ slug: 'production' }]);
    const pools = await bench.sql(`select name, size, max_runners from pools where tenant_id = $1`, [
      session.organizationId,
    ]);
    expect(pools).toEqual([{ name: 'default', size: 's', max_runners: 2 }]);
  });

  it('refuses a slug that is taken, and makes nothing', async () => {
    await bench.signUp('taken');
    const response = await bench.call('post', '/v1/signup').send({
      organization: { name: 'x', slug: 'taken' },
      email: 'second@taken.example',
      name: 'x',
      password,
    });
    expect(response.status).toBe(409);
    expect(codeOf(response)).toBe('organization.slug_taken');
    const users = await bench.sql(`select from users where email = 'second@taken.example'`);
    expect(users).toHaveLength(0);
  });

  it('lets a person with an account have a second organization, with the same password only', async () => {
    await bench.signUp('first-of-two', 'both@two.example');
    const wrong = await bench.call('post', '/v1/signup').send({
      organization: { name: 'x', slug: 'second-of-two' },
      email: 'BOTH@two.example',
      name: 'x',
      password: 'another password',
    });
    expect(wrong.status).toBe(401);
    await bench.signUp('second-of-two', 'both@two.example');

    const ambiguous = await bench.logIn('both@two.example');
    expect(ambiguous.status).toBe(409);
    expect((ambiguous.body as Problem).errors.map(({ message }) => message)).toEqual(['first-of-two', 'second-of-two']);
    const chosen = await bench.logIn('both@two.example', password, 'second-of-two');
    const me = await bench.call('get', '/v1/me', (chosen.body as Session).accessToken);
    expect(me.body).toMatchObject({ organization: { slug: 'second-of-two' } });
    expect((await bench.logIn('both@two.example', password, 'acme')).status).toBe(404);
  });

  it('stores neither passwords nor tokens', async () => {
    const session = await bench.signUp();
    const tables = ['users', 'sessions', 'api_keys', 'invitations', 'idempotency_keys', 'audit_events', 'rate_limits'];
    for (const table of tables) {
      const rows = await bench.sql(`select to_jsonb(t)::text as row from ${table} t`);
      const text = JSON.stringify(rows);
      for (const secret of [password, session.accessToken, session.refreshToken]) expect(text).not.toContain(secret);
    }
  });
});

describe('log-in', () => {
  it('answers a wrong password and an unknown address alike, and locks both', async () => {
    await bench.signUp('locked', 'owner@locked.example');
    const tries = async (email: string): Promise<request.Response[]> => {
      const answers: request.Response[] = [];
      for (let i = 0; i < 6; i += 1) answers.push(await bench.logIn(email, 'not the password'));
      return answers;
    };
    const known = await tries('owner@locked.example');
    const unknown = await tries('nobody@locked.example');
    const facts = (answers: request.Response[]): unknown[] =>
      // The seconds to wait differ by when each was asked.
      answers.map(({ status, body }) => [
        status,
        (body as Problem).code,
        (body as { detail: string }).detail.replace(/\d+/g, 'n'),
      ]);
    expect(facts(known)).toEqual(facts(unknown));
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(Number(known[5]?.headers['retry-after'])).toBeGreaterThan(100);
    expect(codeOf(await bench.logIn('owner@locked.example'))).toBe('auth.locked');
  });

  it('lets no more guesses through when they come at once', async () => {
    await bench.signUp('parallel', 'owner@parallel.example');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => bench.logIn('owner@parallel.example', 'not the password')),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  it('forgets failures after a right password', async () => {
    await bench.signUp('forgiven', 'owner@forgiven.example');
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 3; i += 1) await bench.logIn('owner@forgiven.example', 'not the password');
      expect((await bench.logIn('owner@forgiven.example')).status).toBe(200);
    }
  });

  it('takes about as long for an unknown address', async () => {
    await bench.signUp('timing', 'owner@timing.example');
    const time = async (email: string): Promise<number> => {
      const started = performance.now();
      await bench.logIn(email, 'not the password');
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
  const refresh = (refreshToken: string): request.Test =>
    bench.call('post', '/v1/token:refresh').send({ refreshToken });

  it('rotate, and end as a whole when a refresh token comes twice', async () => {
    const first = await bench.signUp();
    const second = (await refresh(first.refreshToken)).body as Session;
    expect((await bench.call('get', '/v1/me', second.accessToken)).status).toBe(200);

    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await bench.call('get', '/v1/me', second.accessToken)).status).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(401);
  });

  it('survive a repeat of the refresh under the same Idempotency-Key', async () => {
    const first = await bench.signUp();
    const again = (): request.Test => refresh(first.refreshToken).set('idempotency-key', 'refresh-1');
    const second = await again();
    expect((await again()).text).toBe(second.text);
    expect((await bench.call('get', '/v1/me', (second.body as Session).accessToken)).status).toBe(200);
  });

  it('end with the log-out', async () => {
    const session = await bench.signUp();
    expect((await bench.call('post', '/v1/logout', session.accessToken)).status).toBe(204);
    expect((await bench.call('get', '/v1/me', session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });

  it('end when their time is over', async () => {
    const session = await bench.signUp();
    await bench.sql(`update sessions set access_expires_at = now() where user_id = $1`, [session.userId]);
    expect((await bench.call('get', '/v1/me', session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(200);
  });
});

describe('a session with a cookie', () => {
  const here = 'http://127.0.0.1';
  const cookieOf = (response: request.Response): string =>
    ((response.headers['set-cookie'] as string[] | undefined) ?? [])[0] ?? '';
  const logIn = (email: string): request.Test =>
    bench.call('post', '/v1/login').send({ email, password, session: 'cookie' });
  const refresh = (setCookie: string, headers: Record<string, string> = { origin: here }): request.Test =>
    bench
      .call('post', '/v1/token:refresh')
      .set('cookie', `other=1; ${setCookie.split(';')[0] ?? ''}`)
      .set(headers);

  it('keeps the refresh token from scripts, and from every other route', async () => {
    await bench.signUp('cookies', 'owner@cookies.example');
    const response = await logIn('owner@cookies.example');
    expect(response.body).not.toHaveProperty('refreshToken');
    const cookie = cookieOf(response);
    expect(cookie).toMatch(/^millrace_refresh=mr_ref_/);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/v1/token:refresh', 'Expires=']) {
      expect(cookie).toContain(part);
    }
    // It is no credential: sent to another route it opens nothing.
    expect((await bench.call('get', '/v1/me').set('cookie', cookie)).status).toBe(401);

    const next = await refresh(cookie);
    expect(next.status, next.text).toBe(200);
    expect(next.body).not.toHaveProperty('refreshToken');
    expect(cookieOf(next)).not.toBe(cookie);
    expect((await bench.call('get', '/v1/me', (next.body as Session).accessToken)).status).toBe(200);
  });

  it('is refused where another site sent the cookie, and kept', async () => {
    await bench.signUp('cross-site', 'owner@cross-site.example');
    const cookie = cookieOf(await logIn('owner@cross-site.example'));
    const foreign: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: here },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of foreign) {
      const response = await refresh(cookie, headers);
      expect([response.status, codeOf(response)], JSON.stringify(headers)).toEqual([403, 'auth.cross_site']);
      expect(cookieOf(response)).toBe('');
    }
    expect((await refresh(cookie, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('lets the pages of a browser come with the same cookie at once, but not later', async () => {
    await bench.signUp('tabs', 'owner@tabs.example');
    const cookie = cookieOf(await logIn('owner@tabs.example'));
    const pages = await Promise.all([refresh(cookie), refresh(cookie), refresh(cookie)]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    await bench.sql(`update sessions set rotated_at = rotated_at - interval '11 seconds' where rotated_at is not null`);
    expect((await refresh(cookie)).status).toBe(401);
    for (const page of pages) {
      expect((await bench.call('get', '/v1/me', (page.body as Session).accessToken)).status).toBe(401);
    }
  });

  it('gives a repeat under the same Idempotency-Key the same cookie, and stores none of it in the clear', async () => {
    await bench.signUp('repeats', 'owner@repeats.example');
    const again = (): request.Test => logIn('owner@repeats.example').set('idempotency-key', 'once');
    const first = await again();
    const second = await again();
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(cookieOf(second)).toBe(cookieOf(first));
    const rows = await bench.sql(`select to_jsonb(k)::text as row from idempotency_keys k`);
    expect(JSON.stringify(rows)).not.toContain(cookieOf(first).slice('millrace_refresh='.length).split(';')[0]);
  });

  it('ends with the log-out, which clears the cookie', async () => {
    await bench.signUp('leaving', 'owner@leaving.example');
    const response = await logIn('owner@leaving.example');
    const left = await bench.call('post', '/v1/logout', (response.body as Session).accessToken);
    expect(cookieOf(left)).toMatch(/^millrace_refresh=;.*Expires=Thu, 01 Jan 1970/);
    expect((await refresh(cookieOf(response))).status).toBe(401);
    expect(codeOf(await bench.call('post', '/v1/token:refresh'))).toBe('auth.no_refresh_token');
  });
});
