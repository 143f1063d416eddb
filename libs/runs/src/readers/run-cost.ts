import { addCost, type Cost, noCost, type UsageCategory } from '@millrace/billing';
import type { AttemptState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import type { AttemptId, RunId } from '@millrace/kernel';

export interface AttemptCost {
  readonly id: AttemptId;
  readonly taskId: string;
  /** -1 where the task is not mapped. */
  readonly mapIndex: number;
  readonly fence: number;
  readonly try: number;
  readonly state: AttemptState;
  /** Null while it runs: the ledger gets its rows with its end. */
  readonly category: UsageCategory | null;
  readonly cost: Cost;
}

export interface TaskCost {
  readonly taskId: string;
  readonly cost: Cost;
  readonly attempts: readonly AttemptCost[];
}

export interface RunCost {
  readonly cost: Cost;
  /** In order of their first attempt. */
  readonly tasks: readonly TaskCost[];
}

interface CostRow {
  id: AttemptId;
  task_id: string;
  map_index: number;
  fence: number;
  try: number;
  state: AttemptState;
  category: UsageCategory | null;
  amount: string | null;
  compute_ms: string | null;
  task_runs: string | null;
}

/** What a run costs so far, attempt by attempt, as the ledger has it: exact. */
export async function readRunCost(tx: TenantTransaction, runId: RunId): Promise<RunCost> {
  const rows = await tx.query<CostRow>(
    `select a.id, a.task_id, a.map_index, a.fence, a.try, a.state, l.category, l.amount, l.compute_ms, l.task_runs
     from attempts a
     left join (
       select attempt_id, min(category) as category, sum(amount_nano) as amount,
         sum(quantity) filter (where meter = 'compute_ms') as compute_ms,
         sum(quantity) filter (where meter = 'task_run') as task_runs
       from ledger_entries where tenant_id = $1 and run_id = $2 and kind = 'usage' group by attempt_id) l
       on l.attempt_id = a.id
     where a.tenant_id = $1 and a.run_id = $2 order by a.id`,
    [tx.tenantId, runId],
  );
  const attempts = rows.map(toAttemptCost);
  const tasks = new Map<string, AttemptCost[]>();
  for (const attempt of attempts) {
    const known = tasks.get(attempt.taskId);
    if (known === undefined) tasks.set(attempt.taskId, [attempt]);
    else known.push(attempt);
  }
  return {
    cost: sum(attempts),
    tasks: [...tasks].map(([taskId, own]) => ({ taskId, cost: sum(own), attempts: own })),
  };
}

function sum(attempts: readonly AttemptCost[]): Cost {
  return attempts.reduce((total, { cost }) => addCost(total, cost), noCost);
}

function toAttemptCost(row: CostRow): AttemptCost {
  const amount = BigInt(row.amount ?? 0);
  return {
    id: row.id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    fence: row.fence,
    try: row.try,
    state: row.state,
    category: row.category,
    cost: {
      total: amount,
      split: row.category === null ? noCost.split : { ...noCost.split, [row.category]: amount },
      computeMs: BigInt(row.compute_ms ?? 0),
      taskRuns: BigInt(row.task_runs ?? 0),
    },
  };
}
