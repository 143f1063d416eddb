import type { KeepLimits } from './keep-limits.js';
import type { EgressGuard } from './egress/guard.js';
import type { EgressRefusal } from './egress/policy.js';
import type { SandboxBundle, SandboxJob, SandboxLimits, SandboxMode } from './job.js';
import type { SandboxResult } from './result.js';
import type { SandboxTier } from './tier.js';

/** What the host tells of itself; an adapter over the process's own logger. */
export interface SandboxLogger {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface SandboxHostOptions {
  /** The tier found by `detectTier`, or `none` by the operator's choice. */
  readonly tier: SandboxTier;
  /** A directory of this host's own, writable by it and readable by `runAs`. Emptied at the start and at the end. */
  readonly workDir: string;
  /** Node binary for the tasks; the running one where left out. */
  readonly nodePath?: string;
  /** Python 3 binary for the tasks; without one, Python tasks are refused. */
  readonly pythonPath?: string;
  readonly bubblewrapPath?: string;
  /** The bundled init program; the one that ships with this package where left out. */
  readonly initPath?: string;
  /** Built-in programs by name: host paths of self-contained ES modules that export `run(config, ctx)`. */
  readonly builtins?: Readonly<Record<string, string>>;
  /** The pool's size: what every warm spare has, and the most that a job may ask for. */
  readonly limits?: Partial<SandboxLimits>;
  /** `fresh` where left out. */
  readonly mode?: SandboxMode;
  /** What modes `run` and `reuse` may keep; the defaults of `keepDefaults` where left out. */
  readonly keep?: Partial<KeepLimits>;
  /** Warm spares per bundle (1 where left out; 0 starts every attempt cold). */
  readonly spares?: number;
  /** Bundles that keep warm spares at the same time, the most recently used (2 where left out). */
  readonly warmBundles?: number;
  /** The uid and gid that sandboxes run under as seen from outside. Needed when this process is root, refused otherwise. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
  /** Milliseconds between TERM and KILL when an attempt is cancelled or out of time (5,000 where left out). */
  readonly graceMs?: number;
  /** The way out; tests give one that dials nowhere. */
  readonly guard?: EgressGuard;
  readonly logger?: SandboxLogger;
}

export interface SandboxHandlers {
  /**
   * What the task wrote, as it was written: chunks, not lines (`LogLines` makes lines of them). A promise makes the
   * task wait before it can write more.
   */
  onLog?(stream: 'stdout' | 'stderr', bytes: Uint8Array, atMs: number): void | Promise<void>;
  /** The first instruction of the user's code is about to run. */
  onStarted?(): void;
  /** The guard refused a connection; for the attempt's log. */
  onEgressRefused?(refusal: EgressRefusal): void;
}

export interface SandboxExecution {
  /** Never rejects: whatever happens is a result. */
  readonly done: Promise<SandboxResult>;
  /** TERM to everything inside, the grace, KILL of the namespace. Repeated with a grace of 0 it kills at once. */
  cancel(reason: string, options?: { readonly graceMs?: number }): void;
  /** Deletes the collected artifacts; call it when they have been stored. */
  release(): Promise<void>;
}

/** Starts, limits and stops the sandboxes of one runner process, which belongs to one pool of one tenant. */
export interface SandboxHost {
  /** Warms spares for the bundle; resolves when the first one is ready. Optional: `execute` does it by itself. */
  prepare(bundle: SandboxBundle, options?: { readonly python?: boolean }): Promise<void>;
  /**
   * Executes one attempt.
   * @throws DomainError `invalid` for a job that cannot be executed (unknown builtin, limit above the host's, mode).
   */
  execute(job: SandboxJob, handlers?: SandboxHandlers): SandboxExecution;
  /** The run is over: sandboxes that are kept for it end at once, and those of attempts under way with these. */
  runEnded(runId: string): void;
  /** What is enforced on this machine, for the runner's report: `rlimits`, `seccomp`, `cgroup-memory`, … */
  readonly enforced: readonly string[];
  /** Sandboxes that wait for their next attempt (modes `run` and `reuse`). */
  readonly keptSandboxes: number;
  /** Spares that are ready at this moment. */
  readonly readySpares: number;
  /** Kills every sandbox and removes everything in `workDir`. */
  close(): Promise<void>;
}
