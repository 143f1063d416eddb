import { ApiError } from './api-error.js';
import type { Json } from './json.js';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';
import { pause, Transport, type TransportOptions } from './transport.js';

export interface HttpClientOptions extends TransportOptions {
  /** For example `http://127.0.0.1:7070`. */
  readonly baseUrl: string;
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

/**
 * The public API over HTTP, without the types of its routes: for paths that are known at run time only. Mutations carry
 * an Idempotency-Key, so that a repeat after a lost answer has no second effect; refusals throw `ApiError`.
 */
export class HttpClient {
  private readonly transport: Transport;

  constructor(private readonly options: HttpClientOptions) {
    this.transport = new Transport(options);
  }

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
  raw(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const url = new URL(path, this.options.baseUrl);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = new Headers(options.headers);
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
    const type = options.body?.contentType ?? (options.json === undefined ? undefined : 'application/json');
    if (type !== undefined) headers.set('content-type', type);
    const body =
      options.body !== undefined
        ? new Blob([Uint8Array.from(options.body.bytes)])
        : options.json === undefined
          ? undefined
          : JSON.stringify(options.json);
    return this.transport.send(
      new Request(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    );
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
        for await (const event of readServerSentEvents(response, options.signal)) {
          lastId = event.id ?? lastId;
          yield event;
        }
        return;
      } catch (error) {
        if (error instanceof ApiError || this.transport.patienceMs === 0 || options.signal?.aborted) throw error;
        await pause(200, options.signal);
      }
    }
  }

  private async json<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const response = await this.raw(method, path, options);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
