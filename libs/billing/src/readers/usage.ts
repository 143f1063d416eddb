import type { TenantTransaction } from '@millrace/database';
import type { EnvironmentId } from '@millrace/kernel';
import type { Cost } from '../cost.js';

/** By what usage is summed up. Days are those of UTC. */
export const usageGroups = ['day', 'pipeline', 'environment', 'meter'] as const;
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageFilter {
  /** Entries at or after it. */
  readonly from: Date;
  /** Entries before it. */
  readonly to: Date;
  /** Only of this environment. */
  readonly environmentId: EnvironmentId | undefined;
}

export interface UsageLine {
  /** `2026-11-24`, the id of the pipeline or environment, or the meter; empty for entries that belong to none. */
  readonly key: string;
  /** Name of the pipeline or slug of the environment; null where there is none. */
  readonly name: string | null;
  readonly cost: Cost;
}

interface CostRow {
  total: string;
  useful: string;
  retried: string;
  failed: string;
  cancelled: string;
  platform_fault: string;
  compute_ms: string;
  task_runs: string;
}

interface LineRow extends CostRow {
  key: string;
  name: string | null;
}

const amount = (category: string): string =>
  `coalesce(sum(amount_nano) filter (where category = '${category}'), 0) as ${category}`;

const sums = `coalesce(sum(amount_nano), 0) as total, ${['useful', 'retried', 'failed', 'cancelled', 'platform_fault']
  .map(amount)
  .join(', ')},
  coalesce(sum(quantity) filter (where meter = 'compute_ms'), 0) as compute_ms,
  coalesce(sum(quantity) filter (where meter = 'task_run'), 0) as task_runs`;

const within = `tenant_id = $1 and occurred_at >= $2 and occurred_at < $3 and ($4::text is null or environment_id = $4)`;

const keys: { readonly [G in UsageGroup]: string } = {
  day: `to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD')`,
  pipeline: `coalesce(pipeline_id, '')`,
  environment: `coalesce(environment_id, '')`,
  meter: 'meter',
};

const names: { readonly [G in UsageGroup]: string } = {
  day: 'null',
  pipeline: '(select p.name from pipelines p where p.tenant_id = $1 and p.id = g.key)',
  environment: '(select e.slug from environments e where e.tenant_id = $1 and e.id = g.key)',
  meter: 'null',
};

function toCost(row: CostRow): Cost {
  return {
    total: BigInt(row.total),
    split: {
      useful: BigInt(row.useful),
      retried: BigInt(row.retried),
      failed: BigInt(row.failed),
      cancelled: BigInt(row.cancelled),
      platform_fault: BigInt(row.platform_fault),
    },
    computeMs: BigInt(row.compute_ms),
    taskRuns: BigInt(row.task_runs),
  };
}

function parametersOf(tx: TenantTransaction, filter: UsageFilter): unknown[] {
  return [tx.tenantId, filter.from, filter.to, filter.environmentId ?? null];
}

/** Everything that the filter lets through, in one sum. */
export async function readUsageTotal(tx: TenantTransaction, filter: UsageFilter): Promise<Cost> {
  const [row] = await tx.query<CostRow>(`select ${sums} from ledger_entries where ${within}`, parametersOf(tx, filter));
  if (row === undefined) throw new Error('a sum gave no row');
  return toCost(row);
}

/** Usage by group, in order of keys, after `after`. */
export async function listUsage(
  tx: TenantTransaction,
  group: UsageGroup,
  filter: UsageFilter,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<UsageLine[]> {
  const rows = await tx.query<LineRow>(
    `select g.*, ${names[group]} as name
     from (select ${keys[group]} as key, ${sums} from ledger_entries
           where ${within} and ($5::text is null or ${keys[group]} > $5)
           group by 1 order by 1 limit $6) g
     order by g.key`,
    [...parametersOf(tx, filter), page.after ?? null, page.limit],
  );
  return rows.map((row) => ({ key: row.key, name: row.name, cost: toCost(row) }));
}
