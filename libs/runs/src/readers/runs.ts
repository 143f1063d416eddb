import type { RunState, TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import type { EnvironmentId, PipelineId, RunId, VersionId } from '@millrace/kernel';

/** A run as people see it. */
export interface Run {
  readonly id: RunId;
  readonly environmentId: EnvironmentId;
  readonly environment: string;
  readonly pipelineId: PipelineId;
  readonly pipeline: string;
  readonly versionId: VersionId;
  readonly versionNumber: number;
  readonly state: RunState;
  readonly reason: string | null;
  readonly trigger: string;
  readonly createdBy: string;
  /** JSON text, as the run keeps it. */
  readonly params: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  readonly cancelRequestedBy: string | null;
}

/** How many are in which state. */
export type TaskCounts = Readonly<Partial<Record<TaskState, number>>>;

interface RunRow {
  id: RunId;
  environment_id: EnvironmentId;
  environment: string;
  pipeline_id: PipelineId;
  pipeline: string;
  version_id: VersionId;
  version_number: number;
  state: RunState;
  reason: string | null;
  trigger: string;
  created_by: string;
  params: string;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  cancel_requested_at: Date | null;
  cancel_requested_by: string | null;
}

const selectRuns = `
  select r.id, r.environment_id, e.slug as environment, r.pipeline_id, p.name as pipeline, r.version_id,
    v.number as version_number, r.state, r.reason, r.trigger, r.created_by, r.params, r.created_at, r.started_at,
    r.ended_at, r.cancel_requested_at, r.cancel_requested_by
  from runs r
  join environments e on e.tenant_id = $1 and e.id = r.environment_id
  join pipelines p on p.tenant_id = $1 and p.id = r.pipeline_id
  join pipeline_versions v on v.tenant_id = $1 and v.id = r.version_id`;

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    environmentId: row.environment_id,
    environment: row.environment,
    pipelineId: row.pipeline_id,
    pipeline: row.pipeline,
    versionId: row.version_id,
    versionNumber: row.version_number,
    state: row.state,
    reason: row.reason,
    trigger: row.trigger,
    createdBy: row.created_by,
    params: row.params,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    cancelRequestedAt: row.cancel_requested_at,
    cancelRequestedBy: row.cancel_requested_by,
  };
}

/** The run, or undefined where the tenant has none of this id. */
export async function findRun(tx: TenantTransaction, runId: string): Promise<Run | undefined> {
  const [row] = await tx.query<RunRow>(
    `${selectRuns} where r.tenant_id = $1 and r.id = $2`,
    [tx.tenantId, runId],
    'find_run',
  );
  return row === undefined ? undefined : toRun(row);
}

export interface RunStanding {
  readonly state: RunState;
  readonly environmentId: EnvironmentId;
}

/** State and place of a run, for those who wait for its end or only need to know that it exists. */
export async function findRunStanding(tx: TenantTransaction, runId: string): Promise<RunStanding | undefined> {
  const [row] = await tx.query<{ state: RunState; environment_id: EnvironmentId }>(
    `select state, environment_id from runs where tenant_id = $1 and id = $2`,
    [tx.tenantId, runId],
    'find_run_standing',
  );
  return row === undefined ? undefined : { state: row.state, environmentId: row.environment_id };
}

export interface RunFilter {
  readonly environmentId?: EnvironmentId | undefined;
  /** Names the environment where its id is not known; one that does not exist has no runs. */
  readonly environmentSlug?: string | undefined;
  readonly pipelineId?: PipelineId | undefined;
  readonly state?: RunState | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  /** The id of the last run of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What stands after `from runs r …`, and its parameters. */
function pageOf(
  tx: TenantTransaction,
  filter: RunFilter,
): { readonly clauses: string; readonly parameters: unknown[] } {
  const parameters: unknown[] = [tx.tenantId];
  const conditions = ['r.tenant_id = $1'];
  const add = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition.replace('?', `$${parameters.length}`));
  };
  add('r.environment_id = ?', filter.environmentId);
  add(
    `r.environment_id = (select named.id from environments named
       where named.tenant_id = $1 and named.slug = ? and named.deleted_at is null)`,
    filter.environmentSlug,
  );
  add('r.pipeline_id = ?', filter.pipelineId);
  add('r.state = ?', filter.state);
  add('r.created_at > ?', filter.createdAfter);
  add('r.created_at < ?', filter.createdBefore);
  add('r.id < ?', filter.after);
  parameters.push(filter.limit);
  return { clauses: `where ${conditions.join(' and ')} order by r.id desc limit $${parameters.length}`, parameters };
}

/** Runs, newest first. */
export async function listRuns(tx: TenantTransaction, filter: RunFilter): Promise<readonly Run[]> {
  const { clauses, parameters } = pageOf(tx, filter);
  const rows = await tx.query<RunRow>(`${selectRuns} ${clauses}`, parameters);
  return rows.map(toRun);
}

/**
 * As {@link countTasks}, for the runs that {@link listRuns} gives for the same filter in the same read: both can be asked
 * at once.
 */
export async function countPageTasks(
  tx: TenantTransaction,
  filter: RunFilter,
): Promise<ReadonlyMap<string, TaskCounts>> {
  const { clauses, parameters } = pageOf(tx, filter);
  return tasksByState(tx, `array(select r.id from runs r ${clauses})`, parameters);
}

/** How many tasks of each run are in which state; a mapped task counts once. */
export async function countTasks(
  tx: TenantTransaction,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, TaskCounts>> {
  if (runIds.length === 0) return new Map();
  return tasksByState(tx, '$2::text[]', [tx.tenantId, runIds], 'count_tasks');
}

/** `runs` is SQL for an array of ids; the first parameter is the tenant. */
async function tasksByState(
  tx: TenantTransaction,
  runs: string,
  parameters: readonly unknown[],
  name?: string,
): Promise<ReadonlyMap<string, TaskCounts>> {
  const rows = await tx.query<{ run_id: string; state: TaskState; count: number }>(
    `select ti.run_id, ${shownState('ti')} as state, count(*)::int as count
     from task_instances ti
     where ti.tenant_id = $1 and ti.run_id = any(${runs}) and ti.map_index = -1
     group by 1, 2`,
    parameters,
    name,
  );
  const counts = new Map<string, Partial<Record<TaskState, number>>>();
  for (const row of rows) counts.set(row.run_id, { ...counts.get(row.run_id), [row.state]: row.count });
  return counts;
}

/**
 * The state of a task instance as it is now: the workflow's record, or what its newest attempt says where that is ahead of
 * it. Leases and successes are there first; the workflow hears of an attempt when its stretch ends.
 */
export function shownState(alias: string): string {
  return `case when ${alias}.state in ('waiting', 'queued', 'up_for_retry') and ${alias}.map_length is null then coalesce((
    select case newest.state when 'leased' then 'running' when 'succeeded' then 'succeeded' end
    from attempts newest where newest.tenant_id = ${alias}.tenant_id and newest.run_id = ${alias}.run_id
      and newest.task_id = ${alias}.task_id and newest.map_index = ${alias}.map_index
    order by newest.fence desc limit 1), ${alias}.state) else ${alias}.state end`;
}
