import { orchestratorTaskQueue } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import { connectClient, connectNative, type TemporalTarget } from '@millrace/temporal';
import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';

export interface TemporalLinkOptions {
  readonly target: TemporalTarget;
  readonly bundle: WorkflowBundleOption;
  readonly activities: object;
  readonly log: Logger;
  readonly taskQueue?: string;
}

/** Workflows kept in memory between their tasks; the rest is replayed from its history when its turn comes. */
const maxCachedWorkflows = 600;

/** One connection to Temporal with the worker and the client on it: eager start needs both on the same. */
export class TemporalLink {
  private constructor(
    readonly client: Client,
    private readonly connection: NativeConnection,
    private readonly worker: Worker,
    private readonly running: Promise<void>,
  ) {}

  /** Rejects when the server cannot be reached. */
  static async open(options: TemporalLinkOptions): Promise<TemporalLink> {
    const { target, bundle, activities, taskQueue = orchestratorTaskQueue } = options;
    const connection = await connectNative(target);
    try {
      const worker = await Worker.create({
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
        stickyQueueScheduleToStartTimeout: '5 seconds',
        shutdownGraceTime: '5 seconds',
      });
      const client = await connectClient(target, connection);
      return new TemporalLink(client, connection, worker, worker.run());
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Resolves when the worker was stopped, rejects when it failed: then this process is of no use any more. */
  get ended(): Promise<void> {
    return this.running;
  }

  /** Rejects with the reason when the worker or the server cannot work. */
  async check(): Promise<void> {
    const state = this.worker.getState();
    if (state !== 'RUNNING') throw new Error(`the workflow worker is ${state}`);
    await this.client.withDeadline(Date.now() + 2_000, () => this.client.workflowService.getSystemInfo({}));
  }

  /** Finishes the workflow tasks under way and closes the connection. */
  async close(): Promise<void> {
    if (this.worker.getState() === 'RUNNING') this.worker.shutdown();
    await this.running.catch(() => undefined);
    await this.connection.close();
  }
}
