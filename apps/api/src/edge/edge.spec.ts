import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Delete, Get, Inject, Module, Param, Post, Query, Req, Res } from '@nestjs/common';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { DomainError, newId } from '@millrace/kernel';
import { asSuper, seedOrganization, type SeededOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import { createApiKey, type Scope } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openLimits, type RunningApi, startApi } from '../testing/start-api.js';
import {
  Caller,
  cursorOf,
  EdgeModule,
  EventStreams,
  Mutation,
  Notifications,
  Operation,
  pageOf,
  pageQuery,
  Public,
  Requires,
  toPage,
  Tx,
  Upload,
} from './index.js';

const note = z.strictObject({ id: z.string(), text: z.string() }).meta({ id: 'Note' });
const notePage = pageOf('NotePage', note);
const noteBody = z.strictObject({ text: z.string().max(20), fail: z.boolean().optional(), slowMs: z.int().optional() });
const listQuery = z.strictObject(pageQuery);
const notePath = z.strictObject({ note: z.string() });

/** A resource over the table of variables: something that a transaction changes and a query sees. */
@Controller('notes')
class NotesController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Notifications) private readonly notifications: Notifications,
  ) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listNotes', summary: 'List', response: notePage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<z.infer<typeof notePage>> {
    return this.tenants.transaction(caller.tenantId, async (tx) => {
      const [after = ''] = cursorOf(query, 1) ?? [];
      const rows = await tx.query<{ name: string; value: string }>(
        `select name, value from variables where tenant_id = $1 and name > $2 order by name limit $3`,
        [tx.tenantId, after, query.limit + 1],
      );
      return toPage(
        rows,
        query,
        (row) => [row.name],
        (row) => ({ id: row.name, text: row.value }),
      );
    });
  }

  @Post()
  @Requires('deploy')
  @Mutation()
  @Operation({ id: 'createNote', summary: 'Create', status: 201, response: note })
  async create(
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: noteBody }) body: z.infer<typeof noteBody>,
  ): Promise<z.infer<typeof note>> {
    const [environment] = await tx.query<{ id: string }>(`select id from environments where tenant_id = $1`, [
      tx.tenantId,
    ]);
    const id = newId('variable');
    await tx.query(`insert into variables (tenant_id, id, environment_id, name, value) values ($1, $2, $3, $2, $4)`, [
      tx.tenantId,
      id,
      environment?.id,
      body.text,
    ]);
    if (body.slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, body.slowMs));
    if (body.fail === true) throw new DomainError('conflict', 'note.refused', 'not this one');
    response.set('location', `/notes/${id}`);
    return { id, text: body.text };
  }

  @Delete(':note')
  @Requires('deploy')
  @Mutation()
  @Operation({ id: 'deleteNote', summary: 'Delete' })
  async remove(
    @Tx() tx: TenantTransaction,
    @Param({ schema: notePath }) path: z.infer<typeof notePath>,
  ): Promise<void> {
    await tx.query(`delete from variables where tenant_id = $1 and name = $2`, [tx.tenantId, path.note]);
  }

  @Post('upload')
  @Requires('deploy')
  @Mutation()
  @Upload({ types: ['application/gzip'], maxBytes: 1000, maxJsonBytes: 2_000_000 })
  @Operation({ id: 'uploadNote', summary: 'Upload', response: z.strictObject({ bytes: z.int() }) })
  upload(@Body() body: Buffer | object): { bytes: number } {
    return { bytes: Buffer.isBuffer(body) ? body.length : JSON.stringify(body).length };
  }

  @Get('broken')
  @Public()
  @Operation({ id: 'breakNote', summary: 'Break', response: note })
  broken(): unknown {
    throw new Error('a secret reason');
  }

  @Get('misfit')
  @Public()
  @Operation({ id: 'misfitNote', summary: 'Misfit', response: note })
  misfit(): unknown {
    return { id: 'x', text: 'y', surplus: 1 };
  }

  @Get('stream/:note')
  @Requires('read')
  @Operation({ id: 'streamNotes', summary: 'Stream', produces: 'text/event-stream' })
  stream(
    @Caller() caller: Caller,
    @Req() req: Request,
    @Res() response: Response,
    @Param({ schema: notePath }) path: z.infer<typeof notePath>,
  ): Promise<void> {
    const { notifications, tenants } = this;
    return this.streams.serve(req, response, async function* (lastEventId, signal) {
      const wake = await notifications.subscribe('runEvents', path.note);
      try {
        let after = lastEventId ?? '';
        while (!signal.aborted) {
          const rows = await tenants.transaction(caller.tenantId, (tx) =>
            tx.query<{ name: string; value: string }>(
              `select name, value from variables where tenant_id = $1 and name > $2 order by name`,
              [tx.tenantId, after],
            ),
          );
          for (const row of rows) {
            after = row.name;
            if (row.value === 'end') return;
            if (row.value === 'bad') throw new DomainError('unavailable', 'note.gone', 'broke off');
            yield { id: row.name, event: 'note', data: { text: row.value } };
          }
          await wake.next({ timeoutMs: 5_000, signal });
        }
      } finally {
        wake.close();
      }
    });
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

let database: TestDatabase;
let api: RunningApi;
let tenant: SeededOrganization;
let stranger: SeededOrganization;
let key: string;
let readKey: string;

async function makeKey(organization: SeededOrganization, scopes: Scope[]): Promise<string> {
  const tenants = api.app.get(TenantDatabase);
  const made = await tenants.transaction(organization.tenantId, (tx) =>
    createApiKey(
      tx,
      { tenantId: organization.tenantId, actor: 'usr_spec', requestId: 'req_spec', scopes },
      { name: 'spec', scopes, environmentId: undefined, expiresAt: undefined },
    ),
  );
  return made.key;
}

const bearer = (token: string): [string, string] => ['authorization', `Bearer ${token}`];

async function texts(): Promise<string[]> {
  const rows = await asSuper<{ value: string }>(database.superuserUrl, `select value from variables order by name`);
  return rows.map((row) => row.value);
}

beforeAll(async () => {
  database = await testDatabase();
  tenant = await seedOrganization(database.superuserUrl);
  stranger = await seedOrganization(database.superuserUrl);
  api = await startApi(database, {}, (config) => ({
    module: class Root {},
    imports: [EdgeModule.create(config), NotesModule],
  }));
  key = await makeKey(tenant, ['read', 'deploy']);
  readKey = await makeKey(tenant, ['read']);
});

afterAll(async () => {
  await api.close();
  await database.drop();
});

beforeEach(async () => {
  await asSuper(database.superuserUrl, 'delete from variables');
});

describe('access', () => {
  it('refuses a request without a credential, with a wrong one, and without the scope', async () => {
    const anonymous = await request(api.server).get('/notes');
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers['www-authenticate']).toContain('Bearer');
    expect(anonymous.headers['content-type']).toContain('application/problem+json');
    expect(
      (
        await request(api.server)
          .get('/notes')
          .set(...bearer('mr_live_x'))
      ).body,
    ).toMatchObject({
      code: 'auth.invalid',
    });
    const lacking = await request(api.server)
      .post('/notes')
      .set(...bearer(readKey))
      .send({ text: 'a' });
    expect(lacking.status).toBe(403);
    expect(lacking.body).toMatchObject({ code: 'auth.missing_scope', neededScope: 'deploy', retryable: false });
  });

  it('takes a credential from the header alone', async () => {
    const inQuery = await request(api.server).get(`/notes?access_token=${key}`);
    expect(inQuery.status).toBe(401);
  });

  it('does not read the body of a stranger', async () => {
    const response = await request(api.server).post('/notes').set('content-type', 'application/json').send('{"text":');
    expect(response.body).toMatchObject({ code: 'auth.required' });
  });
});

describe('input', () => {
  const post = (body: string | object, type = 'application/json'): request.Test =>
    request(api.server)
      .post('/notes')
      .set(...bearer(key))
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
    const query = await request(api.server)
      .delete('/notes/x?force=1')
      .set(...bearer(key));
    expect(query.body).toMatchObject({ status: 400, errors: [{ pointer: '/force' }] });
    const body = await request(api.server)
      .delete('/notes/x')
      .set(...bearer(key))
      .send({ a: 1 });
    expect(body.body).toMatchObject({ code: 'request.unexpected_body' });
    const address = await request(api.server)
      .delete('/notes/%00')
      .set(...bearer(key));
    expect(address.body).toMatchObject({ status: 400, code: 'request.bad_text' });
    const encoding = await request(api.server)
      .delete('/notes/%ff')
      .set(...bearer(key));
    expect(encoding.body).toMatchObject({ status: 400, code: 'request.malformed' });
  });

  it('takes an upload up to its limit, and JSON where the route says so', async () => {
    const upload = (body: Buffer | string, type: string): request.Test =>
      request(api.server)
        .post('/notes/upload')
        .set(...bearer(key))
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
    const response = await request(api.server).get('/notes/broken');
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('secret reason');
  });

  it('finds a response that does not fit its schema, in specs', async () => {
    expect((await request(api.server).get('/notes/misfit')).status).toBe(500);
  });

  it('keeps a sensible request id of the client and makes one otherwise', async () => {
    const own = await request(api.server).get('/nowhere').set('x-request-id', 'abc-123');
    expect(own.headers['x-request-id']).toBe('abc-123');
    expect(own.body).toMatchObject({ code: 'route.not_found', requestId: 'abc-123' });
    const hostile = await request(api.server).get('/nowhere').set('x-request-id', 'a b<script>');
    expect(hostile.headers['x-request-id']).toMatch(/^req_/);
    expect(hostile.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(hostile.headers).not.toHaveProperty('x-powered-by');
  });
});

describe('lists', () => {
  it('pages by an opaque cursor, stable under inserts', async () => {
    for (let i = 0; i < 5; i += 1) {
      await request(api.server)
        .post('/notes')
        .set(...bearer(key))
        .send({ text: `n${i}` });
    }
    const get = (query: string): request.Test =>
      request(api.server)
        .get(`/notes?${query}`)
        .set(...bearer(readKey));
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

describe('idempotency', () => {
  const post = (idempotencyKey: string, body: object, token = key): request.Test =>
    request(api.server)
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
    expect(await texts()).toEqual(['once']);
  });

  it('makes concurrent requests with one key one', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('k-race', { text: 'race', slowMs: 100 })));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await texts()).toEqual(['race']);
  });

  it('makes concurrent requests to two processes one', async () => {
    const other = await startApi(database, { masterKey: api.config.masterKey }, (config) => ({
      module: class Root {},
      imports: [EdgeModule.create(config), NotesModule],
    }));
    try {
      const via = (server: RunningApi['server']): request.Test =>
        request(server)
          .post('/notes')
          .set(...bearer(key))
          .set('idempotency-key', 'k-two')
          .send({ text: 'two', slowMs: 200 });
      const [one, two] = await Promise.all([via(api.server), via(other.server)]);
      expect(one.text).toBe(two.text);
      expect(await texts()).toEqual(['two']);
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
    expect(await texts()).toEqual([]);
    expect((await post('k-refused', { text: 'c' })).status).toBe(201);
    expect(await texts()).toEqual(['c']);
  });

  it('leaves the key free when the database connection dies in the middle', async () => {
    const dying = post('k-dead', { text: 'dead', slowMs: 3_000 }).then((answer) => answer);
    await expect
      .poll(() =>
        asSuper(
          database.superuserUrl,
          `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'millrace-api' and state = 'idle in transaction' and datname = current_database()`,
        ),
      )
      .toHaveLength(1);
    expect((await dying).status).toBeGreaterThanOrEqual(500);
    expect(await texts()).toEqual([]);
    expect((await post('k-dead', { text: 'dead' })).status).toBe(201);
  });

  it('refuses the key for another body or another route', async () => {
    await post('k-other', { text: 'a' });
    expect((await post('k-other', { text: 'b' })).body).toMatchObject({
      code: 'idempotency.body_mismatch',
      status: 409,
    });
    const route = await request(api.server)
      .delete('/notes/x')
      .set(...bearer(key))
      .set('idempotency-key', 'k-other');
    expect(route.body).toMatchObject({ code: 'idempotency.body_mismatch' });
  });

  it('keeps keys of different callers apart', async () => {
    const mine = await post('k-mine', { text: 'mine' });
    const theirs = await post('k-mine', { text: 'mine' }, await makeKey(stranger, ['read', 'deploy']));
    expect(theirs.text).not.toBe(mine.text);
  });

  it('refuses a key that is none', async () => {
    expect((await post('x'.repeat(256), { text: 'a' })).body).toMatchObject({ code: 'idempotency.bad_key' });
  });

  it('stores no response in clear text', async () => {
    await post('k-clear', { text: 'marker-in-clear' });
    const rows = await asSuper<{ body: string }>(database.superuserUrl, `select body from idempotency_keys`);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Buffer.from(row.body, 'base64').toString('latin1')).not.toContain('marker-in-clear');
  });

  it('replays an answer without a body', async () => {
    const remove = (): request.Test =>
      request(api.server)
        .delete('/notes/x')
        .set(...bearer(key))
        .set('idempotency-key', 'k-empty');
    expect((await remove()).status).toBe(204);
    const again = await remove();
    expect(again.status).toBe(204);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });
});

describe('rate limits', () => {
  it('refuses what is over the limit, says how long to wait, and counts for all processes', async () => {
    const limits = { ...openLimits, perCredential: { name: 'api', capacity: 5, windowSeconds: 60 } };
    const root = (config: RunningApi['config']) => ({
      module: class Root {},
      imports: [EdgeModule.create(config), NotesModule],
    });
    const [one, two] = [await startApi(database, { limits }, root), await startApi(database, { limits }, root)];
    const token = await makeKey(stranger, ['read']);
    try {
      const statuses: number[] = [];
      for (const { server } of [one, two, one, two, one, two, one]) {
        const response = await request(server)
          .get('/notes')
          .set(...bearer(token));
        statuses.push(response.status);
        expect(response.headers['ratelimit-policy']).toBe('"api";q=5;w=60');
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
});

describe('event streams', () => {
  interface OpenStream {
    readonly next: (part: string) => Promise<string>;
    readonly ended: Promise<unknown>;
    readonly abort: () => void;
  }

  async function open(path: string, headers: Record<string, string> = {}): Promise<OpenStream> {
    if (!api.server.listening) await new Promise<void>((resolve) => api.server.listen(0, () => resolve()));
    const { port } = api.server.address() as AddressInfo;
    const outgoing = httpRequest({ port, path, headers: { authorization: `Bearer ${key}`, ...headers } });
    outgoing.on('error', () => undefined);
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [
      NodeJS.ReadableStream & { headers: object; statusCode: number },
    ];
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8' });
    let text = '';
    const waiting = new Set<() => void>();
    response.on('error', () => undefined);
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const check of waiting) check();
    });
    return {
      ended: once(response, 'close').catch(() => undefined),
      abort: () => outgoing.destroy(),
      next: (part) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!text.includes(part)) return;
            waiting.delete(check);
            resolve(text);
          };
          waiting.add(check);
          check();
        }),
    };
  }

  async function add(text: string): Promise<string> {
    const response = await request(api.server)
      .post('/notes')
      .set(...bearer(key))
      .send({ text });
    await asSuper(database.superuserUrl, `select pg_notify('run_events', 'n1')`);
    return (response.body as { id: string }).id;
  }

  it('sends what is there, then what comes, and ends when the source does', async () => {
    const first = await add('one');
    const stream = await open('/notes/stream/n1');
    const head = await stream.next('"one"');
    expect(head).toContain('retry: 1000\n\n');
    expect(head).toContain(`id: ${first}\nevent: note\ndata: {"text":"one"}\n\n`);
    await add('two');
    await stream.next('"two"');
    await add('end');
    await stream.ended;
  });

  it('goes on after the last event that the client has', async () => {
    const first = await add('one');
    await add('two');
    await add('end');
    const stream = await open('/notes/stream/n1', { 'last-event-id': first });
    await stream.ended;
    const text = await stream.next('"two"');
    expect(text).not.toContain('"one"');
  });

  it('tells of an error as an event, and ends', async () => {
    await add('bad');
    const stream = await open('/notes/stream/n1');
    await stream.ended;
    expect(await stream.next('event: error')).toContain('note.gone');
  });

  it('stops the source when the client leaves', async () => {
    const stream = await open('/notes/stream/n1');
    await stream.next('retry');
    stream.abort();
    // The stream holds a subscription; the source's finally gives it back.
    await expect.poll(() => Reflect.get(api.app.get(EventStreams), 'open') as Set<unknown>).toHaveProperty('size', 0);
  });
});
