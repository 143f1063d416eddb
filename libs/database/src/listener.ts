import pg from 'pg';

export interface ListenerOptions {
  /** Connection URL; the role needs no rights beyond connecting. */
  readonly url: string;
  readonly applicationName: string;
  /** Told of every lost connection; the listener reconnects by itself. */
  readonly onError?: (error: Error) => void;
}

type Handler = (payload: string) => void;

/** For so long hints about new lines of logs are gathered: those who read them read as fast as people do. */
const logHintMs = 25;

/** Tells other processes that there is something new in the tables. */
export interface Hints {
  /**
   * Sends a hint soon. It may get lost: whoever waits for one asks the tables now and then. Outside of the transaction
   * that it is about it delays nobody's commit; within, commits that carry one follow one another.
   */
  notify(channel: string, payload: string): void;
}

/**
 * LISTEN on a connection of its own. Notifications are hints: while the connection is down some are lost, so every
 * handler set also gets `onReconnect`, and readers must ask the tables for what they missed.
 */
export class NotificationListener implements Hints {
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly reconnectHandlers = new Set<() => void>();
  private client: pg.Client | undefined;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;
  private readonly hints = new Map<string, readonly [string, string]>();
  private sendTimer: NodeJS.Timeout | undefined;
  private sending = false;

  constructor(private readonly options: ListenerOptions) {}

  /** Connects; rejects when the first connection fails. */
  async open(): Promise<void> {
    await this.connect();
  }

  /** Calls the handler for each notification on the channel until the returned function is called. */
  async listen(channel: string, handler: Handler): Promise<() => void> {
    if (!/^[a-z_]+$/.test(channel)) throw new Error(`not a channel name: ${channel}`);
    let handlers = this.handlers.get(channel);
    if (handlers === undefined) {
      handlers = new Set();
      this.handlers.set(channel, handlers);
      await this.client?.query(`listen ${channel}`);
    }
    handlers.add(handler);
    const set = handlers;
    return () => set.delete(handler);
  }

  /** @inheritdoc Everything of a moment is sent at once, and no more while that is on its way. */
  notify(channel: string, payload: string): void {
    this.hints.set(`${channel} ${payload}`, [channel, payload]);
    this.sendAfter(delayOf(channel));
  }

  /** Calls the handler after each reconnection, when notifications may have been missed. */
  onReconnect(handler: () => void): () => void {
    this.reconnectHandlers.add(handler);
    return () => this.reconnectHandlers.delete(handler);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    clearTimeout(this.sendTimer);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private sendAfter(delayMs: number): void {
    if (this.sending) return;
    if (delayMs > 0) {
      this.sendTimer ??= setTimeout(() => void this.sendHints(), delayMs).unref();
      return;
    }
    clearTimeout(this.sendTimer);
    this.sending = true;
    setImmediate(() => void this.sendHints());
  }

  private async sendHints(): Promise<void> {
    this.sendTimer = undefined;
    const hints = [...this.hints.values()];
    this.hints.clear();
    this.sending = true;
    await this.client
      ?.query({
        name: 'send_hints',
        text: 'select pg_notify(c, p) from unnest($1::text[], $2::text[]) as n (c, p)',
        values: [hints.map(([channel]) => channel), hints.map(([, payload]) => payload)],
      })
      .catch(() => undefined);
    this.sending = false;
    if (this.hints.size === 0 || this.closed) return;
    this.sendAfter(Math.min(...[...this.hints.values()].map(([channel]) => delayOf(channel))));
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: this.options.applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    client.on('notification', (message) => {
      for (const handler of this.handlers.get(message.channel) ?? []) handler(message.payload ?? '');
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, new Error('the connection ended')));
    await client.connect();
    for (const channel of this.handlers.keys()) await client.query(`listen ${channel}`);
    this.client = client;
  }

  private lost(client: pg.Client, error: Error): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    this.options.onError?.(error);
    this.reconnect(100);
  }

  private reconnect(delayMs: number): void {
    this.retry = setTimeout(() => {
      this.connect().then(
        () => {
          for (const handler of this.reconnectHandlers) handler();
        },
        (error: unknown) => {
          this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
          if (!this.closed) this.reconnect(Math.min(delayMs * 2, 5_000));
        },
      );
    }, delayMs);
  }
}

function delayOf(channel: string): number {
  return channel === channels.attemptLogs ? logHintMs : 0;
}

/** Channels in use; the payload of each is an id. */
export const channels = {
  /** A run id: new rows in run_events. */
  runEvents: 'run_events',
  /** An attempt id: new rows in log_chunks, or its end. */
  attemptLogs: 'attempt_logs',
  /** New rows in outbox that are owed to Temporal. */
  outbox: 'outbox',
  /** New rows in outbox that are owed to people. */
  notices: 'outbox_notices',
  /** A pool id: task instances of it became queued. */
  poolDemand: 'pool_demand',
  /** A run id: an attempt of it has ended with none to follow it, or is lost, or the run is to be cancelled. */
  stretches: 'stretches',
  /** A run id: somebody has asked for its end. */
  cancelledRuns: 'cancelled_runs',
  /** A run id: it has ended. */
  endedRuns: 'ended_runs',
  /** A runner id and an attempt id: the attempt is leased to the runner and wants to be offered to it. */
  offers: 'offers',
  /** A deployment id: its state changed. */
  deployments: 'deployments',
} as const;
