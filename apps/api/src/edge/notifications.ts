import { Injectable } from '@nestjs/common';
import { channels, NotificationListener } from '@millrace/database';

/** Wakes a reader when rows that it waits for may be there. A hint: read the tables after each wake. */
export interface Wake {
  /** Resolves at the next notification (at once where one came since the last call), after the time, or on abort. */
  next(options: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<void>;
  close(): void;
}

/** NOTIFY of Postgres, by channel and id, over the one listening connection of the process. */
@Injectable()
export class Notifications {
  constructor(private readonly listener: NotificationListener) {}

  /**
   * Subscribe first, read the tables then, wait last: nothing is missed. Close it in a `finally`.
   * `const wake = await notifications.subscribe('runEvents', runId)`
   */
  async subscribe(channel: keyof typeof channels, id: string): Promise<Wake> {
    let pending = false;
    let resume: (() => void) | undefined;
    const notify = (): void => {
      pending = true;
      resume?.();
    };
    const stopListening = await this.listener.listen(channels[channel], (payload) => {
      if (payload === id) notify();
    });
    const stopReconnect = this.listener.onReconnect(notify);
    return {
      next: ({ timeoutMs, signal }) =>
        new Promise((resolve) => {
          const finish = (): void => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', finish);
            resume = undefined;
            pending = false;
            resolve();
          };
          const timer = setTimeout(finish, timeoutMs);
          resume = finish;
          signal?.addEventListener('abort', finish, { once: true });
          if (pending || signal?.aborted === true) finish();
        }),
      close: () => {
        stopListening();
        stopReconnect();
      },
    };
  }
}
