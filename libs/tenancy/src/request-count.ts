import type { ControlTransaction, TenantTransaction } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';

/** Requests that one caller made since they were last written down. */
export interface RequestCount {
  readonly tenantId: TenantId;
  /** `usr_…` or `key_…`. */
  readonly actor: string;
  readonly requests: number;
  /** Of these, refused by a rate limit. */
  readonly refused: number;
}

/** Adds to the present slot of ten seconds; several processes add to the same one. */
export async function addRequests(tx: ControlTransaction, counts: readonly RequestCount[]): Promise<void> {
  await tx.query(
    `insert into api_requests (tenant_id, slot, actor, requests, refused)
     select given.tenant_id, date_bin('10 seconds', now(), timestamptz 'epoch'), given.actor, given.requests, given.refused
       from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as given (tenant_id, actor, requests, refused)
      order by given.tenant_id, given.actor
     on conflict (tenant_id, slot, actor) do update
       set requests = api_requests.requests + excluded.requests, refused = api_requests.refused + excluded.refused`,
    [
      counts.map(({ tenantId }) => tenantId),
      counts.map(({ actor }) => actor),
      counts.map(({ requests }) => requests),
      counts.map(({ refused }) => refused),
    ],
  );
}

/** What one caller has asked of the API. */
export interface CallerUse {
  readonly actor: string;
  /** Of the API key or the person; null where it is gone. */
  readonly name: string | null;
  readonly lastMinute: number;
  readonly lastHour: number;
  /** Of those of the last hour, refused by a rate limit. */
  readonly refusedLastHour: number;
}

/** The organization's callers of the last hour, the busiest of the last minute first; `only` names a single one. */
export function listCallerUse(
  tx: TenantTransaction,
  page: { readonly only: string | undefined; readonly limit: number },
): Promise<CallerUse[]> {
  return tx.query<CallerUse>(
    `select r.actor, max(coalesce(k.name, u.name)) as name,
            coalesce(sum(r.requests) filter (where r.slot > now() - interval '1 minute'), 0)::int as "lastMinute",
            sum(r.requests)::int as "lastHour", sum(r.refused)::int as "refusedLastHour"
       from api_requests r
       left join api_keys k on k.tenant_id = $1 and k.id = r.actor
       left join users u on u.id = r.actor
      where r.tenant_id = $1 and r.slot > now() - interval '1 hour' and ($2::text is null or r.actor = $2)
      group by r.actor order by 3 desc, 4 desc, 1 limit $3`,
    [tx.tenantId, page.only ?? null, page.limit],
  );
}

/** Requests of the whole organization in the last minute. */
export async function countRequests(tx: TenantTransaction): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select coalesce(sum(requests), 0)::int as count from api_requests
      where tenant_id = $1 and slot > now() - interval '1 minute'`,
    [tx.tenantId],
  );
  return row?.count ?? 0;
}
