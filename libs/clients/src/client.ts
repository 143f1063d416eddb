import createFetchClient, { type Client } from 'openapi-fetch';
import { ApiError } from './api-error.js';
import type { components, paths } from './generated/api.js';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';
import { pause, Transport, type TransportOptions } from './transport.js';

/** Types of everything that the API takes and gives, by name. */
export type Schemas = components['schemas'];

export interface ClientOptions extends TransportOptions {
  /** For example `https://millrace.example.com`. */
  readonly baseUrl: string;
}

type Page = { readonly data: readonly unknown[]; readonly nextCursor: string | null };
type AnswerOf<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer Answer } } } };
}
  ? Answer
  : never;
type QueryOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Query } } } ? Query : never;
type PathOf<P extends keyof paths> = paths[P] extends { get: { parameters: { path: infer Path } } }
  ? { readonly path: Path }
  : { readonly path?: never };

/** Routes whose GET gives a page of a list. */
export type ListPath = { [P in keyof paths]: AnswerOf<P> extends Page ? P : never }[keyof paths];
/** One item of such a list. */
export type ListItem<P extends ListPath> = AnswerOf<P> extends { data: (infer Item)[] } ? Item : never;
export type ListOptions<P extends ListPath> = PathOf<P> & {
  readonly query?: Omit<QueryOf<P>, 'cursor'>;
  readonly signal?: AbortSignal;
};

/** An event of a run, with the number by which a stream goes on after it; running attempts have none. */
export type RunStreamEvent =
  | { readonly kind: 'run' | 'task'; readonly event: Schemas['RunEvent'] }
  | { readonly kind: 'attempt'; readonly attempt: RunningAttempt };

export interface RunningAttempt {
  readonly attemptId: string;
  readonly at: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly try: number;
  readonly fence: number;
  readonly state: string;
}

/** What a followed log says: a line, lines that are missing, or its end. */
export type LogStreamEvent =
  | { readonly kind: 'line'; readonly line: Schemas['LogLine'] }
  | { readonly kind: 'gap'; readonly gap: Schemas['LogGap'] }
  | { readonly kind: 'end'; readonly end: LogEnd };

export interface LogEnd {
  readonly attempt: number;
  readonly state: string;
  readonly complete: boolean;
  /** Lines that were written never arrived. */
  readonly incomplete?: boolean;
}

export interface LogStreamOptions {
  /** Of a mapped task. */
  readonly mapIndex?: number;
  /** By its number; the newest where absent. */
  readonly attempt?: number;
  readonly signal?: AbortSignal;
}

/** The successful body of a call of `MillraceClient.api`. */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  // A refusal has been thrown by then; what has no body has no data.
  return (await call).data as T;
}

/**
 * The public API with the types of its OpenAPI document. Mutations carry an Idempotency-Key that is kept over repeats;
 * refusals throw `ApiError`.
 */
export class MillraceClient {
  /** Every route by method and path, such as `api.GET('/v1/runs/{run}', { params: { path: { run } } })`. */
  readonly api: Client<paths>;
  private readonly transport: Transport;

  constructor(private readonly options: ClientOptions) {
    this.transport = new Transport(options);
    this.api = createFetchClient<paths>({
      baseUrl: options.baseUrl,
      fetch: (request) => this.transport.send(request),
    });
  }

  withToken(token: string): MillraceClient {
    return new MillraceClient({ ...this.options, token });
  }

  /** Every item of a list, page by page. */
  async *list<P extends ListPath>(path: P, options: ListOptions<P>): AsyncGenerator<ListItem<P>> {
    let cursor: string | undefined;
    do {
      const page = (await this.getJson(path, options.path, { ...options.query, cursor }, options.signal)) as Page;
      yield* page.data as readonly ListItem<P>[];
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** What happens in a run, from its beginning to its end; goes on after a lost connection. */
  async *runEvents(run: string, signal?: AbortSignal): AsyncGenerator<RunStreamEvent> {
    const path = `/v1/runs/${encodeURIComponent(run)}/events`;
    for await (const { event, data } of this.stream(path, endsRun, signal)) {
      if (event === 'attempt') yield { kind: 'attempt', attempt: JSON.parse(data) as RunningAttempt };
      else if (event === 'run' || event === 'task') {
        yield { kind: event, event: JSON.parse(data) as Schemas['RunEvent'] };
      }
    }
  }

  /** The log of a task as it is written, until its attempt has ended; goes on after a lost connection. */
  async *followLog(run: string, task: string, options: LogStreamOptions = {}): AsyncGenerator<LogStreamEvent> {
    const query = new URLSearchParams();
    if (options.mapIndex !== undefined) query.set('mapIndex', String(options.mapIndex));
    if (options.attempt !== undefined) query.set('attempt', String(options.attempt));
    const path = `/v1/runs/${encodeURIComponent(run)}/tasks/${encodeURIComponent(task)}/logs:stream?${query.toString()}`;
    for await (const { event, data } of this.stream(path, ({ event }) => event === 'end', options.signal)) {
      if (event === 'line') yield { kind: 'line', line: JSON.parse(data) as Schemas['LogLine'] };
      else if (event === 'gap') yield { kind: 'gap', gap: JSON.parse(data) as Schemas['LogGap'] };
      else if (event === 'end') yield { kind: 'end', end: JSON.parse(data) as LogEnd };
    }
  }

  /**
   * The events of a stream until the one that ends it, or until the signal is aborted: a server that stops ends its
   * streams without it.
   */
  private async *stream(
    path: string,
    isLast: (event: ServerSentEvent) => boolean,
    signal?: AbortSignal,
  ): AsyncGenerator<ServerSentEvent> {
    let lastId: string | undefined;
    for (;;) {
      try {
        const response = await this.transport.send(
          new Request(new URL(path, this.options.baseUrl), {
            headers: { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
            ...(signal === undefined ? {} : { signal }),
          }),
        );
        for await (const event of readServerSentEvents(response, signal)) {
          lastId = event.id ?? lastId;
          if (event.event === 'error') throw brokenOff(event);
          yield event;
          if (isLast(event)) return;
        }
        if (this.transport.patienceMs === 0 || signal?.aborted === true) return;
      } catch (error) {
        // Who asked for the end needs no error.
        if (signal?.aborted === true) return;
        const final = error instanceof ApiError && !error.retryable;
        if (final || this.transport.patienceMs === 0) throw error;
      }
      await pause(500, signal);
    }
  }

  private getJson(path: string, parts: unknown, query: object, signal?: AbortSignal): Promise<unknown> {
    const get = this.api.GET as unknown as (
      path: string,
      init: object,
    ) => Promise<{ data: unknown; response: Response }>;
    return answer(get(path, { params: { path: parts, query }, ...(signal === undefined ? {} : { signal }) }));
  }
}

const runEnds: readonly string[] = ['succeeded', 'failed', 'cancelled'] satisfies Schemas['Run']['state'][];

function endsRun({ event, data }: ServerSentEvent): boolean {
  return event === 'run' && runEnds.includes((JSON.parse(data) as Schemas['RunEvent']).state);
}

function brokenOff(event: ServerSentEvent): ApiError {
  const problem = JSON.parse(event.data) as ApiError['problem'];
  return new ApiError(
    Number(problem['status'] ?? 500),
    problem.code ?? 'internal',
    problem.detail ?? 'the stream broke off',
    problem,
    problem.retryable ?? true,
    undefined,
  );
}
