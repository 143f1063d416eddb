import type { TenantTransaction } from '@millrace/database';
import type { PromotionTarget } from '@millrace/pipelines';
import type { EnvironmentRef } from '@millrace/tenancy';
import { readPoolFacts, readWebhookNames } from './read-pool-facts.js';

const namesQuery = `
  select 'secrets' as kind, name from secrets where tenant_id = $1 and environment_id = $2 and deleted_at is null
  union select 'connections', name from connections where tenant_id = $1 and environment_id = $2
  union select 'variables', name from variables where tenant_id = $1 and environment_id = $2`;

/** What the environment has for pipelines to use; of secrets the names only. */
export async function readPromotionTarget(
  tx: TenantTransaction,
  environment: EnvironmentRef,
): Promise<PromotionTarget> {
  const rows = await tx.query<{ kind: string; name: string }>(namesQuery, [tx.tenantId, environment.id]);
  const named = (kind: string): string[] => rows.filter((row) => row.kind === kind).map(({ name }) => name);
  return {
    environmentId: environment.id,
    environment: environment.slug,
    pools: await readPoolFacts(tx, environment.id),
    webhooks: await readWebhookNames(tx, environment.id),
    secrets: named('secrets'),
    connections: named('connections'),
    variables: named('variables'),
  };
}
