import { randomBytes } from 'node:crypto';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, newId, type WebhookId } from '@millrace/kernel';
import { type Actor, recordAudit, type SealedText } from '@millrace/tenancy';

export const webhookFormats = ['standard', 'slack'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** An endpoint of an environment that messages are sent to. Its secret is never part of it. */
export interface Webhook {
  readonly id: WebhookId;
  readonly environmentId: EnvironmentId;
  readonly name: string;
  readonly url: string;
  readonly format: WebhookFormat;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  /** Since when every attempt failed. */
  readonly failingSince: Date | null;
  /** Until when the secret before the last rotation signs too. */
  readonly previousSecretUntil: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A webhook with the secret that is shown this once. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  /** `whsec_…`, as the Standard Webhooks libraries take it. */
  readonly secret: string;
}

/** What one environment may hold. */
export const maxWebhooks = 50;

const columns = `id, environment_id as "environmentId", name, url, format, disabled_at as "disabledAt",
  disabled_reason as "disabledReason", failing_since as "failingSince", previous_until as "previousSecretUntil",
  created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt"`;

/** The webhook, or undefined where the tenant has none of this id. */
export async function findWebhook(tx: TenantTransaction, id: string): Promise<Webhook | undefined> {
  const [row] = await tx.query<Webhook>(`select ${columns} from webhooks where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
  ]);
  return row;
}

/** In order of names, after `after`. */
export function listWebhooks(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Webhook[]> {
  return tx.query<Webhook>(
    `select ${columns} from webhooks
     where tenant_id = $1 and environment_id = $2 and ($3::text is null or name > $3) order by name limit $4`,
    [tx.tenantId, environmentId, page.after ?? null, page.limit],
  );
}

function makeSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Keeps signing secrets sealed; the same key seals and opens them in the API and in the orchestrator. */
export class WebhookSecrets {
  constructor(private readonly sealed: SealedText) {}

  /** Throws `webhook.exists`, `webhook.too_many`. */
  async create(
    tx: TenantTransaction,
    actor: Actor,
    given: Pick<Webhook, 'environmentId' | 'name' | 'url' | 'format'>,
  ): Promise<WebhookWithSecret> {
    const [count] = await tx.query<{ count: number }>(
      `select count(*)::int as count from webhooks where tenant_id = $1 and environment_id = $2`,
      [tx.tenantId, given.environmentId],
    );
    if ((count?.count ?? 0) >= maxWebhooks) {
      throw new DomainError('quota', 'webhook.too_many', `an environment holds at most ${maxWebhooks} webhooks`, {
        facts: { limit: 'webhooks', max: maxWebhooks },
      });
    }
    const id = newId('webhook');
    const secret = makeSecret();
    const [webhook] = await tx.query<Webhook>(
      `insert into webhooks (tenant_id, id, environment_id, name, url, format, secret, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (tenant_id, environment_id, name) do nothing returning ${columns}`,
      [
        ...[tx.tenantId, id, given.environmentId, given.name, given.url, given.format],
        ...[this.sealed.seal(secret, place(tx, id)), actor.actor],
      ],
    );
    if (webhook === undefined) {
      throw new DomainError('conflict', 'webhook.exists', `this environment has a webhook ${given.name} already`);
    }
    await recordAudit(tx, { ...actor, action: 'webhook.created', target: id, detail: { name: given.name } });
    return { webhook, secret };
  }

  /** A new secret; the old one signs beside it for so many hours, and is forgotten at once for 0. */
  async rotate(tx: TenantTransaction, actor: Actor, id: WebhookId, overlapHours: number): Promise<WebhookWithSecret> {
    const secret = makeSecret();
    const [webhook] = await tx.query<Webhook>(
      `update webhooks set secret = $3, updated_at = now(),
         previous_secret = case when $4::int > 0 then secret end,
         previous_until = case when $4::int > 0 then now() + make_interval(hours => $4::int) end
       where tenant_id = $1 and id = $2 returning ${columns}`,
      [tx.tenantId, id, this.sealed.seal(secret, place(tx, id)), overlapHours],
    );
    if (webhook === undefined) throw webhookNotFound();
    await recordAudit(tx, { ...actor, action: 'webhook.secret_rotated', target: id, detail: { overlapHours } });
    return { webhook, secret };
  }

  /** The secrets that sign now, the newest first. */
  async read(tx: TenantTransaction, id: WebhookId, now: Date): Promise<readonly string[]> {
    const [row] = await tx.query<{ secret: string; previous: string | null; until: Date | null }>(
      `select secret, previous_secret as previous, previous_until as until from webhooks where tenant_id = $1 and id = $2`,
      [tx.tenantId, id],
    );
    if (row === undefined) throw webhookNotFound();
    const previous = row.previous !== null && row.until !== null && row.until > now ? [row.previous] : [];
    return [row.secret, ...previous].map((sealed) => this.sealed.open(sealed, place(tx, id)));
  }
}

function place(tx: TenantTransaction, id: WebhookId): string {
  return `${tx.tenantId}|${id}`;
}

/** The refusal for an id that names none. */
export function webhookNotFound(): DomainError {
  return new DomainError('not_found', 'webhook.not_found', 'there is no such webhook');
}

/** Changes what is given. Switched on again, it starts with a clean record. */
export async function changeWebhook(
  tx: TenantTransaction,
  actor: Actor,
  id: WebhookId,
  change: { readonly url?: string | undefined; readonly enabled?: boolean | undefined },
): Promise<Webhook> {
  const [webhook] = await tx.query<Webhook>(
    `update webhooks set url = coalesce($3, url), updated_at = now(),
       disabled_at = case when $4::boolean then null when not $4::boolean then coalesce(disabled_at, now()) else disabled_at end,
       disabled_reason = case when $4::boolean then null when not $4::boolean then 'switched off' else disabled_reason end,
       failing_since = case when $4::boolean or $3::text is not null then null else failing_since end
     where tenant_id = $1 and id = $2 returning ${columns}`,
    [tx.tenantId, id, change.url ?? null, change.enabled ?? null],
  );
  if (webhook === undefined) throw webhookNotFound();
  await recordAudit(tx, {
    ...actor,
    action: 'webhook.changed',
    target: id,
    // The path of an address may be a credential.
    detail: {
      ...(change.url === undefined ? {} : { origin: new URL(change.url).origin }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
    },
  });
  return webhook;
}

/** Removes it; its deliveries stay on record, without it. */
export async function deleteWebhook(tx: TenantTransaction, actor: Actor, id: WebhookId): Promise<void> {
  const rows = await tx.query(`delete from webhooks where tenant_id = $1 and id = $2 returning id`, [tx.tenantId, id]);
  if (rows.length === 0) throw webhookNotFound();
  await recordAudit(tx, { ...actor, action: 'webhook.deleted', target: id });
}
