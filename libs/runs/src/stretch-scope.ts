import {
  followersOf,
  type OfferedStretch,
  type RunPlan,
  type StretchEnd,
  type StretchStanding,
} from '@millrace/contracts';
import type { StretchAttempt } from './adapters/pg/pg-stretch.js';

/** What belongs to a stretch: its heads by dispatch, and the tasks that may follow them. */
export interface StretchScope {
  readonly tasks: ReadonlySet<string>;
  readonly followers: ReadonlySet<string>;
  readonly heads: ReadonlyMap<string, number>;
}

export function scopeOf(plan: RunPlan, { heads, fused }: Pick<OfferedStretch, 'heads' | 'fused'>): StretchScope {
  const headIds = new Set(heads.map(({ taskId }) => taskId));
  const followers = new Set(fused ? followersOf(plan, headIds).map(({ id }) => id) : []);
  return {
    tasks: new Set([...headIds, ...followers]),
    followers,
    heads: new Map(heads.map(({ taskId, mapIndex, dispatch }) => [`${taskId} ${mapIndex}`, dispatch])),
  };
}

/**
 * True for attempts of the stretch: those that the workflow has ordered, and whatever has followed them. A runner may have
 * begun what the workflow took for returned and has ordered again: where that is under way or has succeeded, it is what
 * was ordered.
 */
export function isWithin(scope: StretchScope, { taskId, mapIndex, dispatch, state }: StretchAttempt): boolean {
  const ordered = scope.heads.get(`${taskId} ${mapIndex}`);
  if (ordered === undefined) return scope.followers.has(taskId);
  return dispatch === ordered || (dispatch < ordered && (state === 'leased' || state === 'succeeded'));
}

/** `undefined`: nothing of it has begun. */
export function standingOf(scope: StretchScope, attempts: readonly StretchAttempt[]): StretchStanding | undefined {
  const own = attempts.filter((attempt) => isWithin(scope, attempt));
  const live = own.filter(({ state }) => state === 'leased');
  if (live.length > 0) {
    const byRunner = new Map(live.map(({ runnerId, id }) => [runnerId ?? '', id]));
    return { state: 'live', runners: [...byRunner].map(([runnerId, attemptId]) => ({ runnerId, attemptId })) };
  }
  const begun = own.some(({ taskId, mapIndex }) => scope.heads.has(`${taskId} ${mapIndex}`));
  return begun ? { state: 'over' } : undefined;
}

export function endsOf(scope: StretchScope, attempts: readonly StretchAttempt[]): StretchEnd[] {
  return attempts.flatMap((attempt) => {
    if (attempt.state === 'leased' || !isWithin(scope, attempt)) return [];
    const { taskId, mapIndex, fence, state, reason, retryable } = attempt;
    const dispatch = scope.heads.get(`${taskId} ${mapIndex}`) ?? attempt.dispatch;
    return [
      {
        taskId,
        mapIndex,
        dispatch,
        fence,
        state,
        retryable: retryable ?? false,
        ...(reason === null ? {} : { reason }),
      },
    ];
  });
}

/** How many of the ends somebody outside of the stretch may wait for. */
export function countOutside(plan: RunPlan, scope: StretchScope, ends: readonly StretchEnd[]): number {
  const waitedFor = new Set(plan.tasks.filter(({ id }) => !scope.followers.has(id)).flatMap(({ needs }) => needs));
  return ends.filter(({ taskId, state }) => state !== 'succeeded' || waitedFor.has(taskId)).length;
}
