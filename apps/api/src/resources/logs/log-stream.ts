import type { AttemptPlace } from '@millrace/runs';
import { reach } from '@millrace/runs';
import { type Caller, EdgeError, type Notifications, type StreamEvent, type Wake } from '../../edge/index.js';
import { toLogItem } from './log.mapper.js';
import type { AttemptLogSlice, LogPages } from './log-pages.js';

/** Where a stream goes on: an attempt and the last sequence number that its client has. */
export interface StreamPlace {
  readonly fence: number | undefined;
  readonly after: number;
}

const linesPerRead = 500;
/** A notification can be lost with its connection, so the tables are asked again now and then. */
const lookAgainMs = 5_000;

/**
 * Reads an event id: `<attempt>:<seq>`, as it was sent, or a bare sequence number. The attempt is part of it because a
 * client that comes back without naming one must not go on in the middle of the next.
 */
export function placeOf(lastEventId: string | undefined, fence: number | undefined): StreamPlace {
  if (lastEventId === undefined || lastEventId === '') return { fence, after: 0 };
  const [, named, seq] = /^(?:([1-9]\d{0,8}):)?(\d{1,15})$/.exec(lastEventId) ?? [];
  if (seq === undefined) {
    throw new EdgeError(400, 'request.bad_event_id', 'Last-Event-ID is not the id of an event of this stream');
  }
  const known = named === undefined ? fence : Number(named);
  return fence !== undefined && known !== fence ? { fence, after: 0 } : { fence: known, after: Number(seq) };
}

/** Follows the log of one attempt to its end. */
export class LogStream {
  constructor(
    private readonly pages: LogPages,
    private readonly notifications: Notifications,
  ) {}

  async *follow(caller: Caller, place: AttemptPlace, from: number, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const begun = await this.begun(caller, place, signal);
    if (begun?.attempt === undefined) {
      if (begun !== undefined) yield { event: 'end', data: { attempt: null, state: null, complete: true } };
      return;
    }
    const { id, fence } = begun.attempt;
    const pinned = { ...place, fence };
    const wake = await this.notifications.subscribe('attemptLogs', id);
    try {
      for (let after = from; !signal.aborted;) {
        const slice = await this.pages.ofAttempt(caller, pinned, { after, limit: linesPerRead });
        for (const item of slice.items) {
          const data = toLogItem(item);
          yield {
            id: `${fence}:${reach(item)}`,
            event: 'gap' in data ? 'gap' : 'line',
            data: 'gap' in data ? data.gap : data,
          };
        }
        ({ after } = slice);
        if (slice.complete) {
          yield { event: 'end', data: endOf(slice) };
          return;
        }
        if (!slice.more) await wake.next({ timeoutMs: lookAgainMs, signal });
      }
    } finally {
      wake.close();
    }
  }

  /** Waits until an attempt has begun, or none will; `undefined` where the client left first. */
  private async begun(caller: Caller, place: AttemptPlace, signal: AbortSignal): Promise<AttemptLogSlice | undefined> {
    let wake: Wake | undefined;
    try {
      for (;;) {
        const slice = await this.pages.ofAttempt(caller, place, { after: 0, limit: 1 });
        if (slice.attempt !== undefined || slice.complete) return slice;
        if (signal.aborted) return undefined;
        // An attempt begins some time after its task is queued, and nothing tells of it: hence the short wait.
        if (wake === undefined) wake = await this.notifications.subscribe('runEvents', place.runId);
        else await wake.next({ timeoutMs: 500, signal });
      }
    } finally {
      wake?.close();
    }
  }
}

function endOf({ attempt, incomplete }: AttemptLogSlice): StreamEvent['data'] {
  return {
    attempt: attempt?.fence ?? null,
    state: attempt?.state ?? null,
    complete: true,
    ...(incomplete ? { incomplete } : {}),
  };
}
