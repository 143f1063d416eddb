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
  readonly logger?: SandboxLogger;
}

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

  /** Brings the bundle's shelf to its count and clears those that were not used for longest. */
  async fill(bundle: SandboxBundle | undefined): Promise<void> {
    const shelf = this.shelfOf(bundle);
    this.evict();
    const missing = this.options.count - shelf.boxes.length - shelf.launching;
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.launchInto(shelf)));
  }

  /** Resolves when the bundle has a spare that has booted; rejects with the sandbox's words where none starts. */
  async awaitReady(bundle: SandboxBundle | undefined): Promise<void> {
    await this.fill(bundle);
    await this.shelfOf(bundle).boxes[0]?.ready;
  }

  async close(): Promise<void> {
    this.closed = true;
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

  private async launchInto(shelf: Shelf): Promise<void> {
    if (this.closed) return;
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
        return;
      }
      shelf.boxes.push(box);
      void box.exited.then(() => this.forget(shelf, box));
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
