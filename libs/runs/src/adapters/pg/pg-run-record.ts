import type { AttemptState, TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';

/** A task of a run without its mapped instances. */
export interface TaskRow {
  readonly taskId: string;
  readonly state: TaskState;
  readonly mapLength: number | null;
  readonly startedMs: number | null;
}

export async function readTaskRows(tx: TenantTransaction, runId: string): Promise<readonly TaskRow[]> {
  const rows = await tx.query<{
    task_id: string;
    state: TaskState;
    map_length: number | null;
    started_at: Date | null;
  }>(
    `select task_id, state, map_length, started_at from task_instances
     where tenant_id = $1 and run_id = $2 and map_index = -1`,
    [tx.tenantId, runId],
  );
  return rows.map((row) => ({
    taskId: row.task_id,
    state: row.state,
    mapLength: row.map_length,
    startedMs: row.started_at?.getTime() ?? null,
  }));
}

const terminal = `('succeeded', 'failed', 'skipped', 'upstream_failed', 'cancelled')`;

export interface InstanceEnds {
  readonly counts: Readonly<Partial<Record<TaskState, number>>>;
  /** Highest index of one that has ended; -1 where none has. */
  readonly lastIndex: number;
}

/** How the mapped instances of each task ended, as far as they have. */
export async function readInstanceEnds(tx: TenantTransaction, runId: string): Promise<Map<string, InstanceEnds>> {
  const rows = await tx.query<{ task_id: string; counts: Record<string, number>; last_index: number }>(
    `select task_id, jsonb_object_agg(state, n) as counts, max(last_index) as last_index from (
       select task_id, state, count(*)::int as n, max(map_index) as last_index from task_instances
       where tenant_id = $1 and run_id = $2 and map_index >= 0 and state in ${terminal}
       group by task_id, state) s
     group by task_id`,
    [tx.tenantId, runId],
  );
  return new Map(rows.map((row) => [row.task_id, { counts: row.counts, lastIndex: row.last_index }]));
}

/** An instance that was dispatched or sleeps, and has not ended. */
export interface BegunInstance {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly state: TaskState;
  readonly reason: string | null;
  readonly tries: number;
  readonly dispatch: number;
  readonly startedMs: number | null;
}

export async function readBegunInstances(tx: TenantTransaction, runId: string): Promise<readonly BegunInstance[]> {
  const rows = await tx.query<{
    task_id: string;
    map_index: number;
    state: TaskState;
    reason: string | null;
    tries: number;
    dispatch: number;
    started_at: Date | null;
  }>(
    `select task_id, map_index, state, reason, tries, dispatch, started_at from task_instances
     where tenant_id = $1 and run_id = $2 and map_length is null and state not in ${terminal}
       and (dispatch > 0 or state = 'sleeping')
     order by task_id, map_index`,
    [tx.tenantId, runId],
  );
  return rows.map(({ task_id: taskId, map_index: mapIndex, started_at: startedAt, ...row }) => ({
    ...row,
    taskId,
    mapIndex,
    startedMs: startedAt?.getTime() ?? null,
  }));
}

export interface InstanceAttempt {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly state: AttemptState;
  readonly reason: string | null;
  readonly dispatch: number;
  readonly try: number;
  readonly endedMs: number | null;
}

/** Attempts of instances that have not ended; of each instance the newest first. */
export async function readOpenAttempts(tx: TenantTransaction, runId: string): Promise<readonly InstanceAttempt[]> {
  const rows = await tx.query<{
    task_id: string;
    map_index: number;
    state: AttemptState;
    reason: string | null;
    dispatch: number;
    try: number;
    ended_at: Date | null;
  }>(
    `select a.task_id, a.map_index, a.state, a.reason, a.dispatch, a.try, a.ended_at from attempts a
     where a.tenant_id = $1 and a.run_id = $2 and not exists (
       select from task_instances ti where ti.tenant_id = $1 and ti.run_id = $2 and ti.task_id = a.task_id
         and ti.map_index = a.map_index and ti.state in ${terminal})
     order by a.task_id, a.map_index, a.fence desc`,
    [tx.tenantId, runId],
  );
  return rows.map(({ task_id: taskId, map_index: mapIndex, ended_at: endedAt, ...row }) => ({
    ...row,
    taskId,
    mapIndex,
    endedMs: endedAt?.getTime() ?? null,
  }));
}

/** Indices below `before` of instances that only wait. */
export async function readWaitingIndices(
  tx: TenantTransaction,
  runId: string,
  taskId: string,
  before: number,
): Promise<readonly number[]> {
  const rows = await tx.query<{ map_index: number }>(
    `select map_index from task_instances
     where tenant_id = $1 and run_id = $2 and task_id = $3 and map_index >= 0 and map_index < $4 and state = 'waiting'
     order by map_index`,
    [tx.tenantId, runId, taskId, before],
  );
  return rows.map((row) => row.map_index);
}
