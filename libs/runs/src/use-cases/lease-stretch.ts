import { planOf } from '@millrace/billing';
import type { Head, OfferedStretch } from '@millrace/contracts';
import { newId } from '@millrace/kernel';
import type { FirstLease, RunnerRoom } from '../adapters/pg/pg-stretch.js';
import type { InstanceFacts, PinnedVersion } from '../attempt-lease.js';

export interface StretchToLease extends OfferedStretch {
  readonly runId: string;
  readonly firstDispatch: number;
  /** Highest fence of each head's instance; absent: it has had no attempt. */
  readonly fences?: ReadonlyMap<string, number>;
}

/** One lease that is to be made: the first attempt of what one runner is handed. */
export interface PlannedLease {
  readonly runner: RunnerRoom;
  readonly first: Head;
  readonly rest: readonly Head[];
}

/**
 * Divides what is ready among the runners that have room: all of a fused stretch, in shares as the room is; of others one
 * head for each free slot, in their order.
 */
export function divide(
  stretches: readonly OfferedStretch[],
  runners: readonly RunnerRoom[],
  slotsLeft: number,
): ReadonlyMap<OfferedStretch, readonly PlannedLease[]> {
  const free = runners.map((runner) => ({ runner, free: runner.free }));
  const plans = new Map<OfferedStretch, readonly PlannedLease[]>();
  let left = slotsLeft;
  for (const stretch of stretches) {
    const open = free.filter((one) => one.free > 0).sort((a, b) => b.free - a.free);
    const lanes = Math.min(
      left,
      stretch.heads.length,
      open.reduce((sum, one) => sum + one.free, 0),
    );
    if (lanes <= 0) continue;
    const shares = spread(stretch.heads, open, lanes);
    for (const { place, heads, taken } of shares) {
      // The runner opens its other lanes by itself; until then the room is not given to anybody else here.
      place.free -= taken;
      left -= taken;
      const [first, ...rest] = heads;
      if (first === undefined) continue;
      plans.set(stretch, [...(plans.get(stretch) ?? []), { runner: place.runner, first, rest }]);
    }
  }
  return plans;
}

interface Place {
  readonly runner: RunnerRoom;
  free: number;
}

function spread(
  heads: readonly Head[],
  open: readonly Place[],
  lanes: number,
): { readonly place: Place; readonly heads: readonly Head[]; readonly taken: number }[] {
  const shares: { place: Place; heads: readonly Head[]; taken: number }[] = [];
  let at = 0;
  let lanesLeft = lanes;
  for (const place of open) {
    const taken = Math.min(place.free, lanesLeft);
    if (taken === 0) break;
    const count = Math.ceil(((heads.length - at) * taken) / lanesLeft);
    shares.push({ place, heads: heads.slice(at, at + count), taken });
    at += count;
    lanesLeft -= taken;
  }
  return shares;
}

/** How many more slots the organization may take. */
export function slotsLeft(facts: Pick<InstanceFacts, 'plan'>, slotsInUse: number): number {
  return planOf(facts.plan).limits.concurrentTasks - slotsInUse;
}

/** The row of a planned lease. */
export function firstLease(
  planned: PlannedLease,
  stretch: StretchToLease,
  facts: Pick<InstanceFacts, 'pools'>,
  version: PinnedVersion,
  way: FirstLease['way'],
): FirstLease {
  const { first, rest, runner } = planned;
  const pool = facts.pools[stretch.pool];
  const task = version.plan.tasks.find((one) => one.id === first.taskId);
  if (pool === undefined || task === undefined) throw new Error(`the run has no pool ${stretch.pool} or no such task`);
  return {
    runId: stretch.runId,
    taskId: first.taskId,
    mapIndex: first.mapIndex,
    dispatch: first.dispatch,
    id: newId('attempt'),
    fence: (stretch.fences?.get(`${first.taskId} ${first.mapIndex}`) ?? 0) + 1,
    try: first.try,
    maxTries: task.retry.maxAttempts,
    poolId: pool.poolId,
    runnerId: runner.runnerId,
    tier: runner.tier,
    size: pool.size,
    way,
    heads: rest,
    fused: stretch.fused,
    firstDispatch: stretch.firstDispatch,
  };
}
