import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf, password, type Session } from '../../testing/account-bench.js';

let bench: AccountBench;

beforeAll(async () => {
  bench = await AccountBench.start();
});

afterAll(() => bench.stop());

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Mails that are owed to an address, oldest first. */
const mailsTo = async (email: string): Promise<Mail[]> =>
  (
    await bench.sql<{ payload: Mail }>(
      `select payload from outbox where kind = 'send_mail' and payload ->> 'to' = $1 order by id`,
      [email],
    )
  ).map(({ payload }) => payload);
const tokenIn = (mail: Mail | undefined): string => /#(mr_\w+)/.exec(mail?.text ?? '')?.[1] ?? 'no token';
const post = (path: string, body: object = {}, token?: string): request.Test =>
  bench.call('post', path, token).send(body);

/** Signs up as people do: the address is not verified yet. */
async function signUp(slug: string, email = `owner@${slug}.example`): Promise<Session> {
  const response = await post('/v1/signup', { organization: { name: slug, slug }, email, name: 'Owner', password });
  expect(response.status, response.text).toBe(201);
  return response.body as Session;
}
const isVerified = async (session: Session): Promise<boolean> => {
  const me = await bench.call('get', '/v1/me', session.accessToken);
  return (me.body as { person: { emailVerified: boolean } }).person.emailVerified;
};

describe('the address of a new account', () => {
  it('is verified by the link in a mail, which is good once', async () => {
    const session = await signUp('fresh');
    const [mail, ...more] = await mailsTo('owner@fresh.example');
    expect([mail?.subject, more]).toEqual(['Verify your e-mail address', []]);
    expect(mail?.text).toContain('http://127.0.0.1/verify-email#mr_ver_');
    expect(await isVerified(session)).toBe(false);
    const token = tokenIn(mail);
    expect((await post('/v1/email:verify', { token })).status).toBe(204);
    expect(await isVerified(session)).toBe(true);
    expect(codeOf(await post('/v1/email:verify', { token }))).toBe('token.not_found');
    expect(codeOf(await post('/v1/email:resend', {}, session.accessToken))).toBe('email.verified_already');
    const audit = await bench.call('get', '/v1/audit-events?action=email.verified', session.accessToken);
    expect((audit.body as { data: unknown[] }).data).toHaveLength(1);
  });

  it('may do everything but invite others until then, with a key of its own too', async () => {
    const session = await signUp('waiting');
    const invitation = { email: 'friend@waiting.example', role: 'viewer' };
    expect((await bench.call('get', '/v1/members', session.accessToken)).status).toBe(200);
    expect(codeOf(await post('/v1/invitations', invitation, session.accessToken))).toBe('auth.email_unverified');
    const made = await post('/v1/api-keys', { name: 'k', scopes: ['manage'] }, session.accessToken);
    const { key } = made.body as { key: string };
    expect(codeOf(await post('/v1/invitations', invitation, key))).toBe('auth.email_unverified');

    await post('/v1/email:verify', { token: tokenIn((await mailsTo('owner@waiting.example'))[0]) });
    expect((await post('/v1/invitations', invitation, key)).status).toBe(201);
  });

  it('gets another mail on request, whose link ends the earlier ones; not without end', async () => {
    const session = await signUp('again');
    const resend = (): request.Test => post('/v1/email:resend', {}, session.accessToken);
    expect((await resend()).status).toBe(204);
    const [first, second] = await mailsTo('owner@again.example');
    expect(codeOf(await post('/v1/email:verify', { token: tokenIn(first) }))).toBe('token.not_found');
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await resend()).status);
    expect(statuses).toEqual([204, 204, 204, 204, 429, 429]);
    expect(tokenIn(second)).not.toBe(tokenIn(first));
    const newest = (await mailsTo('owner@again.example')).at(-1);
    expect((await post('/v1/email:verify', { token: tokenIn(newest) })).status).toBe(204);
  });

  it('is not verified by a link that is too old, or that went to another address', async () => {
    await signUp('stale');
    const token = tokenIn((await mailsTo('owner@stale.example'))[0]);
    await bench.sql(`update account_tokens set expires_at = now() where email = 'owner@stale.example'`);
    expect((await post('/v1/email:verify', { token })).status).toBe(404);
    const moved = await signUp('moved');
    await bench.sql(`update users set email = 'new@moved.example' where id = $1`, [moved.userId]);
    expect((await post('/v1/email:verify', { token: tokenIn((await mailsTo('owner@moved.example'))[0]) })).status).toBe(
      404,
    );
    expect(await isVerified(moved)).toBe(false);
  });

  it('that joins by an invitation is asked too', async () => {
    const owner = await bench.signUp('inviting');
    const joined = await bench.join(owner, 'viewer', 'new@inviting.example');
    expect(await isVerified(joined)).toBe(false);
    expect(await mailsTo('new@inviting.example')).toHaveLength(1);
  });
});

describe('a forgotten password', () => {
  const forgot = (email: string): request.Test => post('/v1/password:forgot', { email });

  it('is replaced with the link in a mail, which ends every session', async () => {
    const session = await signUp('forgetful');
    const other = (await bench.logIn('owner@forgetful.example')).body as Session;
    for (let i = 0; i < 6; i += 1) await bench.logIn('owner@forgetful.example', 'not the password');
    expect(codeOf(await bench.logIn('owner@forgetful.example'))).toBe('auth.locked');

    expect((await forgot('OWNER@forgetful.example')).status).toBe(204);
    const mail = (await mailsTo('owner@forgetful.example')).at(-1);
    expect(mail?.text).toContain('http://127.0.0.1/reset-password#mr_rst_');
    const token = tokenIn(mail);
    const reset = (chosen: string): request.Test => post('/v1/password:reset', { token, password: chosen });
    expect((await reset('short')).status).toBe(422);
    const done = await reset('a new password');
    expect(done.status, done.text).toBe(204);
    expect((await reset('a third password')).status).toBe(404);
    for (const { accessToken, refreshToken } of [session, other]) {
      expect((await bench.call('get', '/v1/me', accessToken)).status).toBe(401);
      expect((await post('/v1/token:refresh', { refreshToken })).status).toBe(401);
    }
    // The lock-out ends with it, the old password is worth nothing, and the address is proven.
    expect((await bench.logIn('owner@forgetful.example')).status).toBe(401);
    const entered = await bench.logIn('owner@forgetful.example', 'a new password');
    expect(entered.status, entered.text).toBe(200);
    expect(await isVerified(entered.body as Session)).toBe(true);
    expect((await mailsTo('owner@forgetful.example')).at(-1)?.subject).toBe('Your password was changed');
  });

  it('tells nobody whether there is an account', async () => {
    await signUp('known');
    const time = async (email: string): Promise<{ shown: unknown; ms: number }> => {
      const started = performance.now();
      const { status, text, headers } = await forgot(email);
      const shown = { status, text, names: Object.keys(headers).sort() };
      return { shown, ms: performance.now() - started };
    };
    const known = await time('owner@known.example');
    const unknown = await time('nobody@known.example');
    expect(unknown.shown).toEqual(known.shown);
    for (const { ms } of [known, unknown]) expect(ms).toBeGreaterThan(390);
    expect(await mailsTo('nobody@known.example')).toEqual([]);
    const many = async (email: string): Promise<number[]> => {
      const answers = await Promise.all(Array.from({ length: 7 }, () => forgot(email)));
      return answers.map(({ status }) => status).sort();
    };
    expect(await many('owner@known.example')).toEqual(await many('nobody@known.example'));
  });

  it('has tokens that are stored as hashes, and good for nothing else', async () => {
    await signUp('hashed');
    await forgot('owner@hashed.example');
    const [verify, reset] = (await mailsTo('owner@hashed.example')).map(tokenIn);
    const rows = JSON.stringify(await bench.sql(`select to_jsonb(t)::text as row from account_tokens t`));
    for (const token of [verify, reset]) expect(rows).not.toContain(token);
    expect((await post('/v1/email:verify', { token: reset })).status).toBe(404);
    expect((await post('/v1/password:reset', { token: verify, password: 'a new password' })).status).toBe(404);
    expect((await bench.call('get', '/v1/me', reset)).status).toBe(401);
  });
});

describe('changing the password', () => {
  it('needs the present one, and ends the sessions of other log-ins', async () => {
    const session = await signUp('changing');
    const other = (await bench.logIn('owner@changing.example')).body as Session;
    const change = (currentPassword: string): request.Test =>
      post('/v1/password:change', { currentPassword, newPassword: 'a new password' }, session.accessToken);
    expect(codeOf(await change('not the password'))).toBe('auth.invalid_credentials');
    const done = await change(password);
    expect(done.status, done.text).toBe(204);
    expect((await bench.call('get', '/v1/me', session.accessToken)).status).toBe(200);
    expect((await bench.call('get', '/v1/me', other.accessToken)).status).toBe(401);
    expect((await bench.logIn('owner@changing.example', 'a new password')).status).toBe(200);
    const tries: number[] = [];
    for (let i = 0; i < 6; i += 1) tries.push((await change('not the password')).status);
    expect(tries).toEqual([403, 403, 403, 403, 403, 429]);
  });

  it('is not for API keys', async () => {
    const session = await signUp('keys');
    const made = await post('/v1/api-keys', { name: 'k', scopes: ['read'] }, session.accessToken);
    const { key } = made.body as { key: string };
    const change = { currentPassword: password, newPassword: 'a new password' };
    expect(codeOf(await post('/v1/password:change', change, key))).toBe('auth.no_session');
    expect(codeOf(await post('/v1/email:resend', {}, key))).toBe('auth.no_session');
  });
});
