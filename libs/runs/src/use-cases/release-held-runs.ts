import { channels, type TenantTransaction } from '@millrace/database';
import type { VersionId } from '@millrace/kernel';
import type { VersionCache } from '@millrace/pipelines';
import { isRoot, lockActiveRuns, tellDemand } from '../admission.js';

interface HeldRun {
  id: string;
  version_id: VersionId;
  max_active_runs: number | null;
  pools: Record<string, { poolId: string }>;
}

/** Lets the oldest held runs of a pipeline go, as many as its limit has room for. */
export class ReleaseHeldRuns {
  constructor(private readonly versions: VersionCache) {}

  /** Gives the ids of the runs that were let go. */
  async execute(tx: TenantTransaction, pipelineId: string): Promise<readonly string[]> {
    const { active, held } = await lockActiveRuns(tx, pipelineId);
    if (held === 0) return [];
    const runs = await tx.query<HeldRun>(
      `select id, version_id, max_active_runs, pools from runs
       where tenant_id = $1 and pipeline_id = $2 and held and state = 'queued' order by id limit 100`,
      [tx.tenantId, pipelineId],
    );
    const released: string[] = [];
    for (const run of runs) {
      // The limit is the one of the version that the run is pinned to.
      if (active + released.length >= (run.max_active_runs ?? Infinity)) break;
      await this.release(tx, run);
      released.push(run.id);
    }
    return released;
  }

  private async release(tx: TenantTransaction, run: HeldRun): Promise<void> {
    const { plan } = await this.versions.get(tx, run.version_id);
    const roots = plan.tasks
      .filter(isRoot)
      .map((task) => ({ id: task.id, pool: run.pools[task.pool]?.poolId }))
      .filter((root) => root.pool !== undefined);
    const released = await tx.query(
      `with run as (
         update runs set held = false, reason = null where tenant_id = $1 and id = $2 and held
         returning tenant_id, id),
       task as (
         update task_instances ti set state = 'queued', pool_id = r.pool, queued_at = clock_timestamp()
         from run, jsonb_to_recordset($3::jsonb) as r (id text, pool text)
         where ti.tenant_id = $1 and ti.run_id = run.id and ti.task_id = r.id and ti.map_index = -1 and ti.state = 'waiting'),
       debt as (
         insert into outbox (tenant_id, kind, subject) select tenant_id, 'start_run', id from run)
       select id from run`,
      [tx.tenantId, run.id, JSON.stringify(roots)],
    );
    if (released.length === 0) return;
    tx.notify(channels.outbox, run.id);
    tellDemand(
      tx,
      roots.flatMap(({ pool }) => pool ?? []),
    );
  }
}
