import { ApplicationFailure, Context } from '@temporalio/activity';
import type { AttemptOutcome, ExecuteAttempt } from '@millrace/contracts';
import { beginReply, type BeginReply } from '@millrace/contracts/wire';
import type { Logger } from '@millrace/platform';
import { Attempt, AttemptDropped, type AttemptParts } from './attempt.js';

const heartbeatMs = 1_000;

/** Attempts under way on this runner. */
export class RunningAttempts {
  private readonly attempts = new Map<string, Attempt>();

  get count(): number {
    return this.attempts.size;
  }

  add(attempt: Attempt): () => void {
    this.attempts.set(attempt.attemptId, attempt);
    return () => this.attempts.delete(attempt.attemptId);
  }

  cancel(attemptId: string, reason: string): void {
    this.attempts.get(attemptId)?.cancel(reason);
  }

  dropAll(why: AttemptDropped): void {
    for (const attempt of this.attempts.values()) attempt.drop(why);
  }
}

/** Keeps the activity's heartbeat going; a cancellation reaches us by its answers. */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Makes the activity that executes attempts. */
export function makeExecuteAttempt(
  parts: AttemptParts,
  running: RunningAttempts,
): (input: ExecuteAttempt) => Promise<AttemptOutcome> {
  return (input) =>
    withHeartbeat(async () => {
      const reply = await begin(input, parts);
      if (reply.outcome === 'ended') return endedOutcome(reply);
      if (reply.outcome !== 'leased') throw notOurs('superseded', 'a newer dispatch exists, or the run is over');
      const attempt = new Attempt(input, reply.offer, parts);
      const remove = running.add(attempt);
      const stopWatching = watchCancellation(attempt, parts.log);
      try {
        const end = await attempt.execute();
        return {
          state: end.state,
          retryable: end.retryable,
          ...(end.reason === undefined ? {} : { reason: end.reason }),
          fence: reply.offer.fence,
        };
      } catch (error) {
        const reason = error instanceof AttemptDropped ? error.reason : 'platform_fault';
        parts.log.warn({ err: error, attemptId: attempt.attemptId, reason }, 'an attempt was dropped');
        throw notOurs(reason, error instanceof Error ? error.message : String(error));
      } finally {
        stopWatching();
        remove();
      }
    });
}

async function begin(input: ExecuteAttempt, { gateway }: AttemptParts): Promise<BeginReply> {
  const { cancellationSignal, info } = Context.current();
  const { runId, taskId, mapIndex, dispatch } = input;
  const { scheduledTimestampMs: scheduledAtMs } = info;
  const question = { type: 'begin', runId, taskId, mapIndex, dispatch, try: input.try, scheduledAtMs } as const;
  for (;;) {
    const reply = await gateway.ask(question, beginReply);
    if (reply.outcome !== 'wait') return reply;
    if (cancellationSignal.aborted) throw notOurs('cancelled', 'cancelled while it waited for a slot');
    await new Promise((resolve) => setTimeout(resolve, reply.afterMs * (0.75 + Math.random() / 2)));
  }
}

function endedOutcome(reply: Extract<BeginReply, { outcome: 'ended' }>): AttemptOutcome {
  return {
    state: reply.state,
    retryable: reply.retryable,
    ...(reply.reason === undefined ? {} : { reason: reply.reason }),
    fence: reply.fence,
  };
}

/** The workflow asks the platform what became of the dispatch; the message never holds anything of the tenant's. */
function notOurs(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}

function watchCancellation(attempt: Attempt, log: Logger): () => void {
  const context = Context.current();
  const { cancellationSignal } = context;
  const react = (): void => {
    const details = context.cancellationDetails;
    log.info({ attemptId: attempt.attemptId, details }, 'the attempt is to stop');
    // Cancelled by its run: it ends as such. Timed out or unknown: it has been settled, or will be, without us.
    if (details === undefined || details.cancelRequested) attempt.cancel('the run was cancelled');
    else attempt.giveUp();
  };
  if (cancellationSignal.aborted) react();
  else cancellationSignal.addEventListener('abort', react);
  return () => cancellationSignal.removeEventListener('abort', react);
}
