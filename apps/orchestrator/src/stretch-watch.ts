import { channels, type NotificationListener } from '@millrace/database';

/** A round looks again after so long even where it hears nothing: notifications may get lost. */
const lookAgainMs = 250;

/** Wakes rounds of offers when something has happened to a stretch of their run. */
export class StretchWatch {
  private readonly waiting = new Map<string, Set<() => void>>();

  /** Listens from now on. */
  async listen(listener: NotificationListener): Promise<void> {
    await listener.listen(channels.stretches, (runId) => this.wake(runId));
    listener.onReconnect(() => {
      for (const runId of [...this.waiting.keys()]) this.wake(runId);
    });
  }

  /** Begins to listen for the run: what happens between two looks is not missed. */
  begin(runId: string): StretchWaiter {
    let woken = false;
    let resume: (() => void) | undefined;
    const wake = (): void => {
      woken = true;
      resume?.();
    };
    const wakers = this.waiting.get(runId) ?? new Set();
    this.waiting.set(runId, wakers.add(wake));
    return {
      next: async (maxMs) => {
        if (!woken) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, Math.min(maxMs, lookAgainMs));
            resume = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
        woken = false;
        resume = undefined;
      },
      end: () => {
        wakers.delete(wake);
        if (wakers.size === 0 && this.waiting.get(runId) === wakers) this.waiting.delete(runId);
      },
    };
  }

  private wake(runId: string): void {
    for (const wake of this.waiting.get(runId) ?? []) wake();
  }
}

export interface StretchWaiter {
  /** Resolves when something has happened since the last call, at the latest after `maxMs`. */
  next(maxMs: number): Promise<void>;
  end(): void;
}
