import pg from 'pg';

export interface ListenerOptions {
  /** Connection URL; the role needs no rights beyond connecting. */
  readonly url: string;
  readonly applicationName: string;
  /** Told of every lost connection; the listener reconnects by itself. */
  readonly onError?: (error: Error) => void;
}

type Handler = (payload: string) => void;

/**
 * LISTEN on a connection of its own. Notifications are hints: while the connection is down some are lost, so every
 * handler set also gets `onReconnect`, and readers must ask the tables for what they missed.
 */
export class NotificationListener {
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly reconnectHandlers = new Set<() => void>();
  private client: pg.Client | undefined;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;

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

  /** Calls the handler after each reconnection, when notifications may have been missed. */
  onReconnect(handler: () => void): () => void {
    this.reconnectHandlers.add(handler);
    return () => this.reconnectHandlers.delete(handler);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
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
