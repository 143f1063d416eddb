import type { JsonObject } from '@millrace/kernel';
import type { EgressPolicy } from './egress/policy.js';

/**
 * A bundle as it lies on the runner's disk. A warm spare has its bundle mounted, so it serves this bundle alone.
 */
export interface SandboxBundle {
  /** Names the content (a digest): two directories with one key are taken for the same. */
  readonly key: string;
  /** Host directory, mounted read-only at /bundle. */
  readonly bundleDir: string;
  /** Host directory made by `runBuild` for npm (it holds `node_modules/`), mounted read-only at /deps/npm. */
  readonly npmDir?: string;
  /** Host directory made by `runBuild` for pip (it holds the packages), mounted read-only at /deps/pip. */
  readonly pipDir?: string;
}

/** The code of a task. Paths are inside the sandbox: `/bundle/…`. */
export type SandboxProgram =
  /** An ES module or CommonJS file; its default export or the named one is called with `(input, ctx)`. */
  | { readonly kind: 'node'; readonly entry: string; readonly export?: string }
  /** A Python file; the function is called with `(input, ctx)`. */
  | { readonly kind: 'python'; readonly entry: string; readonly function: string }
  | { readonly kind: 'shell'; readonly script: string; readonly shell?: 'sh' | 'bash' }
  | { readonly kind: 'shell'; readonly file: string; readonly shell?: 'sh' | 'bash' }
  /** Our own code under the same limits and the same guard; `config` is the task's own configuration, resolved. */
  | { readonly kind: 'builtin'; readonly name: string; readonly config: JsonObject };

/** Who the task is, as its code sees it (`ctx`). */
export interface SandboxContext {
  readonly runId: string;
  readonly taskId: string;
  /** 0-based; null where the task is not mapped. */
  readonly mapIndex: number | null;
  /** Number of the attempt among all attempts of the task instance, from 1: the fence of its lease. */
  readonly attempt: number;
  /** Which try of the retry policy this is, from 1 (1 where left out); a repeat after a platform fault has the same. */
  readonly try?: number;
  /** The run's parameters: the text of a JSON object, opaque, so that 2.0 stays 2.0 for Python. `{}` where left out. */
  readonly paramsJson?: string;
  /** More members of `ctx.run`, for example the pipeline's name and the logical date. */
  readonly run?: JsonObject;
}

/** A declared connection. Its host and port are reached through a loopback port; the code sees that one. */
export interface SandboxConnection {
  readonly name: string;
  /** `postgres`, `http`, … : given to the code, nothing here depends on it. */
  readonly type: string;
  readonly host: string;
  readonly port: number;
  /** `disable` where left out. `verify` keeps the declared host as the server name to check. */
  readonly tls?: 'disable' | 'require' | 'verify';
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly options?: JsonObject;
}

/** What one attempt may use. A limit above the host's own is refused when the attempt is handed over. */
export interface SandboxLimits {
  /** Memory of the whole sandbox where cgroups are writable, of each process (RLIMIT_DATA) in any case. */
  readonly memoryBytes: number;
  /** CPU time of the whole sandbox; unlimited where left out. */
  readonly cpuMs?: number;
  /** Processes and threads beside those of the sandbox itself. */
  readonly processes: number;
  /** Size of /task, and again of /tmp. */
  readonly diskBytes: number;
  readonly openFiles: number;
  /** Largest output of a task. */
  readonly outputBytes: number;
  /** All artifacts of an attempt together. */
  readonly artifactBytes: number;
}

/** 512 MiB of memory, 128 processes, 1 GiB of disk, 1,024 open files, 64 MiB of output, 512 MiB of artifacts. */
export const defaultLimits: SandboxLimits = {
  memoryBytes: 512 * 1024 * 1024,
  processes: 128,
  diskBytes: 1024 * 1024 * 1024,
  openFiles: 1024,
  outputBytes: 64 * 1024 * 1024,
  artifactBytes: 512 * 1024 * 1024,
};

/**
 * What attempts may share. `fresh`: nothing, a process and pid namespace each. `run`: attempts of one run with the same
 * bundle and the same declared secrets and connections share a sandbox, one after the other. `reuse`: so do attempts of
 * different runs. An attempt that does not end well ends its sandbox in every mode.
 */
export const sandboxModes = ['fresh', 'run', 'reuse'] as const;
export type SandboxMode = (typeof sandboxModes)[number];

/** One attempt, ready to be executed. */
export interface SandboxJob {
  /** Unique within the host while it executes; the attempt's id. */
  readonly id: string;
  /** That of the host where left out. */
  readonly mode?: SandboxMode;
  /** The task asks for a sandbox of its own, whatever the mode is. */
  readonly sandbox?: 'fresh';
  /** Left out where the program needs none (a builtin without files). */
  readonly bundle?: SandboxBundle;
  readonly program: SandboxProgram;
  /** Opaque JSON text, handed on byte for byte. */
  readonly inputJson: string;
  readonly context: SandboxContext;
  /** Declared variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Declared secrets: `ctx.secrets`; for shell, environment variables of the script's own process. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly connections?: readonly SandboxConnection[];
  readonly timeoutMs: number;
  /** Those of the host where left out. A job with the host's own limits gets the warm spare, another starts cold. */
  readonly limits?: Partial<SandboxLimits>;
  readonly egress?: EgressPolicy;
}
