import type { TenantTransaction } from '@millrace/database';
import { channels } from '@millrace/database';
import {
  type AlertId,
  type DeliveryId,
  type EnvironmentId,
  type MessageId,
  newId,
  type WebhookId,
} from '@millrace/kernel';

export const deliveryStates = ['pending', 'succeeded', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];
export type Channel = 'email' | 'webhook';

/** One message on its way to one target. */
export interface NewDelivery {
  readonly environmentId: EnvironmentId;
  readonly messageId: MessageId;
  /** `alert.failed`, `alert.recovered`, `alert.deadline_missed`, `webhook.test`, `webhook.disabled`. */
  readonly type: string;
  readonly alertId: AlertId | null;
  readonly channel: Channel;
  /** The address, or the name of the webhook. */
  readonly target: string;
  readonly webhookId: WebhookId | null;
  /** Frozen: what every attempt sends. */
  readonly payload: string;
  readonly createdBy: string;
  /** Set where it cannot be sent at all: it goes on record as failed, and can be replayed. */
  readonly refusal?: string;
  /** The delivery that is repeated by hand. */
  readonly replayOf?: DeliveryId;
}

/** Payload of a delivery by e-mail. */
export interface MailPayload {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

/**
 * Puts deliveries on record and owes each to the delivery workflow. A message that a target has, or is being sent, is
 * not sent to it again unless it is replayed. Gives the ids of the new ones.
 */
export async function oweDeliveries(
  tx: TenantTransaction,
  deliveries: readonly NewDelivery[],
): Promise<readonly DeliveryId[]> {
  if (deliveries.length === 0) return [];
  const rows = deliveries.map((one) => ({
    id: newId('delivery'),
    environment_id: one.environmentId,
    message_id: one.messageId,
    type: one.type,
    alert_id: one.alertId,
    channel: one.channel,
    target: one.target,
    webhook_id: one.webhookId,
    payload: one.payload,
    created_by: one.createdBy,
    refusal: one.refusal ?? null,
    replay_of: one.replayOf ?? null,
  }));
  const made = await tx.query<{ id: DeliveryId; woken: unknown }>(
    `with made as (
       insert into deliveries (tenant_id, id, environment_id, message_id, type, alert_id, channel, target, webhook_id,
         payload, created_by, state, reason, ended_at, replay_of)
       select $1, id, environment_id, message_id, type, alert_id, channel, target, webhook_id, payload, created_by,
         case when refusal is null then 'pending' else 'failed' end, refusal,
         case when refusal is not null then now() end, replay_of
       from jsonb_to_recordset($2::jsonb) as r (id text, environment_id text, message_id text, type text, alert_id text,
         channel text, target text, webhook_id text, payload text, created_by text, refusal text, replay_of text)
       on conflict (tenant_id, message_id, channel, target) where replay_of is null do nothing
       returning id, state),
     debt as (
       insert into outbox (tenant_id, kind, subject) select $1, 'delivery', id from made where state = 'pending'
       returning subject)
     select made.id, (select count(pg_notify('${channels.notices}', subject)) from debt) as woken from made order by made.id`,
    [tx.tenantId, JSON.stringify(rows)],
  );
  return made.map(({ id }) => id);
}

/** How long a delivery is tried, and a webhook may fail, in milliseconds: 72 hours. */
export const patienceMs = 72 * 3_600_000;

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
/** Waits between attempts, in milliseconds; the last one repeats until the patience is over. */
const waitsMs = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
];

/** The wait after so many attempts; a receiver may ask for more, up to an hour. `random` gives 0 ≤ x < 1. */
export function waitAfter(attempts: number, askedMs: number | undefined, random: () => number): number {
  const base = waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 5 * secondMs;
  const spread = Math.round(base * (0.9 + 0.2 * random()));
  return Math.max(spread, Math.min(askedMs ?? 0, hourMs));
}
