import type { AttemptState, TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import type { AttemptId, RunId } from '@millrace/kernel';

/** An attempt as its log is read. */
export interface LoggedAttempt {
  readonly id: AttemptId;
  readonly taskId: string;
  /** -1 where the task is not mapped. */
  readonly mapIndex: number;
  readonly fence: number;
  readonly state: AttemptState;
  /** False where no runner ever held it: then there is no line that could be missing. */
  readonly held: boolean;
  /** Sequence number of the last line that the runner says it wrote; null where it never said. */
  readonly lastWritten: number | null;
  /** Sequence number of the last line that is stored; 0 without any. */
  readonly lastStored: number;
}

interface AttemptRow {
  id: AttemptId;
  task_id: string;
  map_index: number;
  fence: number;
  state: AttemptState;
  held: boolean;
  last_written: string | null;
  last_stored: string | null;
}

const columns = `a.id, a.task_id, a.map_index, a.fence, a.state, a.runner_id is not null as held, a.log_last_seq as last_written,
  (select c.last_seq from log_chunks c where c.tenant_id = a.tenant_id and c.attempt_id = a.id
   order by c.first_seq desc limit 1) as last_stored`;

function toAttempt(row: AttemptRow): LoggedAttempt {
  return {
    id: row.id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    fence: row.fence,
    state: row.state,
    held: row.held,
    lastWritten: row.last_written === null ? null : Number(row.last_written),
    lastStored: Number(row.last_stored ?? 0),
  };
}

/** Which attempt's log is meant: that under the fence, or the newest. */
export interface AttemptPlace {
  readonly runId: RunId;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number | undefined;
}

/** `undefined` where there is none (yet). Read it before its lines: once it has ended, they are all there. */
export async function findLoggedAttempt(
  tx: TenantTransaction,
  place: AttemptPlace,
): Promise<LoggedAttempt | undefined> {
  const [row] = await tx.query<AttemptRow>(
    `select ${columns} from attempts a
     where a.tenant_id = $1 and a.run_id = $2 and a.task_id = $3 and a.map_index = $4 and ($5::integer is null or a.fence = $5)
     order by a.fence desc limit 1`,
    [tx.tenantId, place.runId, place.taskId, place.mapIndex, place.fence ?? null],
  );
  return row && toAttempt(row);
}

/** Attempts of a run in the order in which they began, from `from` on. */
export async function listLoggedAttempts(
  tx: TenantTransaction,
  runId: RunId,
  page: { readonly from: string | undefined; readonly limit: number },
): Promise<LoggedAttempt[]> {
  const rows = await tx.query<AttemptRow>(
    `select ${columns} from attempts a
     where a.tenant_id = $1 and a.run_id = $2 and ($3::text is null or a.id >= $3) order by a.id limit $4`,
    [tx.tenantId, runId, page.from ?? null, page.limit],
  );
  return rows.map(toAttempt);
}

/** A task instance as far as it decides whether a log can be there. */
export interface InstanceStanding {
  readonly state: TaskState;
  /** Of a mapped task, once it has been expanded; its instances have the logs. */
  readonly mapLength: number | null;
}

/** `undefined` where the run has no such instance. */
export async function findInstanceStanding(
  tx: TenantTransaction,
  place: Omit<AttemptPlace, 'fence'>,
): Promise<InstanceStanding | undefined> {
  const [row] = await tx.query<InstanceStanding>(
    `select state, map_length as "mapLength" from task_instances
     where tenant_id = $1 and run_id = $2 and task_id = $3 and map_index = $4`,
    [tx.tenantId, place.runId, place.taskId, place.mapIndex],
  );
  return row;
}
