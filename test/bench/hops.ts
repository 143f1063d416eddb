import type { AttemptView } from './ways.js';

/** The way of an attempt from hop to hop, in the order of time. */
export const hopNames = [
  'call_to_ready',
  'ready_to_lease',
  'lease_to_offer',
  'to_code',
  'code',
  'end_to_commit',
  'commit_to_next',
] as const;
export type HopName = (typeof hopNames)[number];

/** Means in milliseconds; a hop that no attempt made is absent. */
export type Hops = { readonly [name in HopName]?: number };

export interface HopSums {
  readonly sums: Map<HopName, { sum: number; count: number }>;
}

export function emptyHops(): HopSums {
  return { sums: new Map() };
}

/** Adds the attempts of one run, which was asked for at `calledAt` (milliseconds of the clock). */
export function addHops({ sums }: HopSums, attempts: readonly AttemptView[], calledAt: number): void {
  const add = (name: HopName, from: string | null | undefined, to: string | null | undefined): void => {
    if (from === null || from === undefined || to === null || to === undefined) return;
    addMs(name, Date.parse(to) - Date.parse(from));
  };
  const addMs = (name: HopName, ms: number): void => {
    const sum = sums.get(name) ?? { sum: 0, count: 0 };
    sums.set(name, { sum: sum.sum + ms, count: sum.count + 1 });
  };
  const inOrder = [...attempts].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [index, attempt] of inOrder.entries()) {
    const { acceptedAt, leasedAt, offeredAt, startedAt, endedAt, committedAt } = attempt;
    if (index === 0 && acceptedAt !== null) addMs('call_to_ready', Date.parse(acceptedAt) - calledAt);
    add('ready_to_lease', acceptedAt, leasedAt);
    add('lease_to_offer', leasedAt, offeredAt);
    add('to_code', offeredAt ?? leasedAt, startedAt);
    add('code', startedAt, endedAt);
    add('end_to_commit', endedAt, committedAt);
    // In a chain the next one is ready because this one has ended; others are so independently of each other.
    if (attempt.mapIndex < 0) add('commit_to_next', committedAt, inOrder[index + 1]?.acceptedAt);
  }
}

/** The clock of the API has milliseconds: only the mean of many is finer. */
export function meansOf({ sums }: HopSums): Hops {
  return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, Math.round((sum / count) * 100) / 100]));
}
