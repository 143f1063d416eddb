import type { AttemptDelivery } from '@millrace/alerts';
import type { TenantId } from '@millrace/kernel';
import type { DeliveryActivities } from '@millrace/workflows';
import { ApplicationFailure } from '@temporalio/activity';

/** The one activity of deliveries. What is not yet delivered fails with the wait before the next attempt. */
export function deliveryActivities(attempt: AttemptDelivery): DeliveryActivities {
  return {
    deliver: async ({ tenantId, deliveryId }) => {
      const result = await attempt.execute(tenantId as TenantId, deliveryId);
      if (result.over) return;
      throw ApplicationFailure.create({
        type: 'delivery.not_yet',
        message: 'not delivered; it is tried again',
        nextRetryDelay: result.retryAfterMs,
      });
    },
  };
}
