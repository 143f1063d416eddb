import type { TenantDatabase, TenantTransaction } from '@millrace/database';
import {
  type Clock,
  type DeliveryId,
  type EnvironmentId,
  type MessageId,
  newId,
  systemClock,
  type TenantId,
  type WebhookId,
} from '@millrace/kernel';
import { Webhook as Signer } from 'standardwebhooks';
import { shown } from '../cause.js';
import { type Channel, type MailPayload, oweDeliveries, patienceMs, waitAfter } from '../delivery.js';
import { disabledMail } from '../message.js';
import { MailRefused, type MailTransport, type WebhookAnswer, type WebhookTransport } from '../ports.js';
import { ownerAddresses } from '../targets.js';
import type { WebhookFormat, WebhookSecrets } from '../webhook.js';

/** What became of an attempt: the delivery is over, or it is tried again after the wait. */
export type AttemptResult = { readonly over: true } | { readonly over: false; readonly retryAfterMs: number };

export interface AttemptDeliveryParts {
  readonly tenants: TenantDatabase;
  readonly mail: MailTransport;
  readonly webhooks: WebhookTransport;
  readonly secrets: WebhookSecrets;
  readonly consoleUrl: string;
  readonly clock?: Clock;
  /** 0 ≤ x < 1, for the spread of the waits. */
  readonly random?: () => number;
}

interface Loaded {
  readonly id: DeliveryId;
  readonly environmentId: EnvironmentId;
  readonly environment: string;
  readonly organization: string;
  readonly messageId: MessageId;
  readonly channel: Channel;
  readonly target: string;
  readonly payload: string;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly webhookId: WebhookId | null;
  readonly url: string | null;
  readonly format: WebhookFormat | null;
  readonly disabledAt: Date | null;
}

/** What one attempt found out. `final`: a repeat cannot do better. */
interface Finding {
  readonly ok: boolean;
  readonly final: boolean;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string | null;
  readonly askedMs?: number;
  /** Why the webhook itself must be switched off at once. */
  readonly gone?: string;
}

/** Tries to deliver once, and puts on record what came of it. */
export class AttemptDelivery {
  private readonly clock: Clock;

  constructor(private readonly parts: AttemptDeliveryParts) {
    this.clock = parts.clock ?? systemClock;
  }

  /** A delivery that is over, or does not exist, is left alone. */
  async execute(tenantId: TenantId, deliveryId: string): Promise<AttemptResult> {
    const { tenants } = this.parts;
    const loaded = await tenants.transaction(tenantId, (tx) => load(tx, deliveryId));
    if (loaded === undefined) return { over: true };
    const startedAt = this.clock.now();
    const startedMs = this.clock.monotonicMs();
    const finding = await this.send(tenantId, loaded);
    const durationMs = Math.round(this.clock.monotonicMs() - startedMs);
    return tenants.transaction(tenantId, (tx) => this.record(tx, loaded, finding, { startedAt, durationMs }));
  }

  private async send(tenantId: TenantId, loaded: Loaded): Promise<Finding> {
    if (loaded.channel === 'email') return this.mail(loaded);
    if (loaded.webhookId === null || loaded.url === null) return refusedFinding('the webhook is gone');
    if (loaded.disabledAt !== null) return refusedFinding('the webhook is switched off');
    const headers = await this.headers(tenantId, loaded, loaded.webhookId);
    const { url, organization, payload: body } = loaded;
    return findingOf(await this.parts.webhooks.post({ url, organization, headers, body }));
  }

  private async headers(tenantId: TenantId, loaded: Loaded, id: WebhookId): Promise<Record<string, string>> {
    const plain = { 'content-type': 'application/json', 'user-agent': 'Millrace' };
    // Slack knows who sends by the address alone.
    if (loaded.format !== 'standard') return plain;
    const now = this.clock.now();
    const secrets = await this.parts.tenants.transaction(tenantId, (tx) => this.parts.secrets.read(tx, id, now));
    return {
      ...plain,
      'webhook-id': loaded.messageId,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': secrets
        .map((secret) => new Signer(secret).sign(loaded.messageId, now, loaded.payload))
        .join(' '),
    };
  }

  private async mail(loaded: Loaded): Promise<Finding> {
    const { subject, text, html } = JSON.parse(loaded.payload) as MailPayload;
    try {
      await this.parts.mail.send({
        messageId: `${loaded.messageId}.${loaded.id}`,
        to: loaded.target,
        subject,
        text,
        ...(html === undefined ? {} : { html }),
      });
      return { ok: true, final: true, status: null, error: null, response: null };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return {
        ok: false,
        final: error instanceof MailRefused,
        status: null,
        error: shown(message, 500),
        response: null,
      };
    }
  }

  private async record(
    tx: TenantTransaction,
    loaded: Loaded,
    finding: Finding,
    when: { readonly startedAt: Date; readonly durationMs: number },
  ): Promise<AttemptResult> {
    const now = this.clock.now();
    const attempts = loaded.attempts + 1;
    const waitMs = waitAfter(attempts, finding.askedMs, this.parts.random ?? Math.random);
    const spent = now.getTime() + waitMs - loaded.createdAt.getTime() >= patienceMs;
    const over = finding.ok || finding.final || spent;
    await tx.query(
      `with attempt as (
         insert into delivery_attempts (tenant_id, delivery_id, number, at, duration_ms, ok, status, error, response)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing)
       update deliveries set attempts = greatest(attempts, $3), state = $10, reason = $8, next_attempt_at = $11,
         ended_at = $12
       where tenant_id = $1 and id = $2 and state = 'pending'`,
      [
        ...[tx.tenantId, loaded.id, attempts, when.startedAt, when.durationMs],
        ...[finding.ok, finding.status, finding.error, finding.response],
        finding.ok ? 'succeeded' : over ? 'failed' : 'pending',
        over ? null : new Date(now.getTime() + waitMs),
        over ? now : null,
      ],
    );
    if (loaded.webhookId !== null && loaded.disabledAt === null) {
      await this.judgeWebhook(tx, loaded, loaded.webhookId, finding, when.startedAt);
    }
    return over ? { over } : { over, retryAfterMs: waitMs };
  }

  /** A webhook that failed all the time for as long as a delivery is tried is switched off, and the owners are told. */
  private async judgeWebhook(
    tx: TenantTransaction,
    loaded: Loaded,
    id: WebhookId,
    finding: Finding,
    at: Date,
  ): Promise<void> {
    const [webhook] = await tx.query<{ failing_since: Date | null }>(
      `update webhooks set failing_since = case when $3 then null else coalesce(failing_since, $4) end
       where tenant_id = $1 and id = $2 returning failing_since`,
      [tx.tenantId, id, finding.ok, at],
    );
    const since = webhook?.failing_since ?? null;
    const spent = since !== null && this.clock.now().getTime() - since.getTime() >= patienceMs;
    const reason = finding.gone ?? (spent ? 'nothing that was sent to it for 72 hours arrived' : undefined);
    if (reason === undefined) return;
    const disabled = await tx.query(
      `update webhooks set disabled_at = $3, disabled_reason = $4
       where tenant_id = $1 and id = $2 and disabled_at is null returning id`,
      [tx.tenantId, id, this.clock.now(), reason],
    );
    if (disabled.length === 0) return;
    const { organization, environment, target: name } = loaded;
    const payload = JSON.stringify(
      disabledMail({ organization, environment, webhook: name, reason, consoleUrl: this.parts.consoleUrl }),
    );
    const messageId = newId('message');
    await oweDeliveries(
      tx,
      (await ownerAddresses(tx)).map((address) => ({
        environmentId: loaded.environmentId,
        messageId,
        type: 'webhook.disabled',
        alertId: null,
        channel: 'email',
        target: address,
        webhookId: null,
        payload,
        createdBy: 'system',
      })),
    );
  }
}

async function load(tx: TenantTransaction, deliveryId: string): Promise<Loaded | undefined> {
  const [row] = await tx.query<Loaded>(
    `select d.id, d.environment_id as "environmentId", e.slug as environment, o.slug as organization,
       d.message_id as "messageId", d.channel, d.target, d.payload, d.attempts, d.created_at as "createdAt",
       w.id as "webhookId", w.url, w.format, w.disabled_at as "disabledAt"
     from deliveries d
     join organizations o on o.id = $1
     join environments e on e.tenant_id = $1 and e.id = d.environment_id
     left join webhooks w on w.tenant_id = $1 and w.id = d.webhook_id
     where d.tenant_id = $1 and d.id = $2 and d.state = 'pending'`,
    [tx.tenantId, deliveryId],
  );
  return row;
}

function refusedFinding(error: string): Finding {
  return { ok: false, final: true, status: null, error, response: null };
}

function findingOf(answer: WebhookAnswer): Finding {
  if (answer.outcome !== 'answered') {
    const final = answer.outcome === 'refused';
    return { ok: false, final, status: null, error: shown(answer.error, 500), response: null };
  }
  const { status, response, retryAfterMs } = answer;
  const found = { status, response, ...(retryAfterMs === undefined ? {} : { askedMs: retryAfterMs }) };
  if (status >= 200 && status < 300) return { ...found, ok: true, final: true, error: null };
  if (status === 410) {
    const gone = 'it answered 410 Gone';
    return { ...found, ok: false, final: true, error: 'the receiver answered 410: it wants nothing more', gone };
  }
  const redirect = status >= 300 && status < 400 ? ': redirects are not followed, set the new address' : '';
  return { ...found, ok: false, final: false, error: `the receiver answered ${status}${redirect}` };
}
