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
