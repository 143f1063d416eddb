import type { NotifyRule, RunPlan, VersionSpec } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import {
  DomainError,
  type EnvironmentId,
  type ErrorDetail,
  newId,
  type PipelineId,
  type VersionId,
} from '@millrace/kernel';
import { type Actor, recordAudit } from '@millrace/tenancy';
import type { DeployedVersion, Deployment } from '../deployment.js';
import { notReady } from '../diff/read-states.js';
import { getDeployment } from '../readers/deployments.js';
import { describeVersions } from './describe-versions.js';
import { checkTarget, type PromotionTarget } from './promotion-target.js';
import { activate, findOrCreatePipeline, lockEnvironment } from './publish-versions.js';

interface VersionRow {
  readonly id: VersionId;
  readonly pipeline: string;
  readonly plan: string;
  readonly spec: string;
  readonly notify: readonly NotifyRule[] | null;
}

export interface PromotionOptions {
  /** False: make the versions, but leave the active ones alone. */
  readonly activate: boolean;
  readonly message?: string | undefined;
}

/**
 * Takes the versions of a deployment over to another environment as they are: the same digests, the same bundle, the
 * same dependencies; nothing is compiled or built. Throws `deployment.not_ready`, `deployment.same_environment`, and
 * `deployment.unfit` with everything that the other environment lacks.
 */
export async function promoteDeployment(
  tx: TenantTransaction,
  actor: Actor,
  deployment: Deployment,
  target: PromotionTarget,
  options: PromotionOptions,
): Promise<Deployment> {
  if (deployment.state !== 'ready') throw notReady(deployment.id, deployment.state);
  if (deployment.environmentId === target.environmentId) {
    throw new DomainError(
      'conflict',
      'deployment.same_environment',
      `the deployment is in "${target.environment}" already; activate its versions there, or name another environment`,
    );
  }
  const rows = await readVersions(tx, deployment);
  const problems = rows.flatMap((row) => missingThings(row, target));
  if (problems.length > 0) throw unfit(problems, target);
  await lockEnvironment(tx, target.environmentId);
  const id = newId('deployment');
  const versions: DeployedVersion[] = [];
  for (const row of rows) versions.push(await adopt(tx, row, id, target.environmentId, options.activate));
  await tx.query(
    `insert into deployments (tenant_id, id, environment_id, bundle_digest, state, message, source, versions, dependencies,
       activate, log, promoted_from, created_by, ended_at)
     select tenant_id, $2, $3, bundle_digest, 'ready', $4, source, $5::jsonb, dependencies, $6, $7, id, $8, now()
     from deployments where tenant_id = $1 and id = $9`,
    [
      tx.tenantId,
      id,
      target.environmentId,
      options.message ?? deployment.message,
      JSON.stringify(versions),
      options.activate,
      describeVersions(versions),
      actor.actor,
      deployment.id,
    ],
  );
  await recordAudit(tx, {
    tenantId: tx.tenantId,
    actor: actor.actor,
    requestId: actor.requestId,
    action: 'deployment.promoted',
    target: deployment.id,
    detail: { deployment: id, environment: target.environment },
  });
  return getDeployment(tx, id);
}

function readVersions(tx: TenantTransaction, { versions }: Deployment): Promise<VersionRow[]> {
  return tx.query<VersionRow>(
    `select v.id, p.name as pipeline, v.plan, v.spec, v.notify from pipeline_versions v
     join pipelines p on p.tenant_id = v.tenant_id and p.id = v.pipeline_id
     where v.tenant_id = $1 and v.id = any($2) order by p.name`,
    [tx.tenantId, versions.map(({ versionId }) => versionId)],
  );
}

function missingThings({ pipeline, plan, spec, notify }: VersionRow, target: PromotionTarget): ErrorDetail[] {
  return checkTarget(pipeline, JSON.parse(plan) as RunPlan, JSON.parse(spec) as VersionSpec, notify ?? [], target);
}

function unfit(problems: readonly ErrorDetail[], { environment }: PromotionTarget): DomainError {
  const [first] = problems;
  const count = problems.length === 1 ? 'one thing' : `${problems.length} things`;
  return new DomainError(
    'conflict',
    'deployment.unfit',
    `the environment "${environment}" lacks ${count} that the pipelines need; the first: ${first?.message ?? ''}`,
    { details: problems },
  );
}

/** The version in the other environment: found by its digest, or copied. */
async function adopt(
  tx: TenantTransaction,
  row: VersionRow,
  deploymentId: string,
  environmentId: EnvironmentId,
  isActivated: boolean,
): Promise<DeployedVersion> {
  const { description } = JSON.parse(row.spec) as VersionSpec;
  const pipeline = await findOrCreatePipeline(tx, environmentId, {
    name: row.pipeline,
    ...(description === undefined ? {} : { description }),
  });
  const version = (await findSame(tx, pipeline.id, row.id)) ?? (await copy(tx, pipeline.id, row.id, deploymentId));
  if (isActivated) await activate(tx, pipeline.id, version.id, description ?? null);
  return {
    pipelineId: pipeline.id,
    pipeline: row.pipeline,
    versionId: version.id,
    number: version.number,
    isNew: version.isNew,
    activated: isActivated,
    previousVersionId: pipeline.activeVersionId,
  };
}

interface Adopted {
  readonly id: VersionId;
  readonly number: number;
  readonly isNew: boolean;
}

async function findSame(tx: TenantTransaction, pipelineId: PipelineId, of: VersionId): Promise<Adopted | undefined> {
  const [known] = await tx.query<{ id: VersionId; number: number }>(
    `select v.id, v.number from pipeline_versions v join pipeline_versions o on o.tenant_id = v.tenant_id and o.id = $3
     where v.tenant_id = $1 and v.pipeline_id = $2 and v.digest = o.digest`,
    [tx.tenantId, pipelineId, of],
  );
  return known === undefined ? undefined : { ...known, isNew: false };
}

async function copy(
  tx: TenantTransaction,
  pipelineId: PipelineId,
  of: VersionId,
  deploymentId: string,
): Promise<Adopted> {
  const id = newId('version');
  const [created] = await tx.query<{ number: number }>(
    `insert into pipeline_versions
       (tenant_id, id, pipeline_id, number, digest, bundle_digest, deployment_id, plan, spec, definition, source_file,
        notify, deadline_ms)
     select tenant_id, $2, $3,
       (select coalesce(max(number), 0) + 1 from pipeline_versions where tenant_id = $1 and pipeline_id = $3),
       digest, bundle_digest, $4, plan, spec, definition, source_file, notify, deadline_ms
     from pipeline_versions where tenant_id = $1 and id = $5
     returning number`,
    [tx.tenantId, id, pipelineId, deploymentId, of],
  );
  if (created === undefined) throw new Error('the copy of a version returned no row');
  return { id, number: created.number, isNew: true };
}
