import type { PlanTask } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { lockAdmission } from '../adapters/pg/pg-attempt-lease.js';
import { appendFirstLeases, type PoolRoom, readRoom } from '../adapters/pg/pg-stretch.js';
import { isRoot } from '../admission.js';
import type { InstanceFacts, PinnedVersion } from '../attempt-lease.js';
import type { WorkSource } from '../attempt-work.js';
import type { DirectRunners } from '../direct-runners.js';
import type { KnownRuns } from '../known-runs.js';
import { grantHash, newGrant, readsNothingStored, resolveOrRefuse } from './begin-attempt.js';
import { divide, firstLease, type PlannedLease, slotsLeft, type StretchToLease } from './lease-stretch.js';
import { followersFor, type OfferToPush } from './offer-attempt.js';

/** A pool in which roots of the run could begin at once. */
export interface DirectPool {
  readonly name: string;
  readonly poolId: string;
  readonly tasks: readonly PlanTask[];
  readonly runners: readonly string[];
}

/** Leases the roots of a new run to connected runners, in the transaction that accepts it. */
export class StartDirectly {
  constructor(
    private readonly runners: DirectRunners,
    private readonly works: WorkSource,
    private readonly runs: KnownRuns,
  ) {}

  /** The pools with roots that read nothing stored and with runners at hand; nothing is asked of the database. */
  poolsOf(version: PinnedVersion, pools: InstanceFacts['pools']): readonly DirectPool[] {
    const roots = version.plan.tasks.filter((task) => isRoot(task) && readsNothingStored(version, task.id));
    return [...new Set(roots.map((task) => task.pool))].flatMap((name) => {
      const poolId = pools[name]?.poolId;
      const runners = poolId === undefined ? [] : this.runners.connected(poolId);
      if (poolId === undefined || runners.length === 0) return [];
      return [{ name, poolId, runners, tasks: roots.filter((task) => task.pool === name) }];
    });
  }

  /** To be sent behind the statement that inserts the run: the answers are good until the transaction ends. */
  async rooms(tx: TenantTransaction, runId: string, pools: readonly DirectPool[]): Promise<readonly PoolRoom[]> {
    if (pools.length === 0) return [];
    const [, ...rooms] = await Promise.all([
      lockAdmission(tx),
      ...pools.map(({ poolId, runners }) => readRoom(tx, poolId, runId, runners)),
    ]);
    return rooms;
  }

  /**
   * Leases what there is room for, and pushes it once the transaction has been committed. Gives the pools in which
   * runners have all roots of the run in hand.
   */
  async lease(
    tx: TenantTransaction,
    run: { readonly runId: string; readonly facts: InstanceFacts; readonly version: PinnedVersion },
    pools: readonly DirectPool[],
    rooms: readonly PoolRoom[],
  ): Promise<ReadonlySet<string>> {
    const { runId, facts } = run;
    const pushes: { readonly runnerId: string; readonly offer: OfferToPush }[] = [];
    const rows = [];
    const served = new Set<string>();
    const roots = new Map<string, number>();
    for (const task of run.version.plan.tasks.filter(isRoot)) roots.set(task.pool, (roots.get(task.pool) ?? 0) + 1);
    for (const [at, pool] of pools.entries()) {
      const room = rooms[at];
      // Whoever came first and waits goes first.
      if (room === undefined || room.others) continue;
      const stretches = stretchesOf(pool, runId);
      let inHand = 0;
      for (const [stretch, planned] of divide(stretches, room.runners, slotsLeft(facts, room.slotsInUse))) {
        for (const one of planned) {
          const made = await this.prepare(tx, run, { ...stretch, runId, firstDispatch: 1 }, one);
          if (made === undefined) continue;
          rows.push(made.row);
          inHand += 1 + one.rest.length;
          pushes.push({ runnerId: one.runner.runnerId, offer: made.offer });
        }
      }
      if (inHand === roots.get(pool.name)) served.add(pool.poolId);
    }
    if (rows.length === 0) return served;
    appendFirstLeases(tx, rows);
    this.runs.remember(tx, runId, facts);
    tx.afterCommit(() => {
      for (const { runnerId, offer } of pushes) this.runners.push(runnerId, offer);
    });
    return served;
  }

  private async prepare(
    tx: TenantTransaction,
    {
      runId,
      facts,
      version,
    }: { readonly runId: string; readonly facts: InstanceFacts; readonly version: PinnedVersion },
    stretch: StretchToLease,
    planned: PlannedLease,
  ) {
    const lease = firstLease(planned, stretch, facts, version, 'direct');
    const { id: attemptId, fence, taskId, mapIndex, dispatch } = lease;
    const work = await resolveOrRefuse(this.works, tx, { runId, taskId, mapIndex, attemptId, facts, version });
    // The mistake is found again, and put on record, when the workflow orders the task.
    if (work instanceof DomainError) return undefined;
    const grant = newGrant(attemptId);
    const pool = facts.pools[stretch.pool];
    if (pool === undefined) return undefined;
    const heads = planned.rest.map((head) => ({ ...head }));
    const offer: OfferToPush = {
      runId,
      lease: { attemptId, fence, grant, poolId: pool.poolId, size: pool.size },
      facts,
      version,
      work,
      try: lease.try,
      stretch: {
        runId,
        first: { taskId, mapIndex, dispatch },
        heads,
        followers: stretch.fused ? followersFor(version, [taskId, ...heads.map((head) => head.taskId)]) : [],
        firstDispatch: 1,
      },
    };
    return { row: { ...lease, grantHash: grantHash(grant) }, offer };
  }
}

/** All roots that may be fused are one stretch; each other is one of its own. */
function stretchesOf(pool: DirectPool, runId: string): StretchToLease[] {
  const head = (task: PlanTask) => ({ taskId: task.id, mapIndex: -1, dispatch: 1, try: 1 });
  const fused = pool.tasks.filter((task) => task.fuse !== undefined);
  const base = { runId, pool: pool.name, firstDispatch: 1 };
  return [
    ...(fused.length === 0 ? [] : [{ ...base, fused: true, heads: fused.map(head) }]),
    ...pool.tasks
      .filter((task) => task.fuse === undefined)
      .map((task) => ({ ...base, fused: false, heads: [head(task)] })),
  ];
}
