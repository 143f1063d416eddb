import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Transition } from '@millrace/contracts';
import { openDataSource, TenantDatabase, type TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, type RunId } from '@millrace/kernel';
import { FileObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import {
  asSuper,
  type SeededOrganization,
  type SeededPipeline,
  seedOrganization,
  seedPipeline,
  type SeedPipelineOptions,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { maxParamsBytes, ParamsCheck } from './params.js';
import { listRunEvents } from './readers/run-events.js';
import { countTasks, findRun, listRuns } from './readers/runs.js';
import { listTaskInstances, listTasks } from './readers/task-instances.js';
import { CancelRun } from './use-cases/cancel-run.js';
import { DecideTask } from './use-cases/decide-task.js';
import { EndAbandonedRun } from './use-cases/end-abandoned-run.js';
import { LoadRun } from './use-cases/load-run.js';
import { ProjectTransitions } from './use-cases/project-transitions.js';
import { ReleaseHeldRuns } from './use-cases/release-held-runs.js';
import { StartRun, type StartRunRequest } from './use-cases/start-run.js';

let database: TestDatabase;
let tenants: TenantDatabase;
let objects: FileObjectStore;
let organization: SeededOrganization;
let folder: string;
const closes: (() => Promise<void>)[] = [];

const versions = new VersionCache();
const startRun = new StartRun(versions, new ParamsCheck());
const releaseHeld = new ReleaseHeldRuns(versions);
const projectTransitions = new ProjectTransitions(releaseHeld);

beforeAll(async () => {
  database = await testDatabase();
  const app = await openDataSource({ url: database.appUrl, poolSize: 10, applicationName: 'spec' });
  folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  objects = await FileObjectStore.open(folder);
  tenants = new TenantDatabase(app);
  closes.push(() => app.destroy());
});
afterAll(async () => {
  for (const close of closes) await close();
  await database.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  organization = await seedOrganization(database.superuserUrl);
});

const inTenant = <T>(work: (tx: TenantTransaction) => Promise<T>): Promise<T> =>
  tenants.transaction(organization.tenantId, work);
const seed = (options: SeedPipelineOptions = {}): Promise<SeededPipeline> =>
  seedPipeline(database.superuserUrl, organization, options);
const rows = <R extends object = Record<string, unknown>>(sql: string, ...more: unknown[]): Promise<R[]> =>
  asSuper<R>(database.superuserUrl, sql, [organization.tenantId, ...more]);

function start(pipeline: SeededPipeline | string, more: Partial<StartRunRequest> = {}): Promise<RunId> {
  return inTenant((tx) =>
    startRun.execute(tx, {
      environmentId: organization.environmentId,
      pipeline: typeof pipeline === 'string' ? pipeline : pipeline.name,
      params: '{}',
      trigger: 'api',
      createdBy: 'usr_spec',
      ...more,
    }),
  );
}

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

let seq = 0;
type Bare = Transition extends infer T ? (T extends unknown ? Omit<T, 'seq' | 'atMs'> : never) : never;
function numbered(from: number, ...transitions: Bare[]): Transition[] {
  seq = from;
  return transitions.map((one) => ({ ...one, seq: seq++, atMs: 1_700_000_000_000 + seq }));
}
const task = (taskId: string, state: string, more: object = {}): Bare =>
  ({ kind: 'task', taskId, mapIndex: -1, state, tries: 0, dispatch: 0, ...more }) as Bare;
const project = (runId: string, transitions: Transition[]): Promise<void> =>
  inTenant((tx) => projectTransitions.execute(tx, { runId, transitions }));
const statesOf = async (runId: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await rows<{ key: string; state: string }>(
        `select task_id || case when map_index < 0 then '' else '/' || map_index end as key, state
         from task_instances where tenant_id = $1 and run_id = $2 order by 1`,
        runId,
      )
    ).map((row) => [row.key, row.state]),
  );
const runRow = async (runId: string) =>
  (await rows(`select state, reason, held, seq::int from runs where tenant_id = $1 and id = $2`, runId))[0];

describe('starting a run', () => {
  it('writes run, tasks, event and debt in one transaction and queues the roots', async () => {
    const pipeline = await seed({
      tasks: [
        { id: 'root' },
        { id: 'later', plan: { needs: ['root'] } },
        { id: 'maybe', plan: { conditional: true } },
        { id: 'each', plan: { map: { maxConcurrency: 3 } } },
        { id: 'sleep', plan: { kind: 'wait' } },
      ],
    });
    const runId = await start(pipeline);

    expect(await runRow(runId)).toEqual({ state: 'queued', reason: null, held: false, seq: 0 });
    expect(await statesOf(runId)).toEqual({
      root: 'queued',
      later: 'waiting',
      maybe: 'waiting',
      each: 'waiting',
      sleep: 'waiting',
    });
    expect(await rows(`select kind, subject from outbox where tenant_id = $1`)).toEqual([
      { kind: 'start_run', subject: runId },
    ]);
    expect(await inTenant((tx) => listRunEvents(tx, runId, { afterSeq: -1, limit: 9 }))).toMatchObject([
      { seq: 0, type: 'run', state: 'queued' },
    ]);
  });

  it('tells relay and pool controller', async () => {
    const listener = new pg.Client({ connectionString: database.superuserUrl });
    await listener.connect();
    const told: string[] = [];
    listener.on('notification', ({ channel, payload }) => told.push(`${channel} ${payload ?? ''}`));
    await listener.query('listen outbox');
    await listener.query('listen pool_demand');
    const runId = await start(await seed());
    await listener.query('select 1');
    await listener.end();

    expect(told.sort()).toEqual([`outbox ${runId}`, `pool_demand ${organization.poolId}`]);
  });

  it('keeps params to the character where no default came in', async () => {
    const schema = {
      type: 'object',
      properties: { n: { type: 'number' }, deep: { type: 'object', properties: { x: { default: 1 } } } },
    };
    const pipeline = await seed({ params: schema });
    const text = '{ "n": 2.0, "big": 1152921504606846977 }';
    const whole = await start(pipeline, { params: text });
    const filled = await start(pipeline, { params: '{"n":2.0,"deep":{"big":1152921504606846977}}' });
    const stored = (id: string) =>
      rows<{ params: string }>('select params from runs where tenant_id = $1 and id = $2', id);

    expect((await stored(whole))[0]?.params).toBe(text);
    expect((await stored(filled))[0]?.params).toBe('{"n":2.0,"deep":{"big":1152921504606846977,"x":1}}');
  });

  it('refuses params with the place of each mistake', async () => {
    const pipeline = await seed({
      params: {
        type: 'object',
        properties: { city: { enum: ['Oslo', 'Rome'] }, days: { type: 'integer' } },
        required: ['city'],
        additionalProperties: false,
      },
    });
    const error = await refusal(start(pipeline, { params: '{"days":"many","a/b":1}' }));

    expect(error).toMatchObject({ kind: 'invalid', code: 'params.invalid' });
    expect(error.details.map((one) => [one.code, one.pointer]).sort()).toEqual([
      ['params.additionalProperties', '/params/a~1b'],
      ['params.required', '/params/city'],
      ['params.type', '/params/days'],
    ]);
    expect(await rows('select id from runs where tenant_id = $1')).toEqual([]);
  });

  it('is not held up by a hostile schema', async () => {
    const slow = await seed({ params: { properties: { list: { uniqueItems: true } } } });
    const items = Array.from({ length: 60_000 }, (_, at) => `[${at}]`).join(',');
    const text = `{"list":[${items.slice(0, maxParamsBytes - 100).replace(/,[^,]*$/, '')}]}`;
    const started = performance.now();
    const error = await refusal(start(slow, { params: text }));
    expect([error.code, performance.now() - started < 3_000]).toEqual(['params.too_slow', true]);

    const backtracking = await seed({ params: { properties: { x: { pattern: '^(a+)+$' } } } });
    expect((await refusal(start(backtracking, { params: `{"x":"${'a'.repeat(5_000)}b"}` }))).code).toBe(
      'params.invalid',
    );
    expect((await refusal(start(slow, { params: `{"x":"${'a'.repeat(maxParamsBytes)}"}` }))).code).toBe(
      'params.too_large',
    );
    expect((await refusal(start(slow, { params: '[]' }))).code).toBe('params.not_an_object');
  });

  it('finds pipelines by id or name, versions by id or number, and refuses the rest', async () => {
    const pipeline = await seed();
    await start(pipeline.pipelineId, { version: '1' });
    await start(pipeline.pipelineId, { version: pipeline.versionId });

    expect((await refusal(start('nope'))).code).toBe('pipeline.not_found');
    expect((await refusal(start(pipeline, { version: '7' }))).code).toBe('version.not_found');
    const elsewhere = { onlyEnvironmentId: 'env_other' as EnvironmentId };
    expect((await refusal(start(pipeline.pipelineId, elsewhere))).code).toBe('pipeline.not_found');
    await rows(`update pipelines set paused_at = now() where tenant_id = $1`);
    expect(await refusal(start(pipeline))).toMatchObject({ kind: 'conflict', code: 'pipeline.paused' });
  });

  it('does not find the pipeline of another organization', async () => {
    const pipeline = await seed();
    organization = await seedOrganization(database.superuserUrl);

    expect((await refusal(start(pipeline.pipelineId))).code).toBe('pipeline.not_found');
  });

  it('names a pool that is not there', async () => {
    const pipeline = await seed({ tasks: [{ id: 'a', plan: { pool: 'gpu' } }] });

    expect(await refusal(start(pipeline))).toMatchObject({ code: 'run.pool_missing' });
  });
});

describe('projecting', () => {
  it('writes states, events and the end; a repeat and anything after the end change nothing', async () => {
    const runId = await start(await seed({ tasks: [{ id: 'a' }, { id: 'b', plan: { needs: ['a'] } }] }));
    const first = numbered(
      1,
      { kind: 'run', state: 'running' },
      task('a', 'queued', { dispatch: 1, tries: 1, poolId: organization.poolId }),
    );
    const second = numbered(
      3,
      task('a', 'failed', { dispatch: 1, tries: 1, reason: 'exit_code' }),
      task('b', 'upstream_failed'),
      {
        kind: 'run',
        state: 'failed',
        reason: 'task_failed',
      },
    );
    await project(runId, first);
    await project(runId, first);
    await project(runId, [...first, ...second]);
    await project(runId, second);
    await project(runId, numbered(6, task('a', 'succeeded', { dispatch: 1 }), { kind: 'run', state: 'succeeded' }));

    expect(await runRow(runId)).toEqual({ state: 'failed', reason: 'task_failed', held: false, seq: 5 });
    expect(await statesOf(runId)).toEqual({ a: 'failed', b: 'upstream_failed' });
    const events = await inTenant((tx) => listRunEvents(tx, runId, { afterSeq: -1, limit: 99 }));
    expect(events.map((one) => one.seq)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events[3]).toMatchObject({
      taskId: 'a',
      state: 'failed',
      detail: { reason: 'exit_code', tries: 1, dispatch: 1 },
    });
    const run = await inTenant((tx) => findRun(tx, runId));
    expect(run).toMatchObject({ state: 'failed' });
    expect(run?.startedAt).not.toBeNull();
    expect(run?.endedAt).not.toBeNull();
  });

  it('refuses a batch with a gap', async () => {
    const runId = await start(await seed());
    await expect(project(runId, numbered(2, task('a', 'queued')))).rejects.toThrow('came after 0');
    expect(await runRow(runId)).toMatchObject({ seq: 0 });
  });

  it('makes the rows of a mapped task, also when expansion and end are in one batch', async () => {
    const runId = await start(await seed({ tasks: [{ id: 'each', plan: { map: { maxConcurrency: 2 } } }] }));
    await project(
      runId,
      numbered(
        1,
        { kind: 'run', state: 'running' },
        task('each', 'running', { mapLength: 4 }),
        task('each', 'queued', { mapIndex: 0, dispatch: 1, poolId: organization.poolId }),
      ),
    );
    expect(await statesOf(runId)).toEqual({
      each: 'running',
      'each/0': 'queued',
      'each/1': 'waiting',
      'each/2': 'waiting',
      'each/3': 'waiting',
    });
    await project(
      runId,
      numbered(4, task('each', 'succeeded', { mapIndex: 0, dispatch: 1 }), task('each', 'cancelled', { mapLength: 4 })),
    );
    expect(await statesOf(runId)).toEqual({
      each: 'cancelled',
      'each/0': 'succeeded',
      'each/1': 'cancelled',
      'each/2': 'cancelled',
      'each/3': 'cancelled',
    });

    const other = await start(await seed({ tasks: [{ id: 'each', plan: { map: { maxConcurrency: 2 } } }] }));
    await project(
      other,
      numbered(
        1,
        { kind: 'run', state: 'running' },
        task('each', 'running', { mapLength: 2 }),
        task('each', 'cancelled', { mapLength: 2 }),
      ),
    );
    expect(await statesOf(other)).toEqual({ each: 'cancelled', 'each/0': 'cancelled', 'each/1': 'cancelled' });
  });

  it('takes batches of a thousand in one go', async () => {
    const runId = await start(await seed({ tasks: [{ id: 'each', plan: { map: { maxConcurrency: 500 } } }] }));
    await project(runId, numbered(1, { kind: 'run', state: 'running' }, task('each', 'running', { mapLength: 5_000 })));
    const started = performance.now();
    await project(
      runId,
      numbered(
        3,
        ...Array.from({ length: 1_000 }, (_, mapIndex) => task('each', 'succeeded', { mapIndex, dispatch: 1 })),
      ),
    );
    expect(performance.now() - started).toBeLessThan(2_000);
    const [each] = await inTenant((tx) => listTasks(tx, runId, { limit: 10 }));
    expect(each).toMatchObject({ mapLength: 5_000, instances: { succeeded: 1_000, waiting: 4_000 } });
    const page = await inTenant((tx) =>
      listTaskInstances(tx, runId, 'each', { limit: 2, after: 1_233, state: 'waiting' }),
    );
    expect(page.map((one) => one.mapIndex)).toEqual([1_234, 1_235]);
  });

  it('keeps tenants apart', async () => {
    const runId = await start(await seed());
    const before = organization;
    organization = await seedOrganization(database.superuserUrl);
    await project(runId, numbered(1, { kind: 'run', state: 'running' }));
    organization = before;

    expect(await runRow(runId)).toMatchObject({ state: 'queued', seq: 0 });
  });
});

describe('runs that take turns', () => {
  const end = (runId: string): Promise<void> => project(runId, numbered(1, { kind: 'run', state: 'succeeded' }));
  const held = async (): Promise<string[]> =>
    (await rows<{ id: string }>('select id from runs where tenant_id = $1 and held order by id')).map((row) => row.id);

  it('holds what is over the limit and lets the oldest go when one ends', async () => {
    const pipeline = await seed({ concurrency: { maxActiveRuns: 2, onLimit: 'queue' } });
    const [a, b, c, d] = [await start(pipeline), await start(pipeline), await start(pipeline), await start(pipeline)];
    expect(await held()).toEqual([c, d]);
    expect(await statesOf(c)).toEqual({ a: 'waiting' });
    await end(a);
    expect(await held()).toEqual([d]);
    expect(await statesOf(c)).toEqual({ a: 'queued' });
    expect(
      (await rows<{ subject: string }>(`select subject from outbox where tenant_id = $1 order by id`)).map(
        (row) => row.subject,
      ),
    ).toEqual([a, b, c]);
  });

  it('never strands a run, however starts and ends race', async () => {
    const pipeline = await seed({ concurrency: { maxActiveRuns: 1, onLimit: 'queue' } });
    let running = [await start(pipeline)];
    for (let round = 0; round < 15; round += 1) {
      const [, started] = await Promise.all([Promise.all(running.map(end)), start(pipeline)]);
      const waiting = await held();
      const active = await rows<{ id: string }>(
        `select id from runs where tenant_id = $1 and state in ('queued', 'running') and not held`,
      );
      expect(active.length, `round ${round}, ${started}, ${waiting.join()}`).toBe(1);
      running = active.map((row) => row.id as RunId);
    }
  });

  it('refuses where the pipeline says so', async () => {
    const pipeline = await seed({ concurrency: { maxActiveRuns: 1, onLimit: 'reject' } });
    await start(pipeline);

    expect(await refusal(start(pipeline))).toMatchObject({ kind: 'conflict', code: 'run.too_many_active' });
  });
});

describe('cancelling', () => {
  const cancel = (runId: RunId): Promise<void> =>
    inTenant((tx) => new CancelRun().execute(tx, { runId, by: 'usr_spec', reason: 'enough' }));

  it('owes the workflow one signal, however often it is asked', async () => {
    const runId = await start(await seed());
    await cancel(runId);
    await cancel(runId);

    expect(await rows(`select kind, payload from outbox where tenant_id = $1 and kind = 'cancel_run'`)).toEqual([
      { kind: 'cancel_run', payload: { by: 'usr_spec', reason: 'enough' } },
    ]);
    expect(await inTenant((tx) => new LoadRun(versions).execute(tx, runId))).toMatchObject({ cancelRequested: true });
  });

  it('ends a held run at once', async () => {
    const pipeline = await seed({ concurrency: { maxActiveRuns: 1, onLimit: 'queue' } });
    await start(pipeline);
    const waiting = await start(pipeline);
    await cancel(waiting);

    expect(await runRow(waiting)).toMatchObject({ state: 'cancelled', held: false });
    expect(await statesOf(waiting)).toEqual({ a: 'cancelled' });
    await cancel(waiting);
  });

  it('refuses what has ended and what is not there', async () => {
    const runId = await start(await seed());
    await project(runId, numbered(1, { kind: 'run', state: 'succeeded' }));

    expect(await refusal(cancel(runId))).toMatchObject({ kind: 'conflict', code: 'run.ended' });
    expect(await refusal(cancel('run_nope' as RunId))).toMatchObject({ kind: 'not_found' });
  });
});

describe('deciding', () => {
  const decide = (runId: RunId, taskId: string) =>
    inTenant((tx) =>
      new DecideTask(versions, objects, { variables: () => Promise.resolve({ REGION: 'eu' }) }, () =>
        Date.parse('2030-01-01T00:00:00Z'),
      ).execute(tx, runId, taskId),
    );

  it('evaluates conditions, lists and waits', async () => {
    const runId = await start(
      await seed({
        tasks: [
          { id: 'yes', spec: { when: 'params.n > 1 && vars.REGION == "eu"', variables: ['REGION'] } },
          { id: 'no', spec: { when: 'params.n > 9' } },
          { id: 'each', spec: { mapOver: 'params.list' } },
          { id: 'sleep', spec: { wait: { forMs: 1_500 } } },
          { id: 'until', spec: { wait: { until: '"2030-01-01T00:01:00+00:00"' } } },
          { id: 'broken', spec: { when: 'params.nothing == 1' } },
          { id: 'no_list', spec: { mapOver: 'params.n' } },
        ],
      }),
      { params: '{"n":2,"list":[1,2,3]}' },
    );

    expect(await decide(runId, 'yes')).toEqual({ run: true });
    expect(await decide(runId, 'no')).toEqual({ run: false });
    expect(await decide(runId, 'each')).toEqual({ run: true, mapLength: 3 });
    expect(await decide(runId, 'sleep')).toEqual({ run: true, waitMs: 1_500 });
    expect(await decide(runId, 'until')).toEqual({ run: true, waitMs: 60_000 });
    expect((await decide(runId, 'broken')).error).toContain('expression.no_such_key');
    expect((await decide(runId, 'no_list')).error).toContain('expression.not_a_list');
  });

  it('refuses a list that goes over what the plan allows', async () => {
    await rows(`update organizations set plan = 'free' where id = $1`);
    const runId = await start(await seed({ tasks: [{ id: 'each', spec: { mapOver: 'params.list' } }] }), {
      params: `{"list":[${Array.from({ length: 2_000 }, () => 1).join(',')}]}`,
    });

    expect((await decide(runId, 'each')).error).toContain('map.too_long');
  });
});

describe('a run whose workflow is gone', () => {
  it('fails as a platform fault, with its lease lost, its slot free and the next one let go', async () => {
    const pipeline = await seed({
      concurrency: { maxActiveRuns: 1, onLimit: 'queue' },
      tasks: [{ id: 'a' }, { id: 'b' }, { id: 'c', plan: { needs: ['a'] } }],
    });
    const runId = await start(pipeline);
    const next = await start(pipeline);
    const lease = (id: string, taskId: string, state: string): Promise<unknown> =>
      rows(
        `insert into attempts (tenant_id, id, run_id, task_id, fence, dispatch, try, state, pool_id, size)
         values ($1, $2, $3, $4, 1, 1, 1, $5, $6, 's')`,
        id,
        runId,
        taskId,
        state,
        organization.poolId,
      );
    await lease('att_a', 'a', 'leased');
    await lease('att_b', 'b', 'succeeded');
    await rows(
      `insert into slots (tenant_id, attempt_id, run_id, pool_id) values ($1, 'att_a', $2, $3)`,
      runId,
      organization.poolId,
    );
    const abandon = (): Promise<boolean> => inTenant((tx) => new EndAbandonedRun(releaseHeld).execute(tx, runId));

    expect([await abandon(), await abandon()]).toEqual([true, false]);
    expect(await runRow(runId)).toMatchObject({ state: 'failed', reason: 'platform_fault' });
    expect(await statesOf(runId)).toEqual({ a: 'failed', b: 'succeeded', c: 'cancelled' });
    expect(await rows('select attempt_id from slots where tenant_id = $1')).toEqual([]);
    expect(await rows(`select state, reason from attempts where tenant_id = $1 and id = 'att_a'`)).toEqual([
      { state: 'lost', reason: 'platform_fault' },
    ]);
    expect(
      await rows(`select amount_nano::int as amount, category from ledger_entries where tenant_id = $1 group by 1, 2`),
    ).toEqual([{ amount: 0, category: 'platform_fault' }]);
    expect(await runRow(next)).toMatchObject({ held: false });
    const events = await inTenant((tx) => listRunEvents(tx, runId, { afterSeq: 0, limit: 9 }));
    expect(events.at(-1)).toMatchObject({ type: 'run', state: 'failed', seq: 4 });
  });
});

describe('reading', () => {
  it('pages runs by keyset, with filters, and shows a leased task as running', async () => {
    const pipeline = await seed();
    const ids = [await start(pipeline), await start(pipeline), await start(pipeline)].reverse();
    await project(ids[0] ?? '', numbered(1, { kind: 'run', state: 'succeeded' }));
    const list = (filter: object) =>
      inTenant(async (tx) => (await listRuns(tx, { limit: 2, ...filter })).map((run) => run.id));

    expect(await list({})).toEqual(ids.slice(0, 2));
    expect(await list({ after: ids[1] })).toEqual(ids.slice(2));
    expect(
      await list({ state: 'succeeded', pipelineId: pipeline.pipelineId, environmentId: organization.environmentId }),
    ).toEqual(ids.slice(0, 1));
    expect(await list({ createdAfter: new Date(Date.now() + 60_000) })).toEqual([]);

    const live = ids[1] ?? '';
    await rows(
      `insert into attempts (tenant_id, id, run_id, task_id, fence, dispatch, try, state, pool_id, size)
       values ($1, 'att_live', $2, 'a', 1, 1, 1, 'leased', $3, 's')`,
      live,
      organization.poolId,
    );
    const [shown] = await inTenant((tx) => listTasks(tx, live, { limit: 5, state: 'running' }));
    expect(shown).toMatchObject({ taskId: 'a', state: 'running' });
    expect((await inTenant((tx) => countTasks(tx, [live, ids[2] ?? '']))).get(live)).toEqual({ running: 1 });
  });
});
