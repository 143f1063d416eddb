import type { TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';

/** Where the output of one task instance is: JSON text inline, or an object. */
export interface OutputPlace {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly state: TaskState;
  /** Absent where the output is large, or where there is none. */
  readonly text: string | null;
  readonly digest: string | null;
  readonly bytes: number | null;
}

/** A task and, where it is mapped, how many instances it has. */
export interface OutputShape {
  readonly state: TaskState;
  readonly mapLength: number | null;
}

interface PlaceRow {
  task_id: string;
  map_index: number;
  state: TaskState;
  output: string | null;
  output_digest: string | null;
  output_bytes: string | null;
}

function toPlace(row: PlaceRow): OutputPlace {
  return {
    taskId: row.task_id,
    mapIndex: row.map_index,
    state: row.state,
    text: row.output,
    digest: row.output_digest,
    bytes: row.output_bytes === null ? null : Number(row.output_bytes),
  };
}

/** The task of the run, or undefined where it has none of this id. */
export async function findOutputShape(
  tx: TenantTransaction,
  runId: string,
  taskId: string,
): Promise<OutputShape | undefined> {
  const [row] = await tx.query<{ state: TaskState; map_length: number | null }>(
    `select state, map_length from task_instances where tenant_id = $1 and run_id = $2 and task_id = $3 and map_index = -1`,
    [tx.tenantId, runId, taskId],
  );
  return row === undefined ? undefined : { state: row.state, mapLength: row.map_length };
}

/**
 * The outputs of instances `from` to `from + limit - 1` of a task (-1 is the one instance of a task that is not
 * mapped). Instances that have none are left out.
 */
export async function listTaskOutputs(
  tx: TenantTransaction,
  runId: string,
  taskId: string,
  range: { readonly from: number; readonly limit: number },
): Promise<readonly OutputPlace[]> {
  const rows = await tx.query<PlaceRow>(
    `select a.task_id, a.map_index, 'succeeded' as state, a.output, a.output_digest, a.output_bytes from attempts a
     where a.tenant_id = $1 and a.run_id = $2 and a.task_id = $3 and a.state = 'succeeded'
       and a.map_index >= $4 and a.map_index < $5 order by a.map_index`,
    [tx.tenantId, runId, taskId, range.from, range.from + range.limit],
  );
  return rows.map(toPlace);
}

/** Where the outputs of all instances of a run are, without large texts; ordered by task and index. */
export async function listRunOutputs(
  tx: TenantTransaction,
  runId: string,
  page: {
    readonly after?: { readonly taskId: string; readonly mapIndex: number } | undefined;
    readonly limit: number;
    readonly inlineBytes: number;
  },
): Promise<readonly OutputPlace[]> {
  const rows = await tx.query<PlaceRow>(
    `select a.task_id, a.map_index, 'succeeded' as state, a.output_digest, a.output_bytes,
       case when a.output_bytes <= $6 then a.output end as output
     from attempts a
     where a.tenant_id = $1 and a.run_id = $2 and a.state = 'succeeded'
       and ($3::text is null or (a.task_id, a.map_index) > ($3, $4))
     order by a.task_id, a.map_index limit $5`,
    [tx.tenantId, runId, page.after?.taskId ?? null, page.after?.mapIndex ?? null, page.limit, page.inlineBytes],
  );
  return rows.map(toPlace);
}
