import { deliveryWorkflowType } from '@millrace/contracts';
import type { DeliveryInput, DeliveryRef } from '@millrace/workflows';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Payment } from '../outbox-relay.js';
import { isPassing } from '../temporal-debts.js';

const callTimeoutMs = 5_000;

/** Starts the workflow of a delivery; its id is the delivery's, so that a repeat is harmless. */
export class StartDelivery {
  constructor(
    private readonly client: () => Client,
    private readonly queues: { readonly workflows: string; readonly deliveries: string },
  ) {}

  async execute(ref: DeliveryRef): Promise<Payment> {
    const input: DeliveryInput = { ...ref, taskQueue: this.queues.deliveries };
    try {
      const client = this.client();
      await client.withDeadline(Date.now() + callTimeoutMs, () =>
        client.workflow.start(deliveryWorkflowType, {
          workflowId: ref.deliveryId,
          taskQueue: this.queues.workflows,
          args: [input],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        }),
      );
    } catch (error) {
      if (isPassing(error)) return { outcome: 'down', error: error instanceof Error ? error.message : String(error) };
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return { outcome: 'paid' };
  }
}
