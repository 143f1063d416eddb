import type { PoolSize } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { sizes } from '@millrace/billing';
import type { EnvironmentId } from '@millrace/kernel';
import type { PoolDirectory, PoolFacts } from '@millrace/pipelines';

/** Pools for the checks at deploy: their names, and what one task may use of each. */
export class PgPoolDirectory implements PoolDirectory {
  async list(tx: TenantTransaction, environmentId: EnvironmentId): Promise<readonly PoolFacts[]> {
    const rows = await tx.query<{ name: string; size: PoolSize }>(
      `select name, size from pools where tenant_id = $1 and environment_id = $2 order by name`,
      [tx.tenantId, environmentId],
    );
    return rows.map(({ name, size }) => ({ name, memoryBytes: sizes[size].memoryBytes }));
  }
}
