import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Transition } from '@millrace/contracts';
import { TenantDatabase } from '@millrace/database';
import type { EnvironmentId } from '@millrace/kernel';
import { openObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import { ProjectTransitions, ReleaseHeldRuns } from '@millrace/runs';
import { createApiKey } from '@millrace/tenancy';
import {
  asSuper,
  type SeededOrganization,
  type SeededPipeline,
  seedOrganization,
  seedPipeline,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';

let database: TestDatabase;
let api: RunningApi;
let organization: SeededOrganization;
let key: string;
let pipeline: SeededPipeline;
const projector = new ProjectTransitions(new ReleaseHeldRuns(new VersionCache()));

beforeAll(async () => {
  database = await testDatabase();
  api = await startApi(database);
  await api.app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await api.close();
  await database.drop();
});
beforeEach(async () => {
  organization = await seedOrganization(database.superuserUrl);
  key = await keyOf(organization);
  pipeline = await seedPipeline(database.superuserUrl, organization, {
    name: 'weather',
    params: { type: 'object', properties: { city: { default: 'Oslo' } } },
    tasks: [{ id: 'extract' }, { id: 'each', plan: { needs: ['extract'], map: { maxConcurrency: 9 } } }],
  });
});

function keyOf(of: SeededOrganization, environmentId?: EnvironmentId): Promise<string> {
  const scopes = ['read', 'run', 'deploy', 'manage'] as const;
  return api.app
    .get(TenantDatabase)
    .transaction(of.tenantId, (tx) =>
      createApiKey(
        tx,
        { tenantId: of.tenantId, actor: 'usr_spec', requestId: 'req_spec', scopes },
        { name: 'spec', scopes, environmentId, expiresAt: undefined },
      ),
    )
    .then((made) => made.key);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;
}
// supertest sends nothing before somebody waits; here a request is under way at once.
const sent = (test: request.Test): Promise<Answer> => test.then((answer) => answer as unknown as Answer);
const get = (path: string, as = key): Promise<Answer> =>
  sent(request(api.server).get(path).set('authorization', `Bearer ${as}`));
const post = (path: string, body: object | string = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  sent(
    request(api.server)
      .post(path)
      .set({ authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers })
      .send(body),
  );

type Bare = Transition extends infer T ? (T extends unknown ? Omit<T, 'seq' | 'atMs'> : never) : never;
function project(runId: string, from: number, ...transitions: Bare[]): Promise<void> {
  const numbered = transitions.map((one, at) => ({ ...one, seq: from + at, atMs: Date.now() }));
  return api.app
    .get(TenantDatabase)
    .transaction(organization.tenantId, (tx) => projector.execute(tx, { runId, transitions: numbered }));
}
const task = (taskId: string, state: string, more: object = {}): Bare =>
  ({ kind: 'task', taskId, mapIndex: -1, state, tries: 1, dispatch: 1, ...more }) as Bare;

let attempts = 0;
function attempt(runId: string, taskId: string, mapIndex: number, fields: Record<string, unknown>): Promise<unknown> {
  attempts += 1;
  const row = {
    tenant_id: organization.tenantId,
    id: `att_${String(attempts).padStart(26, '0')}`,
    run_id: runId,
    task_id: taskId,
    map_index: mapIndex,
    fence: 1,
    dispatch: 1,
    try: 1,
    state: 'succeeded',
    pool_id: organization.poolId,
    size: 's',
    ...fields,
  };
  const names = Object.keys(row);
  return asSuper(
    database.superuserUrl,
    `insert into attempts (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(row),
  );
}

async function start(): Promise<string> {
  return (await post('/v1/pipelines/weather/runs')).body['id'] as string;
}

describe('starting', () => {
  it('answers 201 with the run, its place and its defaults', async () => {
    const answer = await post('/v1/pipelines/weather/runs', { params: {} });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/v1/runs/${String(answer.body['id'])}`);
    expect(answer.body).toMatchObject({
      pipeline: 'weather',
      environment: 'production',
      version: 1,
      state: 'queued',
      params: { city: 'Oslo' },
      tasks: { queued: 1, waiting: 1 },
      trigger: 'api',
    });
    const audit = await asSuper(database.superuserUrl, `select action from audit_events where target = $1`, [
      answer.body['id'],
    ]);
    expect(audit).toEqual([{ action: 'run.started' }]);
  });

  it('starts once for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'one' };
    const [a, b] = await Promise.all([
      post('/v1/runs', { pipeline: pipeline.pipelineId }, headers),
      post('/v1/runs', { pipeline: pipeline.pipelineId }, headers),
    ]);

    expect(a.body['id']).toBe(b.body['id']);
    expect((await get('/v1/runs')).body['data']).toHaveLength(1);
    expect((await post('/v1/runs', { pipeline: 'weather' }, headers)).status).toBe(409);
  });

  it('keeps every digit of the params', async () => {
    const answer = await post('/v1/runs', '{"pipeline":"weather","params":{"n":2.0,"big":1152921504606846977}}');

    expect((await get(`/v1/runs/${String(answer.body['id'])}/params`)).text).toBe(
      '{"n":2.0,"big":1152921504606846977,"city":"Oslo"}',
    );
  });

  it('says what is wrong, where', async () => {
    expect((await post('/v1/pipelines/nope/runs')).body).toMatchObject({ status: 404, code: 'pipeline.not_found' });
    expect((await post('/v1/pipelines/weather/runs', { parms: {} })).body).toMatchObject({
      status: 422,
      errors: [{ code: 'request.unknown_field', pointer: '/parms' }],
    });
    expect((await post('/v1/pipelines/weather/runs', { params: [] })).status).toBe(422);
    expect((await post('/v1/pipelines/weather/runs?wait=1h')).status).toBe(400);
  });

  it('waits for the end where it is asked to', async () => {
    const waiting = post('/v1/pipelines/weather/runs?wait=20s');
    const id = await newestRun();
    await project(id, 1, { kind: 'run', state: 'running' }, { kind: 'run', state: 'succeeded' });
    const answer = await waiting;

    expect([answer.status, answer.body['id'], answer.body['state']]).toEqual([201, id, 'succeeded']);
    const short = await post('/v1/pipelines/weather/runs?wait=100ms');
    expect([short.status, short.body['state']]).toEqual([201, 'queued']);
  });

  async function newestRun(): Promise<string> {
    for (;;) {
      const [row] = await asSuper<{ id: string }>(database.superuserUrl, 'select id from runs where tenant_id = $1', [
        organization.tenantId,
      ]);
      if (row !== undefined) return row.id;
    }
  }
});

describe('reading', () => {
  it('waits with GET, too, and ends when the run does', async () => {
    const id = await start();
    const waiting = get(`/v1/runs/${id}?wait=20s`);
    await project(id, 1, { kind: 'run', state: 'failed', reason: 'task_failed' });

    expect((await waiting).body).toMatchObject({ state: 'failed', reason: 'task_failed' });
  });

  it('pages and filters', async () => {
    const ids = [await start(), await start(), await start()].reverse();
    await project(ids[1] ?? '', 1, { kind: 'run', state: 'succeeded' });
    const first = await get('/v1/runs?limit=2');
    const second = await get(`/v1/runs?limit=2&cursor=${String(first.body['nextCursor'])}`);
    const idsOf = (answer: Answer): string[] => (answer.body['data'] as { id: string }[]).map((one) => one.id);

    expect([...idsOf(first), ...idsOf(second)]).toEqual(ids);
    expect(second.body['nextCursor']).toBeNull();
    expect(idsOf(await get('/v1/runs?state=succeeded&pipeline=weather'))).toEqual([ids[1]]);
    expect(idsOf(await get(`/v1/runs?createdAfter=2100-01-01T00:00:00Z`))).toEqual([]);
    expect((await get('/v1/runs?pipeline=nope')).status).toBe(404);
    expect((await get('/v1/runs?createdAfter=yesterday')).status).toBe(400);
  });

  it('shows tasks with mapped ones collapsed, instances, attempts and the timeline', async () => {
    const id = await start();
    await attempt(id, 'extract', -1, { started_at: new Date(), ended_at: new Date(), wall_ms: 12, error: null });
    await attempt(id, 'each', 1, { state: 'leased' });
    await project(
      id,
      1,
      { kind: 'run', state: 'running' },
      task('extract', 'succeeded'),
      task('each', 'running', { mapLength: 3, tries: 0, dispatch: 0 }),
      task('each', 'queued', { mapIndex: 0, poolId: organization.poolId }),
      task('each', 'queued', { mapIndex: 1, poolId: organization.poolId }),
    );

    expect((await get(`/v1/runs/${id}/tasks`)).body['data']).toMatchObject([
      { taskId: 'each', mapLength: 3, instances: { queued: 1, running: 1, waiting: 1 } },
      { taskId: 'extract', state: 'succeeded', tries: 1 },
    ]);
    expect((await get(`/v1/runs/${id}/tasks?task=each&limit=2`)).body['data']).toMatchObject([
      { mapIndex: 0, state: 'queued' },
      { mapIndex: 1, state: 'running' },
    ]);
    const middle = (await get(`/v1/runs/${id}/tasks?task=each&fromIndex=1&limit=1`)).body;
    expect(middle['data']).toMatchObject([{ mapIndex: 1 }]);
    const next = await get(`/v1/runs/${id}/tasks?task=each&fromIndex=1&limit=1&cursor=${String(middle['nextCursor'])}`);
    expect(next.body['data']).toMatchObject([{ mapIndex: 2 }]);
    expect((await get(`/v1/runs/${id}/attempts?task=extract`)).body['data']).toMatchObject([
      { taskId: 'extract', fence: 1, wallMs: 12 },
    ]);
    expect((await get(`/v1/runs/${id}/timeline`)).body['data']).toHaveLength(2);
  });

  it('gives outputs to the byte, whether small, large or a list of them', async () => {
    const id = await start();
    const objects = await openObjectStore(api.config.objectStore);
    const large = `"${'x'.repeat(300_000)}"`;
    const stored = await objects.put(organization.tenantId, Buffer.from(large));
    await attempt(id, 'extract', -1, { output: '{ "n": 2.0 }', output_bytes: 12 });
    await attempt(id, 'each', 0, { output: '1e400', output_bytes: 5 });
    await attempt(id, 'each', 2, { output_digest: stored.digest, output_bytes: large.length });
    await project(
      id,
      1,
      task('extract', 'succeeded'),
      task('each', 'running', { mapLength: 3, tries: 0, dispatch: 0 }),
    );

    expect((await get(`/v1/runs/${id}/tasks/extract/output`)).text).toBe('{ "n": 2.0 }');
    expect((await get(`/v1/runs/${id}/tasks/each/output`)).body).toMatchObject({
      status: 404,
      code: 'output.not_found',
    });
    await project(id, 3, task('each', 'failed', { mapLength: 3, tries: 0, dispatch: 0 }));
    const list = await request(api.server)
      .get(`/v1/runs/${id}/tasks/each/output`)
      .set('authorization', `Bearer ${key}`)
      .buffer(true)
      .parse((response, done) => {
        const hash = createHash('sha256');
        response.on('data', (chunk: Buffer) => hash.update(chunk));
        response.on('end', () => done(null, hash.digest('hex')));
      });
    expect(list.body).toBe(createHash('sha256').update(`[1e400,null,${large}]`).digest('hex'));
    expect((await get(`/v1/runs/${id}/tasks/each/output?mapIndex=0`)).text).toBe('1e400');
    expect((await get(`/v1/runs/${id}/tasks/each/output?mapIndex=1`)).status).toBe(404);
    expect((await get(`/v1/runs/${id}/tasks/nope/output`)).body).toMatchObject({ code: 'task.not_found' });
    expect((await get(`/v1/runs/${id}/outputs`)).body['data']).toEqual([
      { taskId: 'each', mapIndex: 0, bytes: 5, text: '1e400', large: false },
      { taskId: 'each', mapIndex: 2, bytes: large.length, text: null, large: true },
      { taskId: 'extract', mapIndex: -1, bytes: 12, text: '{ "n": 2.0 }', large: false },
    ]);
  });

  it('shows nothing to another organization, and to a key only its environment', async () => {
    const id = await start();
    const stranger = await keyOf(await seedOrganization(database.superuserUrl));
    const paths = ['', '/params', '/tasks', '/attempts', '/timeline', '/outputs', '/tasks/extract/output', '/events'];
    for (const path of paths) {
      expect((await get(`/v1/runs/${id}${path}`, stranger)).body, path).toMatchObject({
        status: 404,
        code: 'run.not_found',
      });
    }
    await asSuper(
      database.superuserUrl,
      `insert into environments (tenant_id, id, slug, name) values ($1, $2, 'staging', 'Staging')`,
      [organization.tenantId, `env_${organization.tenantId}`],
    );
    const bound = await keyOf(organization, `env_${organization.tenantId}` as EnvironmentId);
    expect((await get(`/v1/runs/${id}`, bound)).status).toBe(404);
    expect((await get(`/v1/runs/${id}/events`, bound)).status).toBe(404);
    expect((await get('/v1/runs', bound)).body['data']).toEqual([]);
  });
});

describe('cancelling', () => {
  it('is asked for once, and refused where the run has ended', async () => {
    const id = await start();
    const answer = await post(`/v1/runs/${id}:cancel`, { reason: 'enough' });
    expect([answer.status, answer.body['state'], typeof answer.body['cancelRequestedAt']]).toEqual([
      200,
      'queued',
      'string',
    ]);
    expect((await post(`/v1/runs/${id}:cancel`)).status).toBe(200);
    await project(id, 1, { kind: 'run', state: 'succeeded' });
    expect((await post(`/v1/runs/${id}:cancel`)).body).toMatchObject({ status: 409, code: 'run.ended' });
    expect((await post('/v1/runs/run_nope:cancel')).status).toBe(404);
  });
});

describe('events', () => {
  /** Reads a stream to its end. */
  async function stream(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ id?: string; event?: string; data: Record<string, unknown> }[]> {
    const { port } = api.server.address() as AddressInfo;
    const call = httpRequest({
      port,
      path,
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
    });
    call.end();
    const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return text
      .split('\n\n')
      .filter((block) => block.includes('data: '))
      .map((block) => {
        const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const id = field('id');
        return {
          ...(id === undefined ? {} : { id }),
          event: field('event') ?? '',
          data: JSON.parse(field('data') ?? '{}') as Record<string, unknown>,
        };
      });
  }

  it('stream what is recorded as it comes, tell of running attempts, and end with the run', async () => {
    const id = await start();
    const reading = stream(`/v1/runs/${id}/events`);
    await attempt(id, 'extract', -1, { state: 'leased' });
    await project(id, 1, { kind: 'run', state: 'running' }, task('extract', 'queued', { poolId: organization.poolId }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await project(id, 3, task('extract', 'failed', { reason: 'exit_code' }), {
      kind: 'run',
      state: 'failed',
      reason: 'task_failed',
    });
    const events = await reading;

    const recorded = events.filter((one) => one.id !== undefined);
    expect(recorded.map((one) => [one.id, one.event, one.data['state']])).toEqual([
      ['0', 'run', 'queued'],
      ['1', 'run', 'running'],
      ['2', 'task', 'queued'],
      ['3', 'task', 'failed'],
      ['4', 'run', 'failed'],
    ]);
    expect(recorded[3]?.data).toMatchObject({ taskId: 'extract', mapIndex: -1, reason: 'exit_code' });
    expect(
      events.filter((one) => one.id === undefined).map((one) => [one.event, one.data['taskId'], one.data['state']]),
    ).toEqual([['attempt', 'extract', 'running']]);
    const resumed = await stream(`/v1/runs/${id}/events`, { 'last-event-id': '2' });
    expect(resumed.map((one) => one.id)).toEqual(['3', '4']);
    expect(await stream(`/v1/runs/${id}/events`, { 'last-event-id': '4' })).toEqual([]);
  });

  it('are a list for those who do not ask for a stream', async () => {
    const id = await start();
    await project(id, 1, { kind: 'run', state: 'running' }, { kind: 'run', state: 'succeeded' });
    const first = await get(`/v1/runs/${id}/events?limit=2`);
    const second = await get(`/v1/runs/${id}/events?limit=2&cursor=${String(first.body['nextCursor'])}`);

    expect([first, second].flatMap((one) => (one.body['data'] as { seq: number }[]).map((event) => event.seq))).toEqual(
      [0, 1, 2],
    );
    expect(second.body['nextCursor']).toBeNull();
  });
});
