import { openDataSource, ControlDatabase, TenantDatabase } from '@millrace/database';
import { DomainError, type RunnerId } from '@millrace/kernel';
import { FileObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import {
  asSuper,
  type SeededOrganization,
  type SeededRun,
  type SeededTask,
  seedOrganization,
  seedRun,
  seedRunner,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import type { AttemptEnd } from '@millrace/contracts/wire';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PgAttemptWork, type TenantValues } from './adapters/pg/pg-attempt-work.js';
import { AddArtifact } from './use-cases/add-artifact.js';
import { AppendLog } from './use-cases/append-log.js';
import { BeginAttempt, type BeginResult } from './use-cases/begin-attempt.js';
import { EndAttempt } from './use-cases/end-attempt.js';
import { loseRunner } from './use-cases/lose-runner.js';
import { SettleStretch } from './use-cases/settle-stretch.js';

const values: TenantValues = {
  secrets: (_tx, _reader, names) =>
    names.includes('MISSING')
      ? Promise.reject(new DomainError('not_found', 'secret.not_found', 'there is no secret MISSING'))
      : Promise.resolve(Object.fromEntries(names.map((name) => [name, `value of ${name}`]))),
  connections: () => Promise.resolve([]),
  variables: (_tx, _environment, names) => Promise.resolve(Object.fromEntries(names.map((name) => [name, 'v']))),
};

function success(output = '1', wallMs = 20): AttemptEnd {
  return {
    state: 'succeeded',
    retryable: false,
    output,
    startedAtMs: Date.now() - wallMs,
    endedAtMs: Date.now(),
    wallMs,
    cpuMs: 5,
    peakRssBytes: 1_000_000,
    lastLogSeq: 0,
  };
}

function failure(wallMs = 20): AttemptEnd {
  const { output: _output, ...rest } = success('1', wallMs);
  return {
    ...rest,
    state: 'failed',
    retryable: true,
    reason: 'exception',
    error: { name: 'Error', message: 'no\0pe' },
  };
}

function leased(result: BeginResult): Extract<BeginResult, { outcome: 'leased' }> {
  if (result.outcome !== 'leased') throw new Error(`expected a lease, got ${JSON.stringify(result)}`);
  return result;
}

describe('the life of an attempt', () => {
  let database: TestDatabase;
  let tenants: TenantDatabase;
  let control: ControlDatabase;
  let folder: string;
  let objects: FileObjectStore;
  let begin: BeginAttempt;
  let settle: SettleStretch;
  const end = new EndAttempt();
  const closes: (() => Promise<void>)[] = [];

  let organization: SeededOrganization;
  let run: SeededRun;
  let runner: RunnerId;

  beforeAll(async () => {
    database = await testDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 60, applicationName: 'spec' });
    const asControl = await openDataSource({ url: database.controlUrl, poolSize: 4, applicationName: 'spec' });
    closes.push(
      () => app.destroy(),
      () => asControl.destroy(),
    );
    tenants = new TenantDatabase(app);
    control = new ControlDatabase(asControl);
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    objects = await FileObjectStore.open(folder);
    const versions = new VersionCache();
    begin = new BeginAttempt(versions, new PgAttemptWork(objects, values, () => []));
    settle = new SettleStretch(versions);
  });
  afterAll(async () => {
    for (const close of closes) await close();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    organization = await seedOrganization(database.superuserUrl);
    run = await seedRun(database.superuserUrl, organization, { tasks: [{ id: 'a', maxAttempts: 2 }] });
    runner = await seedRunner(database.superuserUrl, organization);
  });

  const seedTasks = async (tasks: readonly SeededTask[], params?: string): Promise<void> => {
    run = await seedRun(database.superuserUrl, organization, { tasks, ...(params === undefined ? {} : { params }) });
  };

  const beginAs = (
    runnerId: string,
    dispatch = 1,
    task: { taskId?: string; mapIndex?: number; try?: number; runId?: string } = {},
  ): Promise<BeginResult> =>
    tenants.transaction(organization.tenantId, (tx) =>
      begin.execute(tx, {
        runner: { runnerId, poolId: organization.poolId, tier: 'none' },
        runId: task.runId ?? run.runId,
        taskId: task.taskId ?? 'a',
        mapIndex: task.mapIndex ?? -1,
        dispatch,
        try: task.try ?? 1,
      }),
    );
  const endAs = (runnerId: string, lease: { attemptId: string; fence: number }, as = success()) =>
    tenants.transaction(organization.tenantId, (tx) =>
      end.execute(tx, { runId: run.runId, attemptId: lease.attemptId, fence: lease.fence, runnerId, end: as }),
    );
  const settleIt = async (dispatch = 1, taskId = 'a') => {
    const heads = [{ taskId, mapIndex: -1, dispatch, try: 1 }];
    const stretch = { runId: run.runId, heads, fused: false, firstDispatch: 1 };
    const { ends } = await tenants.transaction(organization.tenantId, (tx) => settle.execute(tx, stretch));
    expect(ends.length).toBeLessThanOrEqual(1);
    return ends[0];
  };
  const rows = (sql: string) => asSuper(database.superuserUrl, sql, [organization.tenantId]);
  const ledger = () =>
    rows(
      `select attempt_id, meter, quantity::int, amount_nano::bigint::int as amount, category from ledger_entries
       where tenant_id = $1 order by created_at, meter`,
    );
  const slots = async (): Promise<number> => (await rows('select 1 from slots where tenant_id = $1')).length;

  it('takes a lease and a slot, and ends with output, ledger rows and the slot free in one transaction', async () => {
    const { lease, work } = leased(await beginAs(runner));
    expect(lease.fence).toBe(1);
    expect(work).toMatchObject({ type: 'shell', input: 'null', params: '{}', timeoutMs: 60_000 });
    expect(await slots()).toBe(1);

    expect((await endAs(runner, lease, success('{"x":2.0}', 1_500))).outcome).toBe('ok');
    expect(await slots()).toBe(0);
    const [attempt] = await rows('select * from attempts where tenant_id = $1');
    expect(attempt).toMatchObject({ state: 'succeeded', output: '{"x":2.0}', wall_ms: '1500', grant_hash: null });
    expect(attempt?.['started_at']).not.toBeNull();
    expect(await ledger()).toEqual([
      { attempt_id: lease.attemptId, meter: 'compute_ms', quantity: 1500, amount: 24_000, category: 'useful' },
      { attempt_id: lease.attemptId, meter: 'task_run', quantity: 1, amount: 100_000, category: 'useful' },
    ]);
  });

  it('tells the end of the code from the moment at which that was durable', async () => {
    const { lease } = leased(await beginAs(runner));
    const endedAtMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await endAs(runner, lease, { ...success(), startedAtMs: endedAtMs, endedAtMs });
    const [attempt] = await rows(
      `select ended_at, extract(epoch from committed_at - ended_at) * 1000 as ms from attempts where tenant_id = $1`,
    );
    expect(Number(attempt?.['ms'])).toBeGreaterThanOrEqual(25);
    expect((attempt?.['ended_at'] as Date).getTime()).toBe(endedAtMs);

    // A clock that goes ahead, or behind, is not believed.
    for (const wrongMs of [3_600_000, -3_600_000]) {
      run = await seedRun(database.superuserUrl, organization, {});
      const other = leased(await beginAs(runner)).lease;
      await endAs(runner, other, { ...success(), endedAtMs: Date.now() + wrongMs });
      const [within] = await rows(
        `select ended_at between leased_at and committed_at as ok from attempts
         where tenant_id = $1 and id = '${other.attemptId}'`,
      );
      expect(within).toEqual({ ok: true });
    }
  });

  it('takes the moment at which the run handed the task over for its acceptance, but none in the future', async () => {
    await rows('update task_instances set queued_at = null where tenant_id = $1');
    const at = Date.now() - 5_000;
    await seedTasks([{ id: 'a' }, { id: 'b' }]);
    await rows('update task_instances set queued_at = null where tenant_id = $1');
    for (const [taskId, scheduledAtMs] of [['a', at] as const, ['b', Date.now() + 60_000] as const]) {
      await tenants.transaction(organization.tenantId, (tx) =>
        begin.execute(tx, {
          runner: { runnerId: runner, poolId: organization.poolId, tier: 'none' },
          runId: run.runId,
          taskId,
          mapIndex: -1,
          dispatch: 1,
          try: 1,
          scheduledAtMs,
        }),
      );
    }
    const accepted = await asSuper<{ at: Date; leased: Date }>(
      database.superuserUrl,
      'select accepted_at as at, leased_at as leased from attempts where tenant_id = $1 order by task_id',
      [organization.tenantId],
    );
    expect(accepted[0]?.at.getTime()).toBe(at);
    expect(accepted[1]?.at.getTime()).toBeLessThanOrEqual(Number(accepted[1]?.leased.getTime()));
  });

  it('gives the holder the same lease again under a new handle, and nobody else', async () => {
    const first = leased(await beginAs(runner));
    const again = leased(await beginAs(runner));
    expect(again.lease).toMatchObject({ attemptId: first.lease.attemptId, fence: 1 });
    expect(again.lease.grant).not.toBe(first.lease.grant);
    expect(await slots()).toBe(1);

    const other = await seedRunner(database.superuserUrl, organization);
    expect(await beginAs(other)).toEqual({ outcome: 'superseded' });
  });

  it('takes the repeat of an end for a duplicate', async () => {
    const { lease } = leased(await beginAs(runner));
    await endAs(runner, lease);
    expect((await endAs(runner, lease)).outcome).toBe('duplicate');
    expect(await rows('select 1 from refusals where tenant_id = $1')).toHaveLength(0);
    expect(await ledger()).toHaveLength(2);
    expect(await beginAs(runner)).toMatchObject({ outcome: 'ended', state: 'succeeded', fence: 1 });
  });

  it('refuses the late end of an outdated lease and puts it on record', async () => {
    const first = leased(await beginAs(runner));
    const other = await seedRunner(database.superuserUrl, organization);
    const second = leased(await beginAs(other, 2));
    expect(second.lease.fence).toBe(2);
    expect(await slots()).toBe(1);

    expect((await endAs(runner, first.lease)).outcome).toBe('stale');
    expect(await rows('select runner_id, fence, operation, reason from refusals where tenant_id = $1')).toEqual([
      { runner_id: runner, fence: 1, operation: 'end', reason: 'ended as succeeded, but the attempt is lost' },
    ]);
    expect((await endAs(other, second.lease, success('2'))).outcome).toBe('ok');
    const states = await rows('select fence, state, output from attempts where tenant_id = $1 order by fence');
    expect(states).toEqual([
      { fence: 1, state: 'lost', output: null },
      { fence: 2, state: 'succeeded', output: '2' },
    ]);
    expect((await ledger()).map((row) => [row['meter'], row['amount'], row['category']])).toEqual([
      ['compute_ms', 0, 'platform_fault'],
      ['compute_ms', 16_000, 'useful'],
      ['task_run', 100_000, 'useful'],
    ]);
  });

  it('does not let another runner end or write to a lease that it does not hold', async () => {
    const { lease } = leased(await beginAs(runner));
    const other = await seedRunner(database.superuserUrl, organization);
    expect((await endAs(other, lease)).outcome).toBe('stale');
    expect((await endAs(runner, { ...lease, fence: 7 })).outcome).toBe('stale');
    expect((await endAs(runner, lease)).outcome).toBe('ok');
  });

  it('accepts a late end where the fence is off, which is what the fault tests must notice', async () => {
    const first = leased(await beginAs(runner));
    const other = await seedRunner(database.superuserUrl, organization);
    const second = leased(await beginAs(other, 2));
    await endAs(other, second.lease);
    const broken = new EndAttempt('off');
    const late = await tenants.transaction(organization.tenantId, (tx) =>
      broken.execute(tx, { runId: run.runId, ...first.lease, runnerId: runner, end: success('9') }),
    );
    expect(late.outcome).toBe('ok');
    expect(await rows(`select 1 from attempts where tenant_id = $1 and state = 'succeeded'`)).toHaveLength(2);
  });

  it('counts a task run once, and prices a failed try as retried or failed by what the plan allows', async () => {
    const first = leased(await beginAs(runner));
    await endAs(runner, first.lease, failure());
    const second = leased(await beginAs(runner, 2, { try: 2 }));
    await endAs(runner, second.lease, failure());
    expect((await ledger()).map((row) => [row['meter'], row['category']])).toEqual([
      ['compute_ms', 'retried'],
      ['task_run', 'retried'],
      ['compute_ms', 'failed'],
    ]);
    const [attempt] = await rows('select error from attempts where tenant_id = $1 and fence = 1');
    expect(attempt?.['error']).toEqual({ name: 'Error', message: 'no\ufffdpe' });
  });

  it('charges nothing for an attempt whose code never began', async () => {
    const { lease } = leased(await beginAs(runner));
    const { startedAtMs: _never, ...notStarted } = failure();
    await endAs(runner, lease, { ...notStarted, state: 'cancelled' });
    expect((await ledger()).map((row) => [row['meter'], row['amount'], row['category']])).toEqual([
      ['compute_ms', 0, 'cancelled'],
    ]);
  });

  it('leases an instance once when many begin it at the same time', async () => {
    const runners = await Promise.all(Array.from({ length: 8 }, () => seedRunner(database.superuserUrl, organization)));
    const results = await Promise.all(runners.map((one) => beginAs(one)));
    expect(results.filter((result) => result.outcome === 'leased')).toHaveLength(1);
    expect(results.filter((result) => result.outcome === 'superseded')).toHaveLength(7);
    expect(await slots()).toBe(1);
  });

  it('never exceeds the limit of the plan under 50 begins at once, and goes on when slots come free', async () => {
    organization = await seedOrganization(database.superuserUrl, { plan: 'free' });
    await seedTasks(Array.from({ length: 50 }, (_, index) => ({ id: `t${index}` })));
    runner = await seedRunner(database.superuserUrl, organization);
    const results = await Promise.all(run.plan.tasks.map((task) => beginAs(runner, 1, { taskId: task.id })));
    const leases = results.filter((result) => result.outcome === 'leased');
    expect(leases).toHaveLength(10);
    expect(results.filter((result) => result.outcome === 'wait')).toHaveLength(40);
    expect(await slots()).toBe(10);

    await endAs(runner, leases[0]?.outcome === 'leased' ? leases[0].lease : { attemptId: '', fence: 0 });
    const waiting = run.plan.tasks.filter((_, index) => results[index]?.outcome === 'wait').map((task) => task.id);
    const second = await Promise.all(waiting.map((taskId) => beginAs(runner, 1, { taskId })));
    expect(second.filter((result) => result.outcome === 'leased')).toHaveLength(1);
    expect(await slots()).toBe(10);
  });

  it('refuses a runner of another pool', async () => {
    const call = tenants.transaction(organization.tenantId, (tx) =>
      begin.execute(tx, {
        runner: { runnerId: runner, poolId: 'pool_other', tier: 'none' },
        runId: run.runId,
        taskId: 'a',
        mapIndex: -1,
        dispatch: 1,
        try: 1,
      }),
    );
    await expect(call).rejects.toMatchObject({ code: 'attempt.wrong_pool' });
  });

  it('renders input and configuration from params and outputs, to the digit', async () => {
    await seedTasks(
      [
        { id: 'a' },
        {
          id: 'b',
          needs: ['a'],
          spec: {
            type: 'http',
            config: { url: 'https://example.org/${{ params.who }}' },
            input: { n: '${{ tasks.a.output }}', state: '${{ tasks.a.state }}', run: '${{ run.id }}' },
            secrets: ['KEY'],
            variables: ['V'],
          },
        },
      ],
      '{"who":"me","x":1.0}',
    );
    const first = leased(await beginAs(runner));
    await endAs(runner, first.lease, success('{"big":1152921504606846977,"f":2.0}'));
    const second = leased(await beginAs(runner, 1, { taskId: 'b' }));
    expect(second.work).toMatchObject({
      config: { url: 'https://example.org/me' },
      input: `{"n":{"big":1152921504606846977,"f":2.0},"state":"succeeded","run":"${run.runId}"}`,
      params: '{"who":"me","x":1.0}',
      secrets: { KEY: 'value of KEY' },
      variables: { V: 'v' },
    });
  });

  it('gives a mapped instance its element, and the task after it the list of outputs', async () => {
    await seedTasks(
      [
        { id: 'a', mapOver: 'params.list', spec: { input: '${{ item }}' } },
        { id: 'b', needs: ['a'], spec: { input: '${{ tasks.a.output }}' } },
      ],
      '{"list":[1.0,"two",{"three":3}]}',
    );
    for (const mapIndex of [0, 1, 2]) {
      await rows(
        `insert into task_instances (tenant_id, run_id, task_id, map_index, state) values ($1, '${run.runId}', 'a', ${mapIndex}, 'queued')`,
      );
      const { lease, work } = leased(await beginAs(runner, 1, { mapIndex }));
      expect(work.input).toBe(['1.0', '"two"', '{"three":3}'][mapIndex]);
      if (mapIndex !== 1) await endAs(runner, lease, success(work.input));
      else await endAs(runner, lease, failure());
    }
    const { work } = leased(await beginAs(runner, 1, { taskId: 'b' }));
    expect(work.input).toBe('[1.0,null,{"three":3}]');
    await expect(beginAs(runner, 1, { mapIndex: -1 })).rejects.toMatchObject({ code: 'task.not_found' });
  });

  it('hands over a large input by digest, and takes in a large output', async () => {
    await seedTasks([{ id: 'a' }, { id: 'b', needs: ['a'], spec: { input: ['${{ tasks.a.output }}'] } }]);
    const text = JSON.stringify('x'.repeat(600_000));
    const { digest } = await objects.put(organization.tenantId, Buffer.from(text));
    const { lease } = leased(await beginAs(runner));
    const { output: _inline, ...rest } = success();
    await endAs(runner, lease, { ...rest, outputDigest: digest, outputBytes: text.length });
    const { work } = leased(await beginAs(runner, 1, { taskId: 'b' }));
    expect(work.input).toBeUndefined();
    expect((await objects.get(organization.tenantId, work.inputDigest ?? '')).toString()).toBe(`[${text}]`);
  });

  it('ends an attempt at once where its input cannot be made, and leaves no trail, slot or cost', async () => {
    await seedTasks([
      { id: 'a', maxAttempts: 3, spec: { input: '${{ params.nothing.here }}' } },
      { id: 'b', maxAttempts: 3, spec: { secrets: ['MISSING'] } },
    ]);
    for (const taskId of ['a', 'b']) {
      expect(await beginAs(runner, 1, { taskId })).toEqual({
        outcome: 'ended',
        state: 'failed',
        reason: 'input_error',
        retryable: false,
        fence: 1,
      });
    }
    expect(await slots()).toBe(0);
    const attempts = await rows('select state, reason, error from attempts where tenant_id = $1 order by task_id');
    expect(attempts[1]).toMatchObject({ state: 'failed', error: { message: 'there is no secret MISSING' } });
    expect((await ledger()).map((row) => row['amount'])).toEqual([0, 0]);
  });

  describe('settling a dispatch that gave no answer', () => {
    it('ends a live lease as lost, free of charge, and refuses what comes later', async () => {
      const { lease } = leased(await beginAs(runner));
      expect(await settleIt()).toMatchObject({ state: 'lost', retryable: true, reason: 'worker_lost', fence: 1 });
      expect(await slots()).toBe(0);
      expect((await endAs(runner, lease)).outcome).toBe('stale');
      expect((await ledger()).map((row) => [row['amount'], row['category']])).toEqual([[0, 'platform_fault']]);
      expect(await settleIt()).toMatchObject({ state: 'lost', fence: 1 });
    });

    it('gives the end that was committed after all', async () => {
      const { lease } = leased(await beginAs(runner));
      await endAs(runner, lease);
      expect(await settleIt()).toMatchObject({ state: 'succeeded', retryable: false, fence: 1 });
    });

    it('leaves a dispatch open that nobody took, until the next one outdates it', async () => {
      expect(await settleIt()).toBeUndefined();
      const late = leased(await beginAs(runner));
      const { lease } = leased(await beginAs(runner, 2));
      expect(lease.fence).toBe(2);
      expect((await endAs(runner, late.lease)).outcome).toBe('stale');
      expect(await beginAs(runner, 1)).toMatchObject({ outcome: 'ended', state: 'lost', reason: 'superseded' });
    });

    it('never leaves a lease behind when begin, end, settle and the next dispatch race', async () => {
      await seedTasks(Array.from({ length: 20 }, (_, index) => ({ id: `t${index}` })));
      await Promise.all(
        run.plan.tasks.map(async ({ id: taskId }, index) => {
          const settling = settleIt(1, taskId);
          const result = await beginAs(runner, 1, { taskId });
          const ending = result.outcome === 'leased' && index % 2 === 0 ? endAs(runner, result.lease) : undefined;
          await Promise.all([settling, ending]);
          const next = await beginAs(runner, 2, { taskId });
          if (next.outcome === 'leased') await endAs(runner, next.lease);
        }),
      );
      const states = await rows(`select task_id, state from attempts where tenant_id = $1`);
      expect(states.filter((row) => row['state'] === 'leased')).toEqual([]);
      expect(await slots()).toBe(0);
      expect(
        await rows(`select attempt_id from ledger_entries where tenant_id = $1 and meter = 'compute_ms'`),
      ).toHaveLength(states.length);
    });
  });

  it('adds log chunks once, large ones by digest, and refuses them after the end', async () => {
    const append = new AppendLog(objects);
    const { lease } = leased(await beginAs(runner));
    const ref = { runId: run.runId, attemptId: lease.attemptId, fence: lease.fence, runnerId: runner };
    const line = (seq: number, text: string) => ({ seq, at: 1, stream: 'stdout' as const, text });
    const add = async (lines: ReturnType<typeof line>[]) => {
      const chunk = await append.prepare(organization.tenantId, lines);
      return tenants.transaction(organization.tenantId, (tx) => append.execute(tx, ref, chunk));
    };
    expect(await add([line(1, 'one'), line(2, 'two\0')])).toBe('ok');
    expect(await add([line(1, 'one'), line(2, 'two\0')])).toBe('duplicate');
    expect(await add([line(3, 'x'.repeat(20_000))])).toBe('ok');
    const chunks = await rows(
      'select first_seq, last_seq, lines, object_digest from log_chunks where tenant_id = $1 order by first_seq',
    );
    expect(chunks[0]).toMatchObject({ first_seq: '1', last_seq: '2', object_digest: null });
    expect(chunks[1]).toMatchObject({ first_seq: '3', lines: null });
    expect(await rows('select log_lines::int as n from attempts where tenant_id = $1')).toEqual([{ n: 3 }]);
    await endAs(runner, lease);
    expect(await add([line(4, 'late')])).toBe('stale');
    expect(await rows(`select operation from refusals where tenant_id = $1`)).toEqual([{ operation: 'log' }]);
  });

  it('registers an artifact whose bytes are there, once', async () => {
    const add = new AddArtifact(objects);
    const { lease } = leased(await beginAs(runner));
    const { digest } = await objects.put(organization.tenantId, Buffer.from('hello'));
    const request = {
      runId: run.runId,
      attemptId: lease.attemptId,
      fence: 1,
      runnerId: runner,
      name: 'a.txt',
      contentType: 'text/plain',
      digest,
    };
    const call = (sizeBytes: number) =>
      tenants.transaction(organization.tenantId, (tx) => add.execute(tx, { ...request, sizeBytes }));
    expect(await call(5)).toBe('ok');
    expect(await call(5)).toBe('duplicate');
    await expect(call(6)).rejects.toMatchObject({ code: 'artifact.not_uploaded' });
    await endAs(runner, lease);
    expect(await call(5)).toBe('stale');
  });

  it('tells the runs of a lost runner, once, unless it came back', async () => {
    await beginAs(runner);
    const connect = async (): Promise<string> => {
      const [row] = await control.transaction((tx) =>
        tx.query<{ at: string }>(
          `update runners set connected_at = clock_timestamp(), state = 'ready' where id = $1 returning connected_at::text as at`,
          [runner],
        ),
      );
      return row?.at ?? '';
    };
    const lose = (connectedAt: string) =>
      control.transaction((tx) => loseRunner(tx, { runnerId: runner, connectedAt, reason: 'connection closed' }));
    const first = await connect();
    const second = await connect();
    expect(await lose(first)).toEqual({ lost: false, runs: 0 });
    expect(await lose(second)).toEqual({ lost: true, runs: 1 });
    const outbox = await rows('select kind, subject, payload from outbox where tenant_id = $1');
    expect(outbox).toEqual([
      {
        kind: 'runner_lost',
        subject: run.runId,
        payload: { runnerId: runner, leases: [{ taskId: 'a', mapIndex: -1, dispatch: 1 }] },
      },
    ]);
    expect(await rows('select state from runners where tenant_id = $1')).toEqual([{ state: 'ended' }]);
  });
});
