import { sizes } from '@millrace/billing';
import type { PoolSize } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import type { EnvironmentId } from '@millrace/kernel';
import type { PoolFacts } from '@millrace/pipelines';

/** Pools of the environment, as far as a definition can ask for too much of them. */
export async function readPoolFacts(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
): Promise<readonly PoolFacts[]> {
  const rows = await tx.query<{ name: string; size: PoolSize }>(
    `select name, size from pools where tenant_id = $1 and environment_id = $2 order by name`,
    [tx.tenantId, environmentId],
  );
  return rows.map(({ name, size }) => ({ name, memoryBytes: sizes[size].memoryBytes }));
}

/** Webhooks of the environment that a `notify` rule may name, those that are switched off among them. */
export async function readWebhookNames(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
): Promise<readonly string[]> {
  const rows = await tx.query<{ name: string }>(
    `select name from webhooks where tenant_id = $1 and environment_id = $2 order by name`,
    [tx.tenantId, environmentId],
  );
  return rows.map(({ name }) => name);
}
