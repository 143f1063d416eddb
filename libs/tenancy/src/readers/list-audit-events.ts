import type { TenantTransaction } from '@millrace/database';
import type { AuditEventId, JsonObject } from '@millrace/kernel';

export interface AuditEvent {
  readonly id: AuditEventId;
  /** RFC 3339. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly requestId: string | null;
  readonly detail: JsonObject;
}

export interface AuditFilter {
  readonly actor: string | undefined;
  readonly action: string | undefined;
  readonly target: string | undefined;
}

/** Newest first, before `before`. */
export async function listAuditEvents(
  tx: TenantTransaction,
  filter: AuditFilter,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<AuditEvent[]> {
  const rows = await tx.query<Omit<AuditEvent, 'at'> & { at: Date }>(
    `select id, at, actor, action, target, request_id as "requestId", detail from audit_events
      where tenant_id = $1 and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
        and ($4::text is null or target = $4) and ($5::text is null or id < $5)
      order by id desc limit $6`,
    [tx.tenantId, filter.actor ?? null, filter.action ?? null, filter.target ?? null, page.before ?? null, page.limit],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
