import { randomUUID } from 'node:crypto';
import type { Json } from '@millrace/kernel';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';

/** An answer that was not a success, with the problem document (RFC 9457) where the server sent one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problem: unknown,
    /** Whether the same request may succeed later without a change. */
    readonly retryable: boolean,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(message);
  }
}

export interface HttpClientOptions {
  /** For example `http://127.0.0.1:7070`. */
  readonly baseUrl: string;
  /** API key or access token. */
  readonly token?: string;
  /** How long a request is repeated while the server cannot be reached or says that a repeat may succeed; 0: never. */
  readonly patienceMs?: number;
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly json?: Json;
  readonly body?: { readonly contentType: string; readonly bytes: Uint8Array };
  /** Made anew for each call of a mutation where absent, and kept over its repeats. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

// What a proxy in between answers when the server behind it is away.
const retryableStatus = new Set([502, 503, 504]);

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface ProblemDocument {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly retryable?: boolean;
  readonly errors?: readonly { readonly message?: string; readonly pointer?: string }[];
}

/**
 * The public API over HTTP. Mutations carry an Idempotency-Key, so that a repeat after a lost answer has no second
 * effect; refusals throw `ApiError`.
 */
export class HttpClient {
  constructor(private readonly options: HttpClientOptions) {}

  withToken(token: string): HttpClient {
    return new HttpClient({ ...this.options, token });
  }

  get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('GET', path, options);
  }

  post<T>(path: string, json: Json = {}, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('POST', path, options.body === undefined ? { json, ...options } : options);
  }

  put<T>(path: string, json: Json, options: RequestOptions = {}): Promise<T> {
    return this.json<T>('PUT', path, { json, ...options });
  }

  /** Every item of a keyset-paged list. */
  async *list<T>(path: string, options: RequestOptions = {}): AsyncGenerator<T> {
    let cursor: string | undefined;
    do {
      const page: { data: T[]; nextCursor: string | null } = await this.get(path, {
        ...options,
        query: { limit: 200, ...options.query, ...(cursor === undefined ? {} : { cursor }) },
      });
      yield* page.data;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** A response of any type; throws `ApiError` where it is no success. */
  async raw(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const key = method === 'GET' ? undefined : (options.idempotencyKey ?? randomUUID());
    const until = Date.now() + (this.options.patienceMs ?? 0);
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 2000)) {
      try {
        return await this.once(method, path, options, key);
      } catch (error) {
        const again = error instanceof ApiError ? error.retryable : !options.signal?.aborted;
        const wait = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 || delayMs : delayMs;
        if (!again || Date.now() + wait > until) throw error;
        await sleep(wait);
      }
    }
  }

  /** Server-sent events of a stream, until the server ends it; resumes after a lost connection. */
  async *events(path: string, options: RequestOptions = {}): AsyncGenerator<ServerSentEvent> {
    let lastId: string | undefined;
    for (;;) {
      try {
        const response = await this.raw('GET', path, {
          ...options,
          headers: {
            ...options.headers,
            accept: 'text/event-stream',
            ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
          },
        });
        for await (const event of readServerSentEvents(response)) {
          lastId = event.id ?? lastId;
          yield event;
        }
        return;
      } catch (error) {
        if (error instanceof ApiError || (this.options.patienceMs ?? 0) === 0 || options.signal?.aborted) throw error;
        await sleep(200);
      }
    }
  }

  private async json<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const response = await this.raw(method, path, options);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async once(
    method: string,
    path: string,
    options: RequestOptions,
    key: string | undefined,
  ): Promise<Response> {
    const url = new URL(path, this.options.baseUrl);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const body =
      options.body !== undefined
        ? new Blob([options.body.bytes])
        : options.json === undefined
          ? undefined
          : JSON.stringify(options.json);
    const contentType = options.body?.contentType ?? (options.json === undefined ? undefined : 'application/json');
    const response = await fetch(url, {
      method,
      headers: {
        ...(this.options.token === undefined ? {} : { authorization: `Bearer ${this.options.token}` }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (response.ok) return response;
    throw await refusal(method, path, response);
  }
}

async function refusal(method: string, path: string, response: Response): Promise<ApiError> {
  const text = await response.text();
  let problem: ProblemDocument = {};
  try {
    problem = JSON.parse(text) as ProblemDocument;
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
