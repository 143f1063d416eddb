import type { NotifyRule } from '@millrace/contracts';
import type { AlertId, EnvironmentId, PipelineId, RunId, VersionId } from '@millrace/kernel';

/** What opens an alert. */
export type AlertEvent = 'failed' | 'deadline_missed';
export type AlertState = 'open' | 'recovered';

/** One cause of failures of one pipeline, from the first until the pipeline is well again. */
export interface Alert {
  readonly id: AlertId;
  readonly environmentId: EnvironmentId;
  readonly pipelineId: PipelineId;
  readonly event: AlertEvent;
  readonly state: AlertState;
  /** Null where no task is to blame. */
  readonly taskId: string | null;
  /** Name of the error, or of what went wrong: `TypeError`, `exit_code 3`, `timed_out`, `not_started`. */
  readonly errorClass: string;
  readonly errorMessage: string | null;
  /** Where it was thrown: `load (src/load.mjs:12)`. */
  readonly topFrame: string | null;
  /** Failed task instances; of a missed deadline, runs. */
  readonly failures: bigint;
  readonly runs: bigint;
  /** Nano-dollars that the failed attempts cost. */
  readonly wasted: bigint;
  /** Up to five of the runs: the first ones and the newest. */
  readonly runIds: readonly RunId[];
  /** Of the newest failure. */
  readonly versionId: VersionId;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly recoveredAt: Date | null;
  /** The run that succeeded. */
  readonly recoveredBy: RunId | null;
  /** When the next message is due; null where there is nothing new to tell. */
  readonly dueAt: Date | null;
  readonly toldAt: Date | null;
  /** Messages about it so far, its recovery apart. */
  readonly messages: number;
}

/** When messages leave. */
export interface AlertTiming {
  /** Milliseconds without a further failure after which a message leaves. */
  readonly windowMs: number;
  /** It leaves at the latest so long after the first failure, whatever goes on. */
  readonly longestMs: number;
  /** An alert that goes on is told again only so long after the last message; the last number repeats. */
  readonly remindersMs: readonly number[];
}

const hourMs = 3_600_000;

/** The timing for a grouping window of so many milliseconds: a message is never held back for 45 s or longer by default. */
export function timingOf(windowMs: number): AlertTiming {
  return {
    windowMs,
    longestMs: Math.max(windowMs, Math.min(2 * windowMs, 45_000)),
    remindersMs: [hourMs, 4 * hourMs, 24 * hourMs],
  };
}

/** When the message about a failure is due that was seen now. */
export function dueAfter(
  timing: AlertTiming,
  now: Date,
  alert: Pick<Alert, 'firstSeenAt' | 'toldAt' | 'messages'>,
): Date {
  if (alert.toldAt === null) {
    const latest = alert.firstSeenAt.getTime() + timing.longestMs;
    return new Date(Math.max(now.getTime(), Math.min(latest, now.getTime() + timing.windowMs)));
  }
  const step = Math.min(alert.messages, timing.remindersMs.length) - 1;
  const restMs = timing.remindersMs[step] ?? hourMs;
  return new Date(Math.max(now.getTime() + timing.windowMs, alert.toldAt.getTime() + restMs));
}

/** Who is told where neither the pipeline nor its environment says: the owners, of what went wrong. */
export const defaultRules: readonly NotifyRule[] = [{ on: ['failed', 'deadline_missed'], email: ['owners'] }];
