import type { NotifyEvent, NotifyRule } from '@millrace/contracts';
import { notifyOwners } from '@millrace/contracts/notify';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, type VersionId, type WebhookId } from '@millrace/kernel';
import { defaultRules } from './alert.js';
import type { WebhookFormat } from './webhook.js';

/** Who gets a message. */
export type Target =
  | { readonly channel: 'email'; readonly address: string }
  | {
      readonly channel: 'webhook';
      readonly name: string;
      /** Null where the environment has none of this name. */
      readonly webhook: { readonly id: WebhookId; readonly format: WebhookFormat; readonly disabled: boolean } | null;
    };

/** The targets of an event by the rules of the version, else of its environment, else the default: each once. */
export async function findTargets(
  tx: TenantTransaction,
  place: { readonly environmentId: EnvironmentId; readonly versionId: VersionId },
  event: NotifyEvent,
): Promise<readonly Target[]> {
  const [row] = await tx.query<{ rules: NotifyRule[] | null }>(
    `select coalesce(v.notify, e.notify) as rules from environments e
     left join pipeline_versions v on v.tenant_id = $1 and v.id = $3
     where e.tenant_id = $1 and e.id = $2`,
    [tx.tenantId, place.environmentId, place.versionId],
  );
  const rules = (row?.rules ?? defaultRules).filter(({ on }) => on.includes(event));
  const names = [...new Set(rules.flatMap((rule) => ('webhook' in rule ? [rule.webhook] : [])))];
  const written = rules.flatMap((rule) => ('email' in rule ? rule.email : []));
  const owners = written.includes(notifyOwners) ? await ownerAddresses(tx) : [];
  const addresses = uniqueAddresses([...owners, ...written.filter((address) => address !== notifyOwners)]);
  return [
    ...addresses.map((address): Target => ({ channel: 'email', address })),
    ...(await findWebhooks(tx, place.environmentId, names)),
  ];
}

/**
 * Refuses rules that name a webhook which the environment does not have. Throws `notify.unknown_webhook` with the place of
 * each, under `/notify`.
 */
export async function requireWebhooks(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  rules: readonly NotifyRule[],
): Promise<void> {
  const names = rules.map((rule) => ('webhook' in rule ? rule.webhook : undefined));
  const found = await findWebhooks(tx, environmentId, [...new Set(names.filter((name) => name !== undefined))]);
  const missing = new Set(found.flatMap((one) => ('webhook' in one && one.webhook === null ? [one.name] : [])));
  const details = names.flatMap((name, index) =>
    name === undefined || !missing.has(name)
      ? []
      : [
          {
            code: 'notify.unknown_webhook',
            message: `the environment has no webhook "${name}"`,
            hint: 'create it first: POST /v1/webhooks',
            pointer: `/notify/${index}/webhook`,
          },
        ],
  );
  const [first] = details;
  if (first !== undefined) throw new DomainError('invalid', first.code, first.message, { details });
}

/** The addresses of the organization's owners. */
export async function ownerAddresses(tx: TenantTransaction): Promise<readonly string[]> {
  const rows = await tx.query<{ email: string }>(
    `select u.email from memberships m join users u on u.id = m.user_id
     where m.tenant_id = $1 and m.role = 'owner' order by m.user_id`,
    [tx.tenantId],
  );
  return rows.map(({ email }) => email);
}

function uniqueAddresses(addresses: readonly string[]): readonly string[] {
  // The first spelling counts.
  return addresses.filter(
    (address, at) => addresses.findIndex((other) => other.toLowerCase() === address.toLowerCase()) === at,
  );
}

async function findWebhooks(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  names: readonly string[],
): Promise<readonly Target[]> {
  if (names.length === 0) return [];
  const rows = await tx.query<{ id: WebhookId; name: string; format: WebhookFormat; disabled: boolean }>(
    `select id, name, format, disabled_at is not null as disabled from webhooks
     where tenant_id = $1 and environment_id = $2 and name = any($3::text[])`,
    [tx.tenantId, environmentId, names],
  );
  return names.map((name) => ({ channel: 'webhook', name, webhook: rows.find((row) => row.name === name) ?? null }));
}
