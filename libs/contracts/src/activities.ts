import type { AttemptEndState, AttemptState, RunState, TaskState, TerminalRunState } from './states.js';
import type { RunPlan, RunPool } from './plan.js';

/** The workflow that interprets one run; its id is the run's id. */
export const runWorkflowType = 'run';
/** The workflow that builds a deployment's dependencies; its id is the deployment's id. */
export const buildWorkflowType = 'build';
/** The workflow that carries out one delivery of a message; its id is the delivery's id. */
export const deliveryWorkflowType = 'delivery';
/** The one workflow that reconciles, seals and expires. */
export const maintenanceWorkflowType = 'maintenance';
/** The task queue of the orchestrator's workflows. */
export const orchestratorTaskQueue = 'orchestrator';
/** The task queue of deliveries to people. */
export const deliveryTaskQueue = 'deliveries';

export interface RunRef {
  readonly tenantId: string;
  readonly runId: string;
}

/** Names one task instance of a run; `mapIndex` is -1 where the task is not mapped. */
export interface InstanceRef extends RunRef {
  readonly taskId: string;
  readonly mapIndex: number;
}

/** Task queue of one runner alone. */
export function runnerTaskQueue(runnerId: string): string {
  return `runner-${runnerId}`;
}

export interface LoadedRun {
  readonly plan: RunPlan;
  readonly pools: Readonly<Record<string, RunPool>>;
  readonly cancelRequested: boolean;
  /** Present where the workflow takes over from one that is gone. */
  readonly record?: RunRecord;
}

/** A run as its rows tell of it, for a workflow that takes over from one that is gone without a trace. */
export interface RunRecord {
  /** How often the run was started again, this time included. */
  readonly restarts: number;
  /** Number of the newest transition. */
  readonly seq: number;
  /** False where the run is still to be recorded as running. */
  readonly running: boolean;
  /** Tasks of which the rows know more than that they wait. */
  readonly tasks: readonly TaskRecord[];
}

export interface TaskRecord {
  readonly taskId: string;
  readonly state: TaskState;
  /** Number of instances of a mapped task, once it is known. */
  readonly mapLength?: number;
  /** Instances that have ended, by their end; of a task that is not mapped, or was never expanded, its own. */
  readonly ends: Readonly<Partial<Record<TaskState, number>>>;
  /** Instances that have begun and not ended. */
  readonly open: readonly InstanceRecord[];
}

export interface InstanceRecord {
  readonly mapIndex: number;
  readonly state: TaskState;
  readonly reason?: string;
  readonly tries: number;
  readonly dispatch: number;
  /** Milliseconds since the epoch: when a wait is over. */
  readonly dueMs?: number;
  /** The newest attempt, if there is one. */
  readonly attempt?: {
    readonly state: AttemptState;
    readonly dispatch: number;
    readonly try: number;
    /** Milliseconds since the epoch. */
    readonly endedMs?: number;
  };
  /** Leases lost in a row before the newest attempt, and dispatches in a row that nobody began. */
  readonly losses: number;
  readonly unbegun: number;
}

/** What the expressions of a task say, asked once its needs are done. */
export interface TaskDecision {
  /** False: skip it. */
  readonly run: boolean;
  /** Length of the list that a mapped task is mapped over. */
  readonly mapLength?: number;
  /** Milliseconds that a `wait` task sleeps, from the moment of the question. */
  readonly waitMs?: number;
  /** An expression could not be evaluated: the task fails with this. */
  readonly error?: string;
}

/** One change of state of the run or of a task instance; `seq` counts from 1 within the run without gaps. */
export type Transition =
  | {
      readonly kind: 'task';
      readonly seq: number;
      readonly atMs: number;
      readonly taskId: string;
      readonly mapIndex: number;
      readonly state: TaskState;
      readonly reason?: string;
      /** Tries used so far and dispatches made so far. */
      readonly tries: number;
      readonly dispatch: number;
      readonly poolId?: string;
      readonly mapLength?: number;
    }
  | {
      readonly kind: 'run';
      readonly seq: number;
      readonly atMs: number;
      readonly state: RunState;
      readonly reason?: string;
    };

export interface ProjectionBatch extends RunRef {
  readonly transitions: readonly Transition[];
}

/** How one dispatch of a task instance ended, as the workflow sees it: no values, only what decides what comes next. */
export interface AttemptOutcome {
  readonly state: AttemptEndState;
  /** Whether the error's class allows a retry at all. */
  readonly retryable: boolean;
  /** Short machine-readable reason: `timeout`, `oom`, `exit_code`, `exception`, `input_error`, `worker_lost` … */
  readonly reason?: string;
  readonly fence: number;
}

/** One dispatch of one task instance; `mapIndex` is -1 where the task is not mapped. */
export interface DispatchRef {
  readonly taskId: string;
  readonly mapIndex: number;
  /** Rises by one with each dispatch of the instance, from 1. */
  readonly dispatch: number;
}

/** A task instance that the workflow has decided to run now. */
export interface Head extends DispatchRef {
  /** Which try of the retry policy this is, from 1. */
  readonly try: number;
}

/**
 * Work for one pool that is handed over as one: attempts that a runner executes back to back, on as many lanes (slots) as
 * are free. The heads are ready; tasks that the plan lets follow join as soon as their needs have succeeded.
 */
export interface Stretch extends RunRef {
  readonly heads: readonly Head[];
  /** True where tasks of the plan may follow the heads; else only the heads are executed. */
  readonly fused: boolean;
  /** Number of the first dispatch of a task that follows; greater than 1 where the run was started again. */
  readonly firstDispatch: number;
}

/** One attempt of a stretch has ended. */
export interface StretchEnd extends DispatchRef, AttemptOutcome {}

/** What became of a stretch that is over; heads that are not among the ends were never begun. */
export interface StretchReport {
  /** In an order in which the end of a need comes before those that follow it. */
  readonly ends: readonly StretchEnd[];
  /**
   * Present where it is not over: the runner answers early when it leaves something to the run or when one branch has
   * ended and others take long. It is joined again, by this attempt of it, to hear the rest.
   */
  readonly live?: {
    readonly runnerId: string;
    readonly attemptId: string;
    /** Heads and followers that it was to begin and will not. */
    readonly returned: readonly DispatchRef[];
  };
}

/** A stretch that the workflow offers, or has offered and waits for. */
export interface OfferedStretch {
  /** Name of the pool in the run's environment. */
  readonly pool: string;
  readonly heads: readonly Head[];
  readonly fused: boolean;
}

export interface OfferRound extends RunRef {
  readonly stretches: readonly OfferedStretch[];
  /** `outside` of the report before: as soon as there are more, they are told. */
  readonly outside?: number;
  readonly firstDispatch: number;
  /** False: do not lease what is not leased yet, only look. */
  readonly lease: boolean;
  /** How long to wait, at most, for something to happen: milliseconds. */
  readonly waitMs: number;
}

/** Where a stretch stands after a round, in the order of the round. */
export type StretchStanding =
  /** Nothing of it is under way; heads without an end were not begun. */
  | { readonly state: 'over' }
  /** Runners that hold leases of it, each with one of the attempts under way. */
  | { readonly state: 'live'; readonly runners: readonly { readonly runnerId: string; readonly attemptId: string }[] }
  /** No runner had room, or the pool has work that waits: nothing of it has begun. */
  | { readonly state: 'no_room' };

export interface OfferRoundReport {
  /** How many of the ends concern more than their stretch: failures, and those that other tasks wait for. */
  readonly outside?: number;
  /** Every end of an attempt of the stretches, whether told before or not. */
  readonly ends: readonly StretchEnd[];
  readonly standings: readonly StretchStanding[];
  /** How long the round took, in milliseconds: the workflow looks at what else has arrived once rounds have taken long. */
  readonly waitedMs?: number;
  /** True where the run is to be cancelled, whose signal may come later than this. */
  readonly cancelRequested?: boolean;
}

/** Joins a stretch that a runner has in hand; answered when it is over there. */
export interface AttachStretch extends RunRef {
  readonly runnerId: string;
  /** Any attempt of the stretch. */
  readonly attemptId: string;
}

/** Activities of the orchestrator: the only ones with a database. All idempotent. */
export interface ControlActivities {
  /** `restarted`: with what the rows hold of the run, since no workflow knows it any more. */
  loadRun(ref: RunRef & { readonly restarted?: boolean }): Promise<LoadedRun>;
  decideTask(ref: RunRef & { readonly taskId: string }): Promise<TaskDecision>;
  project(batch: ProjectionBatch): Promise<void>;
  /**
   * Offers stretches to runners that have room, settles what was lost on the way, and waits a moment for ends: returns as
   * soon as something has ended, or after `waitMs`.
   */
  offerStretches(round: OfferRound): Promise<OfferRoundReport>;
  /**
   * Called when a stretch ended without an answer (runner lost, heartbeat missed, nobody took it): gives the ends that
   * were committed after all, and ends its live leases as `lost`, frees their slots and writes ledger rows of 0.
   */
  settleStretch(stretch: Stretch): Promise<StretchReport>;
}

/** Activities of a runner: `attachStretch` on the task queue of its own, the others on the queue of its pool. */
export interface RunnerActivities {
  executeStretch(stretch: Stretch): Promise<StretchReport>;
  attachStretch(input: AttachStretch): Promise<StretchReport>;
  buildDependencies(input: BuildDependencies): Promise<BuildOutcome>;
}

export interface BuildDependencies {
  readonly tenantId: string;
  readonly deploymentId: string;
  readonly kind: 'npm' | 'pip';
  readonly bundleDigest: string;
  /** Digest of the dependency files: names the result. */
  readonly inputDigest: string;
}

export interface BuildOutcome {
  readonly ok: boolean;
  /** Digest of the built archive in the object store. */
  readonly objectDigest?: string;
  readonly sizeBytes?: number;
  /** Digests of what the build printed and of what was resolved: texts of the tenant, in the object store. */
  readonly logDigest?: string;
  readonly lockDigest?: string;
  /** The platform's own words, where there is no log. Runners of release 0.1 gave the texts themselves. */
  readonly log?: string;
  readonly lockText?: string;
}

/** Signals of the run workflow. */
export interface CancelSignal {
  readonly by: string;
  readonly reason: string;
}
/** The runner's connection closed and did not come back while it held these leases. */
export interface RunnerLostSignal {
  readonly runnerId: string;
  readonly leases: readonly { readonly taskId: string; readonly mapIndex: number; readonly dispatch: number }[];
}
export const cancelSignalName = 'cancel';
export const runnerLostSignalName = 'runnerLost';

/** What the run workflow returns. */
export interface RunResult {
  readonly state: TerminalRunState;
}
