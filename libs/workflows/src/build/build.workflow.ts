import { type BuildDependencies, type BuildOutcome, type RunnerActivities } from '@millrace/contracts';
import { ActivityFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

export interface BuildRef {
  readonly tenantId: string;
  readonly deploymentId: string;
}

/** What a deployment still needs built, and where. */
export interface LoadedBuild {
  readonly taskQueue: string;
  /** Empty when everything was built before, or when the deployment is over. */
  readonly steps: readonly BuildDependencies[];
}

export interface FinishedStep {
  readonly step: BuildDependencies;
  readonly outcome: BuildOutcome;
}

/** Control activities of the build workflow. Idempotent. */
export interface BuildActivities {
  loadBuild(ref: BuildRef): Promise<LoadedBuild>;
  /** Records what was built and makes the deployment ready, or failed. */
  finishBuild(input: BuildRef & { readonly steps: readonly FinishedStep[] }): Promise<void>;
}

const control = proxyLocalActivities<BuildActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** Builds the dependencies of one deployment on a runner of its organization. Its id is the deployment's id. */
export async function build(ref: BuildRef): Promise<void> {
  const { taskQueue, steps } = await control.loadBuild(ref);
  const runner = proxyActivities<RunnerActivities>({
    taskQueue,
    startToCloseTimeout: '20 minutes',
    heartbeatTimeout: '30 seconds',
    // A build has no effect but its result, so that a lost runner costs no more than time.
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 4 },
  });
  const finished: FinishedStep[] = [];
  for (const step of steps) {
    const outcome = await runner.buildDependencies(step).catch((error: unknown) => lost(error));
    finished.push({ step, outcome });
    if (!outcome.ok) break;
  }
  await control.finishBuild({ ...ref, steps: finished });
}

function lost(error: unknown): BuildOutcome {
  if (!(error instanceof ActivityFailure)) throw error;
  return { ok: false, log: 'The runner was lost several times while it built; deploy again to repeat the build.\n' };
}
