import type { TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { shownState, type TaskCounts } from './runs.js';

/** One task instance, or a mapped task as a whole (`mapIndex` -1 with a `mapLength`). */
export interface TaskInstance {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly state: TaskState;
  readonly reason: string | null;
  readonly poolId: string | null;
  readonly mapLength: number | null;
  /** For a mapped task as a whole: its instances by state. */
  readonly instances: TaskCounts | null;
  readonly tries: number;
  readonly dispatch: number;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

interface InstanceRow {
  task_id: string;
  map_index: number;
  state: TaskState;
  reason: string | null;
  pool_id: string | null;
  map_length: number | null;
  tries: number;
  dispatch: number;
  queued_at: Date | null;
  started_at: Date | null;
  ended_at: Date | null;
}

export interface TaskPage {
  readonly state?: TaskState | undefined;
  readonly limit: number;
}

const columns = `ti.task_id, ti.map_index, ti.reason, ti.pool_id, ti.map_length, ti.tries, ti.dispatch, ti.queued_at,
  ti.ended_at, coalesce(ti.started_at, (
    select min(coalesce(a.started_at, a.leased_at)) from attempts a
    where a.tenant_id = ti.tenant_id and a.run_id = ti.run_id and a.task_id = ti.task_id and a.map_index = ti.map_index
  )) as started_at`;

function toInstance(row: InstanceRow, instances: TaskCounts | null = null): TaskInstance {
  return {
    taskId: row.task_id,
    mapIndex: row.map_index,
    state: row.state,
    reason: row.reason,
    poolId: row.pool_id,
    mapLength: row.map_length,
    instances,
    tries: row.tries,
    dispatch: row.dispatch,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

/** The tasks of a run in alphabetical order, mapped ones collapsed into one line with counts. */
export async function listTasks(
  tx: TenantTransaction,
  runId: string,
  page: TaskPage & { readonly after?: string | undefined },
): Promise<readonly TaskInstance[]> {
  const rows = await tx.query<InstanceRow>(
    `select * from (
       select ${columns}, ${shownState('ti')} as state from task_instances ti
       where ti.tenant_id = $1 and ti.run_id = $2 and ti.map_index = -1 and ($3::text is null or ti.task_id > $3)) t
     where $4::text is null or t.state = $4 order by t.task_id limit $5`,
    [tx.tenantId, runId, page.after ?? null, page.state ?? null, page.limit],
  );
  const mapped = rows.filter((row) => (row.map_length ?? 0) > 0).map((row) => row.task_id);
  const counts = await countInstances(tx, runId, mapped);
  return rows.map((row) => toInstance(row, row.map_length === null ? null : (counts.get(row.task_id) ?? {})));
}

/** The instances of one task, by index: those of a mapped task, or the one of any other. */
export async function listTaskInstances(
  tx: TenantTransaction,
  runId: string,
  taskId: string,
  page: TaskPage & { readonly after?: number | undefined },
): Promise<readonly TaskInstance[]> {
  const rows = await tx.query<InstanceRow>(
    `select * from (
       select ${columns}, ${shownState('ti')} as state from task_instances ti
       where ti.tenant_id = $1 and ti.run_id = $2 and ti.task_id = $3 and (ti.map_length is null or ti.map_length = 0)
         and ($4::integer is null or ti.map_index > $4)) t
     where $5::text is null or t.state = $5 order by t.map_index limit $6`,
    [tx.tenantId, runId, taskId, page.after ?? null, page.state ?? null, page.limit],
  );
  return rows.map((row) => toInstance(row));
}

async function countInstances(
  tx: TenantTransaction,
  runId: string,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, TaskCounts>> {
  const counts = new Map<string, Partial<Record<TaskState, number>>>();
  if (taskIds.length === 0) return counts;
  const rows = await tx.query<{ task_id: string; state: TaskState; count: number }>(
    `select ti.task_id, ${shownState('ti')} as state, count(*)::int as count from task_instances ti
     where ti.tenant_id = $1 and ti.run_id = $2 and ti.task_id = any($3::text[]) and ti.map_index >= 0 group by 1, 2`,
    [tx.tenantId, runId, taskIds],
  );
  for (const row of rows) counts.set(row.task_id, { ...counts.get(row.task_id), [row.state]: row.count });
  return counts;
}
