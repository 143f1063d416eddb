import type { PoolSize } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { type EnvironmentId, isId, type PoolId } from '@millrace/kernel';
import type { IsolationTier, SandboxMode } from '../pool.js';

/** A pool as its organization sees it: what it is set to, and what goes on in it. */
export interface Pool {
  readonly id: PoolId;
  readonly environmentId: EnvironmentId;
  /** Slug. */
  readonly environment: string;
  readonly name: string;
  readonly size: PoolSize;
  readonly slotsPerRunner: number;
  readonly maxRunners: number;
  readonly idleSeconds: number;
  readonly sandboxMode: SandboxMode;
  readonly minTier: IsolationTier | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly runners: { readonly ready: number; readonly starting: number; readonly draining: number };
  readonly slotsInUse: number;
  /** Slots whose attempt holds no live lease: there should be none, ever. */
  readonly slotsLeaked: number;
  /** Task instances that wait for a runner. */
  readonly queued: number;
}

interface PoolRow extends Omit<Pool, 'createdAt' | 'runners'> {
  readonly createdAt: Date;
  readonly ready: number;
  readonly starting: number;
  readonly draining: number;
}

const select = `select p.id, p.environment_id as "environmentId", e.slug as environment, p.name, p.size,
    p.slots_per_runner as "slotsPerRunner", p.max_runners as "maxRunners", p.idle_seconds as "idleSeconds",
    p.sandbox_mode as "sandboxMode", p.min_tier as "minTier", p.created_at as "createdAt",
    r.ready, r.starting, r.draining, s.in_use as "slotsInUse", s.leaked as "slotsLeaked", t.queued
  from pools p
  join environments e on e.tenant_id = p.tenant_id and e.id = p.environment_id
  cross join lateral (
    select count(*) filter (where state = 'ready')::int as ready,
      count(*) filter (where state = 'starting')::int as starting,
      count(*) filter (where state = 'draining')::int as draining
    from runners where tenant_id = p.tenant_id and pool_id = p.id and state <> 'ended') r
  cross join lateral (
    select count(*)::int as in_use, count(*) filter (where a.state is distinct from 'leased')::int as leaked
    from slots l left join attempts a on a.tenant_id = l.tenant_id and a.id = l.attempt_id
    where l.tenant_id = p.tenant_id and l.pool_id = p.id) s
  cross join lateral (
    select count(*)::int as queued from task_instances
    where tenant_id = p.tenant_id and pool_id = p.id and state = 'queued' and map_length is null) t`;

function toPool({ ready, starting, draining, createdAt, ...row }: PoolRow): Pool {
  return { ...row, createdAt: createdAt.toISOString(), runners: { ready, starting, draining } };
}

/** Pools of the environment in order of names, after `after`. */
export async function listPools(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Pool[]> {
  const rows = await tx.query<PoolRow>(
    `${select} where p.tenant_id = $1 and p.environment_id = $2 and ($3::text is null or p.name > $3)
     order by p.name limit $4`,
    [tx.tenantId, environmentId, page.after ?? null, page.limit],
  );
  return rows.map(toPool);
}

/** `ref` is a pool's id (then the environment is not asked) or its name in the environment. */
export async function findPool(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  ref: string,
): Promise<Pool | undefined> {
  const byId = isId('pool', ref);
  const [row] = await tx.query<PoolRow>(
    `${select} where p.tenant_id = $1 and ${byId ? 'p.id = $2' : 'p.environment_id = $3 and p.name = $2'}`,
    byId ? [tx.tenantId, ref] : [tx.tenantId, ref, environmentId],
  );
  return row && toPool(row);
}
