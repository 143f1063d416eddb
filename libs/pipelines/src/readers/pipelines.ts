import type { TenantTransaction } from '@millrace/database';
import type { NotifyRule } from '@millrace/contracts';
import { type DeploymentId, DomainError, type EnvironmentId, type PipelineId, type VersionId } from '@millrace/kernel';
import { iso, type Stamp } from './stamps.js';
import { getVersionOf, type Pipeline, pipelineColumns, type StoredVersion, toPipeline } from './versions.js';

export interface PipelineQuery {
  /** Names after this one. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Pipelines of an environment, by name. */
export async function listPipelines(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  query: PipelineQuery,
): Promise<Pipeline[]> {
  const rows = await tx.query(
    `select ${pipelineColumns} from pipelines p
     where p.tenant_id = $1 and p.environment_id = $2 and ($3::text is null or p.name > $3)
     order by p.name limit $4`,
    [tx.tenantId, environmentId, query.after ?? null, query.limit],
  );
  return rows.map(toPipeline);
}

/** A version without its texts. */
export interface VersionSummary {
  readonly id: VersionId;
  readonly pipelineId: PipelineId;
  readonly number: number;
  readonly digest: string;
  readonly bundleDigest: string;
  readonly deploymentId: DeploymentId;
  readonly createdAt: string;
}

interface SummaryRow extends Omit<VersionSummary, 'createdAt'> {
  readonly createdAt: Stamp;
}

export interface VersionQuery {
  /** Numbers below this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Versions of a pipeline, newest first. */
export async function listVersions(
  tx: TenantTransaction,
  pipelineId: PipelineId,
  query: VersionQuery,
): Promise<VersionSummary[]> {
  const rows = await tx.query<SummaryRow>(
    `select id, pipeline_id as "pipelineId", number, digest, bundle_digest as "bundleDigest",
       deployment_id as "deploymentId", created_at as "createdAt"
     from pipeline_versions
     where tenant_id = $1 and pipeline_id = $2 and ($3::integer is null or number < $3)
     order by number desc limit $4`,
    [tx.tenantId, pipelineId, query.before ?? null, query.limit],
  );
  return rows.map((row) => ({ ...row, createdAt: iso(row.createdAt) }));
}

export interface VersionDetail extends StoredVersion {
  /** JSON text of the definition as it was pushed. */
  readonly definitionText: string;
  readonly sourceFile: string | null;
  /** Null where the definition does not say who is told. */
  readonly notify: readonly NotifyRule[] | null;
  readonly deadlineMs: number | null;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number; readonly digest?: string }[];
}

interface DetailRow {
  readonly definition: string;
  readonly source_file: string | null;
  readonly notify: readonly NotifyRule[] | null;
  /** A bigint, which the driver gives as text. */
  readonly deadline_ms: string | number | null;
  readonly files: VersionDetail['files'];
}

/** A version with its definition and the files of its bundle; `ref` is its id or number. */
export async function getVersionDetail(
  tx: TenantTransaction,
  pipelineId: PipelineId,
  ref: string,
): Promise<VersionDetail> {
  const version = await getVersionOf(tx, pipelineId, ref);
  const [row] = await tx.query<DetailRow>(
    `select v.definition, v.source_file, v.notify, v.deadline_ms, b.files from pipeline_versions v
     join bundles b on b.tenant_id = v.tenant_id and b.digest = v.bundle_digest
     where v.tenant_id = $1 and v.id = $2`,
    [tx.tenantId, version.id],
  );
  if (row === undefined) throw new DomainError('not_found', 'version.not_found', `there is no version ${version.id}`);
  return {
    ...version,
    definitionText: row.definition,
    sourceFile: row.source_file,
    notify: row.notify,
    deadlineMs: row.deadline_ms === null ? null : Number(row.deadline_ms),
    files: row.files,
  };
}
