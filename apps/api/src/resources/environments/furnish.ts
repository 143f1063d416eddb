import { newId } from '@millrace/kernel';
import { defaultPool, standardPool } from '@millrace/pools';
import type { FurnishEnvironment } from '@millrace/tenancy';

/** What every new environment has: the pool that tasks use which name none. It costs nothing until something runs. */
export const furnishEnvironment: FurnishEnvironment = async (tx, { tenantId, environmentId }) => {
  const poolId = newId('pool');
  const { size, slotsPerRunner, maxRunners, idleSeconds, sandboxMode } = standardPool;
  await tx.query(
    `insert into pools (tenant_id, id, environment_id, name, size, slots_per_runner, max_runners, idle_seconds,
       sandbox_mode, task_queue)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[tenantId, poolId, environmentId, defaultPool, size, slotsPerRunner, maxRunners, idleSeconds, sandboxMode],
      `pool-${poolId}`,
    ],
  );
};
