import {
  type AttemptOutcome,
  type BuildDependencies,
  type BuildOutcome,
  type ControlActivities,
  type DispatchRef,
  type Head,
  type LoadedRun,
  type PlanTask,
  type RunnerActivities,
  type RunPlan,
  type RunRecord,
  type TaskDecision,
  type Transition,
} from '@millrace/contracts';
import { type FakeAttempt, FakeRunner } from './fake-runner.js';

export { type FakeAttempt } from './fake-runner.js';

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

/** A task that may be part of a stretch: it begins one where it has no needs, else it follows them. */
export function fusedTask(id: string, needs: readonly string[] = [], more: Partial<PlanTask> = {}): PlanTask {
  return planTask(id, needs, { fuse: needs.length === 0 ? 'begins' : 'follows', ...more });
}

/** What stands behind the activities of the run workflow in its specs: plain memory. */
export class FakePlatform {
  readonly transitions: Transition[] = [];
  readonly batches: number[] = [];
  /** Names of activities in the order in which they were called. */
  readonly calls: (keyof ControlActivities | 'executeStretch' | 'attachStretch')[] = [];
  cancelRequested = false;
  /** What the rows hold of a run that is started again. */
  record: RunRecord | undefined;
  decide: (taskId: string) => TaskDecision = () => ({ run: true });
  execute: (attempt: FakeAttempt) => Promise<AttemptOutcome> = () => Promise.resolve(succeeded);
  /** How an attempt is said to have ended that never told; `undefined` where it never began. */
  settle: (ref: DispatchRef) => AttemptOutcome | undefined = () => undefined;
  beforeProject: () => Promise<void> = () => Promise.resolve();
  readonly work: FakeRunner;

  constructor(
    private readonly plan: RunPlan,
    private readonly poolQueue: string,
    /** Names the runner that work is offered to: its own queue is made of it. */
    readonly runnerId = 'rnr_fake',
  ) {
    this.work = new FakeRunner(plan, runnerId, {
      execute: (attempt) => this.execute(attempt),
      settle: (ref) => this.settle(ref),
    });
  }

  readonly control: ControlActivities = {
    loadRun: ({ restarted }): Promise<LoadedRun> => {
      this.calls.push('loadRun');
      return Promise.resolve({
        plan: this.plan,
        pools: { default: { poolId: 'pool_1', taskQueue: this.poolQueue, size: 's' } },
        cancelRequested: this.cancelRequested,
        ...(restarted === true && this.record !== undefined ? { record: this.record } : {}),
      });
    },
    decideTask: ({ taskId }) => {
      this.calls.push('decideTask');
      return Promise.resolve(this.decide(taskId));
    },
    project: async ({ transitions }) => {
      this.calls.push('project');
      await this.beforeProject();
      const known = this.transitions.at(-1)?.seq ?? this.record?.seq ?? 0;
      const fresh = transitions.filter(({ seq }) => seq > known);
      if (fresh[0] !== undefined && fresh[0].seq !== known + 1) throw new Error(`${fresh[0].seq} came after ${known}`);
      this.batches.push(fresh.length);
      this.transitions.push(...fresh);
    },
    offerStretches: (round) => {
      this.calls.push('offerStretches');
      return this.work.offer(round);
    },
    settleStretch: (stretch) => {
      this.calls.push('settleStretch');
      return Promise.resolve(this.work.settle(stretch));
    },
  };

  readonly runner: RunnerActivities = {
    executeStretch: (stretch) => {
      this.calls.push('executeStretch');
      return this.work.execute(stretch);
    },
    attachStretch: (input) => {
      this.calls.push('attachStretch');
      return this.work.attach(input);
    },
    buildDependencies: (_: BuildDependencies): Promise<BuildOutcome> => Promise.reject(new Error('not here')),
  };

  /** Attempts that began, in their order. */
  get dispatched(): readonly Head[] {
    return this.work.begun;
  }

  count(call: FakePlatform['calls'][number]): number {
    return this.calls.filter((one) => one === call).length;
  }

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
