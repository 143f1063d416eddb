/** The closed set of reasons for which a request or an operation is refused; edges map each to one status code. */
export type ErrorKind =
  | 'invalid' // the input is wrong: 422, or 400 where it cannot be parsed
  | 'unauthenticated' // 401
  | 'forbidden' // 403: known caller, missing right
  | 'not_found' // 404, also for what belongs to another tenant
  | 'conflict' // 409
  | 'too_large' // 413
  | 'rate_limited' // 429
  | 'quota' // 429 with the limit named: a plan limit is reached
  | 'unavailable' // 503: a part we need is down; retryable
  | 'internal'; // 500

/** One place in the input that is wrong. */
export interface ErrorDetail {
  /** Stable machine-readable code, for example `pipeline.unknown_field`. */
  readonly code: string;
  readonly message: string;
  /** JSON Pointer (RFC 6901) into the input. */
  readonly pointer?: string;
  /** File inside the bundle, with 1-based line and column. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** What to do about it. */
  readonly hint?: string;
}

export interface DomainErrorExtra {
  readonly details?: readonly ErrorDetail[];
  /** Seconds after which a repeat may succeed. */
  readonly retryAfterSeconds?: number;
  /** Extra members of the problem document, all public. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/** An expected refusal: a kind for the edge, a stable code for machines, a sentence for people. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly details: readonly ErrorDetail[];
  readonly retryAfterSeconds: number | undefined;
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    extra: DomainErrorExtra = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.details = extra.details ?? [];
    this.retryAfterSeconds = extra.retryAfterSeconds;
    this.facts = extra.facts ?? {};
  }
}

/** For states that the types rule out: a bug, not a refusal. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
