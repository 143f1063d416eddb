import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ControlDatabase, openDataSource, TenantDatabase } from '@millrace/database';
import { newId, type RunId } from '@millrace/kernel';
import { VersionCache } from '@millrace/pipelines';
import { logger } from '@millrace/platform';
import { CancelRun, ParamsCheck, StartRun } from '@millrace/runs';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import {
  asSuper,
  type PipelineTask,
  type SeededOrganization,
  seedOrganization,
  seedPipeline,
  type SeedPipelineOptions,
  seedRunner,
  type TemporalForTest,
  type TestDatabase,
  testDatabase,
  testTemporal,
} from '@millrace/testing';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Orchestrator, startOrchestrator } from './orchestrator.js';
import { type Debt, OutboxRelay, type Payment } from './outbox-relay.js';
import { type SpecAttempt, specRunner } from './testing/spec-runner.js';

const log = logger('spec', { level: 'fatal' });
const startRun = new StartRun(new VersionCache(), new ParamsCheck());

let database: TestDatabase;
let temporal: TemporalForTest;
let tenants: TenantDatabase;
let connection: NativeConnection;
let client: Client;
let folder: string;
let orchestrator: Orchestrator;
let organization: SeededOrganization;
let closes: (() => Promise<unknown>)[] = [];
const lastCloses: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  installRuntime({ log });
  database = await testDatabase();
  temporal = await testTemporal();
  const app = await openDataSource({ url: database.appUrl, poolSize: 20, applicationName: 'spec' });
  tenants = new TenantDatabase(app);
  connection = await connectNative(temporal);
  client = await connectClient(temporal, connection);
  folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  orchestrator = await startOrchestrator(
    {
      logLevel: 'fatal',
      appDatabaseUrl: database.appUrl,
      controlDatabaseUrl: database.controlUrl,
      databasePoolSize: 10,
      objectStore: pathToFileURL(folder).href,
      temporal,
      metrics: undefined,
      ways: [],
    },
    log,
    {
      taskQueue: temporal.taskQueue('orchestrator'),
      maintenanceId: temporal.taskQueue('maintenance'),
      maintenanceIntervalMs: 300,
    },
  );
  lastCloses.push(
    () => orchestrator.close(),
    () => connection.close(),
    () => app.destroy(),
    () => database.drop(),
    () => rm(folder, { recursive: true }),
  );
});
afterAll(async () => {
  for (const close of lastCloses) await close();
});
beforeEach(async () => {
  organization = await seedOrganization(database.superuserUrl);
});
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
  closes = [];
});

async function runner(work?: (input: SpecAttempt) => Promise<string>): Promise<void> {
  const worker = await specRunner({
    connection,
    namespace: temporal.namespace,
    taskQueue: organization.taskQueue,
    tenants,
    runnerId: await seedRunner(database.superuserUrl, organization),
    poolId: organization.poolId,
    ...(work === undefined ? {} : { work }),
  });
  const ended = worker.run();
  closes.push(async () => {
    worker.shutdown();
    await ended.catch(() => undefined);
  });
}

const rows = <R extends object = Record<string, unknown>>(sql: string, ...more: unknown[]): Promise<R[]> =>
  asSuper<R>(database.superuserUrl, sql, [organization.tenantId, ...more]);

async function start(pipeline: string, params = '{}'): Promise<RunId> {
  return tenants.transaction(organization.tenantId, (tx) =>
    startRun.execute(tx, {
      environmentId: organization.environmentId,
      pipeline,
      params,
      trigger: 'api',
      createdBy: 'usr_spec',
    }),
  );
}
const pipeline = async (tasks: readonly PipelineTask[], more: SeedPipelineOptions = {}): Promise<string> =>
  (await seedPipeline(database.superuserUrl, organization, { ...more, tasks })).pipelineId;

async function ended(runId: string, timeoutMs = 20_000): Promise<{ state: string; reason: string | null }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const [run] = await rows<{ state: string; reason: string | null }>(
      `select state, reason from runs where tenant_id = $1 and id = $2`,
      runId,
    );
    if (run !== undefined && !['queued', 'running'].includes(run.state)) return run;
    if (Date.now() > deadline) throw new Error(`run ${runId} is still ${run?.state ?? 'not there'}`);
    await pause(20);
  }
}

async function until(condition: () => Promise<boolean>, what: string, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it never came that ${what}`);
    await pause(20);
  }
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function statesOf(runId: string): Promise<Record<string, string>> {
  const found = await rows<{ key: string; state: string }>(
    `select task_id || case when map_index < 0 then '' else '/' || map_index end as key, state
     from task_instances where tenant_id = $1 and run_id = $2`,
    runId,
  );
  return Object.fromEntries(found.map((row) => [row.key, row.state]));
}

describe('a run through the orchestrator', () => {
  it('goes from its row to its end, branches, skips, maps and pays its debt', async () => {
    await runner((input) => Promise.resolve(input.taskId === 'list' ? '[1,2,3]' : String(input.mapIndex)));
    const runId = await start(
      await pipeline([
        { id: 'list' },
        {
          id: 'each',
          plan: { needs: ['list'], map: { maxConcurrency: 5 } },
          spec: { mapOver: 'tasks.list.output' },
        },
        { id: 'no', plan: { needs: ['list'], conditional: true }, spec: { when: 'size(tasks.list.output) > 9' } },
        {
          id: 'sum',
          plan: { needs: ['each', 'no'], trigger: 'none_failed', conditional: true },
          spec: { when: 'tasks.each.output == [0, 1, 2] && tasks.no.state == "skipped" && tasks.no.output == null' },
        },
      ]),
    );

    expect(await ended(runId)).toEqual({ state: 'succeeded', reason: null });
    expect(await statesOf(runId)).toEqual({
      list: 'succeeded',
      each: 'succeeded',
      'each/0': 'succeeded',
      'each/1': 'succeeded',
      'each/2': 'succeeded',
      no: 'skipped',
      sum: 'succeeded',
    });
    expect(await rows('select kind from outbox where tenant_id = $1')).toEqual([]);
    expect(await rows('select attempt_id from slots where tenant_id = $1')).toEqual([]);
  });

  it('retries, and fails with the reason of the last try', async () => {
    await runner(() => Promise.reject(new Error('no')));
    const retry = { maxAttempts: 3, delayMs: 50, factor: 2, maxDelayMs: 1_000, jitter: 'full' as const };
    const runId = await start(
      await pipeline([
        { id: 'a', plan: { retry } },
        { id: 'b', plan: { needs: ['a'] } },
      ]),
    );

    expect(await ended(runId)).toEqual({ state: 'failed', reason: 'task_failed' });
    expect(await statesOf(runId)).toEqual({ a: 'failed', b: 'upstream_failed' });
    expect(
      await rows(`select try, state from attempts where tenant_id = $1 and run_id = $2 order by fence`, runId),
    ).toEqual([
      { try: 1, state: 'failed' },
      { try: 2, state: 'failed' },
      { try: 3, state: 'failed' },
    ]);
  });

  it('cancels what runs and what waits', async () => {
    await runner(() => new Promise(() => undefined));
    const runId = await start(await pipeline([{ id: 'a' }, { id: 'b', plan: { needs: ['a'] } }]));
    await until(async () => (await rows('select 1 from slots where tenant_id = $1')).length === 1, 'a runs');
    await tenants.transaction(organization.tenantId, (tx) => new CancelRun().execute(tx, { runId, by: 'usr_spec' }));

    expect(await ended(runId)).toMatchObject({ state: 'cancelled' });
    expect(await statesOf(runId)).toEqual({ a: 'cancelled', b: 'cancelled' });
    expect(await rows('select 1 from slots where tenant_id = $1')).toEqual([]);
  });

  it('begins again what a lost runner held', async () => {
    let first = true;
    await runner(() => {
      if (!first) return Promise.resolve('1');
      first = false;
      return new Promise(() => undefined);
    });
    const runId = await start(await pipeline([{ id: 'a' }]));
    await until(async () => (await rows('select 1 from slots where tenant_id = $1')).length === 1, 'a runs');
    await rows(
      `with told as (insert into outbox (tenant_id, kind, subject, payload) values ($1, 'runner_lost', $2,
         '{"runnerId": "rnr_1", "leases": [{"taskId": "a", "mapIndex": -1, "dispatch": 1}]}') returning subject)
       select pg_notify('outbox', subject) from told`,
      runId,
    );

    expect(await ended(runId)).toMatchObject({ state: 'succeeded' });
    expect(
      await rows(`select fence, dispatch, try, state from attempts where tenant_id = $1 order by fence`),
    ).toMatchObject([
      { fence: 1, dispatch: 1, try: 1, state: 'lost' },
      { fence: 2, dispatch: 2, try: 1, state: 'succeeded' },
    ]);
  });

  it('lets queued runs of a pipeline go one after the other', async () => {
    await runner();
    const id = await pipeline([{ id: 'a' }], { concurrency: { maxActiveRuns: 1, onLimit: 'queue' } });
    const runs = [await start(id), await start(id), await start(id)];

    for (const runId of runs) expect(await ended(runId)).toMatchObject({ state: 'succeeded' });
    const spans = await rows<{ started_at: Date; ended_at: Date }>(
      `select started_at, ended_at from runs where tenant_id = $1 order by id`,
    );
    spans.slice(1).forEach((span, at) => {
      expect(span.started_at.getTime()).toBeGreaterThanOrEqual(spans[at]?.ended_at.getTime() ?? 0);
    });
  });

  it('lets a held run go that was left behind', async () => {
    await runner();
    const id = await pipeline([{ id: 'a' }], { concurrency: { maxActiveRuns: 1, onLimit: 'queue' } });
    const runId = await start(id);
    await ended(runId);
    const behind = await start(id);
    await ended(behind);
    await rows(
      `update runs set state = 'queued', held = true, seq = 99, ended_at = null where tenant_id = $1 and id = $2`,
      behind,
    );

    await until(
      async () => (await rows(`select 1 from runs where tenant_id = $1 and held`)).length === 0,
      'maintenance lets it go',
    );
  });

  it('survives that Postgres ends its connections', async () => {
    await runner(async () => {
      await pause(100);
      return '1';
    });
    const chain = Array.from({ length: 10 }, (_, at) => ({
      id: `t${at}`,
      plan: { needs: at === 0 ? [] : [`t${at - 1}`] },
    }));
    const runId = await start(await pipeline(chain));
    for (let kill = 0; kill < 5; kill += 1) {
      await pause(150);
      await rows(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name like 'millrace-orchestrator%' and datname = current_database() and $1 <> ''`,
      );
    }

    expect(await ended(runId)).toMatchObject({ state: 'succeeded' });
    const seqs = await rows<{ seq: number }>(
      `select seq::int from run_events where tenant_id = $1 and run_id = $2 order by seq`,
      runId,
    );
    expect(seqs.map((row) => row.seq)).toEqual(seqs.map((_, at) => at));
    const again = await start(await pipeline([{ id: 'a' }]));
    expect(await ended(again)).toMatchObject({ state: 'succeeded' });
  });
});

describe('the reconciler', () => {
  it('ends a run whose workflow was terminated by hand, and frees its slot', async () => {
    await runner(() => new Promise(() => undefined));
    const runId = await start(await pipeline([{ id: 'a' }, { id: 'b', plan: { needs: ['a'] } }]));
    await until(async () => (await rows('select 1 from slots where tenant_id = $1')).length === 1, 'a runs');
    await client.workflow.getHandle(runId).terminate('by hand');

    expect(await ended(runId)).toEqual({ state: 'failed', reason: 'platform_fault' });
    expect(await statesOf(runId)).toEqual({ a: 'failed', b: 'cancelled' });
    expect(await rows('select 1 from slots where tenant_id = $1')).toEqual([]);
  });

  it('leaves runs alone whose workflow works', async () => {
    await runner(() => new Promise(() => undefined));
    const runId = await start(await pipeline([{ id: 'a' }]));
    await pause(2_500);

    expect(await rows(`select state from runs where tenant_id = $1 and id = $2`, runId)).toEqual([
      { state: 'running' },
    ]);
    await client.workflow.getHandle(runId).terminate('the spec is over');
  });
});

describe('the relay', () => {
  /** A database of its own: the orchestrator of this spec must not pay these debts. */
  let other: TestDatabase;
  let otherControl: ControlDatabase;
  beforeAll(async () => {
    other = await testDatabase();
    const source = await openDataSource({ url: other.controlUrl, poolSize: 12, applicationName: 'spec' });
    otherControl = new ControlDatabase(source);
    lastCloses.unshift(
      () => source.destroy(),
      () => other.drop(),
    );
  });
  const oweThere = (count: number): Promise<unknown> =>
    asSuper(
      other.superuserUrl,
      `insert into outbox (tenant_id, kind, subject) select 'org_1', 'build', 'dep_' || n from generate_series(1, $1::int) n`,
      [count],
    );
  const left = async (): Promise<number> =>
    (await asSuper<{ n: number }>(other.superuserUrl, 'select count(*)::int as n from outbox'))[0]?.n ?? -1;

  it('pays each debt once, however many relays there are', async () => {
    await oweThere(300);
    const paid: string[] = [];
    const pay = async (_: unknown, debt: Debt): Promise<Payment> => {
      await pause(2);
      paid.push(debt.subject);
      return { outcome: 'paid' };
    };
    const relays = [1, 2].map(() => new OutboxRelay({ control: otherControl, pay, log, lanes: 3 }));
    for (const relay of relays) relay.start();
    await until(async () => (await left()) === 0, 'all is paid');
    for (const relay of relays) await relay.stop();

    expect(paid.sort()).toEqual(Array.from({ length: 300 }, (_, at) => `dep_${at + 1}`).sort());
  });

  it('keeps what cannot be paid: all of it while Temporal is down, one row where only that fails', async () => {
    await oweThere(20);
    let down = true;
    const pay = (_: unknown, debt: Debt): Promise<Payment> => {
      if (down) return Promise.resolve({ outcome: 'down', error: 'unavailable' });
      return debt.subject === 'dep_7' ? Promise.reject(new Error('poison')) : Promise.resolve({ outcome: 'paid' });
    };
    const relay = new OutboxRelay({ control: otherControl, pay, log, fallbackMs: 100 });
    relay.start();
    await pause(600);
    expect(await left()).toBe(20);
    expect(await asSuper(other.superuserUrl, 'select distinct failures from outbox')).toEqual([{ failures: 0 }]);
    down = false;
    await until(async () => (await left()) === 1, 'the others are paid');
    await relay.stop();

    const [poison] = await asSuper(
      other.superuserUrl,
      'select subject, failures > 0 as failed, last_error, not_before > created_at as later from outbox',
    );
    expect(poison).toEqual({ subject: 'dep_7', failed: true, last_error: 'poison', later: true });
    await asSuper(other.superuserUrl, 'delete from outbox');
  });

  it('finds what no notification told of', async () => {
    const paid: string[] = [];
    const relay = new OutboxRelay({
      control: otherControl,
      pay: (_, debt) => {
        paid.push(debt.subject);
        return Promise.resolve({ outcome: 'paid' });
      },
      log,
      fallbackMs: 100,
    });
    relay.start();
    await pause(150);
    await oweThere(1);
    await until(() => Promise.resolve(paid.length === 1), 'it is paid');
    await relay.stop();
  });
});

it('a cancel that overtakes its start is kept until the workflow is there', async () => {
  const runId = newId('run');
  await rows(
    `insert into outbox (tenant_id, kind, subject, not_before) values ($1, 'start_run', $2, now() + interval '1 hour')`,
    runId,
  );
  await rows(`insert into outbox (tenant_id, kind, subject) values ($1, 'cancel_run', $2)`, runId);
  await until(
    async () =>
      (await rows(`select 1 from outbox where tenant_id = $1 and kind = 'cancel_run' and failures > 1`)).length === 1,
    'it was tried and kept',
  );
  await rows(`delete from outbox where tenant_id = $1 and kind = 'start_run'`);
  await until(
    async () => (await rows(`select 1 from outbox where tenant_id = $1`)).length === 0,
    'it is dropped once no workflow will come',
  );
});
