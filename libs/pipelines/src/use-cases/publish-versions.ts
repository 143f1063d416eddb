import type { TenantTransaction } from '@millrace/database';
import { type DeploymentId, type EnvironmentId, newId, type PipelineId, type VersionId } from '@millrace/kernel';
import type { DeployedVersion, PendingPipeline, PendingVersions } from '../deployment.js';
import { type BuiltDependency, versionDigest } from '../version-digest.js';

export interface Publication {
  readonly environmentId: EnvironmentId;
  readonly deploymentId: DeploymentId;
  readonly bundleDigest: string;
  readonly dependencies: readonly BuiltDependency[];
  readonly activate: boolean;
}

/** Deployments of one environment publish one after the other: numbers have no gaps and activations no races. */
export async function lockEnvironment(tx: TenantTransaction, environmentId: EnvironmentId): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`deploy/${tx.tenantId}/${environmentId}`]);
}

/** Makes versions of the pipelines, finds those that are there already, and activates them, all in this transaction. */
export async function publishVersions(
  tx: TenantTransaction,
  publication: Publication,
  { contentDigest, pipelines }: PendingVersions,
): Promise<DeployedVersion[]> {
  await lockEnvironment(tx, publication.environmentId);
  const deployed: DeployedVersion[] = [];
  for (const pending of pipelines) {
    const pipeline = await findOrCreatePipeline(tx, publication.environmentId, pending);
    const digest = versionDigest(pending.definitionText, contentDigest, publication.dependencies);
    const version = await findOrCreateVersion(tx, publication, pipeline.id, pending, digest);
    const activated = publication.activate && !(await isSuperseded(tx, publication, pipeline.id));
    if (activated) await activate(tx, pipeline.id, version.id, pending.description ?? null);
    deployed.push({
      pipelineId: pipeline.id,
      pipeline: pending.name,
      versionId: version.id,
      number: version.number,
      isNew: version.isNew,
      activated,
      previousVersionId: pipeline.activeVersionId,
    });
  }
  return deployed;
}

interface PipelineState {
  readonly id: PipelineId;
  readonly activeVersionId: VersionId | null;
}

/** The pipeline of that name, locked. */
export async function findOrCreatePipeline(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  { name, description }: Pick<PendingPipeline, 'name' | 'description'>,
): Promise<PipelineState> {
  const [known] = await tx.query<PipelineState>(
    `select id, active_version_id as "activeVersionId" from pipelines
     where tenant_id = $1 and environment_id = $2 and name = $3 for update`,
    [tx.tenantId, environmentId, name],
  );
  if (known !== undefined) return known;
  const id = newId('pipeline');
  await tx.query(
    `insert into pipelines (tenant_id, id, environment_id, name, description) values ($1, $2, $3, $4, $5)`,
    [tx.tenantId, id, environmentId, name, description ?? null],
  );
  return { id, activeVersionId: null };
}

interface VersionState {
  readonly id: VersionId;
  readonly number: number;
  readonly isNew: boolean;
}

async function findOrCreateVersion(
  tx: TenantTransaction,
  publication: Publication,
  pipelineId: PipelineId,
  pending: PendingPipeline,
  digest: string,
): Promise<VersionState> {
  const [known] = await tx.query<{ id: VersionId; number: number }>(
    `select id, number from pipeline_versions where tenant_id = $1 and pipeline_id = $2 and digest = $3`,
    [tx.tenantId, pipelineId, digest],
  );
  if (known !== undefined) return { ...known, isNew: false };
  const id = newId('version');
  const dependencies = Object.fromEntries(
    publication.dependencies.map(({ kind, objectDigest }) => [kind, objectDigest]),
  );
  const spec = { ...pending.spec, bundleDigest: publication.bundleDigest, dependencies };
  const [created] = await tx.query<{ number: number }>(
    `insert into pipeline_versions
       (tenant_id, id, pipeline_id, number, digest, bundle_digest, deployment_id, plan, spec, definition, source_file,
        notify, deadline_ms)
     values ($1, $2, $3,
       (select coalesce(max(number), 0) + 1 from pipeline_versions where tenant_id = $1 and pipeline_id = $3),
       $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
     returning number`,
    [
      tx.tenantId,
      id,
      pipelineId,
      digest,
      publication.bundleDigest,
      publication.deploymentId,
      JSON.stringify(pending.plan),
      JSON.stringify(spec),
      pending.definitionText,
      pending.sourceFile ?? null,
      pending.notify === undefined ? null : JSON.stringify(pending.notify),
      pending.deadlineMs ?? null,
    ],
  );
  if (created === undefined) throw new Error('the insert of a version returned no row');
  return { id, number: created.number, isNew: true };
}

/** A deployment that had to wait for its build must not undo a later one that did not. */
async function isSuperseded(tx: TenantTransaction, publication: Publication, pipelineId: PipelineId): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from deployments d, jsonb_array_elements(d.versions) v
     where d.tenant_id = $1 and d.environment_id = $2 and d.id > $3 and d.state = 'ready'
       and v ->> 'pipelineId' = $4 and (v ->> 'activated')::boolean limit 1`,
    [tx.tenantId, publication.environmentId, publication.deploymentId, pipelineId],
  );
  return rows.length > 0;
}

/** Makes the version the active one; the one that was is remembered for a roll-back. A paused pipeline stays paused. */
export async function activate(
  tx: TenantTransaction,
  pipelineId: PipelineId,
  versionId: VersionId | null,
  description?: string | null,
): Promise<void> {
  await tx.query(
    `update pipelines set
       previous_version_id = case when active_version_id is distinct from $3 then active_version_id else previous_version_id end,
       active_version_id = $3,
       description = case when $4 then $5 else description end,
       updated_at = now()
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, pipelineId, versionId, description !== undefined, description ?? null],
  );
}
