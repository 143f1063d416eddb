import type { Cost, LedgerEntry, UsageCategory, UsageLine } from '@millrace/billing';
import type { AttemptCost, RunCost } from '@millrace/runs';
import type { z } from 'zod';
import { toMoney } from '../../edge/index.js';
import type { ledgerEntry, runCost, usage } from './usage.schema.js';

type Category = z.infer<typeof ledgerEntry>['category'];

const categoryNames: { readonly [C in UsageCategory]: Category } = {
  useful: 'useful',
  retried: 'retried',
  failed: 'failed',
  cancelled: 'cancelled',
  platform_fault: 'platformFault',
};

function toSplit({ split }: Cost): z.infer<typeof runCost>['split'] {
  return {
    useful: toMoney(split.useful),
    retried: toMoney(split.retried),
    failed: toMoney(split.failed),
    cancelled: toMoney(split.cancelled),
    platformFault: toMoney(split.platform_fault),
  };
}

export function toRunCost({ cost, tasks }: RunCost): Omit<z.infer<typeof runCost>, 'data' | 'nextCursor'> {
  return {
    total: toMoney(cost.total),
    split: toSplit(cost),
    computeMs: Number(cost.computeMs),
    tasks: tasks.map((task) => ({
      taskId: task.taskId,
      total: toMoney(task.cost.total),
      split: toSplit(task.cost),
      computeMs: Number(task.cost.computeMs),
      attempts: task.attempts,
    })),
  };
}

export function toAttemptCost(attempt: AttemptCost): z.infer<typeof runCost>['data'][number] {
  const { id, taskId, mapIndex, fence, state, cost, category } = attempt;
  return {
    id,
    taskId,
    mapIndex,
    fence,
    try: attempt.try,
    state,
    total: toMoney(cost.total),
    computeMs: Number(cost.computeMs),
    category: category === null ? null : categoryNames[category],
  };
}

export function toUsageSums(cost: Cost): Pick<z.infer<typeof usage>, 'total' | 'split' | 'computeMs' | 'taskRuns'> {
  return {
    total: toMoney(cost.total),
    split: toSplit(cost),
    computeMs: Number(cost.computeMs),
    taskRuns: Number(cost.taskRuns),
  };
}

export function toUsageLine({ key, name, cost }: UsageLine): z.infer<typeof usage>['data'][number] {
  return { key, name, ...toUsageSums(cost) };
}

export function toLedgerEntry(entry: LedgerEntry): z.infer<typeof ledgerEntry> {
  return {
    ...entry,
    quantity: Number(entry.quantity),
    unitPrice: toMoney(entry.unitPrice),
    amount: toMoney(entry.amount),
    category: categoryNames[entry.category],
    sealed: entry.sealed === null ? null : { number: Number(entry.sealed.number), hash: entry.sealed.hash },
  };
}
