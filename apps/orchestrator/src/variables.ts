import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId } from '@millrace/kernel';

/** The named variables of an environment; throws `variable.not_found` for one that is not there. */
export async function readVariables(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  names: readonly string[],
): Promise<Record<string, string>> {
  const rows = await tx.query<{ name: string; value: string }>(
    `select name, value from variables where tenant_id = $1 and environment_id = $2 and name = any($3::text[])`,
    [tx.tenantId, environmentId, names],
  );
  const missing = names.find((name) => !rows.some((row) => row.name === name));
  if (missing !== undefined) {
    throw new DomainError('not_found', 'variable.not_found', `there is no variable "${missing}" in this environment`);
  }
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}
