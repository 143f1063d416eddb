import type { TenantTransaction } from '@millrace/database';
import { type DeliveryId, DomainError } from '@millrace/kernel';
import { type Actor, recordAudit } from '@millrace/tenancy';
import { oweDeliveries } from '../delivery.js';
import type { Delivery } from '../readers/deliveries.js';

/**
 * Sends a message to its target once more, under the same message id, as a delivery of its own. Gives its id.
 * @throws DomainError `delivery.pending`
 */
export async function replayDelivery(tx: TenantTransaction, actor: Actor, delivery: Delivery): Promise<DeliveryId> {
  if (delivery.state === 'pending') {
    throw new DomainError(
      'conflict',
      'delivery.pending',
      'the delivery is still being tried: there is nothing to replay',
    );
  }
  const [row] = await tx.query<{ payload: string; webhook: string | null }>(
    `select d.payload, coalesce(d.webhook_id, w.id) as webhook from deliveries d
     left join webhooks w on w.tenant_id = $1 and w.environment_id = d.environment_id and w.name = d.target
       and d.channel = 'webhook'
     where d.tenant_id = $1 and d.id = $2`,
    [tx.tenantId, delivery.id],
  );
  if (row === undefined) throw new DomainError('not_found', 'delivery.not_found', 'there is no such delivery');
  const [id] = await oweDeliveries(tx, [
    {
      ...delivery,
      webhookId: row.webhook as Delivery['webhookId'],
      payload: row.payload,
      createdBy: actor.actor,
      replayOf: delivery.id,
    },
  ]);
  if (id === undefined) throw new Error('the replay was not put on record');
  await recordAudit(tx, { ...actor, action: 'delivery.replayed', target: delivery.id, detail: { delivery: id } });
  return id;
}
