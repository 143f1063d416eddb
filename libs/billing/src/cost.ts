import { type UsageCategory, usageCategories } from './rating.js';

/** What something costs, and what for. Amounts are nano-dollars. */
export interface Cost {
  readonly total: bigint;
  readonly split: { readonly [C in UsageCategory]: bigint };
  /** Billed milliseconds. */
  readonly computeMs: bigint;
  readonly taskRuns: bigint;
}

export const noCost: Cost = {
  total: 0n,
  split: { useful: 0n, retried: 0n, failed: 0n, cancelled: 0n, platform_fault: 0n },
  computeMs: 0n,
  taskRuns: 0n,
};

/** The sum of two costs, exact. */
export function addCost(a: Cost, b: Cost): Cost {
  return {
    total: a.total + b.total,
    split: Object.fromEntries(
      usageCategories.map((category) => [category, a.split[category] + b.split[category]]),
    ) as Cost['split'],
    computeMs: a.computeMs + b.computeMs,
    taskRuns: a.taskRuns + b.taskRuns,
  };
}
