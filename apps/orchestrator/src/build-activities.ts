import { channels, type TenantDatabase, type TenantTransaction } from '@millrace/database';
import type { DeploymentId, TenantId } from '@millrace/kernel';
import { finishDeployment, loadBuild, recordBuild } from '@millrace/pipelines';
import type { BuildActivities } from '@millrace/workflows';
import { asActivity } from './control-activities.js';

/** The duties of the build workflow, each one transaction of the deployment's tenant. */
export function buildActivities(tenants: TenantDatabase): BuildActivities {
  return {
    loadBuild: ({ tenantId, deploymentId }) =>
      asActivity(() =>
        tenants.transaction(tenantId as TenantId, async (tx) => {
          const queue = await buildQueue(tx, deploymentId);
          if (queue !== undefined)
            return { taskQueue: queue, steps: await loadBuild(tx, deploymentId as DeploymentId) };
          await finishDeployment(tx, deploymentId as DeploymentId, {
            reason: 'the environment has no pool that could build the dependencies; create one',
          });
          return { taskQueue: 'none', steps: [] };
        }),
      ),
    finishBuild: ({ tenantId, deploymentId, steps }) =>
      asActivity(() =>
        tenants.transaction(tenantId as TenantId, async (tx) => {
          for (const { step, outcome } of steps) await recordBuild(tx, step, outcome);
          await finishDeployment(tx, deploymentId as DeploymentId);
        }),
      ),
  };
}

/**
 * The queue of the pool that builds: `default` of the deployment's environment, else its oldest. The pool controller
 * counts the same pool's demand, and is told here, in case it has looked before the deployment was there.
 */
async function buildQueue(tx: TenantTransaction, deploymentId: string): Promise<string | undefined> {
  const [pool] = await tx.query<{ task_queue: string }>(
    `select p.task_queue, pg_notify($3, p.id) from deployments d
     join pools p on p.tenant_id = d.tenant_id and p.environment_id = d.environment_id
     where d.tenant_id = $1 and d.id = $2 order by p.name = 'default' desc, p.ordinal limit 1`,
    [tx.tenantId, deploymentId, channels.poolDemand],
  );
  return pool?.task_queue;
}
