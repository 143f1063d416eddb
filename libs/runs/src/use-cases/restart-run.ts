import { channels, type TenantTransaction } from '@millrace/database';

/** So often a run is started again from its rows; the time after that it ends as the platform's fault. */
export const maxRestarts = 20;

export type Restart = 'restarted' | 'not_needed' | 'exhausted';

/**
 * Starts a run again whose workflow is gone without a trace: an event says so, and the outbox owes Temporal a workflow
 * that goes on from the rows. What was under way is settled by that workflow.
 */
export class RestartRun {
  /** `restarts`: how often the run had been started again when its workflow was missed; a later restart stands. */
  async execute(tx: TenantTransaction, runId: string, restarts: number): Promise<Restart> {
    if (restarts >= maxRestarts) return 'exhausted';
    const restarted = await tx.query(
      `with run as (
         update runs r set seq = r.seq + 1, restarts = r.restarts + 1
         where r.tenant_id = $1 and r.id = $2 and r.restarts = $3 and r.state in ('queued', 'running') and not r.held
           and not exists (
             select from outbox o where o.tenant_id = $1 and o.subject = r.id and o.kind = 'start_run')
         returning r.id, r.seq, r.state, r.restarts),
       event as (
         insert into run_events (tenant_id, run_id, seq, at, type, state, detail)
         select $1, id, seq, clock_timestamp(), 'run', state,
           jsonb_build_object('reason', 'restarted', 'restarts', restarts)
         from run),
       debt as (
         insert into outbox (tenant_id, kind, subject, payload)
         select $1, 'start_run', id, jsonb_build_object('restarts', restarts) from run)
       select id from run`,
      [tx.tenantId, runId, restarts],
    );
    if (restarted.length === 0) return 'not_needed';
    tx.notify(channels.outbox, runId);
    tx.notify(channels.runEvents, runId);
    return 'restarted';
  }
}
