import type { SandboxLogger } from './host.js';
import type { KeepLimits } from './keep-limits.js';
import type { Box } from './launch/box.js';

/** Who a kept sandbox is for. */
export interface KeptFor {
  /** What the next attempt must have in common with the last one. */
  readonly key: string;
  /** The one run that it serves; undefined where it serves any. */
  readonly runId: string | undefined;
  readonly idleMs: number;
}

interface Kept {
  readonly key: string;
  readonly runId: string | undefined;
  readonly box: Box;
  readonly timer: NodeJS.Timeout;
}

/** A sandbox between the end of its attempt and its place on the shelf. */
interface Cleaning {
  readonly runId: string | undefined;
  readonly cleaned: Promise<void>;
  hasEnded: boolean;
}

/** Sandboxes between two attempts, by what both have to have in common. */
export class KeptBoxes {
  /** The last used ones last. */
  private idle: Kept[] = [];
  /** Those that nobody waits for yet, by key. */
  private readonly cleaning = new Map<string, Set<Cleaning>>();
  private readonly allCleaning = new Set<Cleaning>();
  private readonly ending = new Set<Promise<void>>();
  private closed = false;

  constructor(
    private readonly limits: KeepLimits,
    private readonly logger: SandboxLogger | undefined,
  ) {}

  get count(): number {
    return this.idle.length;
  }

  /** Gives a clean sandbox of this key, or the one that is being cleaned; undefined where there is none. */
  async take(key: string): Promise<Box | undefined> {
    const found = this.takeIdle(key);
    if (found !== undefined) return found;
    const [next] = this.cleaning.get(key) ?? [];
    if (next === undefined) return undefined;
    // Whoever comes next must not wait for the same one.
    this.forgetCleaning(key, next);
    await next.cleaned;
    return this.takeIdle(key);
  }

  /** Cleans the sandbox and keeps it, or ends it where it cannot be cleaned. Never rejects. */
  put(box: Box, { key, runId, idleMs }: KeptFor): void {
    const entry: Cleaning = {
      runId,
      hasEnded: false,
      cleaned: this.clean(box).then((clean) => {
        this.forgetCleaning(key, entry);
        this.allCleaning.delete(entry);
        if (!clean) return;
        if (entry.hasEnded) this.track(box.dispose());
        else this.shelve(box, { key, runId, idleMs });
      }),
    };
    const waiting = this.cleaning.get(key) ?? new Set();
    this.cleaning.set(key, waiting.add(entry));
    this.allCleaning.add(entry);
    this.track(entry.cleaned);
  }

  /** Ends what is kept for the run, also what is being cleaned for it. */
  endRun(runId: string): void {
    for (const entry of this.allCleaning) if (entry.runId === runId) entry.hasEnded = true;
    for (const kept of this.idle.filter((one) => one.runId === runId)) this.remove(kept);
  }

  async close(): Promise<void> {
    this.closed = true;
    while (this.idle.length > 0 || this.ending.size > 0) {
      for (const kept of this.idle.splice(0)) this.dispose(kept);
      await Promise.all(this.ending);
    }
  }

  private async clean(box: Box): Promise<boolean> {
    // Who waits for the result of the attempt comes first.
    await new Promise((resolve) => setImmediate(resolve));
    const dirty =
      this.closed || box.uses >= this.limits.uses
        ? 'it has served its number of attempts'
        : await box.clean(this.limits.bytesEach).catch((error: unknown) => (error as Error).message);
    if (dirty === undefined) return true;
    this.logger?.debug('a sandbox is not used again', { reason: dirty, uses: box.uses });
    await box.dispose();
    return false;
  }

  private shelve(box: Box, { key, runId, idleMs }: KeptFor): void {
    const timer = setTimeout(() => this.remove(kept), idleMs).unref();
    const kept: Kept = { key, runId, box, timer };
    this.idle.push(kept);
    void box.exited.then(() => this.remove(kept));
    if (this.closed) this.remove(kept);
    while (this.idle.length > this.limits.count || this.totalBytes() > this.limits.bytes) {
      const [oldest] = this.idle;
      if (oldest === undefined) return;
      this.remove(oldest);
    }
  }

  private totalBytes(): number {
    return this.idle.reduce((sum, { box }) => sum + (box.cleanSample?.privateBytes ?? 0), 0);
  }

  private takeIdle(key: string): Box | undefined {
    for (let index = this.idle.length - 1; index >= 0; index -= 1) {
      const kept = this.idle[index];
      if (kept?.key !== key) continue;
      this.idle.splice(index, 1);
      clearTimeout(kept.timer);
      if (!kept.box.hasExited && kept.box.hasItsBundle()) return kept.box;
      this.dispose(kept);
    }
    return undefined;
  }

  private remove(kept: Kept): void {
    const index = this.idle.indexOf(kept);
    if (index < 0) return;
    this.idle.splice(index, 1);
    this.dispose(kept);
  }

  private dispose(kept: Kept): void {
    clearTimeout(kept.timer);
    this.track(kept.box.dispose());
  }

  private track(work: Promise<void>): void {
    const settled: Promise<void> = work.finally(() => this.ending.delete(settled));
    this.ending.add(settled);
  }

  private forgetCleaning(key: string, one: Cleaning): void {
    const waiting = this.cleaning.get(key);
    waiting?.delete(one);
    if (waiting?.size === 0) this.cleaning.delete(key);
  }
}
