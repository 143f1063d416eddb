import { proxyActivities } from '@temporalio/workflow';

export interface DeliveryRef {
  readonly tenantId: string;
  readonly deliveryId: string;
}

export interface DeliveryInput extends DeliveryRef {
  /** Where deliveries are carried out: apart from all other work, since receivers may be slow. */
  readonly taskQueue: string;
}

/** Activities of deliveries, on a task queue of their own. */
export interface DeliveryActivities {
  /**
   * Tries once and puts on record what came of it. Returns when the delivery is over, arrived or given up; throws, with
   * the wait before the next attempt, while there is hope.
   */
  deliver(ref: DeliveryRef): Promise<void>;
}

/** The workflow that carries out one delivery; its id is the delivery's id. */
export async function delivery({ tenantId, deliveryId, taskQueue }: DeliveryInput): Promise<void> {
  const { deliver } = proxyActivities<DeliveryActivities>({
    taskQueue,
    startToCloseTimeout: '60 seconds',
    // For an attempt that dies with its process. The activity itself says when the next one is due, and gives up.
    retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  });
  await deliver({ tenantId, deliveryId });
}
