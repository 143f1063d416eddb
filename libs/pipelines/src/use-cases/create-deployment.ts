import { channels, type TenantTransaction } from '@millrace/database';
import { type DeploymentId, type EnvironmentId, newId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { type Actor, recordAudit } from '@millrace/tenancy';
import type { CompiledPipeline } from '../compile/compiled-pipeline.js';
import type { DependencySet } from '../dependencies.js';
import type { Deployment, DeploymentSource, PendingVersions } from '../deployment.js';
import { getDeployment } from '../readers/deployments.js';
import type { BuiltDependency } from '../version-digest.js';
import { describeVersions } from './describe-versions.js';
import { publishVersions } from './publish-versions.js';
import type { ValidBundle } from './validate-bundle.js';

export interface DeploymentRequest {
  readonly environmentId: EnvironmentId;
  readonly actor: Actor;
  readonly bundle: ValidBundle;
  /** False: make the versions, but leave the active ones alone. */
  readonly activate: boolean;
  readonly message?: string | undefined;
  readonly source?: DeploymentSource | undefined;
}

/**
 * Takes a valid bundle to versions. Without dependencies they exist when this returns; with, the deployment is
 * `building`, and the versions come with `finishDeployment`, all together or none.
 */
export class CreateDeployment {
  constructor(private readonly objects: ObjectStore) {}

  async execute(tx: TenantTransaction, request: DeploymentRequest): Promise<Deployment> {
    const { bundle } = request;
    // Before the rows that name it: an object without a row is harmless, a row without its object is not.
    await this.objects.put(tx.tenantId, bundle.runtime.bytes);
    const id = newId('deployment');
    await insertBundle(tx, bundle);
    const built = await this.takeDependencies(tx, bundle.dependencies.sets);
    await insertDeployment(tx, id, request, bundle);
    const pending: PendingVersions = {
      contentDigest: bundle.runtime.contentDigest,
      pipelines: bundle.pipelines.map(toPending),
    };
    if (built === undefined) await startBuild(tx, id, pending);
    else await this.publish(tx, id, request, bundle, pending, built);
    await recordAudit(tx, {
      ...request.actor,
      action: 'deployment.created',
      target: id,
      detail: { pipelines: bundle.pipelines.map(({ name }) => name), bundle: bundle.runtime.digest },
    });
    return getDeployment(tx, id);
  }

  /** The built sets, or undefined where one of them has to be built first. */
  private async takeDependencies(
    tx: TenantTransaction,
    sets: readonly DependencySet[],
  ): Promise<BuiltDependency[] | undefined> {
    const built: BuiltDependency[] = [];
    for (const { kind, inputDigest } of sets) {
      const [row] = await tx.query<{ state: string; object_digest: string | null; lock_text: string | null }>(
        `insert into dependency_sets (tenant_id, digest, kind, state) values ($1, $2, $3, 'building')
         on conflict (tenant_id, digest) do update
           set state = case when dependency_sets.state = 'failed' then 'building' else dependency_sets.state end
         returning state, object_digest, lock_text`,
        [tx.tenantId, inputDigest, kind],
      );
      const objectDigest = row?.state === 'ready' ? row.object_digest : null;
      if (objectDigest !== null && (await this.objects.has(tx.tenantId, objectDigest))) {
        built.push({ kind, inputDigest, objectDigest, lockText: row?.lock_text ?? null });
      } else if (objectDigest !== null) {
        await tx.query(`update dependency_sets set state = 'building' where tenant_id = $1 and digest = $2`, [
          tx.tenantId,
          inputDigest,
        ]);
      }
    }
    return built.length === sets.length ? built : undefined;
  }

  private async publish(
    tx: TenantTransaction,
    id: DeploymentId,
    request: DeploymentRequest,
    bundle: ValidBundle,
    pending: PendingVersions,
    dependencies: readonly BuiltDependency[],
  ): Promise<void> {
    const { environmentId, activate } = request;
    const publication = {
      environmentId,
      deploymentId: id,
      bundleDigest: bundle.runtime.digest,
      dependencies,
      activate,
    };
    const versions = await publishVersions(tx, publication, pending);
    await tx.query(
      `update deployments set state = 'ready', versions = $3::jsonb, log = $4, ended_at = now()
       where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, JSON.stringify(versions), describeVersions(versions)],
    );
  }
}

function toPending(pipeline: CompiledPipeline): PendingVersions['pipelines'][number] {
  const { name, description, sourceFile, definitionText, plan, spec, notify, deadlineMs } = pipeline;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(sourceFile === undefined ? {} : { sourceFile }),
    definitionText,
    plan,
    spec,
    ...(notify === undefined ? {} : { notify }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

async function insertBundle(tx: TenantTransaction, { runtime }: ValidBundle): Promise<void> {
  await tx.query(
    `insert into bundles (tenant_id, digest, size_bytes, file_count, files) values ($1, $2, $3, $4, $5::jsonb)
     on conflict (tenant_id, digest) do nothing`,
    [tx.tenantId, runtime.digest, runtime.bytes.length, runtime.files.length, JSON.stringify(runtime.files)],
  );
}

async function insertDeployment(
  tx: TenantTransaction,
  id: DeploymentId,
  request: DeploymentRequest,
  bundle: ValidBundle,
): Promise<void> {
  await tx.query(
    `insert into deployments
       (tenant_id, id, environment_id, bundle_digest, state, message, dependencies, activate, created_by, source)
     values ($1, $2, $3, $4, 'building', $5, $6::jsonb, $7, $8, $9::jsonb)`,
    [
      tx.tenantId,
      id,
      request.environmentId,
      bundle.runtime.digest,
      request.message ?? null,
      JSON.stringify(bundle.dependencies.sets),
      request.activate,
      request.actor.actor,
      request.source === undefined ? null : JSON.stringify(request.source),
    ],
  );
}

/** The build is owed to Temporal from the same transaction on. */
async function startBuild(tx: TenantTransaction, id: DeploymentId, pending: PendingVersions): Promise<void> {
  await tx.query(`update deployments set pending = $3 where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
    JSON.stringify(pending),
  ]);
  await tx.query(`insert into outbox (tenant_id, kind, subject, payload) values ($1, 'build', $2, $3::jsonb)`, [
    tx.tenantId,
    id,
    JSON.stringify({ deploymentId: id }),
  ]);
  tx.notify(channels.outbox, id);
  tx.notify(channels.deployments, id);
}
