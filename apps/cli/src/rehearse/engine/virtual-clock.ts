/** Time that passes only when nothing is left to do at the present moment. */
export class VirtualClock {
  private readonly due: {
    readonly atMs: number;
    readonly seq: number;
    readonly key: string;
    readonly act: () => void;
  }[] = [];
  private seq = 0;

  /** @param nowMs milliseconds since the epoch */
  constructor(private now: number) {}

  get nowMs(): number {
    return this.now;
  }

  /** Acts after so many milliseconds; those due at the same moment act in the order in which they were asked for. */
  after(ms: number, key: string, act: () => void): void {
    this.seq += 1;
    const entry = { atMs: this.now + Math.max(0, ms), seq: this.seq, key, act };
    let index = this.due.length;
    while (index > 0 && (this.due[index - 1]?.atMs ?? 0) > entry.atMs) index -= 1;
    this.due.splice(index, 0, entry);
  }

  /** Forgets what waits under the key; true where there was something. */
  forget(key: string): boolean {
    const index = this.due.findIndex((entry) => entry.key === key);
    if (index >= 0) this.due.splice(index, 1);
    return index >= 0;
  }

  /** True where something is due without the time moving on. */
  get isBusy(): boolean {
    const [next] = this.due;
    return next !== undefined && next.atMs <= this.now;
  }

  /** Moves to the next thing that is due and does it; false where nothing is. */
  step(): boolean {
    const next = this.due.shift();
    if (next === undefined) return false;
    this.now = Math.max(this.now, next.atMs);
    next.act();
    return true;
  }
}
