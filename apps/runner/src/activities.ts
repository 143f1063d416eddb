import { ApplicationFailure, Context } from '@temporalio/activity';
import type { AttachStretch, Stretch, StretchReport } from '@millrace/contracts';
import type { Logger } from '@millrace/platform';
import { AttemptDropped } from './attempt.js';
import type { AttemptSlots } from './attempt-slots.js';
import type { RunnerStretch } from './stretch.js';
import { reportOf, type Stretches, UnknownStretch } from './stretches.js';

const heartbeatMs = 1_000;

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

/** Makes the activity that executes stretches of the pool's queue. */
export function makeExecuteStretch(
  stretches: Stretches,
  slots: AttemptSlots,
  runnerId: string,
  log: Logger,
): (input: Stretch) => Promise<StretchReport> {
  return (input) =>
    slots.within(() =>
      withHeartbeat(async () => {
        const { cancellationSignal, info } = Context.current();
        let stopWatching: (() => void) | undefined;
        const begun = (stretch: RunnerStretch): void => {
          stopWatching = watchCancellation(stretch, log);
        };
        try {
          const outcome = await stretches.execute(input, info.scheduledTimestampMs, cancellationSignal, begun);
          return reportOf(outcome, runnerId);
        } catch (error) {
          throw notOurs(error);
        } finally {
          stopWatching?.();
        }
      }),
    );
}

/** Makes the activity that joins a stretch which this runner has in hand. */
export function makeAttachStretch(
  stretches: Stretches,
  runnerId: string,
  log: Logger,
): (input: AttachStretch) => Promise<StretchReport> {
  return (input) =>
    withHeartbeat(async () => {
      let stopWatching: (() => void) | undefined;
      try {
        const stretch = await stretches.find(input.attemptId);
        stopWatching = watchCancellation(stretch, log);
        return reportOf(await stretch.hear(), runnerId);
      } catch (error) {
        throw notOurs(error);
      } finally {
        stopWatching?.();
      }
    });
}

/** The workflow asks the platform what became of the stretch; the message never holds anything of the tenant's. */
function notOurs(error: unknown): ApplicationFailure {
  const message = error instanceof Error ? error.message : String(error);
  const type =
    error instanceof UnknownStretch
      ? 'unknown_stretch'
      : error instanceof AttemptDropped
        ? error.reason
        : 'platform_fault';
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}

function watchCancellation(stretch: RunnerStretch, log: Logger): () => void {
  const context = Context.current();
  const { cancellationSignal } = context;
  const react = (): void => {
    const details = context.cancellationDetails;
    log.info({ activity: context.info.activityId, details }, 'a stretch is to stop');
    // Cancelled by its run: it ends as such. Timed out or unknown: it has been settled, or will be, without us.
    if (details === undefined || details.cancelRequested) stretch.cancel('the run was cancelled');
    else stretch.giveUp();
  };
  if (cancellationSignal.aborted) react();
  else cancellationSignal.addEventListener('abort', react);
  return () => cancellationSignal.removeEventListener('abort', react);
}
