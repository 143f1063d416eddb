import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

/** One slot in use, until it is given back. */
export interface HeldSlot {
  /** Gives it back; a second call does nothing. */
  release(): void;
}

/**
 * Counts what runs on this runner, whichever way it came: on how many lanes, over all stretches and all workers (after
 * an outage of Temporal the worker before still finishes its attempts while the next one polls). A poll holds a place
 * only among polls: what is offered meanwhile may take the slot, and the activity that the poll brings waits its turn.
 */
export class AttemptSlots {
  private used = 0;
  /** Activities that wait for a slot, first come, first served. */
  private readonly queue: (() => void)[] = [];
  /** Activities that a worker was given and that have not come in yet, or are just leaving. */
  private given = 0;
  private inside = 0;
  private looking: (() => void)[] = [];

  /** @param onFree told whenever a slot is free that no activity waits for */
  constructor(
    private readonly count: number,
    private readonly onFree: () => void = () => undefined,
  ) {}

  /** How many activities wait for a slot. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Takes a free slot, unless an activity waits for one. */
  tryTake(): HeldSlot | undefined {
    return this.used < this.count && this.queue.length === 0 ? this.hold() : undefined;
  }

  /** Waits for a slot. @throws the signal's reason once it is aborted. */
  take(signal: AbortSignal): Promise<HeldSlot> {
    const held = signal.aborted ? undefined : this.tryTake();
    if (held !== undefined) return Promise.resolve(held);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.queue.splice(this.queue.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      const enter = (): void => {
        signal.removeEventListener('abort', abort);
        resolve(this.hold());
      };
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      this.queue.push(enter);
    });
  }

  /** Runs an activity that a worker of `supplier` was given. */
  async within<T>(activity: () => Promise<T>): Promise<T> {
    this.inside += 1;
    try {
      return await activity();
    } finally {
      this.inside -= 1;
    }
  }

  /** The share of one worker: it polls while there are free slots. */
  supplier(): CustomSlotSupplier<ActivitySlotInfo> {
    const idle = new Set<SlotPermit>();
    const take = (): SlotPermit | null => {
      if (this.used + this.queue.length + Math.max(0, this.given - this.inside) + idle.size >= this.count) return null;
      const permit = {};
      idle.add(permit);
      return permit;
    };
    return {
      type: 'custom',
      reserveSlot: async (_, signal) => {
        for (;;) {
          const permit = take();
          if (permit !== null) return permit;
          await this.change(signal);
        }
      },
      tryReserveSlot: take,
      markSlotUsed: ({ permit }) => {
        if (idle.delete(permit)) this.given += 1;
      },
      releaseSlot: ({ permit }) => {
        if (!idle.delete(permit)) this.given -= 1;
        this.changed();
      },
    };
  }

  private hold(): HeldSlot {
    this.used += 1;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.used -= 1;
        const next = this.queue.shift();
        if (next !== undefined) next();
        else this.onFree();
        this.changed();
      },
    };
  }

  private changed(): void {
    for (const look of this.looking.splice(0)) look();
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.looking = this.looking.filter((one) => one !== look);
        reject(Object.assign(new Error('the reservation is not needed any more'), { name: 'AbortError' }));
      };
      const look = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      this.looking.push(look);
    });
  }
}
