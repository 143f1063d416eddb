import { newId } from '@millrace/kernel';
import type { FurnishEnvironment } from '@millrace/tenancy';

/** What every new environment has: the pool `default`, from zero runners to two. */
export const furnishEnvironment: FurnishEnvironment = async (tx, { tenantId, environmentId }) => {
  const poolId = newId('pool');
  await tx.query(
    `insert into pools (tenant_id, id, environment_id, name, size, slots_per_runner, max_runners, task_queue)
     values ($1, $2, $3, 'default', 's', 4, 2, $4)`,
    [tenantId, poolId, environmentId, `pool-${poolId}`],
  );
};
