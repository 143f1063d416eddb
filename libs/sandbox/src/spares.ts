import type { SandboxBundle, SandboxLimits } from './job.js';
import { Box } from './launch/box.js';
import type { LaunchPad } from './launch/launch-pad.js';
import type { SandboxLogger } from './host.js';

export interface SpareOptions {
  /** Spares per bundle. */
  readonly count: number;
  /** Bundles that have spares at the same time. */
  readonly bundles: number;
  readonly limits: SandboxLimits;
  /** Every attempt needs one: the next is started at once. */
  readonly isEager: boolean;
  /** Whether attempts keep every processor busy. */
  readonly isBusy: () => boolean;
  readonly logger?: SandboxLogger;
}

/** Attempts of one run follow each other faster than this; runs that come one by one do not. */
const quietMs = 10;
/** Under steady load there is no quiet moment, and a spare is as much worth then. */
const longestWaitMs = 500;

interface Shelf {
  readonly bundle: SandboxBundle | undefined;
  readonly boxes: Box[];
  launching: number;
  /** A Python task of this bundle has been seen, so its spares have an interpreter waiting. */
  python: boolean;
  usedAt: number;
}

/** Sandboxes that have booted and belong to nobody until they get their one job; kept per bundle, the last used ones. */
export class Spares {
  private readonly shelves = new Map<string, Shelf>();
  private clock = 0;
  private closed = false;
  private isFilling = false;
  /** Since when a shelf has been short of its count without being filled. */
  private missingSince: number | undefined;
  private quiet: NodeJS.Timeout | undefined;

  constructor(
    private readonly pad: LaunchPad,
    private readonly options: SpareOptions,
  ) {}

  /** Spares that have booted. */
  get ready(): number {
    return [...this.shelves.values()].flatMap((shelf) => shelf.boxes).filter((box) => box.isReady && !box.hasExited)
      .length;
  }

  /** Takes a spare that has booted, else one that is booting, else undefined. */
  take(bundle: SandboxBundle | undefined): Box | undefined {
    const shelf = this.shelfOf(bundle);
    const alive = shelf.boxes.filter((box) => !box.hasExited);
    const box = alive.find((candidate) => candidate.isReady) ?? alive[0];
    shelf.boxes.splice(0, shelf.boxes.length, ...alive.filter((candidate) => candidate !== box));
    return box;
  }

  /** Notes that tasks of this bundle use Python. */
  expectPython(bundle: SandboxBundle | undefined): void {
    this.shelfOf(bundle).python = true;
  }

  /**
   * Notes that an attempt has started or ended. What the shelves miss is started when that has not happened for a
   * moment and a processor is free, or when it has been missing for long: a start takes time of a processor, which the
   * work in hand comes first for.
   */
  touch(bundle: SandboxBundle | undefined): void {
    this.shelfOf(bundle);
    this.evict();
    if (!this.options.isEager) this.fillSoon(quietMs);
    else if (!this.closed && this.nextToFill() !== undefined) void this.fillAll();
  }

  /** Notes that a run is over: nothing follows at once. */
  fillNow(): void {
    this.fillSoon(0);
  }

  private fillSoon(delayMs: number): void {
    if (this.closed || this.isFilling || this.nextToFill() === undefined) return;
    clearTimeout(this.quiet);
    this.missingSince ??= performance.now();
    const patienceMs = this.missingSince + longestWaitMs - performance.now();
    const fill = (): void => {
      if (patienceMs > delayMs && this.options.isBusy()) this.fillSoon(quietMs);
      else void this.fillAll();
    };
    this.quiet = setTimeout(fill, Math.max(0, Math.min(delayMs, patienceMs))).unref();
  }

  /** One after the other, so that no more than one processor is taken. */
  private async fillAll(): Promise<void> {
    if (this.isFilling) return;
    this.isFilling = true;
    this.missingSince = undefined;
    try {
      for (let shelf = this.nextToFill(); shelf !== undefined && !this.closed; shelf = this.nextToFill()) {
        const box = await this.launchInto(shelf);
        await box?.ready;
      }
    } catch (error) {
      // It is tried again with the next attempt, not before: what ended it may end the next one.
      this.options.logger?.warn('no warm sandbox could be started', { error: (error as Error).message });
    } finally {
      this.isFilling = false;
    }
  }

  private nextToFill(): Shelf | undefined {
    return [...this.shelves.values()].find(({ boxes, launching }) => boxes.length + launching < this.options.count);
  }

  /** Resolves when the bundle has a spare that has booted; rejects with the sandbox's words where none starts. */
  async awaitReady(bundle: SandboxBundle | undefined): Promise<void> {
    const shelf = this.shelfOf(bundle);
    this.evict();
    if (shelf.boxes.length + shelf.launching < this.options.count) await this.launchInto(shelf);
    await shelf.boxes[0]?.ready;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.quiet);
    const boxes = [...this.shelves.values()].flatMap((shelf) => shelf.boxes.splice(0));
    this.shelves.clear();
    await Promise.all(boxes.map((box) => box.dispose()));
  }

  private shelfOf(bundle: SandboxBundle | undefined): Shelf {
    const key = bundle?.key ?? '';
    const shelf = this.shelves.get(key) ?? { bundle, boxes: [], launching: 0, python: false, usedAt: 0 };
    this.shelves.set(key, shelf);
    shelf.usedAt = this.clock += 1;
    return shelf;
  }

  private async launchInto(shelf: Shelf): Promise<Box | undefined> {
    if (this.closed) return undefined;
    shelf.launching += 1;
    try {
      const { bundle, python } = shelf;
      const box = await Box.launch(this.pad, {
        ...(bundle === undefined ? {} : { bundle }),
        limits: this.options.limits,
        python,
      });
      if (this.closed) {
        await box.dispose();
        return undefined;
      }
      shelf.boxes.push(box);
      void box.exited.then(() => this.forget(shelf, box));
      return box;
    } finally {
      shelf.launching -= 1;
    }
  }

  /** A spare that died on the shelf is not replaced before the next job: what killed it may kill the next one. */
  private forget(shelf: Shelf, box: Box): void {
    const index = shelf.boxes.indexOf(box);
    if (index === -1) return;
    shelf.boxes.splice(index, 1);
    this.options.logger?.warn('a warm sandbox ended before it got a job', { bundle: shelf.bundle?.key });
    void box.dispose();
  }

  private evict(): void {
    const byUse = [...this.shelves.entries()].sort(([, a], [, b]) => b.usedAt - a.usedAt);
    for (const [key, shelf] of byUse.slice(this.options.bundles)) {
      if (shelf.launching > 0) continue;
      this.shelves.delete(key);
      const boxes = shelf.boxes.splice(0);
      for (const box of boxes) void box.dispose();
    }
  }
}
