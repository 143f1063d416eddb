import type {
  AttemptEndState,
  AttemptState,
  PoolSize,
  RunPlan,
  RunPool,
  RunState,
  VersionSpec,
} from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import type { VersionId } from '@millrace/kernel';

/** A runner as the platform registered it; nothing here is what the runner says of itself but for its tier. */
export interface RunnerIdentity {
  readonly runnerId: string;
  readonly poolId: string;
  readonly tier: string;
}

/** One dispatch of one task instance; `mapIndex` is -1 where the task is not mapped. */
export interface DispatchRef {
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  /** Rises by one with each dispatch of the instance, from 1. */
  readonly dispatch: number;
}

/** A lease as its holder names it in every write. */
export interface LeaseRef {
  readonly runId: string;
  readonly attemptId: string;
  readonly fence: number;
  /** Who writes: the runner that the connection belongs to. */
  readonly runnerId: string;
}

/**
 * Whether the fence decides. `off` accepts writes of leases that are over: a fault that tests switch on to see that
 * their checks can fail, and nothing else.
 */
export type Fencing = 'on' | 'off';

/** What became of a fenced write: `stale` says that the lease is not the live one; the refusal is on record. */
export type FencedOutcome = 'ok' | 'duplicate' | 'stale';

/** An attempt of an instance, as far as it decides who may begin. */
export interface AttemptOfInstance {
  readonly id: string;
  readonly fence: number;
  readonly dispatch: number;
  readonly state: AttemptState;
  readonly reason: string | null;
  readonly retryable: boolean | null;
  readonly runnerId: string | null;
}

/** The run of an instance and what the organization's plan allows, read when an attempt is about to begin. */
export interface InstanceFacts {
  readonly runState: RunState;
  readonly pipelineId: string;
  readonly pipeline: string;
  readonly versionId: VersionId;
  readonly environmentId: string;
  readonly environment: string;
  readonly organization: string;
  readonly plan: string;
  readonly params: string;
  readonly pools: Readonly<Record<string, RunPool>>;
  readonly runCreatedAt: Date;
  /** Slots that the organization holds in all its pools. */
  readonly slotsInUse: number;
  /** Newest fence first. */
  readonly attempts: readonly AttemptOfInstance[];
}

/** What begin decides before it looks at slots. */
export type BeginVerdict =
  | { readonly kind: 'begin'; readonly nextFence: number; readonly outdated: readonly string[] }
  /** The same runner asks again for what it holds. */
  | { readonly kind: 'again'; readonly attempt: AttemptOfInstance }
  | { readonly kind: 'ended'; readonly attempt: AttemptOfInstance & { readonly state: AttemptEndState } }
  | { readonly kind: 'superseded' };

/**
 * Who may hold the instance: the newest dispatch, once. A repeat by the holder gets the same lease; leases of older
 * dispatches are outdated by a newer one.
 */
export function judgeBegin(facts: InstanceFacts, dispatch: number, runnerId: string): BeginVerdict {
  const same = facts.attempts.find((attempt) => attempt.dispatch === dispatch);
  if (same !== undefined) {
    if (hasEnded(same)) return { kind: 'ended', attempt: same };
    return same.runnerId === runnerId ? { kind: 'again', attempt: same } : { kind: 'superseded' };
  }
  const over = facts.runState !== 'queued' && facts.runState !== 'running';
  // Ordered again, because it was taken for returned when it had begun: nothing that has succeeded is repeated.
  const success = facts.attempts.find((attempt) => attempt.state === 'succeeded');
  if (success !== undefined && hasEnded(success)) return { kind: 'ended', attempt: success };
  if (over || facts.attempts.some((attempt) => attempt.dispatch > dispatch)) return { kind: 'superseded' };
  return {
    kind: 'begin',
    nextFence: Math.max(0, ...facts.attempts.map((attempt) => attempt.fence)) + 1,
    outdated: facts.attempts.filter((attempt) => attempt.state === 'leased').map((attempt) => attempt.id),
  };
}

function hasEnded(attempt: AttemptOfInstance): attempt is AttemptOfInstance & { readonly state: AttemptEndState } {
  return attempt.state !== 'leased';
}

/** A pinned version, parsed; the source may cache it, since a version never changes. */
export interface PinnedVersion {
  readonly plan: RunPlan;
  readonly spec: VersionSpec;
}

export interface VersionSource {
  /** @throws DomainError `not_found` where the tenant has no such version. */
  get(tx: TenantTransaction, versionId: VersionId): Promise<PinnedVersion>;
}

/** A lease that was made: everything about it that the plan and the clock decide, nothing that the tenant wrote. */
export interface Lease {
  readonly attemptId: string;
  readonly fence: number;
  /** Opaque handle of the attempt; the database holds its hash only. */
  readonly grant: string;
  readonly poolId: string;
  readonly size: PoolSize;
}
