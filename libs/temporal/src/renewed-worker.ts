import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type { SdkLog } from './runtime.js';

/** What is needed of a worker, or of several that live and end as one. */
export type RunnableWorker = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

export interface RenewedWorkerOptions {
  /** Opens a connection of its own for each worker. */
  readonly connect: () => Promise<NativeConnection>;
  readonly create: (connection: NativeConnection) => Promise<RunnableWorker>;
  readonly log: SdkLog;
  /** Told of each new connection, also of the first; clients that share the worker's move to it. */
  readonly onConnection?: (connection: NativeConnection) => void | Promise<void>;
  /** Shorter outages are left to the SDK, whose first repeats come quickly; default 1,500 ms. */
  readonly outageMs?: number;
}

interface Running {
  readonly connection: NativeConnection;
  readonly worker: RunnableWorker;
}

const checkEveryMs = 1_000;
const checkWhileDownMs = 200;
const checkTimeoutMs = 2_000;

/**
 * A worker that is replaced after an outage of the server. The SDK polls again only when its back-off is over, which
 * grows to 10 s; a new worker polls at once. The old one finishes what it has begun.
 */
export class RenewedWorker {
  /** Settles when the last worker has ended after `shutdown`; rejects when one fails: then this process is of no use. */
  readonly ended: Promise<void>;
  private readonly failed: Promise<never>;
  private fail: (error: unknown) => void = () => undefined;
  private readonly endings = new Map<Running, Promise<void>>();
  private current: Running;
  /** Told to end in an outage; the current one until another takes over. */
  private retired: Running | undefined;
  private readonly stopping = new AbortController();

  private constructor(
    private readonly options: RenewedWorkerOptions,
    first: Running,
  ) {
    this.current = first;
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.run(first);
    this.ended = Promise.race([this.watch().then(() => this.drained()), this.failed]);
    this.ended.catch(() => undefined);
  }

  /** Rejects when the server cannot be reached or the worker cannot be made. */
  static async start(options: RenewedWorkerOptions): Promise<RenewedWorker> {
    return new RenewedWorker(options, await open(options));
  }

  /** Rejects with the reason when the worker or the server cannot work. */
  async check(): Promise<void> {
    const { worker, connection } = this.current;
    const state = worker.getState();
    if (state !== 'RUNNING') throw new Error(`the worker is ${state}`);
    await ping(connection);
  }

  /** Takes nothing new; `ended` settles when what was begun is finished. */
  shutdown(): void {
    this.stopping.abort();
    stop(this.current.worker);
  }

  private async watch(): Promise<void> {
    const { log, outageMs = 1_500 } = this.options;
    let downSince: number | undefined;
    while (!this.stopping.signal.aborted) {
      const pauseMs = downSince === undefined ? checkEveryMs : checkWhileDownMs;
      const pause = delay(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      await Promise.race([pause, this.failed]);
      if (this.stopping.signal.aborted) return;
      const isUp = await ping(this.current.connection).then(
        () => true,
        () => false,
      );
      if (isUp) {
        if (this.retired === undefined || (await this.renew())) downSince = undefined;
      } else {
        downSince ??= performance.now();
        if (this.retired !== undefined || performance.now() - downSince < outageMs) continue;
        // Now, while nothing can be handed to it: a poll that is broken off later may have been given a task.
        this.retired = this.current;
        stop(this.current.worker);
        log.warn({}, 'Temporal does not answer; a new worker takes over when it is back');
      }
    }
  }

  private async renew(): Promise<boolean> {
    const { log } = this.options;
    try {
      const next = await open(this.options);
      const old = this.current;
      this.current = next;
      this.retired = undefined;
      this.run(next);
      if (this.stopping.signal.aborted) stop(next.worker);
      this.release(old).catch((error: unknown) => log.warn({ err: error }, 'an old connection could not be closed'));
      log.info({}, 'Temporal is back');
      return true;
    } catch (error) {
      log.warn({ err: error }, 'no new worker could be made after the outage; trying again');
      return false;
    }
  }

  private run(running: Running): void {
    const ending = running.worker.run().catch((error: unknown) => {
      if (this.current === running && this.retired !== running) this.fail(error);
      else this.options.log.warn({ err: error }, 'a worker that was to end did not end cleanly');
    });
    this.endings.set(running, ending);
  }

  /** A connection can be closed only when its worker has ended. */
  private async release(running: Running): Promise<void> {
    await this.endings.get(running);
    this.endings.delete(running);
    await running.connection.close();
  }

  private async drained(): Promise<void> {
    await Promise.all(this.endings.values());
    await this.release(this.current);
  }
}

async function open(options: RenewedWorkerOptions): Promise<Running> {
  const connection = await options.connect();
  try {
    const worker = await options.create(connection);
    await options.onConnection?.(connection);
    return { connection, worker };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function stop(worker: RunnableWorker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

async function ping(connection: NativeConnection): Promise<void> {
  await connection.withDeadline(Date.now() + checkTimeoutMs, () => connection.workflowService.getSystemInfo({}));
}
