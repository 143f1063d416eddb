import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError, type ErrorDetail } from '@millrace/kernel';
import type { z } from 'zod';
import { EdgeError } from './problem.js';

/** Only the members of a zod issue that the mapping needs; they pass through the standard-schema interface untouched. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly keys?: readonly string[];
  /** Of the key of a record. */
  readonly issues?: readonly Issue[];
}

// Beyond this many mistakes a list helps nobody, and a hostile body could make it as long as itself.
const maxDetails = 50;

function pointerOf(path: Issue['path'], ...more: readonly string[]): string {
  const steps = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  return [...steps, ...more]
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)}`)
    .join('');
}

function detailsOf(issue: Issue, place: string): ErrorDetail[] {
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      code: 'request.unknown_field',
      message: `${place} does not know ${JSON.stringify(key.slice(0, 200))}`,
      pointer: pointerOf(issue.path, key),
      hint: 'remove it, or check its spelling',
    }));
  }
  return [{ code: `request.${issue.code ?? 'invalid'}`, message: messageOf(issue), pointer: pointerOf(issue.path) }];
}

/** zod's own words begin with a heading that the problem document has already. */
function messageOf(issue: Issue): string {
  const text = (issue.code === 'invalid_key' ? (issue.issues?.[0]?.message ?? issue.message) : issue.message)
    .replace(/^Invalid (input|option|string|element): /, '')
    .slice(0, 500);
  const missing = /^expected (.+), received undefined$/.exec(text)?.[1];
  return missing === undefined ? text : `is required (${missing})`;
}

/** The refusal of input that does not fit its schema; `place` is `body`, `query` or `param`. */
export function invalidInput(place: 'body' | 'query' | 'param', issues: readonly Issue[]): DomainError {
  const noun = place === 'body' ? 'the body' : place === 'query' ? 'the query string' : 'the path';
  const details = issues.flatMap((issue) => detailsOf(issue, noun)).slice(0, maxDetails);
  const [first] = details;
  const where = first?.pointer === undefined || first.pointer === '' ? '' : ` at ${first.pointer}`;
  const message = `${noun} is not valid: ${first?.message ?? 'unknown reason'}${where}`;
  if (place === 'body') return new DomainError('invalid', 'request.invalid_body', message, { details });
  return new EdgeError(400, place === 'query' ? 'request.invalid_query' : 'request.invalid_path', message, details);
}

/** Checks a value against a schema and returns its output. */
export function parseInput<S extends z.ZodType>(
  place: 'body' | 'query' | 'param',
  schema: S,
  value: unknown,
): z.infer<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(place, result.error.issues);
  return result.data;
}

/**
 * Applies the schema of `@Body({ schema })`, `@Query({ schema })` and `@Param({ schema })`. An absent body counts as
 * `{}`, so that a schema whose fields are all optional takes it.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { schema, type } = metadata as ArgumentMetadata & { readonly schema?: z.ZodType };
    if (schema === undefined || type === 'custom') return value;
    const result = await schema['~standard'].validate(type === 'body' && value === undefined ? {} : value);
    if (result.issues !== undefined) throw invalidInput(type, result.issues);
    return result.value;
  }
}
