import { setTimeout as delay } from 'node:timers/promises';
import { maintenanceWorkflowType } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import type { MaintenanceInput } from '@millrace/workflows';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Reconciler } from './reconciler.js';

export interface CaretakerOptions {
  readonly client: () => Client;
  readonly reconciler: Pick<Reconciler, 'pass'>;
  readonly taskQueue: string;
  /** Between two rounds of the maintenance workflow, in milliseconds; default 10,000. */
  readonly maintenanceIntervalMs?: number | undefined;
  /** Id of the maintenance workflow. */
  readonly maintenanceId?: string | undefined;
  readonly log: Logger;
}

const lookEveryMs = 5_000;
const lookAgainMs = 500;

/**
 * Sees to it that Temporal has the maintenance workflow, which goes on for ever. Where it is not there, the store is new
 * or was lost, and everything that is open in the record is compared with it at once; at a start as well.
 */
export class Caretaker {
  private readonly stopping = new AbortController();
  private looking: Promise<void> | undefined;
  private wakes = new AbortController();
  private passIsDue = true;

  constructor(private readonly options: CaretakerOptions) {}

  /** Rejects when the maintenance workflow cannot be started; goes on looking after it until `stop`. */
  async start(): Promise<void> {
    await this.ensureMaintenance();
    this.looking = this.lookAfter();
  }

  /** The server was away: it may be another one now. */
  wake(): void {
    this.wakes.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.looking;
  }

  private async lookAfter(): Promise<void> {
    const { log } = this.options;
    while (!this.stopping.signal.aborted) {
      let pauseMs = lookEveryMs;
      try {
        await this.look();
      } catch (error) {
        log.warn({ err: error }, 'the open runs could not be compared with their workflows; trying again');
        pauseMs = lookAgainMs;
      }
      this.wakes = new AbortController();
      if (this.stopping.signal.aborted) return;
      await delay(pauseMs, undefined, { signal: this.wakes.signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    if (!(await this.hasMaintenance())) await this.ensureMaintenance();
    if (!this.passIsDue) return;
    const began = performance.now();
    const restarted = await this.options.reconciler.pass();
    this.passIsDue = false;
    const ms = Math.round(performance.now() - began);
    if (restarted > 0) this.options.log.warn({ restarted, ms }, 'Temporal has lost workflows; they were started again');
  }

  private async hasMaintenance(): Promise<boolean> {
    try {
      const { status } = await this.options.client().workflow.getHandle(this.maintenanceId).describe();
      return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  private async ensureMaintenance(): Promise<void> {
    const { taskQueue, maintenanceIntervalMs = 10_000 } = this.options;
    const input: MaintenanceInput = { intervalMs: maintenanceIntervalMs };
    this.passIsDue = true;
    await this.options.client().workflow.start(maintenanceWorkflowType, {
      workflowId: this.maintenanceId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }

  private get maintenanceId(): string {
    return this.options.maintenanceId ?? maintenanceWorkflowType;
  }
}
