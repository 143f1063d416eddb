/**
 * When a task may start, judged on its needs once each of them is terminal (for a mapped need: its instances).
 * The names and meanings are Airflow's trigger rules.
 */
export const triggerRules = [
  'all_success',
  'all_failed',
  'all_done',
  'all_skipped',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
] as const;
export type TriggerRule = (typeof triggerRules)[number];

/** How often and when a failed try is repeated. Losses that are the platform's fault are repeated besides, free. */
export interface RetryPolicy {
  /** Tries in all, the first included: 1 means no retry. */
  readonly maxAttempts: number;
  readonly delayMs: number;
  /** Each further delay is the last one times this; 1 keeps it constant. */
  readonly factor: number;
  readonly maxDelayMs: number;
  /** `full` draws the delay evenly from 0 to the computed one (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
  readonly jitter: 'none' | 'full';
}

/** One node of the plan, everything resolved that can be known at deploy. */
export interface PlanTask {
  readonly id: string;
  /** `attempt`: a runner executes it; `wait`: a durable timer that holds no runner. */
  readonly kind: 'attempt' | 'wait';
  readonly needs: readonly string[];
  readonly trigger: TriggerRule;
  /** True where an expression decides whether the task runs (else it is skipped). */
  readonly conditional: boolean;
  /** Present where the task is mapped over a list. */
  readonly map?: { readonly maxConcurrency: number };
  readonly retry: RetryPolicy;
  /** From the start of the try to its forced end. */
  readonly timeoutMs: number;
  /** Name of the pool in the run's environment. */
  readonly pool: string;
  /**
   * Where the task may be part of a stretch, which one runner executes back to back: `begins` one (its start is the
   * workflow's to decide), or `follows` in it as soon as all its needs have succeeded there. Absent: it goes alone.
   */
  readonly fuse?: 'begins' | 'follows';
}

/**
 * What the workflow interprets: small, deterministic, independent of task types. Compiled once per version and never
 * changed afterwards; a new task type or default changes plans, not the interpreter.
 */
export interface RunPlan {
  readonly format: 1;
  readonly pipeline: string;
  /** In topological order. */
  readonly tasks: readonly PlanTask[];
  /** Task instances that may be in flight at once in one run. */
  readonly maxParallel: number;
}

/** What an attempt of one task is made from; expressions are still in it. */
export interface TaskSpec {
  readonly id: string;
  readonly type: string;
  /** The task type's own fields, with placeholders `${{ … }}` in place. */
  readonly config: unknown;
  /** The task's `input`, with placeholders; undefined means null. */
  readonly input?: unknown;
  readonly when?: string;
  readonly mapOver?: string;
  /** For `wait`: a duration in ms or an expression that gives an RFC 3339 time. */
  readonly wait?: { readonly forMs?: number; readonly until?: string };
  readonly secrets: readonly string[];
  readonly connections: readonly string[];
  readonly variables: readonly string[];
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly memoryBytes?: number;
  /** Asks for a sandbox that no other attempt uses, whatever the mode of the pool. */
  readonly sandbox?: 'fresh';
}

/** Everything of a version that the gateway needs to make attempts; the counterpart of `RunPlan`. */
export interface VersionSpec {
  readonly format: 1;
  readonly pipeline: string;
  readonly description?: string;
  /** JSON Schema (2020-12) of the params object. */
  readonly params: unknown;
  readonly concurrency?: { readonly maxActiveRuns: number; readonly onLimit: 'queue' | 'reject' };
  readonly tasks: Readonly<Record<string, TaskSpec>>;
  /** Digest of the runtime bundle (what is mounted at /bundle: the files as pushed, TypeScript compiled). */
  readonly bundleDigest: string;
  /** Digests of the object-store archives mounted at /deps, by kind. */
  readonly dependencies: { readonly npm?: string; readonly pip?: string };
}

/** A pool as a run sees it, resolved when the run is created and kept. */
export interface RunPool {
  readonly poolId: string;
  readonly taskQueue: string;
  readonly size: PoolSize;
}

export const poolSizes = ['xs', 's', 'm', 'l', 'xl', '2xl'] as const;
export type PoolSize = (typeof poolSizes)[number];

/** Outputs up to this many bytes of JSON text stay inline; larger ones go to the object store by digest. */
export const inlineOutputBytes = 256 * 1024;
/** The most that one task may return, in bytes of JSON text. */
export const maxOutputBytes = 64 * 1024 * 1024;
/** Losses of one task instance in a row after which it is failed as a poison pill (`worker_lost`). */
export const maxPlatformLosses = 5;
