import type { Transaction } from '@millrace/database';
import { type JsonObject, newId, type TenantId } from '@millrace/kernel';

/** One change, as the audit log keeps it. Never a secret value. */
export interface AuditEntry {
  readonly tenantId: TenantId;
  /** `usr_…`, `key_…` or `system`. */
  readonly actor: string;
  /** `<noun>.<past participle>`, for example `secret.set`. */
  readonly action: string;
  /** Id of what was changed. */
  readonly target: string;
  readonly requestId?: string;
  readonly detail?: JsonObject;
}

/** Who changes something, and in which request; a caller of the edge has this form. */
export interface Actor {
  readonly tenantId: TenantId;
  readonly actor: string;
  readonly requestId: string;
}

/** Writes an audit row in the transaction of the change itself: neither is there without the other. */
export async function recordAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.query(
    `insert into audit_events (tenant_id, id, actor, action, target, request_id, detail)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
    [
      entry.tenantId,
      newId('auditEvent'),
      entry.actor,
      entry.action,
      entry.target,
      entry.requestId ?? null,
      JSON.stringify(entry.detail ?? {}),
    ],
    'record_audit',
  );
}
