import type { Json, JsonObject } from '@millrace/kernel';
import { parseDuration, type Path, type Problems } from '@millrace/pipelines/compile';
import { z } from 'zod';

/** One answer as it is written in a test. */
export type WrittenAnswer =
  | { readonly kind: 'output'; readonly template: Json; readonly delayMs: number }
  | {
      readonly kind: 'error';
      readonly message: string;
      readonly code?: string;
      readonly retryable?: boolean;
      readonly delayMs: number;
    }
  | { readonly kind: 'lost'; readonly delayMs: number }
  /** The code of the task itself. */
  | { readonly kind: 'real' };

/** The answers of a task: one for each try, of which the last is repeated; by map index where they differ. */
export type MockDefinition =
  | { readonly kind: 'tries'; readonly tries: readonly WrittenAnswer[] }
  | { readonly kind: 'items'; readonly items: readonly (readonly WrittenAnswer[])[] };

const answer = z.strictObject({
  output: z.unknown().optional(),
  error: z.string('must be a text: the message of the error').optional(),
  lost: z.literal(true, 'must be true').optional(),
  real: z.literal(true, 'must be true').optional(),
  items: z.array(z.unknown(), 'must be a list: an answer for each item').optional(),
  code: z.string('must be a text such as "http.503"').optional(),
  retryable: z.boolean('must be true or false').optional(),
  delay: z
    .string('must be a duration such as "10s"')
    .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as "500ms", "10s" or "1h30m"')
    .optional(),
});
const kinds = ['output', 'error', 'lost', 'real', 'items'] as const;

/** Reads the mocks of a case; mistakes go to `problems`. */
export function parseMocks(mocks: JsonObject, path: Path, problems: Problems): Map<string, MockDefinition> {
  const definitions = new Map<string, MockDefinition>();
  for (const [id, value] of Object.entries(mocks)) {
    const definition = parseMock(value, [...path, id], problems);
    if (definition !== undefined) definitions.set(id, definition);
  }
  return definitions;
}

function parseMock(value: Json, path: Path, problems: Problems): MockDefinition | undefined {
  const items = isObject(value) ? value['items'] : undefined;
  if (items === undefined) {
    const tries = parseTries(value, path, problems);
    return tries === undefined ? undefined : { kind: 'tries', tries };
  }
  if (!Array.isArray(items) || Object.keys(value as JsonObject).length > 1) {
    problems.add('test.mock', '"items" is a list with the answers of each item, and stands alone', [...path, 'items']);
    return undefined;
  }
  const answers = (items as readonly Json[]).map((one, index) => parseTries(one, [...path, 'items', index], problems));
  return answers.some((one) => one === undefined)
    ? undefined
    : { kind: 'items', items: answers.filter((one) => one !== undefined) };
}

function parseTries(value: Json, path: Path, problems: Problems): readonly WrittenAnswer[] | undefined {
  if (!Array.isArray(value)) {
    const one = parseAnswer(value, path, problems);
    return one === undefined ? undefined : [one];
  }
  if (value.length === 0) problems.add('test.mock', 'the list of answers is empty', path);
  const answers = (value as readonly Json[]).map((one, index) => parseAnswer(one, [...path, index], problems));
  return answers.length === 0 || answers.some((one) => one === undefined)
    ? undefined
    : answers.filter((one) => one !== undefined);
}

function parseAnswer(value: Json, path: Path, problems: Problems): WrittenAnswer | undefined {
  const parsed = answer.safeParse(value);
  if (!parsed.success) {
    problems.addIssues(parsed.error.issues, path, answer);
    return undefined;
  }
  const given = kinds.filter((kind) => isObject(value) && kind in value);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    problems.add('test.mock', 'a mock has exactly one of "output", "error", "lost" and "real"', path, {
      hint: 'for example `{ output: { rows: [] } }` or `{ error: "it is down", code: http.503 }`',
    });
    return undefined;
  }
  const { error = '', code, retryable, delay } = parsed.data;
  const delayMs = delay === undefined ? 0 : (parseDuration(delay) ?? 0);
  switch (kind) {
    case 'output':
      return { kind, template: (value as JsonObject)['output'] ?? null, delayMs };
    case 'error':
      return {
        kind,
        message: error,
        delayMs,
        ...(code === undefined ? {} : { code }),
        ...(retryable === undefined ? {} : { retryable }),
      };
    case 'lost':
      return { kind, delayMs };
    case 'real':
      return { kind };
    case 'items':
      problems.add('test.mock', '"items" cannot stand inside of a list of answers', path);
      return undefined;
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
