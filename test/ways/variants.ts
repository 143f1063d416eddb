/** A way is forced by a platform that has no other open, and stretches by pipelines that allow none. */
export interface Variant {
  readonly way: Way;
  readonly fused: boolean;
}

export type Way = 'direct' | 'offered' | 'queued';

/** A platform for each way, told of it and of those that work falls back to. */
export const stages: readonly { readonly way: Way; readonly setting: string }[] = [
  { way: 'queued', setting: 'queued' },
  { way: 'offered', setting: 'offered,queued' },
  { way: 'direct', setting: 'direct,offered,queued' },
];

export function nameOf({ way, fused }: Variant): string {
  return `${way}/${fused ? 'fused' : 'single'}`;
}

export interface TakenWay {
  readonly way: Way;
  readonly stretchId: string | null;
}

/** How many attempts took which way; those behind the first of their stretch are counted there alone. */
export interface Taken {
  direct: number;
  offered: number;
  queued: number;
  in_stretch: number;
}

export const noneTaken = (): Taken => ({ direct: 0, offered: 0, queued: 0, in_stretch: 0 });

export function count(taken: Taken, attempts: readonly TakenWay[]): void {
  for (const { way, stretchId } of attempts) taken[stretchId === null ? way : 'in_stretch'] += 1;
}

/** What is wrong with the ways that the attempts of a variant took, all its runs together. */
export function wrongWays({ way, fused }: Variant, taken: Taken): string[] {
  const found: string[] = [];
  if (taken[way] === 0) found.push(`no attempt was ${way}`);
  if (way !== 'direct' && taken.direct > 0) found.push(`${taken.direct} attempts were direct`);
  if (way === 'queued' && taken.offered > 0) found.push(`${taken.offered} attempts were offered`);
  if (fused && taken.in_stretch === 0) found.push('no attempt followed in a stretch');
  if (!fused && taken.in_stretch > 0) found.push(`${taken.in_stretch} attempts followed in a stretch`);
  return found.map((what) => `${nameOf({ way, fused })}: ${what}`);
}
