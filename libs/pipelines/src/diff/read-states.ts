import type { TenantTransaction } from '@millrace/database';
import { type DeploymentId, DomainError, type EnvironmentId, type JsonObject, type VersionId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { bundleLimits } from '../bundle/bundle.js';
import { sha256 } from '../bundle/pack-bundle.js';
import { readTarGz } from '../bundle/read-tar.js';
import type { DependencySet } from '../dependencies.js';
import type { Deployment } from '../deployment.js';
import type { ValidBundle } from '../use-cases/validate-bundle.js';
import type { PipelineState } from './compare.js';

interface StateRow {
  readonly pipeline: string;
  readonly id: VersionId;
  readonly number: number;
  readonly definition: string;
  readonly bundle_digest: string;
  readonly dependencies: readonly DependencySet[];
}

interface ListedFile {
  readonly path: string;
  /** Absent where the bundle was pushed before files had digests. */
  readonly digest?: string;
}

const states = `select p.name as pipeline, v.id, v.number, v.definition, v.bundle_digest,
    coalesce(d.dependencies, '[]') as dependencies
  from pipeline_versions v
  join pipelines p on p.tenant_id = v.tenant_id and p.id = v.pipeline_id
  left join deployments d on d.tenant_id = v.tenant_id and d.id = v.deployment_id`;

/** Reads what versions are made of, to compare them. */
export class ReadStates {
  constructor(private readonly objects: ObjectStore) {}

  async ofVersions(tx: TenantTransaction, ids: readonly VersionId[]): Promise<PipelineState[]> {
    const rows = await tx.query<StateRow>(`${states} where v.tenant_id = $1 and v.id = any($2) order by p.name`, [
      tx.tenantId,
      ids,
    ]);
    return this.toStates(tx, rows);
  }

  /** The active versions of an environment, or of those of its pipelines that are named. */
  async ofEnvironment(
    tx: TenantTransaction,
    environmentId: EnvironmentId,
    names?: readonly string[],
  ): Promise<PipelineState[]> {
    const rows = await tx.query<StateRow>(
      `${states} where v.tenant_id = $1 and p.environment_id = $2 and p.active_version_id = v.id
         and ($3::text[] is null or p.name = any($3)) order by p.name`,
      [tx.tenantId, environmentId, names ?? null],
    );
    return this.toStates(tx, rows);
  }

  /** Throws `deployment.not_ready` where it has made no versions. */
  ofDeployment(tx: TenantTransaction, deployment: Deployment): Promise<PipelineState[]> {
    if (deployment.state !== 'ready') throw notReady(deployment.id, deployment.state);
    return this.ofVersions(
      tx,
      deployment.versions.map(({ versionId }) => versionId),
    );
  }

  private async toStates(tx: TenantTransaction, rows: readonly StateRow[]): Promise<PipelineState[]> {
    const digests = [...new Set(rows.map(({ bundle_digest: digest }) => digest))];
    const files = new Map<string, ReadonlyMap<string, string>>();
    for (const digest of digests) files.set(digest, await this.filesOf(tx, digest));
    return rows.map((row) => ({
      pipeline: row.pipeline,
      version: { versionId: row.id, number: row.number },
      definition: JSON.parse(row.definition) as JsonObject,
      files: files.get(row.bundle_digest) ?? new Map<string, string>(),
      dependencies: row.dependencies,
    }));
  }

  private async filesOf(tx: TenantTransaction, digest: string): Promise<ReadonlyMap<string, string>> {
    const [bundle] = await tx.query<{ files: readonly ListedFile[] }>(
      `select files from bundles where tenant_id = $1 and digest = $2`,
      [tx.tenantId, digest],
    );
    const listed = (bundle?.files ?? []).map(({ path, digest: of }) => [path, of] as const);
    if (listed.every((entry): entry is readonly [string, string] => entry[1] !== undefined)) return new Map(listed);
    const files = await readTarGz(await this.objects.get(tx.tenantId, digest), bundleLimits);
    return new Map([...files].map(([path, bytes]) => [path, sha256(bytes)]));
  }
}

/** What a bundle would make of its pipelines. */
export function statesOfBundle({ pipelines, runtime, dependencies }: ValidBundle): PipelineState[] {
  const files = new Map(runtime.files.map(({ path, digest }) => [path, digest]));
  return pipelines.map(({ name, definitionText }) => ({
    pipeline: name,
    version: null,
    definition: JSON.parse(definitionText) as JsonObject,
    files,
    dependencies: dependencies.sets,
  }));
}

export function notReady(id: DeploymentId, state: string): DomainError {
  return new DomainError(
    'conflict',
    'deployment.not_ready',
    `the deployment ${id} is ${state} and has made no versions`,
  );
}
