import type { TaskState, TerminalRunState, Transition } from '@millrace/contracts';

/** One try, as it went. Times are milliseconds from the beginning of the run. */
export interface RehearsedAttempt {
  readonly try: number;
  readonly startedAtMs: number;
  endedAtMs?: number;
  state: 'running' | 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost';
  reason?: string;
  message?: string;
}

export interface RehearsedInstance {
  /** -1 where the task is not mapped. */
  readonly mapIndex: number;
  state: TaskState;
  reason?: string;
  /** Tries that were made. */
  tries: number;
  /** JSON text of what the code got last; absent where it never ran. */
  input?: string;
  /** The task's own fields as the last try had them. */
  fields?: unknown;
  /** JSON text. */
  output?: string;
  readonly attempts: RehearsedAttempt[];
}

export interface RehearsedTask {
  readonly id: string;
  state: TaskState;
  reason?: string;
  /** Present once a mapped task knows its list. */
  mapLength?: number;
  /** By map index, those that have begun. */
  readonly instances: RehearsedInstance[];
}

/** How a rehearsed run went. */
export interface RehearsedRun {
  readonly state: TerminalRunState;
  readonly reason?: string;
  /** Virtual time from the creation of the run to its end. */
  readonly elapsedMs: number;
  /** JSON text, defaults filled in. */
  readonly params: string;
  readonly tasks: ReadonlyMap<string, RehearsedTask>;
  readonly transitions: readonly Transition[];
}
