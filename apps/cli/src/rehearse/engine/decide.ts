import type { TaskDecision, TaskSpec } from '@millrace/contracts';
import { evaluate, evaluateCondition, evaluateList, type ExpressionScope } from '@millrace/expressions';
import { DomainError } from '@millrace/kernel';

/** The longest that a `wait` may take, as on the platform. */
const maxWaitMs = 366 * 24 * 3_600_000;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** What decides about a task once its needs are done: the rules of the platform. */
export function decide(task: TaskSpec, scope: ExpressionScope, nowMs: number): TaskDecision {
  try {
    if (task.when !== undefined && !evaluateCondition(task.when, scope)) return { run: false };
    const mapLength = task.mapOver === undefined ? undefined : evaluateList(task.mapOver, scope).length;
    const waitMs = task.wait === undefined ? undefined : waitOf(task.wait, scope, nowMs);
    return {
      run: true,
      ...(mapLength === undefined ? {} : { mapLength }),
      ...(waitMs === undefined ? {} : { waitMs }),
    };
  } catch (error) {
    if (error instanceof DomainError) return { run: false, error: `${error.code}: ${error.message}`.slice(0, 300) };
    throw error;
  }
}

function waitOf(wait: NonNullable<TaskSpec['wait']>, scope: ExpressionScope, nowMs: number): number {
  if (wait.forMs !== undefined) return wait.forMs;
  if (wait.until === undefined) return 0;
  const value = JSON.parse(evaluate(wait.until, scope)) as unknown;
  if (typeof value === 'number') return inLimits(Math.round(value * 1_000));
  if (typeof value === 'string' && rfc3339.test(value)) return inLimits(Date.parse(value) - nowMs);
  throw new DomainError(
    'invalid',
    'wait.bad_time',
    'what to wait for is neither a number of seconds nor an RFC 3339 time with an offset',
  );
}

function inLimits(ms: number): number {
  if (ms <= maxWaitMs) return Math.max(0, ms);
  throw new DomainError('invalid', 'wait.too_long', 'the time to wait until is more than 366 days away');
}
