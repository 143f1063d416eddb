import type { Delivery, DeliveryAttempt, Webhook } from '@millrace/alerts';
import type { z } from 'zod';
import type { delivery, deliveryDetails, webhook } from './webhook.schema.js';

export function toWebhook(found: Webhook): z.infer<typeof webhook> {
  return {
    id: found.id,
    name: found.name,
    // Whoever knows the path of such an address may post to the channel.
    url: found.format === 'slack' ? `${new URL(found.url).origin}/…` : found.url,
    format: found.format,
    enabled: found.disabledAt === null,
    disabledReason: found.disabledReason,
    failingSince: found.failingSince?.toISOString() ?? null,
    previousSecretUntil: found.previousSecretUntil?.toISOString() ?? null,
    createdBy: found.createdBy,
    createdAt: found.createdAt.toISOString(),
    updatedAt: found.updatedAt.toISOString(),
  };
}

export function toDelivery(found: Delivery): z.infer<typeof delivery> {
  const { environmentId: _, createdAt, nextAttemptAt, endedAt, ...rest } = found;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}

export function toDeliveryDetails(
  found: Delivery,
  details: { readonly payload: string; readonly attempts: readonly DeliveryAttempt[] },
): z.infer<typeof deliveryDetails> {
  return {
    ...toDelivery(found),
    payload: JSON.parse(details.payload) as unknown,
    log: details.attempts.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
  };
}
