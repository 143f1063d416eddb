import type { TenantTransaction } from '@millrace/database';
import { DomainError, newId, type VersionId } from '@millrace/kernel';
import { type Actor, recordAudit } from '@millrace/tenancy';
import type { DeployedVersion, Deployment } from '../deployment.js';
import { getDeployment } from '../readers/deployments.js';
import { describeVersions } from './describe-versions.js';
import { activate, lockEnvironment } from './publish-versions.js';

interface ActiveRow {
  readonly active_version_id: VersionId | null;
  readonly number: number | null;
}

/**
 * Makes the versions active again that were before the deployment, as a deployment of its own. Refused with
 * `deployment.superseded` where another version has been activated since: that one would be lost unseen.
 */
export async function rollBackDeployment(
  tx: TenantTransaction,
  actor: Actor,
  deployment: Deployment,
): Promise<Deployment> {
  if (deployment.state !== 'ready') {
    throw new DomainError(
      'conflict',
      'deployment.not_ready',
      `a deployment that is ${deployment.state} has activated nothing`,
    );
  }
  await lockEnvironment(tx, deployment.environmentId);
  const changed = deployment.versions.filter(
    ({ activated, versionId, previousVersionId }) => activated && versionId !== previousVersionId,
  );
  if (changed.length === 0) {
    throw new DomainError(
      'conflict',
      'deployment.nothing_to_roll_back',
      'the deployment activated no other versions than those before it',
    );
  }
  const restored: DeployedVersion[] = [];
  for (const version of changed) restored.push(await restore(tx, version));
  const id = newId('deployment');
  await tx.query(
    `insert into deployments (tenant_id, id, environment_id, bundle_digest, state, message, versions, log, rollback_of, created_by, ended_at)
     values ($1, $2, $3, $4, 'ready', $5, $6::jsonb, $7, $8, $9, now())`,
    [
      tx.tenantId,
      id,
      deployment.environmentId,
      deployment.bundleDigest,
      `roll back ${deployment.id}`,
      JSON.stringify(restored),
      describeVersions(restored),
      deployment.id,
      actor.actor,
    ],
  );
  await recordAudit(tx, {
    tenantId: tx.tenantId,
    actor: actor.actor,
    requestId: actor.requestId,
    action: 'deployment.rolled_back',
    target: deployment.id,
    detail: { deployment: id },
  });
  return getDeployment(tx, id);
}

async function restore(tx: TenantTransaction, version: DeployedVersion): Promise<DeployedVersion> {
  const { pipelineId, pipeline, previousVersionId } = version;
  const [current] = await tx.query<ActiveRow>(
    `select p.active_version_id, v.number from pipelines p
     left join pipeline_versions v on v.tenant_id = p.tenant_id and v.id = $3
     where p.tenant_id = $1 and p.id = $2 for update of p`,
    [tx.tenantId, pipelineId, previousVersionId],
  );
  if (current?.active_version_id !== version.versionId) {
    throw new DomainError(
      'conflict',
      'deployment.superseded',
      `another version of "${pipeline}" has been activated since; roll that back first, or activate a version by its number`,
    );
  }
  if (previousVersionId === null || current.number === null) {
    throw new DomainError(
      'conflict',
      'deployment.first',
      `no version of "${pipeline}" was active before this deployment; pause the pipeline instead`,
    );
  }
  await activate(tx, pipelineId, previousVersionId);
  return {
    pipelineId,
    pipeline,
    versionId: previousVersionId,
    number: current.number,
    isNew: false,
    activated: true,
    previousVersionId: version.versionId,
  };
}
