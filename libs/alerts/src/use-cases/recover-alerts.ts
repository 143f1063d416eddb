import type { TenantTransaction } from '@millrace/database';
import { type AlertRow, alertColumns, type RunFacts, toAlert } from '../adapters/pg/pg-alert.js';
import type { TellAlert } from './tell-alert.js';

/** Closes the open alerts of a pipeline that succeeded again, and says so with the totals. */
export class RecoverAlerts {
  constructor(private readonly tell: TellAlert) {}

  /** Only alerts whose newest failure came before the success; a missed deadline only by a run that met it. */
  async execute(tx: TenantTransaction, success: RunFacts): Promise<void> {
    const { endedAt, deadlineAt } = success;
    if (endedAt === null) return;
    const inTime = deadlineAt === null || endedAt <= deadlineAt;
    const rows = await tx.query<AlertRow>(
      // One that was never told keeps its timer: people hear of the failure first, then of its end.
      `update alerts a set state = 'recovered', recovered_at = $3, recovered_by = $4,
         due_at = case when a.told_at is null then a.due_at end
       where a.tenant_id = $1 and a.pipeline_id = $2 and a.state = 'open' and a.last_seen_at <= $3
         and (a.event = 'failed' or $5)
       returning ${alertColumns}`,
      [tx.tenantId, success.pipelineId, endedAt, success.id, inTime],
    );
    for (const row of rows) {
      const alert = toAlert(row);
      if (alert.toldAt !== null) await this.tell.recovery(tx, alert);
    }
  }
}
