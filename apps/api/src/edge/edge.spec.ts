import { seedOrganization } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, EdgeBench, notesRoot } from '../testing/edge-bench.js';
import { openLimits, startApi } from '../testing/start-api.js';

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

describe('access', () => {
  it('refuses a request without a credential, with a wrong one, and without the scope', async () => {
    const anonymous = await request(bench.api.server).get('/notes');
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers['www-authenticate']).toContain('Bearer');
    expect(anonymous.headers['content-type']).toContain('application/problem+json');
    expect(
      (
        await request(bench.api.server)
          .get('/notes')
          .set(...bearer('mr_live_x'))
      ).body,
    ).toMatchObject({
      code: 'auth.invalid',
    });
    const lacking = await request(bench.api.server)
      .post('/notes')
      .set(...bearer(bench.readKey))
      .send({ text: 'a' });
    expect(lacking.status).toBe(403);
    expect(lacking.body).toMatchObject({ code: 'auth.missing_scope', neededScope: 'deploy', retryable: false });
  });

  it('takes a credential from the header alone', async () => {
    const inQuery = await request(bench.api.server).get(`/notes?access_token=${bench.key}`);
    expect(inQuery.status).toBe(401);
  });

  it('does not read the body of a stranger', async () => {
    const response = await request(bench.api.server)
      .post('/notes')
      .set('content-type', 'application/json')
      .send('{"text":');
    expect(response.body).toMatchObject({ code: 'auth.required' });
  });
});

describe('input', () => {
  const post = (body: string | object, type = 'application/json'): request.Test =>
    request(bench.api.server)
      .post('/notes')
      .set(...bearer(bench.key))
      .set('content-type', type)
      .send(body);

  it('names every mistake of a body, with pointers', async () => {
    const response = await post({ text: 'x'.repeat(30), surplus: 1, 'a/b': 2 });
    expect(response.status).toBe(422);
    const { errors } = response.body as { errors: { pointer: string; code: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/text', '/surplus', '/a~1b']);
    expect(errors.map(({ code }) => code)).toEqual([
      'request.too_big',
      'request.unknown_field',
      'request.unknown_field',
    ]);
  });

  it('refuses what is not JSON, not UTF-8, too deep, too large, or cannot be stored', async () => {
    expect((await post('{"text":')).body).toMatchObject({ status: 400, code: 'request.not_json' });
    expect((await post('{"text":"a\\u0000"}')).body).toMatchObject({ status: 422, code: 'request.bad_text' });
    expect((await post('{"text":"\\ud800"}')).body).toMatchObject({ code: 'request.bad_text' });
    expect((await post(`${'['.repeat(100)}${']'.repeat(100)}`)).body).toMatchObject({ code: 'request.too_deep' });
    expect((await post(`{"text":"${'x'.repeat(1_100_000)}"}`)).body).toMatchObject({
      status: 413,
      code: 'request.too_large',
    });
    expect((await post('text=a', 'application/x-www-form-urlencoded')).body).toMatchObject({ status: 415 });
    expect((await post('{"text":"a"}').set('content-encoding', 'gzip')).status).toBe(415);
  });

  it('refuses query parameters and bodies that a route does not take', async () => {
    const query = await request(bench.api.server)
      .delete('/notes/x?force=1')
      .set(...bearer(bench.key));
    expect(query.body).toMatchObject({ status: 400, errors: [{ pointer: '/force' }] });
    const body = await request(bench.api.server)
      .delete('/notes/x')
      .set(...bearer(bench.key))
      .send({ a: 1 });
    expect(body.body).toMatchObject({ code: 'request.unexpected_body' });
    const address = await request(bench.api.server)
      .delete('/notes/%00')
      .set(...bearer(bench.key));
    expect(address.body).toMatchObject({ status: 400, code: 'request.bad_text' });
    const encoding = await request(bench.api.server)
      .delete('/notes/%ff')
      .set(...bearer(bench.key));
    expect(encoding.body).toMatchObject({ status: 400, code: 'request.malformed' });
  });

  it('takes an upload up to its limit, and JSON where the route says so', async () => {
    const upload = (body: Buffer | string, type: string): request.Test =>
      request(bench.api.server)
        .post('/notes/upload')
        .set(...bearer(bench.key))
        .set('content-type', type)
        .send(body);
    expect((await upload(Buffer.alloc(1000), 'application/gzip')).body).toEqual({ bytes: 1000 });
    expect((await upload(Buffer.alloc(1001), 'application/gzip')).status).toBe(413);
    expect((await upload(JSON.stringify({ a: 'x'.repeat(1_500_000) }), 'application/json')).status).toBe(200);
    expect((await upload('x', 'text/plain')).status).toBe(415);
  });
});

describe('answers', () => {
  it('says nothing of the reason of an internal error', async () => {
    const response = await request(bench.api.server).get('/notes/broken');
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('secret reason');
  });

  it('finds a response that does not fit its schema, in specs', async () => {
    expect((await request(bench.api.server).get('/notes/misfit')).status).toBe(500);
  });

  it('keeps a sensible request id of the client and makes one otherwise', async () => {
    const own = await request(bench.api.server).get('/nowhere').set('x-request-id', 'abc-123');
    expect(own.headers['x-request-id']).toBe('abc-123');
    expect(own.body).toMatchObject({ code: 'route.not_found', requestId: 'abc-123' });
    const hostile = await request(bench.api.server).get('/nowhere').set('x-request-id', 'a b<script>');
    expect(hostile.headers['x-request-id']).toMatch(/^req_/);
    expect(hostile.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(hostile.headers).not.toHaveProperty('x-powered-by');
  });
});

describe('lists', () => {
  it('pages by an opaque cursor, stable under inserts', async () => {
    for (let i = 0; i < 5; i += 1) {
      await request(bench.api.server)
        .post('/notes')
        .set(...bearer(bench.key))
        .send({ text: `n${i}` });
    }
    const get = (query: string): request.Test =>
      request(bench.api.server)
        .get(`/notes?${query}`)
        .set(...bearer(bench.readKey));
    const first = (await get('limit=2')).body as { data: { text: string }[]; nextCursor: string };
    expect(first.data.map(({ text }) => text)).toEqual(['n0', 'n1']);
    const second = (await get(`limit=3&cursor=${first.nextCursor}`)).body as Omit<typeof first, 'nextCursor'> & {
      nextCursor: null;
    };
    expect(second.data.map(({ text }) => text)).toEqual(['n2', 'n3', 'n4']);
    expect(second.nextCursor).toBeNull();
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'cursor=abc',
      `cursor=${Buffer.from('["a","b"]').toString('base64url')}`,
    ]) {
      expect((await get(query)).status, query).toBe(400);
    }
  });
});

describe('rate limits', () => {
  it('refuses what is over the limit, says how long to wait, and counts for all processes', async () => {
    const limits = { ...openLimits, perCredential: { name: 'api', capacity: 5, windowSeconds: 60 } };
    const [one, two] = [
      await startApi(bench.database, { limits }, notesRoot),
      await startApi(bench.database, { limits }, notesRoot),
    ];
    const token = await bench.makeKey(bench.stranger, ['read']);
    try {
      const statuses: number[] = [];
      for (const { server } of [one, two, one, two, one, two, one]) {
        const response = await request(server)
          .get('/notes')
          .set(...bearer(token));
        statuses.push(response.status);
        expect(response.headers['ratelimit-policy']).toContain('"api";q=5;w=60');
        if (response.status === 429) {
          expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
          expect(response.body).toMatchObject({ code: 'rate_limit.exceeded', limit: 'api', retryable: true });
        }
      }
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    } finally {
      await one.close();
      await two.close();
    }
  });

  it('limits all callers of an organization together by its plan, and shows who used how much', async () => {
    const perOrganization = (plan: string): { name: string; capacity: number; windowSeconds: number } => ({
      name: 'organization',
      capacity: plan === 'pro' ? 6 : 0,
      windowSeconds: 60,
    });
    const limits = {
      ...openLimits,
      perCredential: { name: 'credential', capacity: 5, windowSeconds: 60 },
      perOrganization,
    };
    const organization = await seedOrganization(bench.database.superuserUrl);
    const busy = await bench.makeKey(organization, ['read']);
    const quiet = await bench.makeKey(organization, ['read']);
    const [one, two] = [await startApi(bench.database, { limits }), await startApi(bench.database, { limits })];
    const get = (token: string, path = '/v1/variables', { server } = one): request.Test =>
      request(server)
        .get(path)
        .set(...bearer(token));
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 7; i += 1) statuses.push((await get(busy)).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
      // What the limit of a single credential refused has not used up what is left for the others.
      const last = await get(quiet, '/v1/variables', two);
      expect(last.status, last.text).toBe(200);
      expect(last.headers['ratelimit-policy']).toBe('"credential";q=5;w=60, "organization";q=6;w=60');
      expect(last.headers['ratelimit']).toBe('"credential";r=4, "organization";r=0');

      const refused = await get(quiet, '/v1/variables', two);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.body).toMatchObject({ code: 'rate_limit.exceeded', limit: 'organization', capacity: 6 });
      const { caller } = refused.body as { caller: string };
      expect(quiet).toContain(caller.replace('key_', ''));

      // The page that tells who it was stays open.
      const shown = await get(quiet, '/v1/limits');
      expect(shown.status, shown.text).toBe(200);
      const { organizationRate, callers } = shown.body as {
        organizationRate: unknown;
        callers: { actor: string; name: string; lastMinute: number; lastHour: number; refusedLastHour: number }[];
      };
      expect(organizationRate).toEqual({ requests: 6, windowSeconds: 60, remaining: 0 });
      const [first] = callers;
      expect(busy).toContain(first?.actor.replace('key_', ''));
      expect(first).toMatchObject({ name: 'spec', lastMinute: 7, lastHour: 7, refusedLastHour: 2 });
      // Another organization has its own.
      expect((await get(bench.readKey)).status).toBe(200);
    } finally {
      await one.close();
      await two.close();
    }
  });

  it('limits guesses at credentials by address, and lets real ones through', async () => {
    const limits = { ...openLimits, perAddress: { name: 'public', capacity: 3, windowSeconds: 60 } };
    const { server, close } = await startApi(bench.database, { limits }, notesRoot);
    const get = (token: string): request.Test =>
      request(server)
        .get('/notes')
        .set(...bearer(token));
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 5; i += 1) statuses.push((await get(`mr_acc_${i}`)).status);
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
      expect((await get(bench.readKey)).status).toBe(200);
    } finally {
      await close();
    }
  });
});
