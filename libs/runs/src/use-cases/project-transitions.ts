import type { ProjectionBatch, Transition } from '@millrace/contracts';
import { channels, type TenantTransaction } from '@millrace/database';
import { endDebt } from './end-debt.js';
import type { ReleaseHeldRuns } from './release-held-runs.js';

interface Projected {
  known_seq: string;
  first_seq: string | null;
  ended: boolean;
  pipeline_id: string;
  max_active_runs: number | null;
}

/** Writes what the workflow decided: the rows of the run and its tasks, the events, one notification for the batch. */
export class ProjectTransitions {
  constructor(private readonly releaseHeld: ReleaseHeldRuns) {}

  /** Repeats change nothing, and neither does anything once the run has ended. Throws where transitions are missing. */
  async execute(tx: TenantTransaction, batch: Pick<ProjectionBatch, 'runId' | 'transitions'>): Promise<void> {
    const rows = batch.transitions.map(toRow);
    const [projected] = await tx.query<Projected>(
      statement,
      [tx.tenantId, batch.runId, JSON.stringify(rows)],
      'project_transitions',
    );
    if (projected === undefined) return;
    const { known_seq: known, first_seq: first } = projected;
    if (first !== null && Number(first) !== Number(known) + 1) {
      throw new Error(`run ${batch.runId}: transition ${first} came after ${known}`);
    }
    if (projected.ended && projected.max_active_runs !== null)
      await this.releaseHeld.execute(tx, projected.pipeline_id);
  }
}

interface TransitionRow {
  readonly kind: 'task' | 'run';
  readonly seq: number;
  readonly at_ms: number;
  readonly state: string;
  readonly reason?: string;
  readonly task_id?: string;
  readonly map_index?: number;
  readonly tries?: number;
  readonly dispatch?: number;
  readonly pool_id?: string;
  readonly map_length?: number;
}

function toRow(transition: Transition): TransitionRow {
  const { kind, seq, atMs: at_ms, state, reason } = transition;
  const base = { kind, seq, at_ms, state, ...(reason === undefined ? {} : { reason }) };
  if (transition.kind === 'run') return base;
  const { taskId: task_id, mapIndex: map_index, tries, dispatch, poolId, mapLength } = transition;
  return {
    ...base,
    task_id,
    map_index,
    tries,
    dispatch,
    ...(poolId === undefined ? {} : { pool_id: poolId }),
    ...(mapLength === undefined ? {} : { map_length: mapLength }),
  };
}

const terminal = `('succeeded', 'failed', 'skipped', 'upstream_failed', 'cancelled')`;

/**
 * `latest` is the last word on each instance in the batch. `expanded` makes the rows of mapped instances that the batch
 * itself does not name, and `closed` ends those that never began once their task has ended: a statement sees no row
 * that it has written itself, so each row is written by exactly one of the three.
 */
const statement = `
with run as materialized (
  select id, seq, pipeline_id, max_active_runs from runs
  -- By its key: the index of live runs, which the planner knows by the bare column, is as long as the queue of runs.
  where tenant_id = $1 and id = $2 and state || '' in ('queued', 'running') for no key update),
fresh as materialized (
  select t.*, to_timestamp(t.at_ms / 1000) as at from run, jsonb_to_recordset($3::jsonb) as t (kind text, seq bigint,
    at_ms double precision, state text, reason text, task_id text, map_index integer, tries integer, dispatch integer,
    pool_id text, map_length integer)
  where t.seq > run.seq),
latest as materialized (
  select task_id, map_index, max(seq) as seq, max(tries) as tries, max(dispatch) as dispatch,
    (array_agg(state order by seq desc))[1] as state, (array_agg(reason order by seq desc))[1] as reason,
    (array_agg(at order by seq desc))[1] as at, max(at) filter (where state = 'queued') as queued_at,
    max(at) filter (where state = 'sleeping') as slept_at, max(pool_id) as pool_id, max(map_length) as map_length
  from fresh where kind = 'task' group by task_id, map_index),
upserted as (
  insert into task_instances as ti (tenant_id, run_id, task_id, map_index, state, reason, pool_id, map_length, tries,
    dispatch, seq, queued_at, started_at, ended_at)
  select $1, $2, task_id, map_index, state, reason, pool_id, map_length, tries, dispatch, seq, queued_at,
    coalesce(slept_at, case when state in ${terminal} and dispatch > 0 then (
      select min(coalesce(a.started_at, a.leased_at)) from attempts a
      where a.tenant_id = $1 and a.run_id = $2 and a.task_id = latest.task_id and a.map_index = latest.map_index)
      when map_length > 0 then at end),
    case when state in ${terminal} then at end
  from latest
  on conflict (tenant_id, run_id, task_id, map_index) do update set
    state = excluded.state, reason = excluded.reason, pool_id = coalesce(excluded.pool_id, ti.pool_id),
    map_length = coalesce(excluded.map_length, ti.map_length), tries = greatest(excluded.tries, ti.tries),
    dispatch = greatest(excluded.dispatch, ti.dispatch), seq = excluded.seq,
    queued_at = coalesce(excluded.queued_at, ti.queued_at), started_at = coalesce(ti.started_at, excluded.started_at),
    ended_at = excluded.ended_at
  where ti.seq < excluded.seq and ti.state not in ${terminal}),
whole as (
  select task_id, map_length, at, seq, state in ${terminal} as over from latest where map_index = -1 and map_length > 0),
expanded as (
  insert into task_instances (tenant_id, run_id, task_id, map_index, state, seq, ended_at)
  select $1, $2, w.task_id, i, case when w.over then 'cancelled' else 'waiting' end, case when w.over then w.seq else 0 end,
    case when w.over then w.at end
  from fresh f join whole w on w.task_id = f.task_id cross join generate_series(0, f.map_length - 1) i
  where f.map_index = -1 and f.state = 'running' and f.map_length > 0
    and not exists (select from latest l where l.task_id = w.task_id and l.map_index = i)
  on conflict do nothing),
closed as (
  update task_instances ti set state = 'cancelled', ended_at = w.at, seq = w.seq
  from whole w
  where w.over and ti.tenant_id = $1 and ti.run_id = $2 and ti.task_id = w.task_id and ti.map_index >= 0
    and ti.state not in ${terminal}
    and not exists (select from latest l where l.task_id = w.task_id and l.map_index = ti.map_index)),
event as (
  insert into run_events (tenant_id, run_id, seq, at, type, task_id, map_index, state, detail)
  select $1, $2, seq, at, kind, task_id, map_index, state, jsonb_strip_nulls(jsonb_build_object('reason', reason,
    'tries', nullif(tries, 0), 'dispatch', nullif(dispatch, 0), 'mapLength', map_length))
  from fresh on conflict do nothing),
last_run as (select state, reason, at from fresh where kind = 'run' order by seq desc limit 1),
written as (
  update runs r set seq = (select max(seq) from fresh),
    state = coalesce((select state from last_run), r.state), reason = coalesce((select reason from last_run), r.reason),
    started_at = coalesce(r.started_at, (select min(at) from fresh where kind = 'run' and state = 'running')),
    ended_at = (select at from last_run where state in ('succeeded', 'failed', 'cancelled'))
  from run where r.tenant_id = $1 and r.id = run.id and exists (select from fresh)
  returning r.id, r.pipeline_id, r.state, r.state in ('succeeded', 'failed', 'cancelled') as ended),
${endDebt('written')},
demand as (
  select count(pg_notify('${channels.poolDemand}', pool_id)) from (
    select distinct pool_id from latest where state = 'queued' and pool_id is not null) p)
select run.seq as known_seq, (select min(seq) from fresh) as first_seq, run.pipeline_id, run.max_active_runs,
  coalesce((select ended from written), false) as ended,
  (select pg_notify('${channels.runEvents}', id) from written) as notified,
  (select pg_notify('${channels.endedRuns}', id) from written where ended) as told, (select * from demand) as demand,
  (select pg_notify('${channels.notices}', subject) from debt) as owed
from run`;
