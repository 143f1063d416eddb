import { type BuiltinContext, BuiltinError } from '../builtin-context.js';
import { findRetryClass } from '../retry-class.js';
import { httpRetryClasses } from './retry-classes.js';

export interface HttpConfig {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly expect?: { readonly status: number | readonly number[] };
  readonly timeoutSeconds?: number;
  readonly parse: 'json' | 'text';
}

export interface HttpOutput {
  readonly status: number;
  /** Names in lower case; repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null where there is none. */
  readonly body: unknown;
}

const shownOfBody = 300;

/** Sends one request. Redirects are followed, and each step passes the guard again. */
export async function run(config: HttpConfig, context: BuiltinContext): Promise<HttpOutput> {
  const signals = [context.signal];
  if (config.timeoutSeconds !== undefined) signals.push(AbortSignal.timeout(config.timeoutSeconds * 1000));
  let response: Response;
  let text: string;
  try {
    response = await fetch(config.url, { ...requestOf(config), signal: AbortSignal.any(signals) });
    text = await response.text();
  } catch (error) {
    throw describe(error, config);
  }
  refuseGuardAnswer(response, config);
  const { status } = response;
  if (!isExpected(status, config.expect?.status)) {
    const shown = text.length > shownOfBody ? `${text.slice(0, shownOfBody)}…` : text;
    throw failure(
      `http.${status}`,
      `${config.method} ${shownUrl(config)} answered ${status}${shown === '' ? '' : `: ${shown}`}`,
    );
  }
  return { status, headers: Object.fromEntries(response.headers), body: parseBody(text, config) };
}

function requestOf(config: HttpConfig): RequestInit {
  const { method, body } = config;
  const headers = new Headers(config.headers);
  if (body === undefined || body === null) return { method, headers };
  if (typeof body === 'string') return { method, headers, body };
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return { method, headers, body: JSON.stringify(body) };
}

function isExpected(status: number, expected: number | readonly number[] | undefined): boolean {
  if (expected === undefined) return status >= 200 && status < 300;
  return typeof expected === 'number' ? status === expected : expected.includes(status);
}

function parseBody(text: string, config: HttpConfig): unknown {
  if (config.parse === 'text') return text;
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = `the body of ${shownUrl(config)} is not JSON: set "parse: text" to take it as it is`;
    throw failure('http.not_json', message);
  }
}

/** For a plain request the guard answers in the server's place. */
function refuseGuardAnswer(response: Response, config: HttpConfig): void {
  const said = response.headers.get('x-millrace-refused');
  if (said === null) return;
  throw failure(response.status === 403 ? 'egress.refused' : 'http.network', `${shownUrl(config)}: ${said}`);
}

function describe(error: unknown, config: HttpConfig): BuiltinError {
  const url = shownUrl(config);
  const { name } = error as Error;
  if (name === 'TimeoutError') {
    return failure('http.timeout', `${url} did not answer within ${config.timeoutSeconds ?? 0} s`);
  }
  const said = messages(error).join(': ');
  if (codes(error).includes('EGRESS_REFUSED')) return failure('egress.refused', `${url}: ${said}`);
  return failure('http.network', `no answer from ${url}: ${said}`);
}

function codes(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  return [(error as Error & { readonly code?: unknown }).code, ...codes(error.cause)];
}

function messages(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message, ...(error.cause === undefined ? [] : messages(error.cause))];
}

function failure(code: string, message: string): BuiltinError {
  return new BuiltinError('HttpError', code, message, findRetryClass(httpRetryClasses, code)?.retryable ?? false);
}

/** Without user name, password and query: they may hold secrets, and this goes into logs. */
function shownUrl({ url }: HttpConfig): string {
  const parsed = new URL(url);
  return `${parsed.origin}${parsed.pathname}`;
}
