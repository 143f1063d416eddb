import type { WebhookPayload } from '@millrace/contracts/webhook-payload';
import type { TenantTransaction } from '@millrace/database';
import { type DeliveryId, DomainError, newId } from '@millrace/kernel';
import { type Actor, recordAudit } from '@millrace/tenancy';
import { oweDeliveries } from '../delivery.js';
import { slackMessage } from '../message.js';
import type { Webhook } from '../webhook.js';

/** Sends a message that says nothing, to see whether it arrives. Throws `webhook.disabled`. */
export async function testWebhook(tx: TenantTransaction, actor: Actor, webhook: Webhook): Promise<DeliveryId> {
  if (webhook.disabledAt !== null) {
    throw new DomainError('conflict', 'webhook.disabled', 'the webhook is switched off: switch it on first');
  }
  const [organization] = await tx.query<{ id: string; name: string }>(
    `select id, name from organizations where id = $1`,
    [tx.tenantId],
  );
  if (organization === undefined) throw new Error('the organization is missing');
  const payload: WebhookPayload = {
    type: 'webhook.test',
    timestamp: new Date().toISOString(),
    data: { webhook: { id: webhook.id, name: webhook.name }, organization, requestedBy: actor.actor },
  };
  const [id] = await oweDeliveries(tx, [
    {
      environmentId: webhook.environmentId,
      messageId: newId('message'),
      type: payload.type,
      alertId: null,
      channel: 'webhook',
      target: webhook.name,
      webhookId: webhook.id,
      payload: JSON.stringify(webhook.format === 'slack' ? slackMessage(payload) : payload),
      createdBy: actor.actor,
    },
  ]);
  if (id === undefined) throw new Error('the test was not put on record');
  await recordAudit(tx, { ...actor, action: 'webhook.tested', target: webhook.id, detail: { delivery: id } });
  return id;
}
