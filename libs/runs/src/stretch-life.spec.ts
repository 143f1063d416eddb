import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OfferedStretch, OfferRoundReport } from '@millrace/contracts';
import type { AttemptEnd } from '@millrace/contracts/wire';
import { openDataSource, TenantDatabase } from '@millrace/database';
import type { RunnerId } from '@millrace/kernel';
import { FileObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import {
  asSuper,
  type SeededOrganization,
  type SeededRun,
  type SeededTask,
  seedOrganization,
  seedPipeline,
  seedRun,
  seedRunner,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PgAttemptWork } from './adapters/pg/pg-attempt-work.js';
import { KnownRuns } from './known-runs.js';
import { ParamsCheck } from './params.js';
import { BeginAttempt, type BeginResult } from './use-cases/begin-attempt.js';
import { EndAttempt } from './use-cases/end-attempt.js';
import { LeaseNext } from './use-cases/lease-next.js';
import { OfferAttempt, type OfferToPush } from './use-cases/offer-attempt.js';
import { OfferStretches } from './use-cases/offer-stretches.js';
import { SettleStretch } from './use-cases/settle-stretch.js';
import { StartDirectly } from './use-cases/start-directly.js';
import { StartRun } from './use-cases/start-run.js';

const values = {
  secrets: () => Promise.resolve({}),
  connections: () => Promise.resolve([]),
  variables: () => Promise.resolve({}),
};

function success(output = '1'): AttemptEnd {
  const now = Date.now();
  const use = { wallMs: 5, cpuMs: 1, peakRssBytes: 1, lastLogSeq: 0 };
  return { state: 'succeeded', retryable: false, output, startedAtMs: now, endedAtMs: now, ...use };
}

function failure(): AttemptEnd {
  const { output, ...rest } = success();
  return { ...rest, state: 'failed', reason: `not ${output}`, retryable: false };
}

function leased(result: BeginResult): Extract<BeginResult, { outcome: 'leased' }> {
  if (result.outcome !== 'leased') throw new Error(`expected a lease, got ${JSON.stringify(result)}`);
  return result;
}

const chain = (length: number): SeededTask[] =>
  Array.from({ length }, (_, at) => ({
    id: `t${at}`,
    needs: at === 0 ? [] : [`t${at - 1}`],
    fuse: at === 0 ? ('begins' as const) : ('follows' as const),
    spec: { input: at === 0 ? 0 : `\${{ tasks.t${at - 1}.output }}` },
  }));

const head = (taskId: string, dispatch = 1, mapIndex = -1) => ({ taskId, mapIndex, dispatch, try: 1 });

describe('the life of a stretch', () => {
  let database: TestDatabase;
  let tenants: TenantDatabase;
  let folder: string;
  let objects: FileObjectStore;
  let begin: BeginAttempt;
  let next: LeaseNext;
  let offers: OfferAttempt;
  let works: PgAttemptWork;
  const end = new EndAttempt();
  const versions = new VersionCache();
  const runs = new KnownRuns();
  const closes: (() => Promise<void>)[] = [];
  let organization: SeededOrganization;
  let run: SeededRun;
  let runner: RunnerId;

  beforeAll(async () => {
    database = await testDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 20, applicationName: 'spec' });
    closes.push(() => app.destroy());
    tenants = new TenantDatabase(app);
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    objects = await FileObjectStore.open(folder);
    works = new PgAttemptWork(objects, values, () => []);
    begin = new BeginAttempt(versions, works, runs);
    next = new LeaseNext(versions, works, runs, begin);
    offers = new OfferAttempt(versions, works, runs);
  });
  afterAll(async () => {
    for (const close of closes) await close();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    organization = await seedOrganization(database.superuserUrl);
    runner = await ready();
  });

  const rows = <R extends object>(sql: string): Promise<R[]> =>
    asSuper<R>(database.superuserUrl, sql, [organization.tenantId]);
  const ready = async (): Promise<RunnerId> => {
    const id = await seedRunner(database.superuserUrl, organization);
    await asSuper(database.superuserUrl, `update runners set state = 'ready' where id = $1`, [id]);
    return id;
  };
  const seed = async (tasks: readonly SeededTask[]): Promise<void> => {
    run = await seedRun(database.superuserUrl, organization, { tasks });
  };
  const identity = (runnerId = runner) => ({ runnerId, poolId: organization.poolId, tier: 'none' });
  const offer = (stretches: readonly Omit<OfferedStretch, 'pool'>[], allowed = true): Promise<OfferRoundReport> =>
    tenants.transaction(organization.tenantId, (tx) =>
      new OfferStretches(versions, runs, allowed).execute(tx, {
        runId: run.runId,
        stretches: stretches.map((one) => ({ pool: 'default', ...one })),
        firstDispatch: 1,
        lease: true,
      }),
    );
  const take = (attemptId: string, runnerId = runner): Promise<OfferToPush | undefined> =>
    tenants.transaction(organization.tenantId, (tx) => offers.execute(tx, { attemptId, runnerId }));
  const endWithNext = (
    lease: { readonly attemptId: string; readonly fence: number },
    taskId: string,
    as = success(),
  ): Promise<[string, BeginResult]> =>
    tenants.transaction(organization.tenantId, async (tx) => {
      const ended = { attemptId: lease.attemptId, fence: lease.fence, state: as.state };
      const ref = { runId: run.runId, attemptId: lease.attemptId, fence: lease.fence, runnerId: runner };
      const [result, begun] = await Promise.all([
        end.execute(tx, { ...ref, end: as, followed: true }),
        next.execute(tx, { runId: run.runId, ...head(taskId), runner: identity(), ended }),
      ]);
      return [result.outcome, begun];
    });
  const onlyLease = async () => {
    const [row, ...more] = await rows<{ id: string; fence: number }>(
      `select id, fence from attempts where tenant_id = $1 and state = 'leased'`,
    );
    expect(more).toEqual([]);
    return { attemptId: row?.id ?? '', fence: row?.fence ?? 0 };
  };
  const slots = async (): Promise<number> => (await rows('select 1 from slots where tenant_id = $1')).length;

  it('offers a chain to a runner, which executes it with one commit a task, outputs flowing', async () => {
    await seed(chain(3));
    const first = await offer([{ heads: [head('t0')], fused: true }]);
    expect(first.standings).toMatchObject([{ state: 'live', runners: [{ runnerId: runner }] }]);
    const { attemptId } = await onlyLease();
    const pushed = await take(attemptId);
    expect(pushed?.stretch).toMatchObject({
      first: { taskId: 't0' },
      heads: [],
      followers: [
        { taskId: 't1', needs: ['t0'] },
        { taskId: 't2', needs: ['t1'] },
      ],
    });
    // An offer is made once, however often a gateway hears of it.
    expect(await take(attemptId)).toBeUndefined();

    const [outcome, t1] = await endWithNext({ attemptId, fence: 1 }, 't1', success('41'));
    expect([outcome, leased(t1).work.input]).toEqual(['ok', '41']);
    expect(await slots()).toBe(1);
    // Still the same stretch: nothing is over, and nobody outside waits for what has ended.
    expect(await offer([{ heads: [head('t0')], fused: true }])).toMatchObject({
      standings: [{ state: 'live' }],
      outside: 0,
    });
    const [, t2] = await endWithNext(leased(t1).lease, 't2', success('42'));
    expect(leased(t2).work.input).toBe('42');
    await tenants.transaction(organization.tenantId, (tx) =>
      end.execute(tx, { runId: run.runId, ...leased(t2).lease, runnerId: runner, end: success('43') }),
    );
    const last = await offer([{ heads: [head('t0')], fused: true }]);
    expect(last.standings).toEqual([{ state: 'over' }]);
    expect(last.ends.map(({ taskId, state }) => [taskId, state])).toEqual([
      ['t0', 'succeeded'],
      ['t1', 'succeeded'],
      ['t2', 'succeeded'],
    ]);
    const attempts = await rows(
      `select way, stretch_id is null as first from attempts where tenant_id = $1 order by id`,
    );
    expect(attempts).toEqual([
      { way: 'offered', first: true },
      { way: 'offered', first: false },
      { way: 'offered', first: false },
    ]);
    expect(await slots()).toBe(0);
  });

  it('leases nothing behind a need that has not succeeded, an end that was refused, or a cancelled run', async () => {
    await seed(chain(4));
    await offer([{ heads: [head('t0')], fused: true }]);
    const first = await onlyLease();
    // t2 needs t1, which nobody has run.
    const [outcome, early] = await endWithNext(first, 't2');
    expect([outcome, early]).toEqual(['ok', { outcome: 'superseded' }]);
    expect(await slots()).toBe(0);
    // The lease is over: whatever it says now leases nothing.
    const [late, none] = await endWithNext(first, 't1', failure());
    expect([late, none.outcome]).toEqual(['stale', 'superseded']);

    const t1 = leased(
      await tenants.transaction(organization.tenantId, (tx) =>
        begin.execute(tx, { runner: identity(), runId: run.runId, ...head('t1') }),
      ),
    );
    await rows('update runs set cancel_requested_at = now() where tenant_id = $1');
    const [, cancelled] = await endWithNext(t1.lease, 't2');
    expect(cancelled).toEqual({ outcome: 'superseded' });
  });

  it('lets a lane join what is under way only, and keeps that from being over until it has joined', async () => {
    await seed(['a', 'b', 'c'].map((id) => ({ id, fuse: 'begins' as const, spec: { input: 1 } })));
    const stretch = [{ heads: [head('a'), head('b'), head('c')], fused: true }];
    await offer(stretch);
    const first = await onlyLease();
    const join = (taskId: string) => ({
      ...head(taskId),
      runId: run.runId,
      runner: identity(),
      stretchId: first.attemptId,
    });
    const endOf = (lease: { attemptId: string; fence: number }): Promise<unknown> =>
      tenants.transaction(organization.tenantId, (tx) =>
        end.execute(tx, { runId: run.runId, ...lease, runnerId: runner, end: success() }),
      );
    let ending: Promise<unknown> = Promise.resolve();
    await tenants.transaction(organization.tenantId, async (tx) => {
      leased(await begin.execute(tx, join('b')));
      let ended = false;
      ending = endOf(first).then(() => (ended = true));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(ended).toBe(false);
    });
    await ending;
    expect((await offer(stretch)).standings).toMatchObject([{ state: 'live' }]);
    const b = await onlyLease();
    await rows('update runs set cancel_requested_at = now() where tenant_id = $1');
    const late = await tenants.transaction(organization.tenantId, (tx) => begin.execute(tx, join('c')));
    await rows('update runs set cancel_requested_at = null where tenant_id = $1');
    await endOf(b);
    const later = await tenants.transaction(organization.tenantId, (tx) => begin.execute(tx, join('c')));
    expect([late, later]).toEqual([{ outcome: 'superseded' }, { outcome: 'superseded' }]);
    expect((await offer(stretch)).standings).toEqual([{ state: 'over' }]);
  });

  it('gives the same lease again where the answer to an end got lost', async () => {
    await seed(chain(2));
    await offer([{ heads: [head('t0')], fused: true }]);
    const first = await onlyLease();
    const [, t1] = await endWithNext(first, 't1');
    const [outcome, nothing] = await endWithNext(first, 't1');
    expect([outcome, nothing.outcome]).toEqual(['duplicate', 'superseded']);
    const again = await tenants.transaction(organization.tenantId, (tx) =>
      next.repeat(tx, { runId: run.runId, ...head('t1'), runner: identity(), ended: { ...first, state: 'succeeded' } }),
    );
    expect(leased(again).lease).toMatchObject({ attemptId: leased(t1).lease.attemptId, fence: 1 });
    expect(leased(again).lease.grant).not.toBe(leased(t1).lease.grant);
  });

  it('fails a follower whose input cannot be made, at no cost', async () => {
    await seed([
      ...chain(1),
      { id: 't1', needs: ['t0'], fuse: 'follows', spec: { input: '${{ tasks.t0.output.deep.field }}' } },
    ]);
    await offer([{ heads: [head('t0')], fused: true }]);
    const [, t1] = await endWithNext(await onlyLease(), 't1', success('1'));
    expect(t1).toMatchObject({ outcome: 'ended', state: 'failed', reason: 'input_error' });
    expect(await slots()).toBe(0);
    const report = await offer([{ heads: [head('t0')], fused: true }]);
    expect(report.ends.at(-1)).toMatchObject({ taskId: 't1', state: 'failed', retryable: false });
    expect(report.outside).toBe(1);
  });

  it('divides what is ready by the room: a share of a fused stretch, one head a slot of others', async () => {
    const other = await ready();
    await seed(Array.from({ length: 20 }, (_, at) => ({ id: `t${at}`, fuse: 'begins' as const })));
    const heads = Array.from({ length: 20 }, (_, at) => head(`t${at}`));
    await offer([{ heads, fused: true }]);
    const made = await rows<{ runner_id: string; n: number }>(
      `select runner_id, jsonb_array_length(stretch -> 'heads') as n from attempts where tenant_id = $1 order by runner_id`,
    );
    expect(made).toEqual([
      { runner_id: runner < other ? runner : other, n: 9 },
      { runner_id: runner < other ? other : runner, n: 9 },
    ]);

    await seed(Array.from({ length: 9 }, (_, at) => ({ id: `s${at}` })));
    // The older run has nothing that waits in the pool: all of it was handed over with the stretch.
    await rows(`update task_instances set state = 'running' where tenant_id = $1 and task_id like 't%'`);
    const alone = await offer(Array.from({ length: 9 }, (_, at) => ({ heads: [head(`s${at}`)], fused: false })));
    expect(alone.standings.map(({ state }) => state)).toEqual([
      ...Array<string>(6).fill('live'),
      'no_room',
      'no_room',
      'no_room',
    ]);
  });

  it('never overtakes what waits in an older run, and offers nothing where that way is closed', async () => {
    await seed([{ id: 'a' }]);
    const older = run;
    await seed([{ id: 'b' }]);
    expect((await offer([{ heads: [head('b')], fused: false }])).standings).toEqual([{ state: 'no_room' }]);
    run = older;
    expect((await offer([{ heads: [head('a')], fused: false }], false)).standings).toEqual([{ state: 'no_room' }]);
    expect((await offer([{ heads: [head('a')], fused: false }])).standings).toMatchObject([{ state: 'live' }]);
  });

  it('settles what a lost runner held, and tells the ends that were committed before', async () => {
    await seed(chain(3));
    await offer([{ heads: [head('t0')], fused: true }]);
    const [, t1] = await endWithNext(await onlyLease(), 't1');
    await rows(`update runners set state = 'ended' where tenant_id = $1`);
    const seen = await offer([{ heads: [head('t0')], fused: true }]);
    expect(seen.standings).toEqual([{ state: 'over' }]);
    expect(seen.ends.map(({ taskId, state }) => [taskId, state])).toEqual([
      ['t0', 'succeeded'],
      ['t1', 'lost'],
    ]);
    const [late] = await endWithNext(leased(t1).lease, 't2');
    expect(late).toBe('stale');
    expect(await slots()).toBe(0);

    // The next try begins under a higher fence.
    await ready();
    await offer([{ heads: [head('t1', 2)], fused: true }]);
    expect((await onlyLease()).fence).toBe(2);
    const settle = new SettleStretch(versions);
    const stretch = { runId: run.runId, heads: [head('t1', 2)], fused: true, firstDispatch: 1 };
    const { ends } = await tenants.transaction(organization.tenantId, (tx) => settle.execute(tx, stretch));
    expect(ends).toMatchObject([{ taskId: 't1', dispatch: 2, state: 'lost', fence: 2 }]);
    expect(await slots()).toBe(0);
  });

  it('never repeats what had begun when it was ordered again, once that is under way or has succeeded', async () => {
    await seed(chain(2));
    await offer([{ heads: [head('t0')], fused: true }]);
    const lease = await onlyLease();
    // The run took the first order for returned.
    const again = [{ heads: [head('t0', 2)], fused: true }];
    expect((await offer(again)).standings).toMatchObject([
      { state: 'live', runners: [{ attemptId: lease.attemptId }] },
    ]);
    await tenants.transaction(organization.tenantId, (tx) =>
      end.execute(tx, { runId: run.runId, ...lease, runnerId: runner, end: success() }),
    );
    const seen = await offer(again);
    expect(seen.standings).toEqual([{ state: 'over' }]);
    expect(seen.ends).toMatchObject([{ taskId: 't0', dispatch: 2, fence: 1, state: 'succeeded' }]);
    const begun = await tenants.transaction(organization.tenantId, (tx) =>
      begin.execute(tx, { runId: run.runId, ...head('t0', 2), runner: identity() }),
    );
    expect(begun).toMatchObject({ outcome: 'ended', state: 'succeeded', fence: 1 });
    expect(await rows('select 1 from attempts where tenant_id = $1')).toHaveLength(1);
  });

  describe('a direct start', () => {
    const pushes: { readonly runnerId: string; readonly offer: OfferToPush }[] = [];
    const start = (pipeline: string, connected: readonly string[]) => {
      const runners = {
        connected: () => connected,
        push: (runnerId: string, made: OfferToPush) => void pushes.push({ runnerId, offer: made }),
      };
      const startRun = new StartRun(versions, new ParamsCheck(), new StartDirectly(runners, works, runs));
      return tenants.transaction(organization.tenantId, (tx) =>
        startRun.execute(tx, {
          environmentId: organization.environmentId,
          pipeline,
          params: '{}',
          trigger: 'api',
          createdBy: 'usr_test',
        }),
      );
    };
    beforeEach(() => void pushes.splice(0));

    const seedFused = async () =>
      (
        await seedPipeline(database.superuserUrl, organization, {
          tasks: [
            { id: 'a', plan: { fuse: 'begins' } },
            { id: 'b', plan: { fuse: 'begins' } },
            { id: 'c', plan: { fuse: 'follows', needs: ['a', 'b'] } },
            { id: 'secret', spec: { secrets: ['KEY'] } },
          ],
        })
      ).name;

    it('leases the roots that read nothing stored, with the run, and pushes them when it is committed', async () => {
      const runId = await start(await seedFused(), [runner]);
      expect(pushes).toHaveLength(1);
      expect(pushes[0]).toMatchObject({
        runnerId: runner,
        offer: {
          runId,
          try: 1,
          stretch: {
            first: { taskId: 'a', dispatch: 1 },
            heads: [{ taskId: 'b', dispatch: 1 }],
            followers: [{ taskId: 'c', needs: ['a', 'b'] }],
          },
        },
      });
      expect(
        await rows('select task_id, way, offered_at is not null as offered from attempts where tenant_id = $1'),
      ).toEqual([{ task_id: 'a', way: 'direct', offered: true }]);
      expect(await rows('select kind from outbox where tenant_id = $1')).toEqual([{ kind: 'start_run' }]);
      expect(await rows(`select state from runs where tenant_id = $1`)).toEqual([{ state: 'running' }]);
      run = { ...run, runId };
      const seen = await offer([
        { heads: [head('a'), head('b')], fused: true },
        { heads: [head('secret')], fused: false },
      ]);
      expect(seen.standings.map(({ state }) => state)).toEqual(['live', 'live']);
    });

    it('leaves the queue alone: nothing is leased behind work that waits, in a full pool, or without a runner', async () => {
      const pipeline = await seedFused();
      await start(pipeline, []);
      expect(pushes).toEqual([]);
      // That run waits, and the next one does so behind it.
      await start(pipeline, [runner]);
      expect(pushes).toEqual([]);
      await rows(`update task_instances set state = 'cancelled' where tenant_id = $1`);
      await rows(`update runners set slots = 1 where tenant_id = $1`);
      await start(pipeline, [runner]);
      expect(pushes).toHaveLength(1);
      await rows(`update task_instances set state = 'running' where tenant_id = $1 and state = 'queued'`);
      await start(pipeline, [runner]);
      expect(pushes).toHaveLength(1);
      await rows(`update runners set state = 'draining' where tenant_id = $1`);
      await rows(`update task_instances set state = 'cancelled' where tenant_id = $1`);
      await start(pipeline, [runner]);
      expect(pushes).toHaveLength(1);
    });
  });
});
