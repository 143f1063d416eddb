import type { Attempt, TimelineEntry } from './run-data.js';

export interface AttemptTime {
  readonly step: string;
  /** For who wants to know more. */
  readonly what: string;
  readonly at: string;
  /** Milliseconds after the step before; absent at the first. */
  readonly sinceMs: number | undefined;
}

const steps = [
  ['acceptedAt', 'accepted', 'It was ready to run.'],
  ['leasedAt', 'leased', 'It was promised to a runner.'],
  ['offeredAt', 'offered', 'It was pushed to its runner; missing where the runner asked for it.'],
  ['startedAt', 'started', 'Its code began.'],
  ['endedAt', 'ended', 'Its code was done.'],
  ['committedAt', 'committed', 'Its end is durable.'],
] as const;

/** The moments of an attempt's life that there were, in their order. */
export function attemptTimes(attempt: Pick<Attempt, (typeof steps)[number][0]>): readonly AttemptTime[] {
  const times: AttemptTime[] = [];
  for (const [field, step, what] of steps) {
    const at = attempt[field];
    if (at === null) continue;
    const before = times.at(-1)?.at;
    // The clocks of two machines may differ by more than a step takes.
    const sinceMs = before === undefined ? undefined : Math.max(0, Date.parse(at) - Date.parse(before));
    times.push({ step, what, at, sinceMs });
  }
  return times;
}

const ways = {
  direct: 'direct, leased with the run',
  offered: 'offered to a free runner',
  queued: 'queue of the pool',
} as const;

/** How an attempt came to its runner, in words. */
export function wayWords({ way, stretchId }: Pick<TimelineEntry, 'way' | 'stretchId'>): string {
  return stretchId === null ? ways[way] : 'in a stretch, behind another task';
}
