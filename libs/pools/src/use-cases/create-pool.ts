import { allowsSize, planOf } from '@millrace/billing';
import type { PoolSize } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, newId } from '@millrace/kernel';
import { type Actor, getOrganization, recordAudit } from '@millrace/tenancy';
import { poolBounds, type PoolSettings } from '../pool.js';
import { findPool, type Pool } from '../readers/pools.js';

/** Makes a pool; it costs nothing until something runs in it. Throws `pool.exists`, `pool.too_many`, `plan.size`. */
export async function createPool(
  tx: TenantTransaction,
  actor: Actor,
  given: { readonly environmentId: EnvironmentId; readonly name: string; readonly settings: PoolSettings },
): Promise<Pool> {
  const { environmentId, name, settings } = given;
  await requireSize(tx, settings.size);
  const [count] = await tx.query<{ pools: number }>(
    `select count(*)::int as pools from pools where tenant_id = $1 and environment_id = $2`,
    [tx.tenantId, environmentId],
  );
  if ((count?.pools ?? 0) >= poolBounds.perEnvironment) {
    throw new DomainError('quota', 'pool.too_many', `an environment holds at most ${poolBounds.perEnvironment} pools`, {
      facts: { limit: 'pools', max: poolBounds.perEnvironment },
    });
  }
  const id = newId('pool');
  const rows = await tx.query(
    `insert into pools (tenant_id, id, environment_id, name, size, slots_per_runner, max_runners, idle_seconds,
       sandbox_mode, min_tier, task_queue)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (tenant_id, environment_id, name) do nothing returning id`,
    [
      tx.tenantId,
      id,
      environmentId,
      name,
      settings.size,
      settings.slotsPerRunner,
      settings.maxRunners,
      settings.idleSeconds,
      settings.sandboxMode,
      settings.minTier,
      `pool-${id}`,
    ],
  );
  if (rows.length === 0) throw new DomainError('conflict', 'pool.exists', `there is a pool "${name}" already`);
  await recordAudit(tx, {
    ...actor,
    action: 'pool.created',
    target: id,
    detail: { environmentId, name, ...settings },
  });
  return written(await findPool(tx, environmentId, id));
}

/** Throws `plan.size` where the organization's plan has no pools of this size. */
export async function requireSize(tx: TenantTransaction, size: PoolSize): Promise<void> {
  const { limits, title } = planOf((await getOrganization(tx)).plan);
  if (allowsSize(limits, size)) return;
  throw new DomainError('quota', 'plan.size', `the plan ${title} has pools up to size ${limits.largestSize}`, {
    details: [{ code: 'plan.size', message: `at most ${limits.largestSize}`, pointer: '/size' }],
    facts: { limit: 'largestSize', max: limits.largestSize },
  });
}

/** A row that this transaction has just written. */
export function written(pool: Pool | undefined): Pool {
  if (pool === undefined) throw new Error('the pool was not stored');
  return pool;
}
