import { asSuper } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, EdgeBench, notesRoot } from '../testing/edge-bench.js';
import { type RunningApi, startApi } from '../testing/start-api.js';

let bench: EdgeBench;

beforeAll(async () => {
  bench = await EdgeBench.start();
});

afterAll(async () => {
  await bench.stop();
});

beforeEach(async () => {
  await bench.clear();
});

describe('idempotency', () => {
  const post = (idempotencyKey: string, body: object, token = bench.key): request.Test =>
    request(bench.api.server)
      .post('/notes')
      .set(...bearer(token))
      .set('idempotency-key', idempotencyKey)
      .send(body);

  it('has one effect for two requests with one key, and replays the answer to the byte', async () => {
    const first = await post('k-replay', { text: 'once' });
    const second = await post('k-replay', { text: 'once' });
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers['location'] });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(await bench.texts()).toEqual(['once']);
  });

  it('makes concurrent requests with one key one', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('k-race', { text: 'race', slowMs: 100 })));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await bench.texts()).toEqual(['race']);
  });

  it('makes concurrent requests to two processes one', async () => {
    const other = await startApi(bench.database, { masterKey: bench.api.config.masterKey }, notesRoot);
    try {
      const via = (server: RunningApi['server']): request.Test =>
        request(server)
          .post('/notes')
          .set(...bearer(bench.key))
          .set('idempotency-key', 'k-two')
          .send({ text: 'two', slowMs: 200 });
      const [one, two] = await Promise.all([via(bench.api.server), via(other.server)]);
      expect(one.text).toBe(two.text);
      expect(await bench.texts()).toEqual(['two']);
    } finally {
      await other.close();
    }
  });

  it('says that a request is still running when it takes too long to wait for', async () => {
    const slow = post('k-slow', { text: 'slow', slowMs: 6_000 }).then((answer) => answer);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const impatient = await post('k-slow', { text: 'slow', slowMs: 6_000 });
    expect(impatient.status).toBe(409);
    expect(impatient.body).toMatchObject({ code: 'idempotency.in_progress', retryable: true });
    expect(impatient.headers['retry-after']).toBe('1');
    expect((await slow).status).toBe(201);
  });

  it('leaves the key free after a refusal, and after a body that is not valid', async () => {
    expect((await post('k-refused', { text: 'a', fail: true })).status).toBe(409);
    expect((await post('k-refused', { text: 'b', bad: 1 })).status).toBe(422);
    expect(await bench.texts()).toEqual([]);
    expect((await post('k-refused', { text: 'c' })).status).toBe(201);
    expect(await bench.texts()).toEqual(['c']);
  });

  it('leaves the key free when the database connection dies in the middle', async () => {
    const dying = post('k-dead', { text: 'dead', slowMs: 3_000 }).then((answer) => answer);
    await expect
      .poll(() =>
        asSuper(
          bench.database.superuserUrl,
          `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'millrace-api' and state = 'idle in transaction' and datname = current_database()`,
        ),
      )
      .toHaveLength(1);
    expect((await dying).status).toBeGreaterThanOrEqual(500);
    expect(await bench.texts()).toEqual([]);
    expect((await post('k-dead', { text: 'dead' })).status).toBe(201);
  });

  it('refuses the key for another body or another route', async () => {
    await post('k-other', { text: 'a' });
    expect((await post('k-other', { text: 'b' })).body).toMatchObject({
      code: 'idempotency.body_mismatch',
      status: 409,
    });
    const route = await request(bench.api.server)
      .delete('/notes/x')
      .set(...bearer(bench.key))
      .set('idempotency-key', 'k-other');
    expect(route.body).toMatchObject({ code: 'idempotency.body_mismatch' });
  });

  it('keeps keys of different callers apart', async () => {
    const mine = await post('k-mine', { text: 'mine' });
    const theirs = await post('k-mine', { text: 'mine' }, await bench.makeKey(bench.stranger, ['read', 'deploy']));
    expect(theirs.text).not.toBe(mine.text);
  });

  it('refuses a key that is none', async () => {
    expect((await post('x'.repeat(256), { text: 'a' })).body).toMatchObject({ code: 'idempotency.bad_key' });
  });

  it('stores no response in clear text', async () => {
    await post('k-clear', { text: 'marker-in-clear' });
    const rows = await asSuper<{ body: string }>(bench.database.superuserUrl, `select body from idempotency_keys`);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Buffer.from(row.body, 'base64').toString('latin1')).not.toContain('marker-in-clear');
  });

  it('replays an answer without a body', async () => {
    const remove = (): request.Test =>
      request(bench.api.server)
        .delete('/notes/x')
        .set(...bearer(bench.key))
        .set('idempotency-key', 'k-empty');
    expect((await remove()).status).toBe(204);
    const again = await remove();
    expect(again.status).toBe(204);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });
});
