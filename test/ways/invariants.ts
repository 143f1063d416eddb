import { isTerminalTaskState, type TaskState } from '@millrace/contracts';
import { type AttemptView, type InstanceView, isIdle, keyOf, type LedgerView, type Told } from './answer.js';

/** Shortest compute that is billed for an attempt that started, in milliseconds. */
const minimumComputeMs = 1_000;

const categories: Readonly<Record<string, readonly string[]>> = {
  succeeded: ['useful'],
  cancelled: ['cancelled'],
  lost: ['platformFault'],
  failed: ['retried', 'failed'],
  timed_out: ['retried', 'failed'],
};

/** What must hold for every run that has ended, cancelled or not; gives what does not, in words. */
export function broken(told: Told): string[] {
  const { run, instances, attempts } = told;
  const found: string[] = [];
  if (!['succeeded', 'failed', 'cancelled'].includes(run.state)) found.push(`the run is ${run.state}`);
  if (run.reason === 'platform_fault') found.push('the run ended by a fault of the platform');
  for (const instance of instances) {
    const own = attempts.filter((attempt) => keyOf(attempt) === keyOf(instance));
    found.push(...ofInstance(instance, own, instances).map((what) => `${keyOf(instance)}: ${what}`));
  }
  for (const attempt of attempts) {
    const known = instances.some((instance) => keyOf(instance) === keyOf(attempt));
    if (!known) found.push(`${keyOf(attempt)}#${attempt.fence}: an attempt of an instance that nobody tells of`);
    found.push(...ofAttempt(attempt, told.ledger).map((what) => `${keyOf(attempt)}#${attempt.fence}: ${what}`));
  }
  for (const entry of told.ledger) {
    if (!attempts.some(({ id }) => id === entry.attemptId)) found.push('a ledger entry of no attempt of the run');
  }
  found.push(...ofStarts(told));
  const states = new Set(instances.map(({ state }) => state));
  if (run.state === 'succeeded' && states.has('cancelled')) found.push('the run succeeded with a cancelled task');
  return found;
}

function ofInstance(
  { state, mapLength, instances, taskId, mapIndex }: InstanceView,
  own: readonly AttemptView[],
  all: readonly InstanceView[],
): string[] {
  const found: string[] = [];
  if (!isTerminalTaskState(state as TaskState)) found.push(`has not ended but is ${state}`);
  if (mapIndex < 0 && mapLength !== null) {
    if (own.length > 0) found.push('a list as a whole has attempts');
    const members = all.filter((one) => one.taskId === taskId && one.mapIndex >= 0);
    const counted = Object.values(instances ?? {}).reduce((sum, number) => sum + number, 0);
    if (state !== 'cancelled' && counted !== mapLength) found.push(`counts ${counted} of ${mapLength} instances`);
    if (members.length > mapLength) found.push(`has ${members.length} of ${mapLength} instances`);
    return found;
  }
  const succeeded = own.filter((attempt) => attempt.state === 'succeeded');
  if (succeeded.length > 1) found.push(`${succeeded.length} attempts succeeded`);
  const [success] = succeeded;
  if (success !== undefined && state !== 'succeeded') found.push(`is ${state} though an attempt succeeded`);
  if (success !== undefined && own.some(({ fence }) => fence > success.fence))
    found.push('was repeated after its success');
  if (state === 'succeeded' && own.length > 0 && success === undefined)
    found.push('succeeded without an attempt that did');
  if ((state === 'skipped' || state === 'upstream_failed') && own.length > 0)
    found.push(`is ${state} and has attempts`);
  const fences = own.map(({ fence }) => fence);
  if (new Set(fences).size !== fences.length) found.push('two attempts have one fence');
  const tries = own.filter((attempt) => attempt.state !== 'lost').map((attempt) => attempt.try);
  if (new Set(tries).size !== tries.length) found.push('a try was used twice');
  return found;
}

function ofAttempt(attempt: AttemptView, ledger: readonly LedgerView[]): string[] {
  const { id, state, startedAt, wallMs } = attempt;
  if (state === 'leased') return ['has not ended'];
  const found: string[] = [];
  if (state === 'lost' && !isIdle(attempt))
    found.push(`was lost (${attempt.reason ?? 'no reason'}) though nothing was killed`);
  const compute = ledger.filter((entry) => entry.attemptId === id && entry.meter === 'compute_ms');
  const [entry] = compute;
  if (entry === undefined || compute.length > 1) return [...found, `${compute.length} compute entries`];
  if (categories[state]?.includes(entry.category) !== true) found.push(`${state}, charged as ${entry.category}`);
  const free = startedAt === null || state === 'lost';
  const due = free ? 0 : Math.max(minimumComputeMs, wallMs ?? 0);
  // Both are rounded to milliseconds, each in its own place.
  if (Math.abs(entry.quantity - due) > 1) found.push(`${entry.quantity} ms charged, ${due} ms due`);
  return found;
}

/** Each instance that started pays for one run of a task, and no other. */
function ofStarts({ instances, attempts, ledger }: Told): string[] {
  return instances.flatMap((instance) => {
    const key = keyOf(instance);
    const ids = attempts.filter((attempt) => keyOf(attempt) === key).map(({ id }) => id);
    const charged = ledger.filter(({ meter, attemptId }) => meter === 'task_run' && ids.includes(attemptId ?? ''));
    const started = attempts.some(
      (attempt) => keyOf(attempt) === key && attempt.startedAt !== null && attempt.state !== 'lost',
    );
    const due = started ? 1 : 0;
    return charged.length === due ? [] : [`${key}: ${charged.length} runs of a task charged, ${due} due`];
  });
}
