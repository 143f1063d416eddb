import type { Machine } from './machine.js';
import type { BenchOptions } from './options.js';
import { median, quantile, rounded } from './statistics.js';

/** One line of the result. Times in milliseconds; `plain` is the comparison beside it. */
export interface Row {
  readonly workload: string;
  /** Sandbox mode; null where no sandbox takes part. */
  readonly mode: string | null;
  readonly tier: string | null;
  readonly median_ms: number;
  readonly q1_ms: number;
  readonly q3_ms: number;
  readonly plain_ms: number | null;
  readonly plain_q1_ms: number | null;
  readonly plain_q3_ms: number | null;
  /** Median of ours over median of the other. */
  readonly ratio: number | null;
  readonly rounds: number;
  readonly cores: number;
  readonly slots: number;
  /** Every value and every log line was read back. */
  readonly complete: boolean;
}

/** The last line of the output. */
export interface Summary {
  readonly complete: boolean;
  readonly error?: string;
  readonly machine?: Machine;
  readonly idle_pss_mib?: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}

export interface Measured {
  readonly workload: string;
  readonly mode: string | null;
  readonly tier: string | null;
  readonly ours: readonly number[];
  /** Empty where there is nothing to compare with. */
  readonly plain: readonly number[];
}

export function toRow({ workload, mode, tier, ours, plain }: Measured, machine: Machine, options: BenchOptions): Row {
  const at = (values: readonly number[], part: number): number | null =>
    values.length === 0 ? null : rounded(quantile(values, part));
  return {
    workload,
    mode,
    tier,
    median_ms: rounded(median(ours)),
    q1_ms: rounded(quantile(ours, 0.25)),
    q3_ms: rounded(quantile(ours, 0.75)),
    plain_ms: at(plain, 0.5),
    plain_q1_ms: at(plain, 0.25),
    plain_q3_ms: at(plain, 0.75),
    ratio: plain.length === 0 ? null : rounded(median(ours) / median(plain)),
    rounds: options.rounds,
    cores: machine.cores,
    slots: options.slots,
    complete: true,
  };
}

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['workload', (row) => row.workload],
  ['mode', (row) => row.mode ?? '–'],
  ['tier', (row) => row.tier ?? '–'],
  ['median ms', (row) => row.median_ms.toFixed(1)],
  ['quartiles', (row) => `${row.q1_ms.toFixed(1)} – ${row.q3_ms.toFixed(1)}`],
  ['plain ms', (row) => row.plain_ms?.toFixed(1) ?? '–'],
  ['quartiles of plain', (row) => between(row.plain_q1_ms, row.plain_q3_ms)],
  ['ratio', (row) => row.ratio?.toFixed(2) ?? '–'],
  ['rounds', (row) => String(row.rounds)],
];

function between(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : `${low.toFixed(1)} – ${high.toFixed(1)}`;
}

/** The rows as a table for a terminal, which is Markdown too. */
export function toTable(rows: readonly Row[]): string {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [print(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(print)].join('\n');
}
