import type { TenantTransaction } from '@millrace/database';
import { DomainError, type PipelineId, type VersionId } from '@millrace/kernel';
import { type Actor, recordAudit } from '@millrace/tenancy';
import { getPipeline, getVersionOf, type Pipeline } from '../readers/versions.js';
import { activate, lockEnvironment } from './publish-versions.js';

/** Makes a version the active one: new runs use it, running ones keep theirs. `ref` is its id or its number. */
export async function activateVersion(
  tx: TenantTransaction,
  actor: Actor,
  pipeline: Pipeline,
  ref: string | number,
): Promise<Pipeline> {
  await lockEnvironment(tx, pipeline.environmentId);
  const version = await getVersionOf(tx, pipeline.id, ref);
  return switchTo(tx, actor, pipeline, version.id, 'pipeline.activated');
}

/** Returns to the version that was active before the active one; a second time goes forward again. */
export async function rollBackPipeline(tx: TenantTransaction, actor: Actor, pipeline: Pipeline): Promise<Pipeline> {
  await lockEnvironment(tx, pipeline.environmentId);
  const current = await getPipeline(tx, pipeline.environmentId, pipeline.id);
  if (current.previousVersionId === null) {
    throw new DomainError(
      'conflict',
      'pipeline.no_previous_version',
      `no other version of "${current.name}" has been active before; activate one by its number`,
    );
  }
  return switchTo(tx, actor, current, current.previousVersionId, 'pipeline.rolled_back');
}

async function switchTo(
  tx: TenantTransaction,
  actor: Actor,
  pipeline: Pipeline,
  versionId: VersionId,
  action: string,
): Promise<Pipeline> {
  await activate(tx, pipeline.id, versionId);
  const changed = await getPipeline(tx, pipeline.environmentId, pipeline.id);
  await audit(tx, actor, action, pipeline.id, {
    from: pipeline.activeVersionNumber,
    to: changed.activeVersionNumber,
  });
  return changed;
}

/** Stops new runs of the pipeline; running ones go on. No deployment ever undoes it. Repeats change nothing. */
export async function pausePipeline(tx: TenantTransaction, actor: Actor, pipeline: Pipeline): Promise<Pipeline> {
  const rows = await tx.query(
    `update pipelines set paused_at = now(), updated_at = now()
     where tenant_id = $1 and id = $2 and paused_at is null returning id`,
    [tx.tenantId, pipeline.id],
  );
  if (rows.length > 0) await audit(tx, actor, 'pipeline.paused', pipeline.id, {});
  return getPipeline(tx, pipeline.environmentId, pipeline.id);
}

export async function unpausePipeline(tx: TenantTransaction, actor: Actor, pipeline: Pipeline): Promise<Pipeline> {
  const rows = await tx.query(
    `update pipelines set paused_at = null, updated_at = now()
     where tenant_id = $1 and id = $2 and paused_at is not null returning id`,
    [tx.tenantId, pipeline.id],
  );
  if (rows.length > 0) await audit(tx, actor, 'pipeline.unpaused', pipeline.id, {});
  return getPipeline(tx, pipeline.environmentId, pipeline.id);
}

function audit(
  tx: TenantTransaction,
  { tenantId, actor, requestId }: Actor,
  action: string,
  target: PipelineId,
  detail: Record<string, number | null>,
): Promise<void> {
  return recordAudit(tx, { tenantId, actor, requestId, action, target, detail });
}
