/** How a mocked try of a task ends. */
export type MockAnswer =
  | { readonly output: unknown; readonly delay?: string }
  | {
      /** Message of the error. */
      readonly error: string;
      /** Code of the error, such as `http.503`: with `retryable` left out, the task's type says whether it is retried. */
      readonly code?: string;
      readonly retryable?: boolean;
      /** Virtual time that the try takes, such as `2s`. */
      readonly delay?: string;
    }
  /** The runner is lost: the platform's fault, tried again at no cost. */
  | { readonly lost: true; readonly delay?: string };

/** One try of one task instance, as a mock sees it. */
export interface MockCall {
  readonly task: string;
  /** Null where the task is not mapped. */
  readonly mapIndex: number | null;
  /** Which try of the retry policy this is, from 1. */
  readonly try: number;
  /** Counts every attempt, those that were lost included. */
  readonly attempt: number;
  /** The task's own fields (`url`, `statement`, …) with their expressions evaluated. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * What stands for the code of a task: an answer; a list of them, one for each try, of which the last is repeated; or a
 * function, often the task's own, that gets the input and gives the output or throws.
 */
export type Mock =
  | MockAnswer
  | readonly MockAnswer[]
  // The input is what the pipeline makes of it; the function says what it takes it for.
  | ((input: never, call: MockCall) => unknown);

export interface RehearseOptions<Params> {
  readonly params?: Partial<Params>;
  readonly mocks: Readonly<Record<string, Mock>>;
  /** Variables of the environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** When the run is created. */
  readonly startAt?: Date;
  /** Cancels the run after so many milliseconds of virtual time. */
  readonly cancelAfterMs?: number;
}

export type RehearsedTaskState =
  | 'waiting'
  | 'queued'
  | 'running'
  | 'up_for_retry'
  | 'sleeping'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'upstream_failed'
  | 'cancelled';

/** How one task went. */
export interface TaskOutcome {
  readonly state: RehearsedTaskState;
  readonly reason: string | undefined;
  /** Tries that were made; of a mapped task the most that one of its instances took. */
  readonly tries: number;
  /** What the code got last; of a mapped task a list by map index. */
  readonly input: unknown;
  readonly output: unknown;
  /** The task's own fields as the last try had them. */
  readonly fields: unknown;
  /** Message of the last error. */
  readonly error: string | undefined;
}

/** How a rehearsed run went. */
export interface RunOutcome {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  /** Virtual time from the creation of the run to its end. */
  readonly elapsedMs: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly tasks: Readonly<Record<string, TaskOutcome>>;
}
