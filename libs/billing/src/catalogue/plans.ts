import { type PoolSize, poolSizes } from '@millrace/contracts';
import { DomainError, nanoDollars, type NanoDollars, nanoPerDollar } from '@millrace/kernel';

/** What an organization on a plan may have. A limit that is reached refuses what is new and deletes nothing. */
export interface PlanLimits {
  readonly members: number;
  readonly environments: number;
  readonly pipelines: number;
  readonly schedules: number;
  /** Task attempts that hold a slot at the same time, in all pools together. */
  readonly concurrentTasks: number;
  /** Runs that have not ended. */
  readonly queuedRuns: number;
  /** Task instances of one run, mapped ones included. */
  readonly tasksPerRun: number;
  readonly largestSize: PoolSize;
  /** Longest timeout that a task may ask for. */
  readonly taskTimeoutMs: number;
  readonly apiRequestsPerMinute: number;
  /** Logs, outputs and history. */
  readonly retentionDays: number;
}

export interface Plan {
  readonly id: PlanId;
  readonly title: string;
  /** Charged at the start of each month. */
  readonly monthlyFee: NanoDollars;
  /** Usage that the month includes. */
  readonly includedUsage: NanoDollars;
  /** True where work stops once the included usage is spent: there is no card to charge. */
  readonly hardStop: boolean;
  readonly limits: PlanLimits;
}

export const planIds = ['free', 'pro', 'scale', 'enterprise'] as const;
export type PlanId = (typeof planIds)[number];

const dollars = (amount: bigint): NanoDollars => nanoDollars(amount * nanoPerDollar);
const hourMs = 3_600_000;

export const plans: { readonly [P in PlanId]: Plan } = {
  free: {
    id: 'free',
    title: 'Free',
    monthlyFee: dollars(0n),
    includedUsage: dollars(5n),
    hardStop: true,
    limits: {
      members: 5,
      environments: 3,
      pipelines: 50,
      schedules: 20,
      concurrentTasks: 10,
      queuedRuns: 1_000,
      tasksPerRun: 2_000,
      largestSize: 'm',
      taskTimeoutMs: 6 * hourMs,
      apiRequestsPerMinute: 1_200,
      retentionDays: 14,
    },
  },
  pro: {
    id: 'pro',
    title: 'Pro',
    monthlyFee: dollars(60n),
    includedUsage: dollars(60n),
    hardStop: false,
    limits: {
      members: 25,
      environments: 10,
      pipelines: 500,
      schedules: 500,
      concurrentTasks: 100,
      queuedRuns: 20_000,
      tasksPerRun: 20_000,
      largestSize: 'xl',
      taskTimeoutMs: 24 * hourMs,
      apiRequestsPerMinute: 6_000,
      retentionDays: 60,
    },
  },
  scale: {
    id: 'scale',
    title: 'Scale',
    monthlyFee: dollars(600n),
    includedUsage: dollars(600n),
    hardStop: false,
    limits: {
      members: 250,
      environments: 50,
      pipelines: 5_000,
      schedules: 5_000,
      concurrentTasks: 1_000,
      queuedRuns: 200_000,
      tasksPerRun: 50_000,
      largestSize: '2xl',
      taskTimeoutMs: 72 * hourMs,
      apiRequestsPerMinute: 30_000,
      retentionDays: 365,
    },
  },
  enterprise: {
    id: 'enterprise',
    title: 'Enterprise',
    monthlyFee: dollars(0n),
    includedUsage: dollars(0n),
    hardStop: false,
    limits: {
      members: 10_000,
      environments: 500,
      pipelines: 50_000,
      schedules: 50_000,
      concurrentTasks: 10_000,
      queuedRuns: 1_000_000,
      tasksPerRun: 100_000,
      largestSize: '2xl',
      taskTimeoutMs: 168 * hourMs,
      apiRequestsPerMinute: 120_000,
      retentionDays: 730,
    },
  },
};

/** The plan of an organization's row. A name that this release does not know is a broken catalogue, not bad input. */
export function planOf(id: string): Plan {
  const plan = (plans as Readonly<Record<string, Plan | undefined>>)[id];
  if (plan === undefined)
    throw new DomainError('internal', 'plan.unknown', `there is no plan "${id}" in the catalogue`);
  return plan;
}

/** True where pools of this size are part of the plan. */
export function allowsSize(limits: PlanLimits, size: PoolSize): boolean {
  return poolSizes.indexOf(size) <= poolSizes.indexOf(limits.largestSize);
}
