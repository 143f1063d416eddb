import type request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf, type Session } from '../testing/account-bench.js';

let bench: AccountBench;
let owner: Session;

beforeAll(async () => {
  bench = await AccountBench.start();
  owner = await bench.signUp('editors');
});

afterAll(() => bench.stop());

const call = (method: 'get' | 'put' | 'patch' | 'delete', path: string, headers: Record<string, string> = {}) =>
  bench.call(method, path, owner.accessToken).set(headers);
const put = (name: string, value: string, headers: Record<string, string> = {}): request.Test =>
  call('put', `/v1/variables/${name}`, headers).send({ value });
const tagOf = (response: request.Response): string => String(response.headers['etag']);

describe('every editable thing', () => {
  const things: readonly (readonly [string, 'patch' | 'put', string, object, string])[] = [
    ['organization', 'patch', '/v1/organization', { name: 'Renamed' }, '/name'],
    ['environment', 'patch', '/v1/environments/production', { name: 'Renamed' }, '/name'],
    ['pool', 'patch', '/v1/pools/default', { maxRunners: 1 }, '/maxRunners'],
    ['variable', 'put', '/v1/variables/thing', { value: 'second' }, '/value'],
    ['secret', 'put', '/v1/secrets/thing', { value: 'second' }, '/version'],
    ['connection', 'put', '/v1/connections/thing', { type: 'postgres', host: 'b.example', port: 5432 }, '/host'],
  ];

  beforeAll(async () => {
    await bench.call('post', '/v1/webhooks', owner.accessToken).send({ name: 'thing', url: 'https://a.example/x' });
    await put('thing', 'first');
    await call('put', '/v1/secrets/thing').send({ value: 'first' });
    await call('put', '/v1/connections/thing').send({ type: 'postgres', host: 'a.example', port: 5432 });
  });

  it.each(things)('%s: is not sent twice, and not overwritten unseen', async (_noun, method, path, change, pointer) => {
    const first = await call('get', path);
    expect(first.status, first.text).toBe(200);
    const tag = tagOf(first);
    const known = await call('get', path, { 'if-none-match': `"other", W/${tag}` });
    expect([known.status, known.text, tagOf(known)]).toEqual([304, '', tag]);

    const edited = await call(method, path, { 'if-match': tag }).send(change);
    expect(edited.status, edited.text).toBe(200);
    const now = await call('get', path, { 'if-none-match': tag });
    expect([now.status, tagOf(now)]).toEqual([200, tagOf(edited)]);

    const late = await call(method, path, { 'if-match': tag }).send(change);
    expect([late.status, codeOf(late)]).toEqual([412, 'precondition.failed']);
    const { errors, etag } = late.body as { errors: { pointer: string; message: string }[]; etag: string };
    const fields = errors
      .map((error) => error.pointer)
      .filter((field) => !['/updatedAt', '/createdAt'].includes(field));
    expect(fields).toEqual([pointer]);
    expect(etag).toBe(tagOf(now));
    expect((await call(method, path, { 'if-match': etag }).send(change)).status).toBe(200);
  });

  it('webhook: the same, found by its id', async () => {
    const listed = await call('get', '/v1/webhooks');
    const { data } = listed.body as { data: { id: string }[] };
    const path = `/v1/webhooks/${data[0]?.id ?? ''}`;
    const tag = tagOf(await call('get', path));
    expect((await call('patch', path, { 'if-match': tag }).send({ url: 'https://b.example/x' })).status).toBe(200);
    expect((await call('delete', path, { 'if-match': tag })).status).toBe(412);
  });

  it('member: the same, with another role', async () => {
    const { userId } = await bench.join(owner, 'viewer', 'viewer@editors.example');
    const path = `/v1/members/${userId}`;
    const tag = tagOf(await call('get', path));
    expect((await call('patch', path, { 'if-match': tag }).send({ role: 'editor' })).status).toBe(200);
    expect((await call('delete', path, { 'if-match': tag })).status).toBe(412);
    expect((await call('delete', path, { 'if-match': '*' })).status).toBe(204);
    expect((await call('delete', path, { 'if-match': '*' })).status).toBe(404);
  });
});

describe('If-Match', () => {
  it('ignores what changes by itself', async () => {
    const pool = await call('get', '/v1/pools/default');
    await bench.sql(
      `insert into runners (tenant_id, id, pool_id, state, tier, slots, host, version, credential_hash)
       select tenant_id, 'rnr_spec', id, 'starting', 'none', 4, 'spec', '0', '\\x00' from pools where tenant_id = $1`,
      [owner.organizationId],
    );
    const again = await call('get', '/v1/pools/default', { 'if-none-match': tagOf(pool) });
    expect(again.status).toBe(200);
    const edited = await call('patch', '/v1/pools/default', { 'if-match': tagOf(pool) }).send({ idleSeconds: 30 });
    expect(edited.status, edited.text).toBe(200);
  });

  it('refuses a tag of something else, and makes nothing where there is nothing', async () => {
    await put('one', 'x');
    const other = tagOf(await call('get', '/v1/organization'));
    expect((await put('one', 'y', { 'if-match': other })).status).toBe(412);
    expect((await put('one', 'y', { 'if-match': 'nonsense' })).status).toBe(412);
    expect((await put('none', 'x', { 'if-match': '*' })).status).toBe(412);
    expect((await call('get', '/v1/variables/none')).status).toBe(404);
    expect(
      (await put('one', 'y', { 'if-match': `"x", ${tagOf(await call('get', '/v1/variables/one'))}` })).status,
    ).toBe(200);
  });

  it('lets exactly one of many through that edit what they all saw', async () => {
    await put('race', 'start');
    const tag = tagOf(await call('get', '/v1/variables/race'));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => put('race', `edit ${index}`, { 'if-match': tag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 412)]);
    const made = await Promise.all(Array.from({ length: 4 }, () => put('fresh', 'x', { 'if-none-match': '*' })));
    expect(made.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  it('is lost against an edit without it that was under way', async () => {
    await put('mixed', 'start');
    const tag = tagOf(await call('get', '/v1/variables/mixed'));
    const answers = await Promise.all([put('mixed', 'blind'), put('mixed', 'careful', { 'if-match': tag })]);
    const [blind, careful] = answers.map(({ status }) => status);
    expect(blind).toBe(200);
    const { value } = (await call('get', '/v1/variables/mixed')).body as { value: string };
    // Either the careful one came first and was overwritten by one that asked for nothing, or it was refused.
    expect([careful, value]).toEqual([careful, 'blind']);
  });

  it('shows values to those alone who may read', async () => {
    const made = await bench
      .call('post', '/v1/api-keys', owner.accessToken)
      .send({ name: 'writer', scopes: ['deploy'] });
    const { key } = made.body as { key: string };
    await put('hidden', 'before');
    const tag = tagOf(await call('get', '/v1/variables/hidden'));
    await put('hidden', 'not for writers');
    const late = await bench.call('put', '/v1/variables/hidden', key).set('if-match', tag).send({ value: 'x' });
    expect(late.status).toBe(412);
    expect(late.text).not.toContain('not for writers');
    expect((await put('hidden', 'x', { 'if-match': tag })).text).toContain('not for writers');
  });

  it('leaves the Idempotency-Key free when it refuses', async () => {
    await put('keyed', 'x');
    const refused = await put('keyed', 'y', { 'if-match': '"no.no"', 'idempotency-key': 'again' });
    expect(refused.status).toBe(412);
    const kept = await put('keyed', 'y', { 'idempotency-key': 'again' });
    expect([kept.status, tagOf(kept)]).toEqual([200, tagOf(await call('get', '/v1/variables/keyed'))]);
    const replayed = await put('keyed', 'y', { 'idempotency-key': 'again' });
    expect([replayed.headers['idempotency-replayed'], tagOf(replayed)]).toEqual(['true', tagOf(kept)]);
  });
});
