import { DomainError, type ErrorDetail, type ErrorKind } from '@millrace/kernel';
import { z } from 'zod';

const detail = z
  .strictObject({
    code: z.string().describe('Stable code of this mistake.'),
    message: z.string(),
    pointer: z
      .string()
      .optional()
      .describe('JSON Pointer (RFC 6901) into the body, or into the query or path parameters.'),
    file: z.string().optional().describe('File inside the bundle.'),
    line: z.int().optional().describe('Counted from 1.'),
    column: z.int().optional().describe('Counted from 1.'),
    hint: z.string().optional().describe('What to do about it.'),
  })
  .meta({ id: 'ProblemDetail' });

/** RFC 9457 problem document: the body of every refusal. Further members state facts of the single code. */
export const problem = z
  .looseObject({
    type: z.string().describe('`about:blank`-style reference made from the code; not to be fetched.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('A sentence for people.'),
    code: z.string().describe('Stable code for programs, for example `run.not_found`.'),
    requestId: z.string(),
    retryable: z.boolean().describe('True where the same request may succeed later without a change.'),
    errors: z.array(detail).describe('Every single mistake that was found.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document.' });

export type Problem = z.infer<typeof problem>;

const kinds: Readonly<
  Record<ErrorKind, { readonly status: number; readonly title: string; readonly retryable: boolean }>
> = {
  invalid: { status: 422, title: 'Invalid input', retryable: false },
  unauthenticated: { status: 401, title: 'Not authenticated', retryable: false },
  forbidden: { status: 403, title: 'Not allowed', retryable: false },
  not_found: { status: 404, title: 'Not found', retryable: false },
  conflict: { status: 409, title: 'Conflict', retryable: false },
  too_large: { status: 413, title: 'Too large', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  quota: { status: 429, title: 'Limit of the plan reached', retryable: true },
  unavailable: { status: 503, title: 'Temporarily unavailable', retryable: true },
  internal: { status: 500, title: 'Internal error', retryable: true },
};

/** A refusal of the edge itself, whose status the kind does not tell: 400, 415, … */
export class EdgeError extends DomainError {
  constructor(
    readonly status: 400 | 405 | 406 | 408 | 411 | 412 | 415 | 416 | 431,
    code: string,
    message: string,
    details: readonly ErrorDetail[] = [],
    facts: DomainError['facts'] = {},
  ) {
    super('invalid', code, message, { details, facts });
  }
}

/** The document and the status of an error. */
export function problemOf(error: DomainError, requestId: string): Problem {
  const { status, title, retryable } = kinds[error.kind];
  return {
    ...error.facts,
    type: `urn:millrace:problem:${error.code}`,
    title,
    status: error instanceof EdgeError ? error.status : status,
    detail: error.message,
    code: error.code,
    requestId,
    // A conflict that names a delay is one that passes by itself.
    retryable: retryable || error.retryAfterSeconds !== undefined,
    errors: [...error.details],
  };
}
