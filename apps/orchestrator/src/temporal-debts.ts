import {
  buildWorkflowType,
  type CancelSignal,
  cancelSignalName,
  type RunnerLostSignal,
  runnerLostSignalName,
  runWorkflowType,
} from '@millrace/contracts';
import type { ControlTransaction } from '@millrace/database';
import type { BuildRef, RunInput } from '@millrace/workflows';
import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Debt, Payment } from './outbox-relay.js';

const paid: Payment = { outcome: 'paid' };
/** A call to Temporal that takes longer is given up and made again. */
const callTimeoutMs = 5_000;
/** gRPC status codes that say nothing about the call: cancelled, deadline exceeded, resource exhausted, unavailable. */
const passingCodes = new Set([1, 4, 8, 14]);
/** How soon a killed worker's workflow task is given to another; history of thousands of events replays well within. */
const workflowTaskTimeout = '3 seconds';

/** Pays debts to Temporal. Each call may be repeated without harm: workflow ids are those of runs and deployments. */
export class TemporalDebts {
  constructor(
    /** The client on the workflow worker's connection; another one after an outage. */
    private readonly client: () => Client,
    private readonly taskQueue: string,
  ) {}

  async pay(tx: ControlTransaction, debt: Debt): Promise<Payment> {
    try {
      const client = this.client();
      return await client.withDeadline(Date.now() + callTimeoutMs, () => this.call(client, tx, debt));
    } catch (error) {
      if (isPassing(error)) return { outcome: 'down', error: messageOf(error) };
      throw error;
    }
  }

  private async call(client: Client, tx: ControlTransaction, debt: Debt): Promise<Payment> {
    const { tenantId, subject } = debt;
    switch (debt.kind) {
      case 'start_run': {
        const { restarts } = debt.payload as { readonly restarts?: number };
        const input: RunInput = { tenantId, runId: subject, ...(restarts === undefined ? {} : { restarts }) };
        return this.start(client, runWorkflowType, subject, input);
      }
      case 'build': {
        const input: BuildRef = { tenantId, deploymentId: subject };
        return this.start(client, buildWorkflowType, subject, input);
      }
      case 'cancel_run':
        return this.signal(client, tx, debt, cancelSignalName, debt.payload as CancelSignal);
      case 'runner_lost':
        return this.signal(client, tx, debt, runnerLostSignalName, debt.payload as RunnerLostSignal);
    }
  }

  private async start(client: Client, type: string, workflowId: string, input: unknown): Promise<Payment> {
    try {
      await client.workflow.start(type, {
        workflowId,
        taskQueue: this.taskQueue,
        args: [input],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowTaskTimeout,
        // Saves the way through the task queue: this process runs the worker on the same connection.
        requestEagerStart: true,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return paid;
  }

  private async signal(
    client: Client,
    tx: ControlTransaction,
    debt: Debt,
    name: string,
    payload: object,
  ): Promise<Payment> {
    try {
      await client.workflow.getHandle(debt.subject).signal(name, payload);
      return paid;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    // The workflow has ended, or does not exist yet.
    const starts = await tx.query(
      `select 1 from outbox where tenant_id = $1 and subject = $2 and kind = 'start_run' limit 1`,
      [debt.tenantId, debt.subject],
    );
    return starts.length === 0 ? paid : { outcome: 'later', delayMs: 200, error: 'the workflow has not started yet' };
  }
}

/** True for an error that says nothing about the call: it may be made again. */
export function isPassing(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return passingCodes.has(at.code);
  }
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
