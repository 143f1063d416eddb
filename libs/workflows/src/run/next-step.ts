import { type AttemptOutcome, maxPlatformLosses, type RetryPolicy, type TerminalTaskState } from '@millrace/contracts';

/** Where an instance stands between two dispatches. */
export interface Progress {
  /** The try that was just made, from 1. */
  readonly try: number;
  /** Leases lost in a row: a task that brings down its runner each time must stop somewhere. */
  readonly losses: number;
  /** Dispatches in a row that no runner ever began; they say nothing about the task. */
  readonly unbegun: number;
}

export type NextStep =
  | { readonly kind: 'end'; readonly state: TerminalTaskState; readonly reason?: string }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason?: string }
  | { readonly kind: 'redispatch'; readonly delayMs: number; readonly losses: number; readonly unbegun: number };

/** Delay before the next try, after `tries` tries; `random` gives 0 ≤ x < 1 and is asked only for jitter. */
export function retryDelayMs(policy: RetryPolicy, tries: number, random: () => number): number {
  // The power overflows to Infinity long before it wraps, and the maximum catches that.
  const exact = Math.min(policy.maxDelayMs, policy.delayMs * policy.factor ** (tries - 1));
  return Math.round(policy.jitter === 'full' ? random() * exact : exact);
}

const redispatchDelaysMs = [0, 250, 1_000, 2_000, 5_000, 10_000] as const;

function redispatchDelayMs(inARow: number): number {
  return redispatchDelaysMs[Math.min(inARow, redispatchDelaysMs.length) - 1] ?? 0;
}

/** Returns in a row that cost no time: a runner gives back what it cannot begin soon, and so does one that goes. */
const freeReturns = 2;

/** Delay before a dispatch that came back is repeated, after so many in a row that nobody began. */
export function afterReturn(unbegun: number): number {
  return redispatchDelayMs(unbegun - freeReturns);
}

/** What follows the end of a dispatch, by the task's policy. A loss is the platform's fault and uses up no try. */
export function nextStep(
  outcome: AttemptOutcome,
  progress: Progress,
  policy: RetryPolicy,
  cancelling: boolean,
  random: () => number,
): NextStep {
  const reason = outcome.reason === undefined ? {} : { reason: outcome.reason };
  switch (outcome.state) {
    case 'succeeded':
      return { kind: 'end', state: 'succeeded' };
    case 'failed':
    case 'timed_out':
      if (!cancelling && outcome.retryable && progress.try < policy.maxAttempts) {
        return { kind: 'retry', delayMs: retryDelayMs(policy, progress.try, random), ...reason };
      }
      return { kind: 'end', state: 'failed', reason: outcome.reason ?? outcome.state };
    case 'lost':
    case 'cancelled': {
      if (cancelling) return { kind: 'end', state: 'cancelled', ...reason };
      // Nobody asked for the cancellation: a runner that had to leave gave the attempt up, or declined it.
      const begun = outcome.fence > 0 && outcome.reason !== 'never_begun' && outcome.reason !== 'declined';
      const losses = progress.losses + (begun ? 1 : 0);
      const unbegun = begun ? 0 : progress.unbegun + 1;
      if (losses >= maxPlatformLosses) return { kind: 'end', state: 'failed', reason: 'worker_lost' };
      return { kind: 'redispatch', delayMs: redispatchDelayMs(begun ? losses : unbegun), losses, unbegun };
    }
  }
}
