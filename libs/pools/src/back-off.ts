const firstMs = 500;
const maxMs = 30_000;
/** A runner that lived this long did not fail at its start. */
const steadyMs = 30_000;
/** A refusal is no accident that a repeat mends; it is looked at again after a while. */
const refusedMs = 60_000;

/** When a pool whose runners fail may start the next one. */
export class BackOff {
  private failures = 0;
  private until = 0;
  /** Why, in words; undefined while there is nothing to tell. */
  reason: string | undefined;

  /** Notes a runner that ended although nobody had asked it to. */
  failed(nowMs: number, livedMs: number, reason: string): void {
    this.failures = livedMs >= steadyMs ? 1 : this.failures + 1;
    this.until = nowMs + Math.min(firstMs * 2 ** (this.failures - 1), maxMs);
    this.reason = reason;
  }

  refused(nowMs: number, reason: string): void {
    this.until = nowMs + refusedMs;
    this.reason = reason;
  }

  /** Notes that a runner works. */
  succeeded(): void {
    this.failures = 0;
    this.until = 0;
    this.reason = undefined;
  }

  /** Milliseconds until a runner may be started; 0 for now. */
  remainingMs(nowMs: number): number {
    return Math.max(0, this.until - nowMs);
  }
}
