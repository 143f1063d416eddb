/** One place of the input that is wrong, as a problem document names it. */
export interface ProblemPlace {
  readonly code?: string;
  readonly message?: string;
  /** JSON Pointer (RFC 6901) into the body, or into the query or path parameters. */
  readonly pointer?: string;
  /** File inside a bundle, with line and column counted from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
}

/** What a refusal says (RFC 9457); members are absent where the answer was not ours. */
export interface ProblemDocument {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly requestId?: string;
  readonly retryable?: boolean;
  readonly errors?: readonly ProblemPlace[];
  readonly [fact: string]: unknown;
}

/** An answer that was not a success, with the problem document (RFC 9457) where the server sent one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problem: ProblemDocument,
    /** Whether the same request may succeed later without a change. */
    readonly retryable: boolean,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(message);
  }
}

// What a proxy in between answers when the server behind it is away.
const retryableStatus = new Set([502, 503, 504]);

function isDocument(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error of a response that is no success; reads its body. */
export async function refusal(method: string, path: string, response: Response): Promise<ApiError> {
  const text = await response.text();
  let problem: ProblemDocument = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (isDocument(parsed)) problem = parsed;
  } catch {
    // Not ours (a proxy, say): the status has to do.
  }
  const details = (problem.errors ?? []).map((error) => error.message ?? '').filter((message) => message !== '');
  const retryAfter = Number(response.headers.get('retry-after'));
  return new ApiError(
    response.status,
    problem.code ?? 'http',
    `${method} ${path}: ${response.status} ${[problem.detail ?? problem.title ?? text.slice(0, 200), ...details].join('; ')}`,
    problem,
    problem.retryable ?? retryableStatus.has(response.status),
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  );
}
