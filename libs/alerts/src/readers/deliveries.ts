import type { TenantTransaction } from '@millrace/database';
import type { AlertId, DeliveryId, EnvironmentId, MessageId, WebhookId } from '@millrace/kernel';
import type { Channel, DeliveryState } from '../delivery.js';

/** A delivery as people see it. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly environmentId: EnvironmentId;
  readonly messageId: MessageId;
  readonly type: string;
  readonly alertId: AlertId | null;
  readonly channel: Channel;
  readonly target: string;
  readonly webhookId: WebhookId | null;
  readonly state: DeliveryState;
  /** What the last attempt met; null once it succeeded. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly replayOf: DeliveryId | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly endedAt: Date | null;
}

export interface DeliveryAttempt {
  readonly number: number;
  readonly at: Date;
  readonly durationMs: number;
  readonly ok: boolean;
  readonly status: number | null;
  readonly error: string | null;
  /** The first KiB of the answer. */
  readonly response: string | null;
}

const columns = `id, environment_id as "environmentId", message_id as "messageId", type, alert_id as "alertId", channel,
  target, webhook_id as "webhookId", state, reason, attempts, replay_of as "replayOf", created_by as "createdBy",
  created_at as "createdAt", next_attempt_at as "nextAttemptAt", ended_at as "endedAt"`;

/** The delivery, or undefined where the tenant has none of this id. */
export async function findDelivery(tx: TenantTransaction, id: string): Promise<Delivery | undefined> {
  const [row] = await tx.query<Delivery>(`select ${columns} from deliveries where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
  ]);
  return row;
}

/** What a delivery sends, as it was frozen, and its attempts, oldest first. */
export async function readDeliveryDetails(
  tx: TenantTransaction,
  id: DeliveryId,
): Promise<{ readonly payload: string; readonly attempts: readonly DeliveryAttempt[] }> {
  const [row] = await tx.query<{ payload: string }>(`select payload from deliveries where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
  ]);
  const attempts = await tx.query<DeliveryAttempt>(
    `select number, at, duration_ms as "durationMs", ok, status, error, response from delivery_attempts
     where tenant_id = $1 and delivery_id = $2 order by number limit 200`,
    [tx.tenantId, id],
  );
  return { payload: row?.payload ?? 'null', attempts };
}

export interface DeliveryFilter {
  readonly environmentId: EnvironmentId;
  readonly webhookId?: WebhookId | undefined;
  readonly alertId?: string | undefined;
  readonly state?: DeliveryState | undefined;
  /** The id of the last delivery of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listDeliveries(tx: TenantTransaction, filter: DeliveryFilter): Promise<Delivery[]> {
  return tx.query<Delivery>(
    `select ${columns} from deliveries
     where tenant_id = $1 and environment_id = $2 and ($3::text is null or webhook_id = $3)
       and ($4::text is null or alert_id = $4) and ($5::text is null or state = $5) and ($6::text is null or id < $6)
     order by id desc limit $7`,
    [
      ...[tx.tenantId, filter.environmentId, filter.webhookId ?? null, filter.alertId ?? null],
      ...[filter.state ?? null, filter.after ?? null, filter.limit],
    ],
  );
}
