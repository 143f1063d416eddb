import { forgetDeliveries } from '@millrace/alerts';
import { listUnsealed, plans, sealLedger } from '@millrace/billing';
import type { ControlDatabase, TenantDatabase } from '@millrace/database';
import { listPipelinesWithHeldRuns, type ReleaseHeldRuns } from '@millrace/runs';
import { forgetExpired } from '@millrace/tenancy';
import type { MaintenanceActivities } from '@millrace/workflows';
import { asActivity } from './control-activities.js';
import type { Reconciler } from './reconciler.js';

export interface MaintenanceParts {
  readonly control: ControlDatabase;
  readonly tenants: TenantDatabase;
  readonly reconciler: Reconciler;
  readonly releaseHeld: ReleaseHeldRuns;
}

/** How long a repeat of a mutation finds its first answer; the API promises 7 days. */
const idempotencyDays = 7;
const expiryBatch = 5_000;
const retention = Object.values(plans).map(({ id, limits }) => ({ plan: id, days: limits.retentionDays }));

/** The duties of the maintenance workflow. */
export function maintenanceActivities(parts: MaintenanceParts): MaintenanceActivities {
  return {
    reconcileRuns: (after) => asActivity(() => parts.reconciler.reconcile(after)),
    releaseHeldRuns: () => asActivity(() => releaseHeldRuns(parts)),
    sealLedgers: () => asActivity(() => sealLedgers(parts.control)),
    expireIdempotencyKeys: () => asActivity(() => expireIdempotencyKeys(parts.control)),
  };
}

async function releaseHeldRuns({ control, tenants, releaseHeld }: MaintenanceParts): Promise<void> {
  const pipelines = await control.transaction((tx) => listPipelinesWithHeldRuns(tx, 200));
  for (const { tenantId, pipelineId } of pipelines) {
    await tenants.transaction(tenantId, (tx) => releaseHeld.execute(tx, pipelineId));
  }
}

const sealBatch = 5_000;

/** Each organization in a transaction of its own: a busy one holds no other up. What is left comes round again. */
async function sealLedgers(control: ControlDatabase): Promise<void> {
  for (const tenantId of await control.transaction((tx) => listUnsealed(tx, 500))) {
    await control.transaction((tx) => sealLedger(tx, tenantId, sealBatch));
  }
}

async function expireIdempotencyKeys(control: ControlDatabase): Promise<void> {
  await control.transaction((tx) => forgetExpired(tx, expiryBatch));
  await control.transaction((tx) => forgetDeliveries(tx, retention, expiryBatch));
  await control.transaction((tx) =>
    tx.query(
      `delete from idempotency_keys where (tenant_id, key) in (
         select tenant_id, key from idempotency_keys where created_at < now() - make_interval(days => $1) limit $2)`,
      [idempotencyDays, expiryBatch],
    ),
  );
}
