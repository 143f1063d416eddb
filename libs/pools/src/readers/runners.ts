import type { TenantTransaction } from '@millrace/database';
import type { PoolId, RunnerId } from '@millrace/kernel';
import type { RunnerState } from '../pool.js';

/** A runner process as the organization that owns its pool sees it. */
export interface Runner {
  readonly id: RunnerId;
  readonly state: RunnerState;
  readonly pid: number | null;
  /** Operating-system user of the process. */
  readonly uid: number | null;
  readonly host: string;
  /** `unknown` until it has connected. */
  readonly tier: string;
  readonly slots: number;
  /** Live leases. */
  readonly leases: number;
  readonly version: string;
  /** Times are RFC 3339. */
  readonly startedAt: string;
  readonly connectedAt: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
}

interface RunnerRow extends Omit<Runner, 'startedAt' | 'connectedAt' | 'endedAt'> {
  readonly startedAt: Date;
  readonly connectedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Place in the order of {@link listRunners}. */
export interface RunnerPlace {
  readonly ended: boolean;
  readonly id: string;
}

/** Runners of a pool, live ones first, then newest first; only those in `state` where it is given. */
export async function listRunners(
  tx: TenantTransaction,
  poolId: PoolId,
  filter: { readonly state: RunnerState | undefined },
  page: { readonly after: RunnerPlace | undefined; readonly limit: number },
): Promise<Runner[]> {
  const rows = await tx.query<RunnerRow>(
    `select r.id, r.state, r.pid, r.uid, r.host, r.tier, r.slots, r.version, r.started_at as "startedAt",
       r.connected_at as "connectedAt", r.ended_at as "endedAt", r.end_reason as "endReason",
       (select count(*)::int from attempts a where a.tenant_id = r.tenant_id and a.runner_id = r.id and a.state = 'leased')
         as leases
     from runners r
     where r.tenant_id = $1 and r.pool_id = $2 and ($3::text is null or r.state = $3)
       and ($4::boolean is null or (r.state = 'ended' and not $4) or ((r.state = 'ended') = $4 and r.id < $5))
     order by r.state = 'ended', r.id desc limit $6`,
    [tx.tenantId, poolId, filter.state ?? null, page.after?.ended ?? null, page.after?.id ?? null, page.limit],
  );
  return rows.map((row) => ({
    ...row,
    startedAt: row.startedAt.toISOString(),
    connectedAt: row.connectedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  }));
}
