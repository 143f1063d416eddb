import { InvalidArgumentError } from 'commander';

/** A whole number of at least `least`, for an option or an argument. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return Number(text);
  };

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A time as the API takes it, from RFC 3339, a date, or an age such as `2h`. */
export function time(text: string): string {
  const age = /^(\d{1,6})([smhdw])$/.exec(text);
  if (age !== null) {
    return new Date(Date.now() - Number(age[1]) * (units[age[2] ?? ''] ?? 1) * 1000).toISOString();
  }
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('It must be a time such as 2026-01-31T08:00:00Z, a date, or an age such as 2h.');
  }
  return date.toISOString();
}

/** Gathers an option that may be given several times. */
export function gather(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
