import type { TenantTransaction } from '@millrace/database';

/** How much of each counted limit is in use. */
export interface LimitUsage {
  readonly members: number;
  readonly environments: number;
  readonly pipelines: number;
  readonly concurrentTasks: number;
  readonly queuedRuns: number;
}

/** Counts in one statement, over indexes. */
export async function readLimitUsage(tx: TenantTransaction): Promise<LimitUsage> {
  const [row] = await tx.query<LimitUsage>(
    `select
       (select count(*) from memberships where tenant_id = $1)::int as members,
       (select count(*) from environments where tenant_id = $1 and deleted_at is null)::int as environments,
       (select count(*) from pipelines p join environments e on e.tenant_id = $1 and e.id = p.environment_id
          where p.tenant_id = $1 and e.deleted_at is null)::int as pipelines,
       (select count(*) from slots where tenant_id = $1)::int as "concurrentTasks",
       (select count(*) from runs where tenant_id = $1 and state in ('queued', 'running'))::int as "queuedRuns"`,
    [tx.tenantId],
  );
  if (row === undefined) throw new Error('a select without from gave no row');
  return row;
}
