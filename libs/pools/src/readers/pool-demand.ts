import { planOf, sizes } from '@millrace/billing';
import type { PoolSize } from '@millrace/contracts';
import type { ControlTransaction } from '@millrace/database';
import type { PoolId, TenantId } from '@millrace/kernel';
import type { SandboxMode } from '../pool.js';

/** A pool that has something to do, or runners. */
export interface PoolState {
  readonly tenantId: TenantId;
  readonly poolId: PoolId;
  readonly ordinal: number;
  readonly size: PoolSize;
  readonly slotsPerRunner: number;
  readonly maxRunners: number;
  readonly idleSeconds: number;
  readonly sandboxMode: SandboxMode;
  readonly minTier: string | null;
  readonly taskQueue: string;
  readonly organization: string;
  /** Task attempts that the organization's plan allows at the same time, in all its pools. */
  readonly concurrentTasks: number;
  /** Memory of one slot. */
  readonly memoryBytes: number;
  readonly demand: number;
}

interface PoolRow {
  tenant_id: TenantId;
  id: PoolId;
  ordinal: string;
  size: PoolSize;
  slots_per_runner: number;
  max_runners: number;
  idle_seconds: number;
  sandbox_mode: PoolState['sandboxMode'];
  min_tier: string | null;
  task_queue: string;
  organization: string;
  plan: string;
  demand: number;
}

/**
 * Every pool with queued or running tasks, dependencies to build, or runners: one query, whose cost follows what is
 * live and not how many pools there are.
 */
export async function readActivePools(tx: ControlTransaction): Promise<readonly PoolState[]> {
  const rows = await tx.query<PoolRow>(
    `with tasks as (
       select pool_id, count(*)::int as n from task_instances
       where state in ('queued', 'running') and map_length is null and pool_id is not null group by pool_id),
     builds as (
       -- Dependencies are built on the pool "default" of their environment, or its oldest.
       select pool.id as pool_id, count(*)::int as n
       from deployments d
       cross join lateral (select p.id from pools p where p.tenant_id = d.tenant_id and p.environment_id = d.environment_id
         order by p.name = 'default' desc, p.ordinal limit 1) pool
       where d.state = 'building' group by pool.id),
     live as (select pool_id, 0 as n from runners where state <> 'ended' group by pool_id),
     active as (
       select pool_id, sum(n)::int as demand
       from (select * from tasks union all select * from builds union all select * from live) every_source
       group by pool_id)
     select p.tenant_id, p.id, p.ordinal, p.size, p.slots_per_runner, p.max_runners, p.idle_seconds, p.sandbox_mode,
       p.min_tier, p.task_queue, o.slug as organization, o.plan, a.demand
     from active a
     join pools p on p.id = a.pool_id
     join organizations o on o.id = p.tenant_id`,
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    poolId: row.id,
    ordinal: Number(row.ordinal),
    size: row.size,
    slotsPerRunner: row.slots_per_runner,
    maxRunners: row.max_runners,
    idleSeconds: row.idle_seconds,
    sandboxMode: row.sandbox_mode,
    minTier: row.min_tier,
    taskQueue: row.task_queue,
    organization: row.organization,
    concurrentTasks: planOf(row.plan).limits.concurrentTasks,
    memoryBytes: sizes[row.size].memoryBytes,
    demand: row.demand,
  }));
}

/** Live leases by runner; runners without any are left out. */
export async function readLeasesByRunner(tx: ControlTransaction): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ runner_id: string; n: number }>(
    `select runner_id, count(*)::int as n from attempts where state = 'leased' and runner_id is not null group by runner_id`,
  );
  return new Map(rows.map((row) => [row.runner_id, row.n]));
}
