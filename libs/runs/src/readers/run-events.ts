import type { RunState, TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';

/** One recorded change of state of a run or of one of its task instances. */
export interface RunEvent {
  /** Rises within the run, from 0. */
  readonly seq: number;
  readonly at: Date;
  readonly type: 'run' | 'task';
  readonly taskId: string | null;
  readonly mapIndex: number | null;
  readonly state: RunState | TaskState;
  readonly detail: Readonly<Record<string, string | number>>;
}

interface EventRow {
  seq: string;
  at: Date;
  type: 'run' | 'task';
  task_id: string | null;
  map_index: number | null;
  state: RunState | TaskState;
  detail: Record<string, string | number>;
}

/** Events after `afterSeq` (-1: from the beginning), in order. */
export async function listRunEvents(
  tx: TenantTransaction,
  runId: string,
  options: { readonly afterSeq: number; readonly limit: number },
): Promise<readonly RunEvent[]> {
  const rows = await tx.query<EventRow>(
    `select seq, at, type, task_id, map_index, state, detail from run_events
     where tenant_id = $1 and run_id = $2 and seq > $3 order by seq limit $4`,
    [tx.tenantId, runId, options.afterSeq, options.limit],
  );
  return rows.map((row) => ({
    seq: Number(row.seq),
    at: row.at,
    type: row.type,
    taskId: row.task_id,
    mapIndex: row.map_index,
    state: row.state,
    detail: row.detail,
  }));
}
