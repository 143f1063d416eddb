import { wayWords } from './attempt-times.js';
import type { TimelineEntry } from './run-data.js';
import { instanceName } from './selection.js';

/** One stretch of a row: an attempt, waiting for its start or at work, in milliseconds since the run was created. */
export interface Bar {
  readonly id: string;
  readonly from: number;
  readonly started: number;
  readonly to: number;
  readonly state: string;
  readonly try: number;
  /** How it came to its runner, in words. */
  readonly way: string;
}

export interface GanttRow {
  readonly task: string;
  readonly mapIndex: number;
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** Attempts by task instance, in the order in which the instances became ready; what still runs ends now. */
export function ganttRows(entries: readonly TimelineEntry[], createdAt: number, now: number): readonly GanttRow[] {
  const rows = new Map<string, { task: string; mapIndex: number; bars: Bar[] }>();
  for (const entry of entries) {
    const { taskId: task, mapIndex } = entry;
    const name = instanceName({ task, mapIndex });
    const row = rows.get(name) ?? { task, mapIndex, bars: [] };
    rows.set(name, row);
    const leased = Date.parse(entry.leasedAt) - createdAt;
    const from = entry.acceptedAt === null ? leased : Date.parse(entry.acceptedAt) - createdAt;
    const to = entry.endedAt === null ? now - createdAt : Date.parse(entry.endedAt) - createdAt;
    const started = entry.startedAt === null ? to : Date.parse(entry.startedAt) - createdAt;
    row.bars.push({
      id: entry.id,
      // A retry is accepted when its first try was: it is drawn from where the one before it ended.
      from: Math.max(from, row.bars.at(-1)?.to ?? 0),
      started,
      to: Math.max(to, started),
      state: entry.state,
      try: entry.try,
      way: wayWords(entry),
    });
  }
  return [...rows].map(([name, row]) => ({ ...row, name }));
}

/** `0`, `250 ms`, `5 s`, `1.5 min`: a time on the axis, without digits that every tick would share. */
export function tickName(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${ms / 1000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  return `${ms / 3_600_000} h`;
}

/** Round times for the axis: about `wanted` of them between 0 and `span` milliseconds. */
export function ticks(span: number, wanted = 6): readonly number[] {
  const rough = Math.max(1, span / wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps =
    rough < 1000
      ? [1, 2, 5, 10].map((each) => each * power)
      : [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400].map(
          (each) => each * 1000,
        );
  const step = steps.find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, at) => at * step);
}
