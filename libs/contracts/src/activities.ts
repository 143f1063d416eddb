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

export interface ExecuteAttempt extends InstanceRef {
  /** Rises by one with each dispatch of the instance, from 1. */
  readonly dispatch: number;
  /** Which try of the retry policy this is, from 1. */
  readonly try: number;
  readonly timeoutMs: number;
}

/** Activities of the orchestrator: the only ones with a database. All idempotent. */
export interface ControlActivities {
  /** `restarted`: with what the rows hold of the run, since no workflow knows it any more. */
  loadRun(ref: RunRef & { readonly restarted?: boolean }): Promise<LoadedRun>;
  decideTask(ref: RunRef & { readonly taskId: string }): Promise<TaskDecision>;
  project(batch: ProjectionBatch): Promise<void>;
  /**
   * Called when a dispatch ended without an answer (runner lost, heartbeat missed, nobody took it): gives the end that
   * was committed after all, or ends the lease as `lost`, frees its slot and writes a ledger row of 0.
   */
  settleDispatch(ref: InstanceRef & { readonly dispatch: number }): Promise<AttemptOutcome>;
}

/** Activities of a runner, on the task queue of its pool. */
export interface RunnerActivities {
  executeAttempt(input: ExecuteAttempt): Promise<AttemptOutcome>;
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
