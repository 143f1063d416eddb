import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

/**
 * Counts what runs on this runner over all its workers: after an outage of Temporal the worker before still finishes
 * its attempts while the next one polls, and both together must not run more than there are slots. What is reserved for
 * polls counts only within its worker, since the polls of a worker that ends may hang for long.
 */
export class AttemptSlots {
  private used = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly count: number) {}

  /** The share of one worker. */
  supplier(): CustomSlotSupplier<ActivitySlotInfo> {
    const idle = new Set<SlotPermit>();
    const take = (): SlotPermit | null => {
      if (this.used + idle.size >= this.count) return null;
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
        if (idle.delete(permit)) this.used += 1;
      },
      releaseSlot: ({ permit }) => {
        if (!idle.delete(permit)) this.used -= 1;
        for (const look of this.waiting.splice(0)) look();
      },
    };
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.waiting = this.waiting.filter((one) => one !== look);
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
      this.waiting.push(look);
    });
  }
}
