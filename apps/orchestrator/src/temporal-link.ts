import { orchestratorTaskQueue } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import { connectClient, connectNative, RenewedWorker, type TemporalTarget } from '@millrace/temporal';
import type { Client } from '@temporalio/client';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';

export interface TemporalLinkOptions {
  readonly target: TemporalTarget;
  readonly bundle: WorkflowBundleOption;
  readonly activities: object;
  readonly log: Logger;
  readonly taskQueue?: string;
  /** Told when an outage is over: the client is another one, and so may the server be. */
  readonly onReconnect?: () => void;
}

/** Workflows kept in memory between their tasks; the rest is replayed from its history when its turn comes. */
const maxCachedWorkflows = 600;

/** The workflow worker with a client on the same connection: eager start needs both on one. */
export class TemporalLink {
  private constructor(
    private readonly worker: RenewedWorker,
    private readonly clients: { current: Client | undefined },
  ) {}

  /** Rejects when the server cannot be reached. */
  static async open(options: TemporalLinkOptions): Promise<TemporalLink> {
    const { target, bundle, activities, log, taskQueue = orchestratorTaskQueue, onReconnect } = options;
    const clients: { current: Client | undefined } = { current: undefined };
    const worker = await RenewedWorker.start({
      log,
      connect: () => connectNative(target),
      create: (connection) =>
        Worker.create({
          connection,
          namespace: target.namespace,
          taskQueue,
          workflowBundle: bundle,
          activities,
          // All activities here are local ones.
          enableNonLocalActivities: false,
          maxCachedWorkflows,
          maxConcurrentWorkflowTaskExecutions: 40,
          maxConcurrentLocalActivityExecutions: 100,
          // After a restart of the server another worker polls, and what was scheduled for this one goes on only then.
          stickyQueueScheduleToStartTimeout: '2 seconds',
          shutdownGraceTime: '5 seconds',
        }),
      onConnection: async (connection) => {
        const isFirst = clients.current === undefined;
        clients.current = await connectClient(target, connection);
        if (!isFirst) onReconnect?.();
      },
    });
    return new TemporalLink(worker, clients);
  }

  /** The client on the worker's connection; ask for it each time, since it changes after an outage. */
  get client(): Client {
    if (this.clients.current === undefined) throw new Error('Temporal is not connected');
    return this.clients.current;
  }

  /** Resolves when the worker was stopped, rejects when it failed: then this process is of no use any more. */
  get ended(): Promise<void> {
    return this.worker.ended;
  }

  /** Rejects with the reason when the worker or the server cannot work. */
  check(): Promise<void> {
    return this.worker.check();
  }

  /** Finishes the workflow tasks under way and closes the connection. */
  async close(): Promise<void> {
    this.worker.shutdown();
    await this.worker.ended.catch(() => undefined);
  }
}
