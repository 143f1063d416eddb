import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId } from '@millrace/kernel';
import type { SecretInfo } from '../secret-vault.js';

/** Secrets in order of names, after `after`; never a value. */
export async function listSecrets(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<SecretInfo[]> {
  const rows = await tx.query<Omit<SecretInfo, 'createdAt'> & { createdAt: Date }>(
    `select name, version, created_by as "createdBy", created_at as "createdAt" from secrets
      where tenant_id = $1 and environment_id = $2 and deleted_at is null and ($3::text is null or name > $3)
      order by name limit $4`,
    [tx.tenantId, environmentId, page.after ?? null, page.limit],
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** One secret, without its value. Throws `secret.not_found`. */
export async function getSecret(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  name: string,
): Promise<SecretInfo> {
  const [row] = await tx.query<Omit<SecretInfo, 'createdAt'> & { createdAt: Date }>(
    `select name, version, created_by as "createdBy", created_at as "createdAt" from secrets
      where tenant_id = $1 and environment_id = $2 and name = $3 and deleted_at is null`,
    [tx.tenantId, environmentId, name],
  );
  if (row === undefined) {
    throw new DomainError('not_found', 'secret.not_found', `there is no secret ${JSON.stringify(name)}`);
  }
  return { ...row, createdAt: row.createdAt.toISOString() };
}
