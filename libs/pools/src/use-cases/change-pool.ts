import { channels, type TenantTransaction } from '@millrace/database';
import { type Actor, recordAudit } from '@millrace/tenancy';
import type { PoolSettings } from '../pool.js';
import { findPool, type Pool } from '../readers/pools.js';
import { requireSize, written } from './create-pool.js';

/**
 * Changes what is given. Runs that have begun keep the size and the price that they began with; runners that are up
 * keep their slots until they leave, and leave when they have another sandbox mode. Throws `plan.size`.
 */
export async function changePool(
  tx: TenantTransaction,
  actor: Actor,
  pool: Pool,
  changes: { readonly [K in keyof PoolSettings]?: PoolSettings[K] | undefined },
): Promise<Pool> {
  const { size, slotsPerRunner, maxRunners, idleSeconds, sandboxMode, minTier } = pool;
  const given = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as Partial<PoolSettings>;
  const settings = { size, slotsPerRunner, maxRunners, idleSeconds, sandboxMode, minTier, ...given };
  if (given.size !== undefined && given.size !== size) await requireSize(tx, given.size);
  await tx.query(
    `update pools set size = $3, slots_per_runner = $4, max_runners = $5, idle_seconds = $6, sandbox_mode = $7, min_tier = $8
     where tenant_id = $1 and id = $2`,
    [
      tx.tenantId,
      pool.id,
      settings.size,
      settings.slotsPerRunner,
      settings.maxRunners,
      settings.idleSeconds,
      settings.sandboxMode,
      settings.minTier,
    ],
  );
  // The controller replaces the runners.
  if (settings.sandboxMode !== sandboxMode) tx.notify(channels.poolDemand, pool.id);
  await recordAudit(tx, { ...actor, action: 'pool.changed', target: pool.id, detail: { ...given } });
  return written(await findPool(tx, pool.environmentId, pool.id));
}
