import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ControlDatabase, type ControlTransaction, TenantDatabase, type TenantTransaction } from '@millrace/database';
import type { DomainError } from '@millrace/kernel';
import type { Request, Response } from 'express';
import { from, lastValueFrom, map, type Observable } from 'rxjs';
import { edgeState } from './caller.js';
import {
  checkKey,
  idempotencyHeader,
  IdempotencyStore,
  inProgress,
  type KeyedRequest,
  type StoredResponse,
} from './idempotency.js';
import { checkPrecondition, isKnown, tagOf, type Versioning, versioningKeys } from './versioning.js';
import { metadataKeys, type MutationOptions, type OperationOptions } from './route.js';

/** Token of the provider that says whether responses are checked against their schema (tests and development). */
export const checkResponses = Symbol('checkResponses');

/**
 * Thrown by a handler of a `@Public()` mutation: the transaction is kept (the revocation of a stolen session, say),
 * and the request is refused with the error all the same.
 */
export class KeptRefusal extends Error {
  constructor(readonly refusal: DomainError) {
    super(refusal.message);
  }
}

type AnyTransaction = TenantTransaction | ControlTransaction;
type Outcome = { readonly response: StoredResponse; readonly replayed: boolean } | { readonly refusal: DomainError };

const keptHeaders = ['location', 'etag', 'content-type', 'cache-control'];
const waitMs = 5_000;

/** Runs mutations in their transaction with their idempotency key, and checks responses where that is asked for. */
@Injectable()
export class EdgeInterceptor implements NestInterceptor {
  /** Requests with a key that this process is working on: a repeat waits for them without holding a connection. */
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(ControlDatabase) private readonly control: ControlDatabase,
    @Inject(IdempotencyStore) private readonly store: IdempotencyStore,
    @Inject(checkResponses) private readonly check: boolean,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const mutation = this.reflector.get<MutationOptions | undefined>(metadataKeys.mutation, context.getHandler());
    if (mutation !== undefined) return from(this.mutate(context, next, mutation));
    return next.handle().pipe(map((value: unknown) => this.unlessKnown(context, this.checked(context, value))));
  }

  /** Tags the answer of a GET, and leaves it out where the client has it already. */
  private unlessKnown(context: ExecutionContext, value: unknown): unknown {
    const versioning = this.reflector.get<Versioning | undefined>(versioningKeys.shows, context.getHandler());
    if (versioning === undefined || typeof value !== 'object' || value === null) return value;
    const http = context.switchToHttp();
    const tag = tagOf(value, versioning);
    // Kept by whoever asked, and asked for again each time.
    const response = http.getResponse<Response>().set({ etag: tag, 'cache-control': 'private, no-cache' });
    if (!isKnown(http.getRequest<Request>().get('if-none-match'), tag)) return value;
    response.status(304);
    return undefined;
  }

  private checked(context: ExecutionContext, value: unknown): unknown {
    if (!this.check) return value;
    // The handler has answered by itself, in a format other than the one of the schema.
    if (value === undefined && context.switchToHttp().getResponse<Response>().headersSent) return value;
    const operation = this.reflector.get<OperationOptions | undefined>(metadataKeys.operation, context.getHandler());
    const result = operation?.response?.safeParse(value);
    if (result?.success === false) {
      throw new Error(`the response of ${operation?.id ?? ''} does not fit its schema: ${result.error.message}`);
    }
    return value;
  }

  private async mutate(context: ExecutionContext, next: CallHandler, options: MutationOptions): Promise<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const keyed = this.keyedRequest(request, options);
    const handle = async (tx: AnyTransaction): Promise<StoredResponse> => {
      edgeState(request).tx = tx;
      const edited = this.reflector.get<Versioning | undefined>(versioningKeys.edits, context.getHandler());
      if (edited !== undefined && 'tenantId' in tx) await checkPrecondition(tx, request, edited);
      const value = this.checked(context, await lastValueFrom(next.handle(), { defaultValue: undefined }));
      if (edited !== undefined && typeof value === 'object' && value !== null) {
        response.set('etag', tagOf(value, edited));
      }
      return {
        status: response.statusCode,
        headers: headersToKeep(response),
        cookies: [response.get('set-cookie') ?? []].flat(),
        text: value === undefined ? '' : JSON.stringify(value),
      };
    };
    const outcome = await this.alone(keyed, () =>
      this.inTransaction(request, options, (tx) => this.once(tx, keyed, handle)),
    );
    if ('refusal' in outcome) throw outcome.refusal;
    const { finish } = edgeState(request);
    if (finish !== undefined && !outcome.replayed) return this.checked(context, await finish());
    return send(response, outcome.response, outcome.replayed);
  }

  private async once(
    tx: AnyTransaction,
    keyed: KeyedRequest | undefined,
    handle: (tx: AnyTransaction) => Promise<StoredResponse>,
  ): Promise<Outcome> {
    const stored = keyed === undefined ? undefined : await this.store.begin(tx, keyed);
    if (stored !== undefined) return { response: stored, replayed: true };
    try {
      const response = await handle(tx);
      if (keyed !== undefined) this.store.finish(tx, keyed, response);
      return { response, replayed: false };
    } catch (error) {
      if (!(error instanceof KeptRefusal)) throw error;
      if (keyed !== undefined) await this.store.release(tx, keyed);
      return { refusal: error.refusal };
    }
  }

  private inTransaction<T>(
    request: Request,
    options: MutationOptions,
    work: (tx: AnyTransaction) => Promise<T>,
  ): Promise<T> {
    const { caller } = edgeState(request);
    return caller === undefined || options.control === true
      ? this.control.transaction(work)
      : this.tenants.transaction(caller.tenantId, work);
  }

  private keyedRequest(request: Request, options: MutationOptions): KeyedRequest | undefined {
    const key = request.get(idempotencyHeader);
    if (key === undefined) return undefined;
    checkKey(key);
    const { caller, rawBody } = edgeState(request);
    const owner = caller === undefined ? strangerOf(request, options) : caller.actor;
    return {
      scope: caller?.tenantId ?? 'public',
      key: `${owner}:${key}`,
      route: `${request.method} ${request.path}`,
      bodyHash: this.store.hashOf(request.method, request.originalUrl, request.get('content-type') ?? '', rawBody),
    };
  }

  private async alone<T>(keyed: KeyedRequest | undefined, work: () => Promise<T>): Promise<T> {
    if (keyed === undefined) return work();
    const name = `${keyed.scope}|${keyed.key}`;
    const deadline = performance.now() + waitMs;
    for (let other = this.running.get(name); other !== undefined; other = this.running.get(name)) {
      if (!(await within(other, deadline - performance.now()))) throw inProgress();
    }
    const result = work();
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.running.set(name, settled);
    try {
      return await result;
    } finally {
      this.running.delete(name);
    }
  }
}

async function within(work: Promise<void>, ms: number): Promise<boolean> {
  if (ms <= 0) return false;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = await Promise.race([work.then(() => true as const), timeout]);
  clearTimeout(timer);
  return done;
}

function strangerOf(request: Request, options: MutationOptions): string {
  const body: unknown = request.body;
  const identity = options.identity?.(
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {},
    request,
  );
  return createHash('sha256')
    .update(JSON.stringify([request.path, identity ?? null]))
    .digest('hex');
}

function headersToKeep(response: Response): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = response.get(name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function send(response: Response, { status, headers, cookies, text }: StoredResponse, replayed: boolean): unknown {
  response.status(status).set(headers);
  if (replayed) response.set('idempotency-replayed', 'true');
  if (replayed && cookies.length > 0) response.set('set-cookie', [...cookies]);
  if (text === '') return undefined;
  // Sent as the stored text, so that a replay is the same to the byte.
  response.type('application/json');
  return text;
}
