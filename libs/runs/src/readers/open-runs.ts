import type { ControlTransaction } from '@millrace/database';
import type { PipelineId, RunId, TenantId } from '@millrace/kernel';

export interface RunPlace {
  readonly tenantId: TenantId;
  readonly runId: RunId;
}

export interface OpenRun extends RunPlace {
  /** How often it was started again from its rows. */
  readonly restarts: number;
}

/**
 * Runs of all tenants that have not ended and should have a workflow, in a fixed order: not held, and with no start
 * still owed. The relay deletes that debt only when the workflow is there, so that no run is too young to be looked at.
 */
export async function listOpenRuns(
  tx: ControlTransaction,
  options: { readonly after: RunPlace | null; readonly limit: number },
): Promise<readonly OpenRun[]> {
  const { after, limit } = options;
  const rows = await tx.query<{ tenant_id: TenantId; id: RunId; restarts: number }>(
    `select r.tenant_id, r.id, r.restarts from runs r
     where r.state in ('queued', 'running') and not r.held
       and ($1::text is null or (r.tenant_id, r.id) > ($1, $2))
       and not exists (select from outbox o where o.tenant_id = r.tenant_id and o.subject = r.id and o.kind = 'start_run')
     order by r.tenant_id, r.id limit $3`,
    [after?.tenantId ?? null, after?.runId ?? null, limit],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, runId: row.id, restarts: row.restarts }));
}

/** Ended runs of all tenants that still hold a lease: there should be none. */
export async function listLeasesOfEndedRuns(tx: ControlTransaction, limit: number): Promise<readonly RunPlace[]> {
  const rows = await tx.query<{ tenant_id: TenantId; id: RunId }>(
    `select distinct r.tenant_id, r.id from slots s join runs r on r.tenant_id = s.tenant_id and r.id = s.run_id
     where r.state in ('succeeded', 'failed', 'cancelled') and r.ended_at < now() - interval '30 seconds' limit $1`,
    [limit],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, runId: row.id }));
}

/** Pipelines of all tenants with runs that wait for their turn. */
export async function listPipelinesWithHeldRuns(
  tx: ControlTransaction,
  limit: number,
): Promise<readonly { readonly tenantId: TenantId; readonly pipelineId: PipelineId }[]> {
  const rows = await tx.query<{ tenant_id: TenantId; pipeline_id: PipelineId }>(
    `select distinct tenant_id, pipeline_id from runs where state = 'queued' and held limit $1`,
    [limit],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, pipelineId: row.pipeline_id }));
}
