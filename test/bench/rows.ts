import { type Hops, hopNames } from './hops.js';
import type { Machine } from './machine.js';
import type { BenchOptions } from './options.js';
import { median, quantile, rounded } from './statistics.js';
import { targetText } from './targets.js';
import type { Taken } from './ways.js';

/** One line of the result. Times in milliseconds; `plain` is the comparison beside it. */
export interface Row {
  readonly workload: string;
  /** Sandbox mode; null where no sandbox takes part. */
  readonly mode: string | null;
  /** How the attempts came to the runner; null where none takes part, or where the way is not what is measured. */
  readonly way: string | null;
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
  /** Every value and every log line was read back, and every attempt took the way of the row. */
  readonly complete: boolean;
  /** Attempts of all rounds by what the platform says of them. */
  readonly taken?: Taken;
  /** Where the time of an attempt goes, in means over all of them. */
  readonly hops?: Hops;
  /** CPU time that the tasks used by their own measure, and the median over it. */
  readonly work_ms?: number;
  readonly work_ratio?: number;
  /** Fsyncs of Postgres for each task, those of an idle platform in the same time taken off. */
  readonly fsyncs_per_task?: number;
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
  readonly way: string | null;
  readonly tier: string | null;
  readonly ours: readonly number[];
  /** Empty where there is nothing to compare with. */
  readonly plain: readonly number[];
  readonly taken?: Taken;
  readonly hops?: Hops;
  /** CPU time of the tasks of each round. */
  readonly work?: readonly number[];
  readonly fsyncsPerTask?: number | undefined;
}

export function toRow(
  { workload, mode, way, tier, ours, plain, taken, hops, work, fsyncsPerTask }: Measured,
  machine: Machine,
  options: BenchOptions,
): Row {
  const workMs = work === undefined || work.length === 0 ? 0 : median(work);
  const at = (values: readonly number[], part: number): number | null =>
    values.length === 0 ? null : rounded(quantile(values, part));
  return {
    workload,
    mode,
    way,
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
    ...(taken === undefined ? {} : { taken }),
    ...(hops === undefined ? {} : { hops }),
    ...(workMs === 0 ? {} : { work_ms: rounded(workMs), work_ratio: rounded(median(ours) / workMs) }),
    ...(fsyncsPerTask === undefined ? {} : { fsyncs_per_task: rounded(fsyncsPerTask) }),
  };
}

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['workload', (row) => row.workload],
  ['mode', (row) => row.mode ?? '–'],
  ['way', (row) => row.way ?? '–'],
  ['tier', (row) => row.tier ?? '–'],
  ['median ms', (row) => row.median_ms.toFixed(1)],
  ['quartiles', (row) => `${row.q1_ms.toFixed(1)} – ${row.q3_ms.toFixed(1)}`],
  ['plain ms', (row) => row.plain_ms?.toFixed(1) ?? '–'],
  ['quartiles of plain', (row) => between(row.plain_q1_ms, row.plain_q3_ms)],
  ['ratio', (row) => row.ratio?.toFixed(2) ?? '–'],
  ['rounds', (row) => String(row.rounds)],
  ['target', (row) => targetText(row)],
];

function between(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : `${low.toFixed(1)} – ${high.toFixed(1)}`;
}

/** The rows as a table for a terminal, which is Markdown too. */
export function toTable(rows: readonly Row[]): string {
  return table([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))]);
}

/** Where the time of an attempt goes, for the rows that say so. */
export function toHopTable(rows: readonly Row[]): string {
  const title = ['workload', 'mode', 'way', ...hopNames.map((name) => name.replaceAll('_', ' '))];
  const lines = rows.flatMap(({ workload, mode, way, hops }) =>
    hops === undefined
      ? []
      : [[workload, mode ?? '–', way ?? '–', ...hopNames.map((name) => hops[name]?.toFixed(2) ?? '–')]],
  );
  return table([title, ...lines]);
}

function table(cells: readonly (readonly string[])[]): string {
  const [head = [], ...body] = cells;
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [print(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(print)].join('\n');
}
