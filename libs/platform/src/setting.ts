import { z } from 'zod';

/** One documented environment variable. */
export interface Setting<T> {
  /** Name of the environment variable. */
  readonly name: string;
  /** Parses the text of the variable, or supplies the default when it is absent. */
  readonly schema: z.ZodType<T, string | undefined>;
  /** One or two sentences for the reference. */
  readonly description: string;
  /** What a value looks like, for the reference and for error messages. */
  readonly form: string;
  /** The default in words; absent where the variable is required or simply unset. */
  readonly standard?: string;
  /** True where the value must not be printed. */
  readonly secret?: boolean;
}

/** Declares a setting; exists so that the type of its value is inferred. */
export function defineSetting<T>(setting: Setting<T>): Setting<T> {
  return setting;
}

/** The same setting for a program that cannot run without it. */
export function required<T>(setting: Setting<T | undefined>): Setting<T> {
  const present = z.string({ error: 'it is required' });
  const schema = present.transform((text, context): T => {
    const result = setting.schema.safeParse(text);
    if (result.success && result.data !== undefined) return result.data;
    for (const issue of result.error?.issues ?? []) context.addIssue({ code: 'custom', message: issue.message });
    return z.NEVER;
  });
  // The schema's input is wider than that of `present`: an absent variable is reported, not a type error.
  return { ...setting, schema };
}

/** TCP port as decimal text. */
export const portText = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 1 to 65535')
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_535, 'must be a port number from 1 to 65535');

/** Whole number of something as decimal text. */
export function countText(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,12}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
}

/** `1`, `true`, `0`, `false`. */
export const flagText = z
  .enum(['1', 'true', '0', 'false'], { error: 'must be 1, true, 0 or false' })
  .transform((text) => text === '1' || text === 'true');

/** URL of a Postgres database with user and database name. */
export const postgresUrlText = z.string().superRefine((text, context) => {
  if (!URL.canParse(text)) {
    context.addIssue({ code: 'custom', message: 'must be a URL such as postgres://user:password@host:5432/database' });
    return;
  }
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    context.addIssue({ code: 'custom', message: 'must begin with postgres:// or postgresql://' });
  }
  if (url.username === '') context.addIssue({ code: 'custom', message: 'must name the role (postgres://role:…@…)' });
  if (url.pathname.length < 2) context.addIssue({ code: 'custom', message: 'must name the database (…/database)' });
});

/** Absolute path in the file system. */
export const absolutePathText = z
  .string()
  .refine((text) => text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text), 'must be an absolute path');
