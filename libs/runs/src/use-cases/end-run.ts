import type { TerminalRunState } from '@millrace/contracts';
import { channels, type TenantTransaction } from '@millrace/database';
import { endDebt } from './end-debt.js';

export interface EndRunRequest {
  readonly runId: string;
  readonly state: TerminalRunState;
  readonly reason: string;
}

/**
 * Ends a run that no workflow will end: task instances whose attempt succeeded or failed get that state, all others
 * are cancelled. Its leases must have ended. A run that has ended keeps its end.
 */
export async function endRun(tx: TenantTransaction, request: EndRunRequest): Promise<void> {
  await tx.query(
    `with run as (
       select tenant_id, id, seq from runs where tenant_id = $1 and id = $2 and state in ('queued', 'running') for no key update),
     open as (
       select ti.task_id, ti.map_index,
         case when ti.map_length is null and a.state = 'succeeded' then 'succeeded'
              when ti.map_length is null and a.state in ('failed', 'timed_out') then 'failed'
              when ti.map_length is null and a.state in ('lost', 'cancelled') and $3 = 'failed' then 'failed'
              else 'cancelled' end as state,
         row_number() over (order by ti.task_id, ti.map_index) as number
       from run
       join task_instances ti on ti.tenant_id = $1 and ti.run_id = run.id
         and ti.state not in ('succeeded', 'failed', 'skipped', 'upstream_failed', 'cancelled')
       left join lateral (
         select state from attempts
         where tenant_id = $1 and run_id = $2 and task_id = ti.task_id and map_index = ti.map_index
         order by fence desc limit 1) a on true),
     task as (
       update task_instances ti set state = o.state, ended_at = clock_timestamp(), seq = run.seq + o.number,
         reason = case when o.state = 'succeeded' then null else $4 end
       from run, open o
       where ti.tenant_id = $1 and ti.run_id = run.id and ti.task_id = o.task_id and ti.map_index = o.map_index),
     event as (
       insert into run_events (tenant_id, run_id, seq, at, type, task_id, map_index, state, detail)
       select run.tenant_id, run.id, run.seq + o.number, clock_timestamp(), 'task', o.task_id, o.map_index, o.state,
         case when o.state = 'succeeded' then '{}'::jsonb else jsonb_build_object('reason', $4::text) end
       from run, open o
       union all
       select run.tenant_id, run.id, run.seq + (select count(*) from open) + 1, clock_timestamp(), 'run', null, null, $3,
         jsonb_build_object('reason', $4::text)
       from run),
     ended as (
       update runs r set state = $3, reason = $4, held = false, ended_at = clock_timestamp(),
         seq = run.seq + (select count(*) from open) + 1
       from run where r.tenant_id = $1 and r.id = run.id
       returning r.id, r.pipeline_id, r.state),
     ${endDebt('ended')}
     select pg_notify('${channels.runEvents}', id) from ended
     union all
     select pg_notify('${channels.notices}', subject) from debt`,
    [tx.tenantId, request.runId, request.state, request.reason],
  );
}
