import type { BuildOutcome } from '@millrace/contracts';
import { channels, type TenantDatabase, type TenantTransaction } from '@millrace/database';
import type { DeploymentId, TenantId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { type BuildEnd, finishDeployment, loadBuild, recordBuild } from '@millrace/pipelines';
import type { BuildActivities } from '@millrace/workflows';
import { asActivity } from './control-activities.js';

/** The duties of the build workflow, each one transaction of the deployment's tenant. */
export function buildActivities(tenants: TenantDatabase, objects: ObjectStore): BuildActivities {
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
      asActivity(async () => {
        const ends = await Promise.all(
          steps.map(async ({ step, outcome }) => ({
            step,
            end: await withTexts(objects, tenantId as TenantId, outcome),
          })),
        );
        await tenants.transaction(tenantId as TenantId, async (tx) => {
          for (const { step, end } of ends) await recordBuild(tx, step, end);
          await finishDeployment(tx, deploymentId as DeploymentId);
        });
      }),
  };
}

/** The texts of a build do not pass through Temporal: they come from the object store and go into rows. */
async function withTexts(objects: ObjectStore, tenantId: TenantId, outcome: BuildOutcome): Promise<BuildEnd> {
  const { logDigest, lockDigest, log = '', lockText, ...facts } = outcome;
  const read = async (digest: string): Promise<string> => (await objects.get(tenantId, digest)).toString('utf8');
  const lock = lockDigest === undefined ? lockText : await read(lockDigest);
  return {
    ...facts,
    log: logDigest === undefined ? log : await read(logDigest),
    ...(lock === undefined ? {} : { lockText: lock }),
  };
}

/**
 * The queue of the pool that builds: `default` of the deployment's environment, else its oldest. The pool controller
 * counts the same pool's demand, and is told here, in case it has looked before the deployment was there.
 */
async function buildQueue(tx: TenantTransaction, deploymentId: string): Promise<string | undefined> {
  const [pool] = await tx.query<{ id: string; task_queue: string }>(
    `select p.id, p.task_queue from deployments d
     join pools p on p.tenant_id = d.tenant_id and p.environment_id = d.environment_id
     where d.tenant_id = $1 and d.id = $2 order by p.name = 'default' desc, p.ordinal limit 1`,
    [tx.tenantId, deploymentId],
  );
  if (pool !== undefined) tx.notify(channels.poolDemand, pool.id);
  return pool?.task_queue;
}
