import type { TenantTransaction } from '@millrace/database';
import type { PipelineId } from '@millrace/kernel';
import type { Alert } from '../../alert.js';

/** A row of `alerts` as the driver gives it. */
export interface AlertRow extends Omit<Alert, 'failures' | 'runs' | 'wasted'> {
  readonly failures: string;
  readonly runs: string;
  readonly wasted: string;
}

/** The columns of an alert; the table is called `a`. */
export const alertColumns = `a.id, a.environment_id as "environmentId", a.pipeline_id as "pipelineId", a.event, a.state,
  a.task_id as "taskId", a.error_class as "errorClass", a.error_message as "errorMessage", a.top_frame as "topFrame",
  a.failures, a.runs, a.wasted_nano as wasted, a.run_ids as "runIds", a.version_id as "versionId",
  a.first_seen_at as "firstSeenAt", a.last_seen_at as "lastSeenAt", a.recovered_at as "recoveredAt",
  a.recovered_by as "recoveredBy", a.due_at as "dueAt", a.told_at as "toldAt", a.messages`;

export function toAlert(row: AlertRow): Alert {
  return { ...row, failures: BigInt(row.failures), runs: BigInt(row.runs), wasted: BigInt(row.wasted) };
}

/** The alert, locked until the transaction ends; undefined where there is none. */
export async function lockAlert(tx: TenantTransaction, id: string): Promise<Alert | undefined> {
  const [row] = await tx.query<AlertRow>(
    `select ${alertColumns} from alerts a where a.tenant_id = $1 and a.id = $2 for update`,
    [tx.tenantId, id],
  );
  return row === undefined ? undefined : toAlert(row);
}

/** A run that has ended, or whose deadline has passed, with what its alerts need. */
export interface RunFacts {
  readonly id: string;
  readonly environmentId: string;
  readonly pipelineId: PipelineId;
  readonly versionId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly held: boolean;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  /** Null where the version has none. */
  readonly deadlineAt: Date | null;
}

const runColumns = `r.id, r.environment_id as "environmentId", r.pipeline_id as "pipelineId", r.version_id as "versionId",
  r.state, r.reason, r.held, r.created_at as "createdAt", r.ended_at as "endedAt",
  r.created_at + make_interval(secs => v.deadline_ms / 1000.0) as "deadlineAt"`;
const fromRuns = `runs r join pipeline_versions v on v.tenant_id = r.tenant_id and v.id = r.version_id`;

export async function readRunFacts(tx: TenantTransaction, runId: string): Promise<RunFacts | undefined> {
  const [row] = await tx.query<RunFacts>(`select ${runColumns} from ${fromRuns} where r.tenant_id = $1 and r.id = $2`, [
    tx.tenantId,
    runId,
  ]);
  return row;
}

/** A success of the pipeline at or after the moment, among its newest runs; ends may be told in another order. */
export async function findLaterSuccess(
  tx: TenantTransaction,
  pipelineId: PipelineId,
  since: Date,
): Promise<RunFacts | undefined> {
  const [row] = await tx.query<RunFacts>(
    `select ${runColumns} from (
       select * from runs where tenant_id = $1 and pipeline_id = $2 order by id desc limit 100) r
     join pipeline_versions v on v.tenant_id = $1 and v.id = r.version_id
     where r.state = 'succeeded' and r.ended_at >= $3 order by r.ended_at limit 1`,
    [tx.tenantId, pipelineId, since],
  );
  return row;
}
