import type {
  AttemptOutcome,
  BuildDependencies,
  BuildOutcome,
  ExecuteAttempt,
  RunnerActivities,
} from '@millrace/contracts';
import {
  ActivityCancellationType,
  defineSignal,
  proxyActivities,
  setHandler,
  CancellationScope,
} from '@temporalio/workflow';

export const stopSignal = defineSignal('stop');

/** One dispatch, as the run workflow makes it; what became of it, in words. For the runner's specs. */
export async function dispatch(taskQueue: string, input: ExecuteAttempt): Promise<AttemptOutcome | string> {
  const { executeAttempt } = proxyActivities<RunnerActivities>({
    taskQueue,
    retry: { maximumAttempts: 1 },
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  const scope = new CancellationScope();
  setHandler(stopSignal, () => scope.cancel());
  try {
    return await scope.run(() => executeAttempt(input));
  } catch (error) {
    return error instanceof Error
      ? `failed: ${(error.cause as Error | undefined)?.message ?? error.message}`
      : 'failed';
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
