import type { RunPlan, VersionSpec } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import {
  DomainError,
  type DeploymentId,
  type EnvironmentId,
  isId,
  type PipelineId,
  type VersionId,
} from '@millrace/kernel';
import { iso, isoOrNull, type Stamp } from './stamps.js';

/** A pipeline without its versions. */
export interface Pipeline {
  readonly id: PipelineId;
  readonly environmentId: EnvironmentId;
  readonly name: string;
  readonly description: string | null;
  readonly activeVersionId: VersionId | null;
  readonly activeVersionNumber: number | null;
  readonly previousVersionId: VersionId | null;
  readonly pausedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A version: nothing of it ever changes. */
export interface StoredVersion {
  readonly id: VersionId;
  readonly pipelineId: PipelineId;
  readonly number: number;
  readonly digest: string;
  readonly bundleDigest: string;
  readonly deploymentId: DeploymentId;
  /** JSON text of a RunPlan. */
  readonly planText: string;
  /** JSON text of a VersionSpec. */
  readonly specText: string;
  readonly createdAt: string;
}

export interface ActiveVersion {
  readonly pipeline: Pipeline;
  readonly version: StoredVersion;
}

interface PipelineRow {
  id: PipelineId;
  environment_id: EnvironmentId;
  name: string;
  description: string | null;
  active_version_id: VersionId | null;
  active_number: number | null;
  previous_version_id: VersionId | null;
  paused_at: Stamp | null;
  created_at: Stamp;
  updated_at: Stamp;
}

export const pipelineColumns = `p.id, p.environment_id, p.name, p.description, p.active_version_id, p.previous_version_id,
  p.paused_at, p.created_at, p.updated_at,
  (select v.number from pipeline_versions v where v.tenant_id = p.tenant_id and v.id = p.active_version_id) as active_number`;

export function toPipeline(row: object): Pipeline {
  const known = row as PipelineRow;
  return {
    id: known.id,
    environmentId: known.environment_id,
    name: known.name,
    description: known.description,
    activeVersionId: known.active_version_id,
    activeVersionNumber: known.active_number,
    previousVersionId: known.previous_version_id,
    pausedAt: isoOrNull(known.paused_at),
    createdAt: iso(known.created_at),
    updatedAt: iso(known.updated_at),
  };
}

interface VersionRow {
  id: VersionId;
  pipeline_id: PipelineId;
  number: number;
  digest: string;
  bundle_digest: string;
  deployment_id: DeploymentId;
  plan: string;
  spec: string;
  created_at: Stamp;
}

const versionColumns = `v.id, v.pipeline_id, v.number, v.digest, v.bundle_digest, v.deployment_id, v.plan, v.spec, v.created_at`;

function toVersion(row: VersionRow): StoredVersion {
  return {
    id: row.id,
    pipelineId: row.pipeline_id,
    number: row.number,
    digest: row.digest,
    bundleDigest: row.bundle_digest,
    deploymentId: row.deployment_id,
    planText: row.plan,
    specText: row.spec,
    createdAt: iso(row.created_at),
  };
}

/** `ref` is a pipeline's id (then the environment is not asked) or its name in the environment. */
export async function findPipeline(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  ref: string,
): Promise<Pipeline | undefined> {
  const byId = isId('pipeline', ref);
  const [row] = await tx.query(
    `select ${pipelineColumns} from pipelines p
     where p.tenant_id = $1 and ${byId ? 'p.id = $2' : 'p.environment_id = $3 and p.name = $2'}`,
    byId ? [tx.tenantId, ref] : [tx.tenantId, ref, environmentId],
  );
  return row === undefined ? undefined : toPipeline(row);
}

/** As `findPipeline`; throws `pipeline.not_found`. */
export async function getPipeline(tx: TenantTransaction, environmentId: EnvironmentId, ref: string): Promise<Pipeline> {
  const pipeline = await findPipeline(tx, environmentId, ref);
  if (pipeline !== undefined) return pipeline;
  throw new DomainError('not_found', 'pipeline.not_found', `there is no pipeline "${ref}" in this environment`);
}

/** The version; throws `version.not_found`. */
export async function getVersion(tx: TenantTransaction, versionId: VersionId): Promise<StoredVersion> {
  const [row] = await tx.query<VersionRow>(
    `select ${versionColumns} from pipeline_versions v where v.tenant_id = $1 and v.id = $2`,
    [tx.tenantId, versionId],
  );
  if (row === undefined) throw new DomainError('not_found', 'version.not_found', `there is no version ${versionId}`);
  return toVersion(row);
}

/** The environment that the version is in; undefined where the id is unknown or no id at all. */
export async function findVersionPlace(
  tx: TenantTransaction,
  id: string,
): Promise<{ readonly id: VersionId; readonly environmentId: EnvironmentId } | undefined> {
  if (!isId('version', id)) return undefined;
  const [row] = await tx.query<{ environment_id: EnvironmentId }>(
    `select p.environment_id from pipeline_versions v
     join pipelines p on p.tenant_id = v.tenant_id and p.id = v.pipeline_id where v.tenant_id = $1 and v.id = $2`,
    [tx.tenantId, id],
  );
  return row === undefined ? undefined : { id, environmentId: row.environment_id };
}

/** `ref` is a version's id or its number within the pipeline; throws `version.not_found`. */
export async function getVersionOf(
  tx: TenantTransaction,
  pipelineId: PipelineId,
  ref: string | number,
): Promise<StoredVersion> {
  const text = String(ref);
  const byId = isId('version', text);
  const number = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined;
  const [row] =
    byId || number !== undefined
      ? await tx.query<VersionRow>(
          `select ${versionColumns} from pipeline_versions v
           where v.tenant_id = $1 and v.pipeline_id = $2 and ${byId ? 'v.id' : 'v.number'} = $3`,
          [tx.tenantId, pipelineId, byId ? text : number],
        )
      : [];
  if (row !== undefined) return toVersion(row);
  throw new DomainError('not_found', 'version.not_found', `this pipeline has no version "${text}"`);
}

/** The pipeline with its active version; undefined where there is no such pipeline or none of its versions is active. */
export async function findActiveVersion(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  ref: string,
): Promise<ActiveVersion | undefined> {
  const pipeline = await findPipeline(tx, environmentId, ref);
  if (pipeline?.activeVersionId == null) return undefined;
  return { pipeline, version: await getVersion(tx, pipeline.activeVersionId) };
}

/** A version's plan and specification, parsed. */
export interface ParsedVersion {
  readonly pipelineId: PipelineId;
  readonly number: number;
  readonly plan: RunPlan;
  readonly spec: VersionSpec;
}

/**
 * Parsed versions of late use, by tenant and id. Versions never change, so an entry is never wrong; a tenant can only
 * reach its own because its id is part of the key.
 */
export class VersionCache {
  private readonly entries = new Map<string, { readonly version: ParsedVersion; readonly size: number }>();
  private size = 0;

  /** `capacity`: characters of JSON text that may be held in all. */
  constructor(private readonly capacity = 32 * 1024 * 1024) {}

  async get(tx: TenantTransaction, versionId: VersionId): Promise<ParsedVersion> {
    const key = `${tx.tenantId}/${versionId}`;
    const known = this.entries.get(key);
    if (known !== undefined) {
      // Last used, last dropped.
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.version;
    }
    const stored = await getVersion(tx, versionId);
    const version: ParsedVersion = {
      pipelineId: stored.pipelineId,
      number: stored.number,
      plan: JSON.parse(stored.planText) as RunPlan,
      spec: JSON.parse(stored.specText) as VersionSpec,
    };
    this.keep(key, version, stored.planText.length + stored.specText.length);
    return version;
  }

  private keep(key: string, version: ParsedVersion, size: number): void {
    if (size > this.capacity) return;
    this.entries.set(key, { version, size });
    this.size += size;
    for (const [oldest, entry] of this.entries) {
      if (this.size <= this.capacity) break;
      this.entries.delete(oldest);
      this.size -= entry.size;
    }
  }
}
