/** States of a run. The last three are terminal: nothing changes them. */
export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];
export type TerminalRunState = Extract<RunState, 'succeeded' | 'failed' | 'cancelled'>;

/** States of a task instance; `up_for_retry` and `sleeping` wait on a durable timer and hold no runner. */
export const taskStates = [
  'waiting',
  'queued',
  'running',
  'up_for_retry',
  'sleeping',
  'succeeded',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
] as const;
export type TaskState = (typeof taskStates)[number];
export type TerminalTaskState = Extract<
  TaskState,
  'succeeded' | 'failed' | 'skipped' | 'upstream_failed' | 'cancelled'
>;

/** States of an attempt: `leased` until its one end. `lost` is the platform's fault and costs nothing. */
export const attemptStates = ['leased', 'succeeded', 'failed', 'timed_out', 'cancelled', 'lost'] as const;
export type AttemptState = (typeof attemptStates)[number];
export type AttemptEndState = Exclude<AttemptState, 'leased'>;

export function isTerminalRunState(state: RunState): state is TerminalRunState {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export function isTerminalTaskState(state: TaskState): state is TerminalTaskState {
  return (
    state === 'succeeded' ||
    state === 'failed' ||
    state === 'skipped' ||
    state === 'upstream_failed' ||
    state === 'cancelled'
  );
}
