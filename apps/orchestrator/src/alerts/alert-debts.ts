import type { RecordMissedDeadline, RecordRunEnd, TellAlert } from '@millrace/alerts';
import type { TenantDatabase } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';
import type { AlertDebtKind, Debt, Payment } from '../outbox-relay.js';
import type { StartDelivery } from './start-delivery.js';

export interface AlertDebtsParts {
  readonly tenants: TenantDatabase;
  readonly recordRunEnd: RecordRunEnd;
  readonly recordMissedDeadline: RecordMissedDeadline;
  readonly tell: TellAlert;
  readonly startDelivery: StartDelivery;
}

const paid: Payment = { outcome: 'paid' };

/**
 * Pays what people are owed. Each debt is one transaction of its tenant that may be repeated without harm; nothing here
 * waits for a receiver.
 */
export class AlertDebts {
  constructor(private readonly parts: AlertDebtsParts) {}

  async pay(debt: Debt<AlertDebtKind>): Promise<Payment> {
    const { tenants, recordRunEnd, recordMissedDeadline, tell, startDelivery } = this.parts;
    const tenantId = debt.tenantId as TenantId;
    switch (debt.kind) {
      case 'run_ended': {
        const { runId } = debt.payload as { readonly runId: string };
        await tenants.transaction(tenantId, (tx) => recordRunEnd.execute(tx, runId));
        return paid;
      }
      case 'deadline':
        await tenants.transaction(tenantId, (tx) => recordMissedDeadline.execute(tx, debt.subject));
        return paid;
      case 'alert_due': {
        const leftMs = await tenants.transaction(tenantId, (tx) => tell.execute(tx, debt.subject));
        return leftMs === undefined ? paid : { outcome: 'later', delayMs: leftMs, error: 'the cause still goes on' };
      }
      case 'delivery':
        return startDelivery.execute({ tenantId: debt.tenantId, deliveryId: debt.subject });
    }
  }
}
