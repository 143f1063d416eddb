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

/** True for attempts of the stretch: those that the workflow has ordered, and whatever has followed them. */
export function isWithin(scope: StretchScope, { taskId, mapIndex, dispatch }: StretchAttempt): boolean {
  const ordered = scope.heads.get(`${taskId} ${mapIndex}`);
  return ordered === undefined ? scope.followers.has(taskId) : dispatch === ordered;
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
    const { taskId, mapIndex, dispatch, fence, state, reason, retryable } = attempt;
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
