import type { TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { type Actor, recordAudit } from '@millrace/tenancy';
import { defaultPool } from '../pool.js';
import type { Pool } from '../readers/pools.js';

interface PoolUse {
  readonly leases: number;
  readonly tasks: number;
  readonly runs: number;
  readonly runners: number;
}

/**
 * Deletes a pool that nothing needs any more, with the history of its runners.
 * @throws DomainError `pool.is_default`, `pool.in_use`
 */
export async function deletePool(tx: TenantTransaction, actor: Actor, pool: Pool): Promise<void> {
  if (pool.name === defaultPool) {
    throw new DomainError('conflict', 'pool.is_default', 'every environment keeps its pool "default"');
  }
  // A runner that is being registered holds the row: it is either seen below, or refused.
  await tx.query(`select from pools where tenant_id = $1 and id = $2 for update`, [tx.tenantId, pool.id]);
  const [use] = await tx.query<PoolUse>(
    `select
       (select count(*)::int from slots where tenant_id = $1 and pool_id = $2) as leases,
       (select count(*)::int from task_instances
        where tenant_id = $1 and pool_id = $2 and state in ('queued', 'running') and map_length is null) as tasks,
       -- A run has its pools from its beginning, and may come to the tasks of this one later.
       (select count(*)::int from runs r where r.tenant_id = $1 and r.state in ('queued', 'running')
          and exists (select from jsonb_each(r.pools) p where p.value ->> 'poolId' = $2)) as runs,
       (select count(*)::int from runners where tenant_id = $1 and pool_id = $2 and state <> 'ended') as runners`,
    [tx.tenantId, pool.id],
  );
  if (use === undefined) throw new Error('a select without from gave no row');
  refuseInUse(pool, use);
  await tx.query(`delete from pools where tenant_id = $1 and id = $2`, [tx.tenantId, pool.id]);
  await recordAudit(tx, {
    ...actor,
    action: 'pool.deleted',
    target: pool.id,
    detail: { environmentId: pool.environmentId, name: pool.name },
  });
}

function refuseInUse(pool: Pool, { leases, tasks, runs, runners }: PoolUse): void {
  const facts = { leases, tasks, runs, runners };
  if (leases > 0 || tasks > 0 || runs > 0) {
    throw new DomainError(
      'conflict',
      'pool.in_use',
      `the pool "${pool.name}" is needed by ${runs} runs that have not ended (${tasks} tasks queued or running): let them end, or cancel them`,
      { facts },
    );
  }
  if (runners > 0) {
    throw new DomainError(
      'conflict',
      'pool.in_use',
      `the pool "${pool.name}" still has ${runners} idle runners: they leave after idleSeconds (${pool.idleSeconds})`,
      { facts, retryAfterSeconds: Math.min(pool.idleSeconds, 60) },
    );
  }
}
