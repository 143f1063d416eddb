import { DomainError } from '@millrace/kernel';

/** Most secrets, connections or variables that one environment may hold. */
export const maxNamedValues = 1_000;

export const secretNameForm = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;
export const variableNameForm = secretNameForm;
export const connectionNameForm = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
export const slugForm = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;

/** Throws `<noun>.not_found` naming what of `wanted` is missing in `found`. */
export function requireAll(noun: string, wanted: readonly string[], found: ReadonlyMap<string, unknown>): void {
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length === 0) return;
  throw new DomainError(
    'not_found',
    `${noun}.not_found`,
    `the environment has no ${noun} ${missing.map((name) => JSON.stringify(name)).join(', ')}`,
    {
      details: missing.map((name) => ({
        code: `${noun}.not_found`,
        message: `there is no ${noun} ${JSON.stringify(name)}`,
      })),
    },
  );
}

/** Throws `<noun>.too_many` when the environment is full. */
export function requireRoom(noun: string, count: number): void {
  if (count < maxNamedValues) return;
  throw new DomainError('quota', `${noun}.too_many`, `an environment holds at most ${maxNamedValues} of them`, {
    facts: { limit: `${noun}s`, max: maxNamedValues },
  });
}
