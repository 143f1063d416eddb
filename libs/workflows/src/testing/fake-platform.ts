import {
  type AttemptOutcome,
  type BuildDependencies,
  type BuildOutcome,
  type ControlActivities,
  type ExecuteAttempt,
  type InstanceRef,
  type LoadedRun,
  type PlanTask,
  type RunPlan,
  type RunRecord,
  type RunnerActivities,
  type TaskDecision,
  type Transition,
} from '@millrace/contracts';

export const succeeded: AttemptOutcome = { state: 'succeeded', retryable: false, fence: 1 };

/** A task of a plan, everything about it ordinary but what is given. */
export function planTask(id: string, needs: readonly string[] = [], more: Partial<PlanTask> = {}): PlanTask {
  return {
    id,
    kind: 'attempt',
    needs,
    trigger: 'all_success',
    conditional: false,
    retry: { maxAttempts: 1, delayMs: 0, factor: 2, maxDelayMs: 60_000, jitter: 'none' },
    timeoutMs: 60_000,
    pool: 'default',
    ...more,
  };
}

/** What stands behind the activities of the run workflow in its specs: plain memory. */
export class FakePlatform {
  readonly transitions: Transition[] = [];
  readonly batches: number[] = [];
  readonly dispatched: ExecuteAttempt[] = [];
  cancelRequested = false;
  /** What the rows hold of a run that is started again. */
  record: RunRecord | undefined;
  decide: (taskId: string) => TaskDecision = () => ({ run: true });
  execute: (input: ExecuteAttempt) => Promise<AttemptOutcome> = () => Promise.resolve(succeeded);
  settle: (ref: InstanceRef & { readonly dispatch: number }) => AttemptOutcome = () => ({
    state: 'lost',
    retryable: true,
    reason: 'worker_lost',
    fence: 1,
  });
  beforeProject: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly plan: RunPlan,
    private readonly runnerQueue: string,
  ) {}

  readonly control: ControlActivities = {
    loadRun: ({ restarted }): Promise<LoadedRun> =>
      Promise.resolve({
        plan: this.plan,
        pools: { default: { poolId: 'pool_1', taskQueue: this.runnerQueue, size: 's' } },
        cancelRequested: this.cancelRequested,
        ...(restarted === true && this.record !== undefined ? { record: this.record } : {}),
      }),
    decideTask: ({ taskId }) => Promise.resolve(this.decide(taskId)),
    project: async ({ transitions }) => {
      await this.beforeProject();
      const known = this.transitions.at(-1)?.seq ?? this.record?.seq ?? 0;
      const fresh = transitions.filter(({ seq }) => seq > known);
      if (fresh[0] !== undefined && fresh[0].seq !== known + 1) throw new Error(`${fresh[0].seq} came after ${known}`);
      this.batches.push(fresh.length);
      this.transitions.push(...fresh);
    },
    settleDispatch: (ref) => Promise.resolve(this.settle(ref)),
  };

  readonly runner: RunnerActivities = {
    executeAttempt: (input) => {
      this.dispatched.push(input);
      return this.execute(input);
    },
    buildDependencies: (_: BuildDependencies): Promise<BuildOutcome> => Promise.reject(new Error('not here')),
  };

  /** The states of an instance in the order in which they were projected. */
  states(taskId: string, mapIndex = -1): string[] {
    return this.transitions
      .filter((one) => one.kind === 'task' && one.taskId === taskId && one.mapIndex === mapIndex)
      .map(({ state }) => state);
  }

  get runState(): string | undefined {
    return this.transitions.findLast((one) => one.kind === 'run')?.state;
  }
}
