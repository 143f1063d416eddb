import type { PlanTask } from '@millrace/contracts';
import { channels, type TenantTransaction } from '@millrace/database';

/** True where the task can go to a runner at once: nothing to wait for and no expression to ask. */
export function isRoot(task: PlanTask): boolean {
  return task.kind === 'attempt' && task.needs.length === 0 && !task.conditional && task.map === undefined;
}

/** Tells that pools have more to do than their runners have in hand. */
export function tellDemand(tx: TenantTransaction, poolIds: readonly string[]): void {
  for (const poolId of new Set(poolIds)) tx.notify(channels.poolDemand, poolId);
}

/**
 * Counts the pipeline's active and held runs and keeps both numbers true until the transaction ends: without the lock
 * a run could be held just as the last active one ends, and nobody would ever let it go.
 */
export async function lockActiveRuns(
  tx: TenantTransaction,
  pipelineId: string,
): Promise<{ readonly active: number; readonly held: number }> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 1))`, [`active_runs|${tx.tenantId}|${pipelineId}`]);
  const [row] = await tx.query<{ active: number; held: number }>(
    `select count(*) filter (where not held)::int as active, count(*) filter (where held)::int as held
     from runs where tenant_id = $1 and pipeline_id = $2 and state in ('queued', 'running')`,
    [tx.tenantId, pipelineId],
  );
  return row ?? { active: 0, held: 0 };
}
