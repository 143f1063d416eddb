import { DomainError, type ErrorDetail } from '@millrace/kernel';
import type { z } from 'zod';
import type { Setting } from './setting.js';
import { settings } from './settings.js';

/** Environment variables as Node gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link readConfig} returns for a set of settings. */
export type ConfigOf<S extends Readonly<Record<string, Setting<unknown>>>> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

const prefix = 'MILLRACE_';

/** Number of single-character edits between two words; used for "did you mean". */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      next.push(Math.min((row[j] ?? 0) + (left === right ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Of the command line: whoever uses both has them in the same shell, and no program of the platform reads them. */
const ofCommandLine = ['MILLRACE_URL', 'MILLRACE_API_KEY', 'MILLRACE_PROFILE', 'MILLRACE_ENVIRONMENT'];

function unknownVariables(env: Environment): ErrorDetail[] {
  const known = Object.values(settings).map((setting) => setting.name);
  const isStrange = (name: string): boolean => !known.includes(name) && !ofCommandLine.includes(name);
  const strangers = Object.keys(env).filter((name) => name.startsWith(prefix) && isStrange(name));
  return strangers.map((name) => {
    const [nearest] = known
      .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
      .filter(({ distance }) => distance <= 4)
      .sort((a, b) => a.distance - b.distance);
    return {
      code: 'config.unknown_variable',
      pointer: `/${name}`,
      message: `${name} is not a setting of Millrace`,
      hint: nearest === undefined ? 'unset it' : `did you mean ${nearest.candidate}?`,
    };
  });
}

function shown(setting: Setting<unknown>, text: string | undefined): string {
  if (text === undefined) return 'is not set';
  return setting.secret === true ? 'has a value that is not valid (not shown)' : `is ${JSON.stringify(text)}`;
}

function mistakesIn(setting: Setting<unknown>, text: string | undefined, error: z.ZodError): ErrorDetail[] {
  return error.issues.map((issue) => ({
    code: text === undefined ? 'config.missing' : 'config.invalid',
    pointer: `/${setting.name}`,
    message: `${setting.name} ${shown(setting, text)}: ${issue.message}`,
    hint: `set it to ${setting.form}`,
  }));
}

/**
 * Reads the given settings from the environment. Everything that is wrong is reported by one `DomainError` of kind
 * `invalid` (code `config.invalid`), whose details name variable, value (never a secret one) and remedy; a
 * `MILLRACE_` variable that no program knows is a mistake too. An empty value counts as unset. `between` looks for
 * mistakes that show in several settings together; a value that is itself mistaken is `undefined` there.
 */
export function readConfig<S extends Readonly<Record<string, Setting<unknown>>>>(
  shape: S,
  env: Environment,
  between: (values: Partial<ConfigOf<S>>) => readonly ErrorDetail[] = () => [],
): ConfigOf<S> {
  const details: ErrorDetail[] = unknownVariables(env);
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(shape)) {
    const text = env[setting.name] === '' ? undefined : env[setting.name];
    const result = setting.schema.safeParse(text);
    if (result.success) values[key] = result.data;
    else details.push(...mistakesIn(setting, text, result.error));
  }
  details.push(...between(values as Partial<ConfigOf<S>>));
  if (details.length > 0) throw invalidConfig(details);
  return values as ConfigOf<S>;
}

/** The error of {@link readConfig}, for checks that need more than one setting. */
export function invalidConfig(details: readonly ErrorDetail[]): DomainError {
  const lines = details.map(({ message, hint }) => `  - ${message}${hint === undefined ? '' : ` (${hint})`}`);
  const count = details.length === 1 ? '1 mistake' : `${details.length} mistakes`;
  return new DomainError('invalid', 'config.invalid', `the configuration has ${count}:\n${lines.join('\n')}`, {
    details,
  });
}
