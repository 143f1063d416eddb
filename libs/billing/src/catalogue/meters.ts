import type { PoolSize } from '@millrace/contracts';
import { nanoDollars, type NanoDollars } from '@millrace/kernel';

/** What is measured. A ledger row names its meter, so a name is never used for anything else later. */
export const meters = {
  compute_ms: { unit: 'ms', title: 'Compute', description: 'Start to exit of a task attempt, 1 s at least, by size.' },
  task_run: { unit: 'run', title: 'Task run', description: 'A task that started at least once; a retry adds none.' },
  storage_gib_h: { unit: 'GiB·h', title: 'Storage', description: 'Logs, outputs and history beyond what is included.' },
} as const;

export type Meter = keyof typeof meters;

/** What one slot of a pool has. */
export interface SizeFacts {
  readonly vcpu: number;
  readonly memoryBytes: number;
}

const gib = 1024 * 1024 * 1024;

export const sizes: { readonly [S in PoolSize]: SizeFacts } = {
  xs: { vcpu: 0.25, memoryBytes: gib / 2 },
  s: { vcpu: 0.5, memoryBytes: gib },
  m: { vcpu: 1, memoryBytes: 2 * gib },
  l: { vcpu: 2, memoryBytes: 4 * gib },
  xl: { vcpu: 4, memoryBytes: 8 * gib },
  '2xl': { vcpu: 8, memoryBytes: 16 * gib },
};

/** List prices that hold for runs created at or after `since`; a running run keeps the book it began with. */
export interface PriceBook {
  readonly since: Date;
  /** Per millisecond of one slot. */
  readonly computePerMs: { readonly [S in PoolSize]: NanoDollars };
  /** Per task run, before the month's tiers: those are rows of their own when the ledger is sealed for billing. */
  readonly taskRun: NanoDollars;
  /** The month's tiers of task runs: up to this many (null: without end), each at this price. */
  readonly taskRunTiers: readonly { readonly upTo: bigint | null; readonly each: NanoDollars }[];
  readonly storagePerGibHour: NanoDollars;
}

const nano = (value: number): NanoDollars => nanoDollars(BigInt(value));

/** Oldest first. A new price is a new book; an old one is never edited. */
export const priceBooks: readonly [PriceBook, ...PriceBook[]] = [
  {
    since: new Date('2026-01-01T00:00:00Z'),
    computePerMs: { xs: nano(8), s: nano(16), m: nano(32), l: nano(64), xl: nano(128), '2xl': nano(256) },
    taskRun: nano(100_000),
    taskRunTiers: [
      { upTo: 1_000_000n, each: nano(100_000) },
      { upTo: 10_000_000n, each: nano(60_000) },
      { upTo: 100_000_000n, each: nano(30_000) },
      { upTo: null, each: nano(15_000) },
    ],
    storagePerGibHour: nano(700_000),
  },
];

/** The book that was in force at the moment; the first one for anything older. */
export function priceBookAt(moment: Date): PriceBook {
  return priceBooks.findLast((book) => book.since <= moment) ?? priceBooks[0];
}
