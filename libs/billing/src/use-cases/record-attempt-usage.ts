import type { PoolSize } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { newId } from '@millrace/kernel';
import { rateAttempt, type UsageCategory } from '../rating.js';

/** One ended attempt, as its ledger rows name it. */
export interface AttemptUsageRecord {
  readonly attemptId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly pipelineId: string;
  readonly environmentId: string;
  readonly size: PoolSize;
  readonly category: UsageCategory;
  /** Start to exit, milliseconds; fractions are rounded up. */
  readonly wallMs: number;
  readonly started: boolean;
  readonly firstStart: boolean;
  readonly runCreatedAt: Date;
}

/**
 * Writes the ledger rows of ended attempts. Belongs into the transaction that ends them: then an end and its price are
 * one fact. An attempt that has its rows already keeps them.
 */
export function recordAttemptUsage(tx: TenantTransaction, usages: readonly AttemptUsageRecord[]): void {
  if (usages.length === 0) return;
  const rows = usages.flatMap((usage) =>
    rateAttempt({ ...usage, wallMs: BigInt(Math.ceil(usage.wallMs)) }).map((line) => ({
      id: newId('ledgerEntry'),
      attempt_id: usage.attemptId,
      run_id: usage.runId,
      task_id: usage.taskId,
      map_index: usage.mapIndex,
      pipeline_id: usage.pipelineId,
      environment_id: usage.environmentId,
      meter: line.meter,
      size: usage.size,
      quantity: line.quantity.toString(),
      unit_price_nano: line.unitPrice.toString(),
      amount_nano: line.amount.toString(),
      category: usage.category,
    })),
  );
  tx.append(
    `insert into ledger_entries (tenant_id, id, attempt_id, run_id, task_id, map_index, pipeline_id, environment_id,
       meter, size, quantity, unit_price_nano, amount_nano, category, occurred_at)
     select $1, id, attempt_id, run_id, task_id, map_index, pipeline_id, environment_id,
       meter, size, quantity, unit_price_nano, amount_nano, category, now()
     from jsonb_to_recordset($2::jsonb) as r (id text, attempt_id text, run_id text, task_id text, map_index integer,
       pipeline_id text, environment_id text, meter text, size text, quantity bigint, unit_price_nano bigint,
       amount_nano bigint, category text)
     on conflict (tenant_id, attempt_id, meter) where kind = 'usage' do nothing`,
    [tx.tenantId, JSON.stringify(rows)],
    'record_attempt_usage',
  );
}
