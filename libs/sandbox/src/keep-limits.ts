/** How much modes `run` and `reuse` may keep. */
export interface KeepLimits {
  /** Sandboxes that wait for their next attempt at the same time; those beyond it end, the longest unused first. */
  readonly count: number;
  /** Memory of all that wait together, as the kernel counts private pages. */
  readonly bytes: number;
  /** Memory that one may have grown to; above it, it ends with its attempt. */
  readonly bytesEach: number;
  /** Attempts that one sandbox serves. */
  readonly uses: number;
  /** Milliseconds after which one that nobody needed ends. */
  readonly idleMs: number;
  /** The same for one that serves one run. Its run's end is told at once, unless that word gets lost. */
  readonly runIdleMs: number;
}

/** 4 sandboxes of at most 256 MiB each and 512 MiB together, 500 attempts each, a minute without work (run: 5 s). */
export const keepDefaults: KeepLimits = {
  count: 4,
  bytes: 512 * 1024 * 1024,
  bytesEach: 256 * 1024 * 1024,
  uses: 500,
  idleMs: 60_000,
  runIdleMs: 5_000,
};
