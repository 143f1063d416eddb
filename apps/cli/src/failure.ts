import { ApiError, type ProblemPlace } from '@millrace/clients';
import { CommanderError } from 'commander';
import { exitCodes, type Outcome } from './exit-codes.js';

export interface FailureExtra {
  /** Stable code for programs. */
  readonly code?: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly requestId?: string;
  readonly errors?: readonly ProblemPlace[];
  readonly cause?: unknown;
}

/** Why a command ends without having done its work, in words for people, with what scripts need. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly ProblemPlace[];

  constructor(
    readonly outcome: Outcome,
    message: string,
    extra: FailureExtra = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.code = extra.code ?? `cli.${outcome}`;
    this.hint = extra.hint;
    this.requestId = extra.requestId;
    this.errors = extra.errors ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.outcome].code;
  }
}

/** Ends a command whose output has said everything already. */
export class Silent extends Error {
  override readonly name = 'Silent';

  constructor(readonly outcome: Outcome) {
    super(outcome);
  }

  get exitCode(): number {
    return exitCodes[this.outcome].code;
  }
}

function outcomeOf(status: number): Outcome {
  if (status === 401 || status === 403) return 'unauthenticated';
  if (status === 404) return 'notFound';
  if (status === 409 || status === 412 || status === 429) return 'conflict';
  if (status >= 500) return 'unreachable';
  return 'invalid';
}

function hintOf(error: ApiError): string | undefined {
  if (error.status === 401) return 'log in with `millrace login`, or set MILLRACE_API_KEY';
  if (error.status === 403) return 'the key lacks the right: make one with more scopes';
  if (error.retryAfterSeconds !== undefined) return `try again in ${error.retryAfterSeconds} s`;
  return undefined;
}

/** Names the lowest reason: what `fetch` throws says no more than "fetch failed". */
function reasonOf(error: Error): string {
  let at: unknown = error;
  while (at instanceof Error && at.cause !== undefined) at = at.cause;
  if (!(at instanceof Error)) return error.message;
  // Several addresses of one name were tried.
  if (at instanceof AggregateError) {
    const messages = at.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each)));
    return [...new Set(messages)].join('; ');
  }
  return at.message === '' ? ('code' in at ? String(at.code) : at.name) : at.message;
}

function isNetworkFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TypeError' && /fetch failed|terminated|network/i.test(error.message)) return true;
  return (
    error.cause instanceof Error && 'code' in error.cause && /^(E[A-Z]+|UND_ERR_\w+)$/.test(String(error.cause.code))
  );
}

/** Any error as a failure; undefined for what is a bug of ours. */
export function toFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof ApiError) {
    const { problem } = error;
    return new Failure(outcomeOf(error.status), problem.detail ?? problem.title ?? error.message, {
      code: error.code === 'http' ? `http.${error.status}` : error.code,
      ...(hintOf(error) === undefined ? {} : { hint: hintOf(error) as string }),
      ...(problem.requestId === undefined ? {} : { requestId: problem.requestId }),
      errors: problem.errors ?? [],
      cause: error,
    });
  }
  if (error instanceof CommanderError) {
    return new Failure(error.exitCode === 0 ? 'ok' : 'usage', error.message, { code: 'cli.usage' });
  }
  if (isNetworkFailure(error)) {
    return new Failure('unreachable', `the platform cannot be reached: ${reasonOf(error)}`, {
      hint: 'is the address right (--url, MILLRACE_URL or the profile), and the platform running?',
      cause: error,
    });
  }
  return undefined;
}
