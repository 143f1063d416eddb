/** What decides how many runners a pool should have. */
export interface PoolLoad {
  /** Task instances that are queued or running, and builds of dependencies. */
  readonly demand: number;
  readonly slotsPerRunner: number;
  readonly maxRunners: number;
  /** Task attempts that the organization's plan allows at the same time. */
  readonly concurrentTasks: number;
}

/** Runners that the pool should have now: enough for its demand, never more than the pool and the plan allow. */
export function wantedRunners(load: PoolLoad): number {
  if (load.demand <= 0) return 0;
  const enough = Math.ceil(load.demand / load.slotsPerRunner);
  const allowed = Math.min(load.maxRunners, Math.max(1, Math.ceil(load.concurrentTasks / load.slotsPerRunner)));
  return Math.min(enough, allowed);
}

/** A runner as scaling sees it. */
export interface RunnerLoad {
  readonly id: string;
  readonly draining: boolean;
  /** Live leases. */
  readonly leases: number;
  /** Milliseconds for which it has held none. */
  readonly idleMs: number;
}

export interface ScalingDecision {
  readonly start: number;
  /** Runners to be told to leave. None of them holds a lease. */
  readonly drain: readonly string[];
}

/**
 * What to do about a pool. Runners beyond what is wanted leave when they have been idle for the pool's idle time, so
 * that a pool does not breathe with every task; one that holds a lease is never asked.
 */
export function scale(wanted: number, runners: readonly RunnerLoad[], idleAfterMs: number): ScalingDecision {
  const active = runners.filter((runner) => !runner.draining);
  if (active.length <= wanted) return { start: wanted - active.length, drain: [] };
  const idle = active
    .filter((runner) => runner.leases === 0 && runner.idleMs >= idleAfterMs)
    .sort((a, b) => b.idleMs - a.idleMs);
  return { start: 0, drain: idle.slice(0, active.length - wanted).map(({ id }) => id) };
}
