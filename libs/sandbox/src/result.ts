/** How an attempt ended. Each but `succeeded` has an `error` that says more. */
export type SandboxOutcome =
  | 'succeeded'
  | 'failed' // the code said so: an exception, an exit code
  | 'timed_out'
  | 'cancelled'
  | 'oom'
  | 'disk_full'
  | 'process_limit'
  | 'output_too_large'
  | 'crashed'; // ended without a word: a signal, a broken channel, a sandbox that did not start

export interface SandboxError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Set where the code knows: false says that a repeat cannot succeed. */
  readonly retryable?: boolean;
  /** A stable code where there is one (`ENOSPC`, an SQLSTATE, `http.status`). */
  readonly code?: string;
}

export interface SandboxArtifact {
  /** Relative path below /task/artifacts, with forward slashes. */
  readonly name: string;
  /** Host path of the collected file; gone after `release()`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly contentType?: string;
}

export interface SandboxUsage {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
}

export interface SandboxResult {
  readonly outcome: SandboxOutcome;
  readonly exitCode?: number;
  /** For example `SIGKILL`. */
  readonly signal?: string;
  readonly error?: SandboxError;
  /** JSON text, only where the outcome is `succeeded`. */
  readonly outputJson?: string;
  readonly artifacts: readonly SandboxArtifact[];
  readonly usage: SandboxUsage;
  /** Unix milliseconds at which the code was about to start, or the job was handed over if it never did. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}
