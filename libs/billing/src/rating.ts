import type { AttemptEndState, PoolSize } from '@millrace/contracts';
import { nanoDollars, type NanoDollars } from '@millrace/kernel';
import { type Meter, priceBookAt } from './catalogue/meters.js';

/** What became of the work that a ledger row is for. Only `platform_fault` is free by its nature. */
export const usageCategories = ['useful', 'retried', 'failed', 'cancelled', 'platform_fault'] as const;
export type UsageCategory = (typeof usageCategories)[number];

/** Shortest compute that is billed for an attempt that started. */
export const minimumComputeMs = 1_000n;

/** The facts of one ended attempt that decide what it costs. */
export interface AttemptUsage {
  readonly size: PoolSize;
  readonly category: UsageCategory;
  /** Start to exit as the runner measured it; whole milliseconds. */
  readonly wallMs: bigint;
  /** False where the user's code never began: nothing is billed. */
  readonly started: boolean;
  /** True where no earlier attempt of the task instance started on the tenant's account. */
  readonly firstStart: boolean;
  /** When the run was created: decides the price book. */
  readonly runCreatedAt: Date;
}

export interface RatedLine {
  readonly meter: Meter;
  readonly quantity: bigint;
  readonly unitPrice: NanoDollars;
  readonly amount: NanoDollars;
}

/**
 * What an attempt costs. Every attempt gets exactly one `compute_ms` line, of 0 where it is free, so that the ledger
 * can be held against the attempts one by one; `task_run` joins on the first start.
 */
export function rateAttempt(usage: AttemptUsage): readonly RatedLine[] {
  const book = priceBookAt(usage.runCreatedAt);
  const free = !usage.started || usage.category === 'platform_fault';
  const computed = usage.wallMs > minimumComputeMs ? usage.wallMs : minimumComputeMs;
  const compute = line('compute_ms', free ? 0n : computed, book.computePerMs[usage.size]);
  return free || !usage.firstStart ? [compute] : [compute, line('task_run', 1n, book.taskRun)];
}

function line(meter: Meter, quantity: bigint, unitPrice: NanoDollars): RatedLine {
  return { meter, quantity, unitPrice, amount: nanoDollars(quantity * unitPrice) };
}

/** The category of an attempt that ended in this state; `repeated` says that the plan gives it another try. */
export function categoryOf(state: AttemptEndState, repeated: boolean): UsageCategory {
  switch (state) {
    case 'succeeded':
      return 'useful';
    case 'cancelled':
      return 'cancelled';
    case 'lost':
      return 'platform_fault';
    case 'failed':
    case 'timed_out':
      return repeated ? 'retried' : 'failed';
  }
}
