import { ApiError, refusal } from './api-error.js';

export interface TransportOptions {
  /** API key or access token. */
  readonly token?: string;
  /** How long a request is repeated while the server cannot be reached or says that a repeat may succeed; 0: never. */
  readonly patienceMs?: number;
  /** Sent as `User-Agent` where the runtime allows it. */
  readonly userAgent?: string;
  /** Instead of the runtime's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

const longestDelayMs = 2000;

/** Resolves after the time, or as soon as the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** A random UUID; browsers have `crypto.randomUUID` under https only. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Sends requests with credential and Idempotency-Key, repeats them while that is safe and of use, and turns refusals
 * into `ApiError`. The key stays the same over the repeats, so a repeat after a lost answer has no second effect.
 */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  get patienceMs(): number {
    return this.options.patienceMs ?? 0;
  }

  /** Any success; throws `ApiError` for a refusal and what `fetch` throws where no answer came. */
  async send(request: Request): Promise<Response> {
    const { method, signal } = request;
    this.complete(request);
    const until = Date.now() + this.patienceMs;
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      try {
        // A body can be read once, and a repeat needs it again.
        const response = await (this.options.fetch ?? fetch)(request.clone());
        if (response.ok) return response;
        const { pathname } = new URL(request.url);
        throw await refusal(method, decodeURIComponent(pathname), response);
      } catch (error) {
        const again = error instanceof ApiError ? error.retryable : true;
        const wait = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 || delayMs : delayMs;
        if (!again || signal.aborted || Date.now() + wait > until) throw error;
        await pause(wait, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  private complete(request: Request): void {
    const { token, userAgent } = this.options;
    if (token !== undefined && !request.headers.has('authorization')) {
      request.headers.set('authorization', `Bearer ${token}`);
    }
    if (request.method !== 'GET' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', newIdempotencyKey());
    }
    if (userAgent !== undefined) request.headers.set('user-agent', userAgent);
  }
}
