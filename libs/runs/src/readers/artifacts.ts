import type { TenantTransaction } from '@millrace/database';
import type { ArtifactId, AttemptId, EnvironmentId, RunId } from '@millrace/kernel';

/** A file that an attempt left behind. */
export interface Artifact {
  readonly id: ArtifactId;
  readonly runId: RunId;
  readonly environmentId: EnvironmentId;
  readonly taskId: string;
  /** -1 where the task is not mapped. */
  readonly mapIndex: number;
  readonly attemptId: AttemptId;
  /** The attempt's fence. */
  readonly attempt: number;
  /** Relative path, as the task named it. */
  readonly name: string;
  /** As the task named it; not checked. */
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly digest: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

interface ArtifactRow extends Omit<Artifact, 'sizeBytes' | 'createdAt'> {
  readonly sizeBytes: string;
  readonly createdAt: Date;
}

const select = `select f.id, f.run_id as "runId", r.environment_id as "environmentId", f.task_id as "taskId",
    f.map_index as "mapIndex", f.attempt_id as "attemptId", a.fence as attempt, f.name, f.content_type as "contentType",
    f.size_bytes as "sizeBytes", f.digest, f.created_at as "createdAt"
  from artifacts f
  join runs r on r.tenant_id = f.tenant_id and r.id = f.run_id
  join attempts a on a.tenant_id = f.tenant_id and a.id = f.attempt_id`;

function toArtifact(row: ArtifactRow): Artifact {
  return { ...row, sizeBytes: Number(row.sizeBytes), createdAt: row.createdAt.toISOString() };
}

/** Artifacts of a run, oldest first, after `after`; only those of one task where it is given. */
export async function listArtifacts(
  tx: TenantTransaction,
  runId: RunId,
  filter: { readonly taskId: string | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Artifact[]> {
  const rows = await tx.query<ArtifactRow>(
    `${select} where f.tenant_id = $1 and f.run_id = $2 and ($3::text is null or f.task_id = $3)
       and ($4::text is null or f.id > $4)
     order by f.id limit $5`,
    [tx.tenantId, runId, filter.taskId ?? null, page.after ?? null, page.limit],
  );
  return rows.map(toArtifact);
}

/** `undefined` where the tenant has no such artifact. */
export async function findArtifact(tx: TenantTransaction, id: string): Promise<Artifact | undefined> {
  const [row] = await tx.query<ArtifactRow>(`${select} where f.tenant_id = $1 and f.id = $2`, [tx.tenantId, id]);
  return row && toArtifact(row);
}
