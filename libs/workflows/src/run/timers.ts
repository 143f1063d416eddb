import { sleep } from '@temporalio/workflow';
import { type RunEvent } from './events.js';

/** What the end of a timer tells. */
export type Ring =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'flush' }
  | { readonly kind: 'look'; readonly number: number; readonly afterMs: number }
  | { readonly kind: 'goOn' };

/**
 * The durable timers of a run. None is ever cancelled, and what is known of them changes only when their ring is heard:
 * whether a timer has ended already, while a local activity is under way, is not the same in a replay. A ring that nobody
 * waits for any more is not minded.
 */
export class Timers {
  private flushing = false;
  private looks = 0;
  private nextLook: { readonly number: number; readonly afterMs: number } | undefined;

  constructor(private readonly ring: (ring: Ring) => void) {}

  /** Begins the sleep of an instance. */
  sleep({ taskId, mapIndex }: { readonly taskId: string; readonly mapIndex: number }, ms: number): void {
    this.start(ms, { kind: 'event', event: { kind: 'woke', taskId, mapIndex } });
  }

  flush(ms: number): void {
    if (this.flushing) return;
    this.flushing = true;
    this.start(ms, { kind: 'flush' });
  }

  flushed(): void {
    this.flushing = false;
  }

  /** One look at a time, the soonest. */
  look(afterMs: number): void {
    if (this.nextLook !== undefined && this.nextLook.afterMs <= afterMs) return;
    this.looks += 1;
    this.nextLook = { number: this.looks, afterMs };
    this.start(afterMs, { kind: 'look', number: this.looks, afterMs });
  }

  /** False where another look has taken the place of this one. */
  isNextLook(number: number): boolean {
    if (this.nextLook?.number !== number) return false;
    this.nextLook = undefined;
    return true;
  }

  /** Rings after everything that has arrived up to now. */
  afterArrivals(): void {
    this.start(1, { kind: 'goOn' });
  }

  private start(ms: number, ring: Ring): void {
    void sleep(Math.max(1, ms)).then(() => this.ring(ring));
  }
}
