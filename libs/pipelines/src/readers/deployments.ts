import type { TenantTransaction } from '@millrace/database';
import { type DeploymentId, DomainError, type EnvironmentId, isId } from '@millrace/kernel';
import type { DependencySet } from '../dependencies.js';
import type {
  DeployedVersion,
  Deployment,
  DeploymentFailure,
  DeploymentSource,
  DeploymentState,
} from '../deployment.js';
import { iso, isoOrNull, type Stamp } from './stamps.js';

interface DeploymentRow {
  id: DeploymentId;
  environment_id: EnvironmentId;
  bundle_digest: string;
  state: DeploymentState;
  message: string | null;
  source: DeploymentSource | null;
  error: DeploymentFailure | null;
  versions: DeployedVersion[];
  dependencies: DependencySet[];
  activate: boolean;
  rollback_of: DeploymentId | null;
  promoted_from: DeploymentId | null;
  created_by: string;
  created_at: Stamp;
  ended_at: Stamp | null;
}

const columns = `id, environment_id, bundle_digest, state, message, source, error, versions, dependencies, activate,
  rollback_of, promoted_from, created_by, created_at, ended_at`;

function toDeployment(row: DeploymentRow): Deployment {
  return {
    id: row.id,
    environmentId: row.environment_id,
    bundleDigest: row.bundle_digest,
    state: row.state,
    message: row.message,
    source: row.source,
    error: row.error,
    versions: row.versions,
    dependencies: row.dependencies,
    activate: row.activate,
    rollbackOf: row.rollback_of,
    promotedFrom: row.promoted_from,
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
    endedAt: isoOrNull(row.ended_at),
  };
}

/** The deployment; undefined where the id is unknown or no id at all. */
export async function findDeployment(tx: TenantTransaction, id: string): Promise<Deployment | undefined> {
  if (!isId('deployment', id)) return undefined;
  const [row] = await tx.query<DeploymentRow>(`select ${columns} from deployments where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
  ]);
  return row === undefined ? undefined : toDeployment(row);
}

/** The deployment; throws `deployment.not_found`. */
export async function getDeployment(tx: TenantTransaction, id: string): Promise<Deployment> {
  const deployment = await findDeployment(tx, id);
  if (deployment !== undefined) return deployment;
  throw new DomainError('not_found', 'deployment.not_found', `there is no deployment ${id}`);
}

export interface DeploymentQuery {
  /** Ids before this one. */
  readonly before?: string | undefined;
  /** Name or id of a pipeline that the deployment made a version of. */
  readonly pipeline?: string | undefined;
  readonly limit: number;
}

/** Deployments of an environment, newest first. */
export async function listDeployments(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  query: DeploymentQuery,
): Promise<Deployment[]> {
  const { pipeline } = query;
  const field = isId('pipeline', pipeline ?? '') ? 'pipelineId' : 'pipeline';
  const rows = await tx.query<DeploymentRow>(
    `select ${columns} from deployments
     where tenant_id = $1 and environment_id = $2 and ($3::text is null or id < $3)
       and ($5::text is null or versions @> jsonb_build_array(jsonb_build_object($6::text, $5)))
     order by id desc limit $4`,
    [tx.tenantId, environmentId, query.before ?? null, query.limit, pipeline ?? null, field],
  );
  return rows.map(toDeployment);
}

/** The log of the deployment's builds: final once it has ended, else what there is so far. */
export async function readDeploymentLog(tx: TenantTransaction, id: DeploymentId): Promise<string> {
  const [row] = await tx.query<{ log: string | null }>(
    `select coalesce(d.log, (
       select string_agg('# ' || s.kind || ': ' || s.state || E'\\n' || coalesce(s.log, ''), E'\\n' order by s.kind)
       from jsonb_array_elements(d.dependencies) e
       join dependency_sets s on s.tenant_id = d.tenant_id and s.digest = e ->> 'inputDigest')) as log
     from deployments d where d.tenant_id = $1 and d.id = $2`,
    [tx.tenantId, id],
  );
  return row?.log ?? '';
}
