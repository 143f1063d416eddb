import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf, password, type Session } from '../../testing/account-bench.js';

let bench: AccountBench;

beforeAll(async () => {
  bench = await AccountBench.start();
});

afterAll(async () => {
  await bench.stop();
});

describe('members', () => {
  it('have the rights of their role and no more', async () => {
    const owner = await bench.signUp();
    const viewer = await bench.join(owner, 'viewer', `viewer@${owner.organizationId}.example`);
    const editor = await bench.join(owner, 'editor', `editor@${owner.organizationId}.example`);
    const admin = await bench.join(owner, 'admin', `admin@${owner.organizationId}.example`);
    const setVariable = (session: Session): request.Test =>
      bench.call('put', '/v1/variables/a', session.accessToken).send({ value: 'x' });
    const setSecret = (session: Session): request.Test =>
      bench.call('put', '/v1/secrets/a', session.accessToken).send({ value: 'x' });
    expect((await setVariable(viewer)).status).toBe(403);
    expect((await setVariable(editor)).status).toBe(200);
    expect((await setSecret(editor)).status).toBe(403);
    expect((await setSecret(admin)).status).toBe(200);

    const promote = (session: Session, user: Session, role: string): request.Test =>
      bench.call('patch', `/v1/members/${user.userId}`, session.accessToken).send({ role });
    expect(codeOf(await promote(admin, viewer, 'owner'))).toBe('member.owner_needed');
    expect(codeOf(await promote(admin, owner, 'viewer'))).toBe('member.owner_needed');
    expect(codeOf(await promote(viewer, viewer, 'admin'))).toBe('auth.missing_scope');
    expect((await promote(admin, viewer, 'operator')).body).toMatchObject({ role: 'operator' });

    expect((await bench.call('delete', `/v1/members/${editor.userId}`, viewer.accessToken)).status).toBe(403);
    expect((await bench.call('delete', `/v1/members/${viewer.userId}`, viewer.accessToken)).status).toBe(204);
    expect((await bench.call('get', '/v1/me', viewer.accessToken)).status).toBe(401);
  });

  it('always have an owner, also when two leave at once', async () => {
    const owner = await bench.signUp();
    const leave = (session: Session): request.Test =>
      bench.call('delete', `/v1/members/${session.userId}`, session.accessToken);
    expect(codeOf(await leave(owner))).toBe('member.last_owner');
    const second = await bench.join(owner, 'admin', `second@${owner.organizationId}.example`);
    await bench.call('patch', `/v1/members/${second.userId}`, owner.accessToken).send({ role: 'owner' });

    const statuses = (await Promise.all([leave(owner), leave(second)])).map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 409]);
  });
});

describe('invitations', () => {
  it('work once, and not after they were taken back or ran out', async () => {
    const owner = await bench.signUp();
    const invite = async (email: string): Promise<{ id: string; token: string }> =>
      (await bench.call('post', '/v1/invitations', owner.accessToken).send({ email, role: 'viewer' })).body as {
        id: string;
        token: string;
      };
    const accept = (token: string): request.Test =>
      bench.call('post', '/v1/invitations:accept').send({ token, password });

    const used = await invite(`one@${owner.organizationId}.example`);
    expect((await accept(used.token)).status).toBe(201);
    expect(codeOf(await accept(used.token))).toBe('invitation.not_found');

    const revoked = await invite(`two@${owner.organizationId}.example`);
    expect((await bench.call('delete', `/v1/invitations/${revoked.id}`, owner.accessToken)).status).toBe(204);
    expect((await accept(revoked.token)).status).toBe(404);

    const expired = await invite(`three@${owner.organizationId}.example`);
    await bench.sql(`update invitations set expires_at = now() where id = $1`, [expired.id]);
    expect((await accept(expired.token)).status).toBe(404);

    const list = await bench.call('get', '/v1/invitations', owner.accessToken);
    const { data } = list.body as { data: { state: string }[] };
    expect(data.map(({ state }) => state)).toEqual(['expired', 'revoked', 'accepted']);
    expect(list.text).not.toContain('mr_inv_');
  });

  it('open an account that exists only with its own password', async () => {
    await bench.signUp('elsewhere', 'guest@elsewhere.example');
    const owner = await bench.signUp();
    const invited = await bench.call('post', '/v1/invitations', owner.accessToken).send({
      email: 'guest@elsewhere.example',
      role: 'viewer',
    });
    const { token } = invited.body as { token: string };
    const accept = (given: string): request.Test =>
      bench.call('post', '/v1/invitations:accept').send({ token, password: given });
    expect((await accept('not the password')).status).toBe(401);
    expect((await accept(password)).status).toBe(201);
  });

  it('stop at the number of members that the plan allows', async () => {
    const owner = await bench.signUp();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const response = await bench.call('post', '/v1/invitations', owner.accessToken).send({
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
    bench.call('post', '/v1/api-keys', token).send({ name: 'k', ...body });

  it('are shown once, have a checksum, and are refused once revoked or expired', async () => {
    const owner = await bench.signUp();
    const made = (await make(owner.accessToken, { scopes: ['read'] })).body as Made;
    expect(made.key).toMatch(/^mr_live_[0-9A-Z]{26}_[0-9A-Za-z]{49}$/);
    expect((await bench.call('get', '/v1/me', made.key)).body).toMatchObject({ kind: 'apiKey', actor: made.id });
    expect((await bench.call('get', `/v1/api-keys/${made.id}`, owner.accessToken)).text).not.toContain('mr_live_');
    const forged = made.key.slice(0, -1) + (made.key.endsWith('a') ? 'b' : 'a');
    expect((await bench.call('get', '/v1/me', forged)).status).toBe(401);

    await bench.call('delete', `/v1/api-keys/${made.id}`, owner.accessToken);
    expect((await bench.call('get', '/v1/me', made.key)).status).toBe(401);

    const short = (await make(owner.accessToken, { scopes: ['read'], expiresAt: '2100-01-01T00:00:00Z' })).body as Made;
    await bench.sql(`update api_keys set expires_at = now() where id = $1`, [short.id]);
    expect((await bench.call('get', '/v1/me', short.key)).status).toBe(401);
    expect(codeOf(await make(owner.accessToken, { scopes: ['read'], expiresAt: '2000-01-01T00:00:00Z' }))).toBe(
      'api_key.expired',
    );
  });

  it('give away no more than their maker has, and stay in their environment', async () => {
    const owner = await bench.signUp();
    await bench.call('post', '/v1/environments', owner.accessToken).send({ slug: 'staging' });
    const bound = (await make(owner.accessToken, { scopes: ['read', 'manage'], environment: 'staging' })).body as Made;
    expect(codeOf(await make(bound.key, { scopes: ['deploy'] }))).toBe('api_key.beyond_scopes');
    const child = (await make(bound.key, { scopes: ['read'] })).body as Made;
    expect(child.environmentId).toBe(bound.environmentId);
    expect((await make(bound.key, { scopes: ['read'], environment: 'production' })).status).toBe(404);
    expect((await bench.call('get', '/v1/variables?environment=production', bound.key)).status).toBe(404);
    expect((await bench.call('get', '/v1/environments/production', bound.key)).status).toBe(404);
    expect(codeOf(await bench.call('get', '/v1/members', bound.key))).toBe('auth.environment_bound');
    const free = (await make(owner.accessToken, { scopes: ['read'] })).body as Made;
    expect((await bench.call('delete', `/v1/api-keys/${free.id}`, bound.key)).status).toBe(404);
  });

  it('overlap for a day when they are rotated', async () => {
    const owner = await bench.signUp();
    const old = (await make(owner.accessToken, { scopes: ['read', 'run'] })).body as Made;
    const rotate = (): request.Test => bench.call('post', `/v1/api-keys/${old.id}:rotate`, owner.accessToken);
    const made = (await rotate().set('idempotency-key', 'rotate-1')).body as Made;
    expect(((await rotate().set('idempotency-key', 'rotate-1')).body as Made).key).toBe(made.key);
    expect(codeOf(await rotate())).toBe('api_key.not_live');
    expect((await bench.call('get', '/v1/me', old.key)).status).toBe(200);
    expect((await bench.call('get', '/v1/me', made.key)).body).toMatchObject({ scopes: ['read', 'run'] });
    const shown = (await bench.call('get', `/v1/api-keys/${old.id}`, owner.accessToken)).body as {
      expiresAt: string;
      replacedBy: string;
    };
    expect(shown.replacedBy).toBe(made.id);
    expect(Date.parse(shown.expiresAt) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  it('note their last use at most once a minute', async () => {
    const owner = await bench.signUp();
    const made = (await make(owner.accessToken, { scopes: ['read'] })).body as Made;
    const lastUsed = async (): Promise<unknown> =>
      (await bench.sql(`select last_used_at, xmin from api_keys where id = $1`, [made.id]))[0];
    await bench.call('get', '/v1/me', made.key);
    const first = await lastUsed();
    await bench.call('get', '/v1/me', made.key);
    expect(await lastUsed()).toEqual(first);
  });
});
