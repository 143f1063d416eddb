import { z } from 'zod';

/** The failures of a type, by the code of their error, and whether a repeat can help. */
export interface RetryClass {
  /** A code, or a prefix that ends with `*`: `http.5xx`, `sql.40*`, `oom`. */
  readonly code: string;
  readonly retryable: boolean;
  readonly meaning: string;
}

/** What a type is set to where the pipeline says nothing. */
export interface TaskDefaults {
  readonly timeoutMs: number;
  readonly maxAttempts: number;
}

/** A task type as deploy sees it: no runtime code. */
export interface TaskDefinition<
  T extends string = string,
  D extends z.ZodType = z.ZodType,
  C extends z.ZodType = z.ZodType,
> {
  readonly type: T;
  readonly title: string;
  readonly description: string;
  /** The type's own fields as they are written in a pipeline; placeholders `${{ … }}` may stand for most values. */
  readonly definitionSchema: D;
  /** The same fields after the placeholders have been resolved. */
  readonly configSchema: C;
  readonly defaults: TaskDefaults;
  /** `runner`: becomes a sandboxed program; `timer`: the workflow waits by itself and no runner is involved. */
  readonly executes: 'runner' | 'timer';
  /**
   * True where a task of the type that declares nothing (secrets, connections, variables) may be executed in a row with
   * others of its run by one runner.
   */
  readonly fuses: boolean;
  readonly retryable: readonly RetryClass[];
  /** Bundle files that the definition names, so that deploy can check that they exist. Paths as written. */
  readonly files: (definition: z.output<D>) => readonly string[];
  /** Connections that the definition names, so that deploy can check that they are declared. */
  readonly connections: (definition: z.output<D>) => readonly string[];
}

/** Declares a task type; the identity, for inference. */
export function defineTask<T extends string, D extends z.ZodType, C extends z.ZodType>(
  definition: TaskDefinition<T, D, C>,
): TaskDefinition<T, D, C> {
  return definition;
}

const placeholder = /\$\{\{[\s\S]*?\}\}/;

/** True where the text holds a placeholder `${{ … }}`. */
export function hasPlaceholder(text: string): boolean {
  return placeholder.test(text);
}

// Aborting keeps the union from taking this branch's complaint for the answer.
const expression = z
  .string()
  .refine(hasPlaceholder, { abort: true })
  .meta({ description: 'An expression, evaluated before the task runs.', pattern: placeholder.source });

/** The value itself, or a text with a placeholder that becomes the value before the task runs. */
export function orExpression<S extends z.ZodType>(value: S): z.ZodUnion<readonly [S, typeof expression]> {
  return z.union([value, expression], {
    // The plain value's own complaint is the one that helps; a union would only say "invalid input".
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined;
      const first = issue.errors[0]?.[0];
      return first === undefined ? undefined : `${first.message} (or an expression \${{ … }})`;
    },
  });
}

/** A text that must be known at deploy, because files are checked then. */
export function literalText(what: string): z.ZodString {
  return z
    .string()
    .min(1, `${what} is empty`)
    .refine((text) => !hasPlaceholder(text), `${what} must be written out: it is checked at deploy`);
}

/** What no path may hold: it is absolute, has a backslash, a NUL, a `..` or a placeholder. */
const wrongPath = `^/|\\\\|\\u0000|(?:^|/)\\.\\.(?:/|$)|${placeholder.source}`;

/** The rules of `bundlePath` in words of JSON Schema, for editors. */
function pathKeywords(endings: readonly string[] | undefined): Record<string, unknown> {
  const names = endings?.map((ending) => ending.slice(1)).join('|');
  return { ...(names === undefined ? {} : { pattern: `\\.(?:${names})$` }), not: { pattern: wrongPath } };
}

/** A relative path inside the bundle, with forward slashes, that cannot leave it. */
export function bundlePath(endings?: readonly string[]): z.ZodString {
  return literalText('the path')
    .refine(
      (path) =>
        !path.startsWith('/') && !path.includes('\\') && !path.includes('\0') && !path.split('/').includes('..'),
      'must be a relative path inside the bundle, with forward slashes and without ".."',
    )
    .refine(
      (path) => endings === undefined || endings.some((ending) => path.endsWith(ending)),
      `must end in ${(endings ?? []).join(', ')}`,
    )
    .meta(pathKeywords(endings));
}

/** The schema with words for its readers besides those keywords that it has already. */
export function described<S extends z.ZodType>(schema: S, words: { description: string; examples?: unknown[] }): S {
  return schema.meta({ ...schema.meta(), ...words });
}

/** Name of an exported function, in JavaScript or Python. */
export const functionName = z.string().regex(/^[A-Za-z_$][A-Za-z0-9_$]*$/, 'must be the name of an exported function');

/** Name of a connection that the pipeline or task declares. */
export const connectionName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, 'must be the name of a declared connection: letters, digits, "_", "-"');

/** What every type that runs in a sandbox can end with, whatever its own code does. */
export const sandboxRetryClasses: readonly RetryClass[] = [
  { code: 'oom', retryable: true, meaning: 'the memory limit was reached' },
  { code: 'disk_full', retryable: true, meaning: 'the disk limit was reached' },
  { code: 'process_limit', retryable: true, meaning: 'the limit of processes was reached' },
  { code: 'timed_out', retryable: true, meaning: 'the time limit was reached' },
  { code: 'crashed', retryable: true, meaning: 'the process ended without a word' },
  { code: 'output_too_large', retryable: false, meaning: 'the output is over its limit' },
];
