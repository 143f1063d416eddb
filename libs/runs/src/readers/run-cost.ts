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
  /** How many there are so far, of all its instances. */
  readonly attempts: number;
}

export interface RunCost {
  readonly cost: Cost;
  /** In order of their first attempt. */
  readonly tasks: readonly TaskCost[];
}

interface SumRow {
  category: UsageCategory | null;
  amount: string | null;
  compute_ms: string | null;
  task_runs: string | null;
}

const sums = `sum(l.amount_nano) as amount, sum(l.quantity) filter (where l.meter = 'compute_ms') as compute_ms,
  sum(l.quantity) filter (where l.meter = 'task_run') as task_runs`;

/** What a run costs so far, by task, as the ledger has it: exact. */
export async function readRunCost(tx: TenantTransaction, runId: RunId): Promise<RunCost> {
  const [tasks, costs] = await Promise.all([
    tx.query<{ task_id: string; attempts: number }>(
      `select task_id, count(*)::int as attempts from attempts
       where tenant_id = $1 and run_id = $2 group by task_id order by min(id)`,
      [tx.tenantId, runId],
    ),
    tx.query<SumRow & { task_id: string }>(
      `select l.task_id, l.category, ${sums} from ledger_entries l
       where l.tenant_id = $1 and l.run_id = $2 and l.kind = 'usage' group by l.task_id, l.category`,
      [tx.tenantId, runId],
    ),
  ]);
  const byTask = new Map<string, Cost>();
  for (const row of costs) byTask.set(row.task_id, addCost(byTask.get(row.task_id) ?? noCost, toCost(row)));
  return {
    cost: [...byTask.values()].reduce(addCost, noCost),
    tasks: tasks.map(({ task_id: taskId, attempts }) => ({ taskId, cost: byTask.get(taskId) ?? noCost, attempts })),
  };
}

interface AttemptRow extends SumRow {
  id: AttemptId;
  task_id: string;
  map_index: number;
  fence: number;
  try: number;
  state: AttemptState;
}

/** The attempts of a run with what each costs, oldest first, after `after`. */
export async function listAttemptCosts(
  tx: TenantTransaction,
  runId: RunId,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<AttemptCost[]> {
  const rows = await tx.query<AttemptRow>(
    `select a.id, a.task_id, a.map_index, a.fence, a.try, a.state, cost.*
     from (select * from attempts where tenant_id = $1 and run_id = $2 and ($3::text is null or id > $3)
           order by id limit $4) a
     cross join lateral (
       select min(l.category) as category, ${sums} from ledger_entries l
       where l.tenant_id = $1 and l.attempt_id = a.id and l.kind = 'usage') cost
     order by a.id`,
    [tx.tenantId, runId, page.after ?? null, page.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    fence: row.fence,
    try: row.try,
    state: row.state,
    category: row.category,
    cost: toCost(row),
  }));
}

function toCost(row: SumRow): Cost {
  const amount = BigInt(row.amount ?? 0);
  return {
    total: amount,
    split: row.category === null ? noCost.split : { ...noCost.split, [row.category]: amount },
    computeMs: BigInt(row.compute_ms ?? 0),
    taskRuns: BigInt(row.task_runs ?? 0),
  };
}
