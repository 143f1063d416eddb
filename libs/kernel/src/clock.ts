/** Where the time comes from; tests give their own. */
export interface Clock {
  /** Wall clock, for timestamps. */
  now(): Date;
  /** Monotonic milliseconds, for durations. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
