import type {
  AttachStretch,
  BuildDependencies,
  BuildOutcome,
  RunnerActivities,
  Stretch,
  StretchReport,
} from '@millrace/contracts';
import {
  ActivityCancellationType,
  ApplicationFailure,
  defineSignal,
  proxyActivities,
  setHandler,
  CancellationScope,
} from '@temporalio/workflow';

export const stopSignal = defineSignal('stop');

/** One stretch of the pool's queue, as the run workflow makes it; what became of it, in words. For the runner's specs. */
export function dispatch(taskQueue: string, input: Stretch): Promise<StretchReport | string> {
  const { executeStretch } = proxyActivities<RunnerActivities>({ taskQueue, ...options });
  return untilStopped(() => executeStretch(input));
}

/** Joins what a runner has in hand. */
export function attach(taskQueue: string, input: AttachStretch): Promise<StretchReport | string> {
  const { attachStretch } = proxyActivities<RunnerActivities>({ taskQueue, ...options });
  return untilStopped(() => attachStretch(input));
}

const options = {
  retry: { maximumAttempts: 1 },
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

async function untilStopped(work: () => Promise<StretchReport>): Promise<StretchReport | string> {
  const scope = new CancellationScope();
  setHandler(stopSignal, () => scope.cancel());
  try {
    return await scope.run(work);
  } catch (error) {
    const { cause, message } = error instanceof Error ? error : new Error('no error');
    if (cause instanceof ApplicationFailure) return `${cause.type}: ${cause.message}`;
    return `failed: ${cause instanceof Error ? cause.message : message}`;
  }
}

/** One build, as the build workflow makes it. */
export function buildOne(taskQueue: string, input: BuildDependencies): Promise<BuildOutcome> {
  const { buildDependencies } = proxyActivities<RunnerActivities>({
    taskQueue,
    retry: { maximumAttempts: 2 },
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
  });
  return buildDependencies(input);
}
