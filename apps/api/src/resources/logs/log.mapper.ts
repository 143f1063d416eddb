import type { LogLine } from '@millrace/contracts/wire';
import type { LoggedAttempt, LogItem } from '@millrace/runs';
import type { z } from 'zod';
import type { PlacedItem } from './log-pages.js';
import type { logPage, runLogPage } from './log.schema.js';

const maxTimeMs = 8_640_000_000_000_000;

/** The time of a line; the runner's clock is not ours, and not every number is a time. */
function isoOf(ms: number): string {
  return new Date(Number.isFinite(ms) && Math.abs(ms) <= maxTimeMs ? ms : 0).toISOString();
}

function toLine({ seq, at, stream, text }: LogLine): {
  seq: number;
  at: string;
  stream: LogLine['stream'];
  text: string;
} {
  return { seq, at: isoOf(at), stream, text };
}

export function toLogItem(item: LogItem): z.infer<typeof logPage>['data'][number] {
  return 'gap' in item ? { gap: { ...item.gap } } : toLine(item);
}

export function toRunLogItem({ attempt, item }: PlacedItem): z.infer<typeof runLogPage>['data'][number] {
  const { id: attemptId, taskId, mapIndex, fence } = attempt;
  return { attemptId, taskId, mapIndex, attempt: fence, ...toLogItem(item) };
}

/** `extract#1`, `transform[3]#2`: the task instance and the number of the attempt. */
function labelOf({ taskId, mapIndex, fence }: LoggedAttempt): string {
  return `${taskId}${mapIndex < 0 ? '' : `[${mapIndex}]`}#${fence}`;
}

/** A line for people; `attempt` is named where lines of several are mixed. */
export function textOf(item: LogItem, attempt?: LoggedAttempt): string {
  const label = attempt === undefined ? '' : `[${labelOf(attempt)}] `;
  if ('gap' in item) {
    const { from, to } = item.gap;
    return `${label}--- ${from === to ? `line ${from} is` : `lines ${from} to ${to} are`} missing ---\n`;
  }
  return `${isoOf(item.at)} ${label}${item.stream} ${item.text}\n`;
}

/** What stands at the end of a log that may lack lines. */
export function endNotice(attempt: LoggedAttempt, named: boolean): string {
  const label = named ? `[${labelOf(attempt)}] ` : '';
  const why = attempt.state === 'lost' ? 'its runner was lost' : 'its runner wrote more';
  return `${label}--- the log is incomplete: ${why} ---\n`;
}
