import { ApiError, HttpClient, newIdempotencyKey, type Schemas } from '@millrace/clients';

/** Whether somebody is logged in here: not known yet while the cookie is being exchanged. */
export type SessionState = 'unknown' | 'in' | 'out';

/** Says across reloads that a cookie may be there, so that a first visit asks for nothing. It is no credential. */
const hintKey = 'millrace.session';
/** Renewed this long before the end, so that no request is refused on its way. */
const renewBeforeMs = 30_000;
const renewPath = '/v1/token:refresh';

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/**
 * The session of this browser. The refresh token is a cookie that no script can read; the access token lives in this
 * object and dies with the page. All pages of the browser leave together.
 */
export class BrowserSession {
  private token: string | undefined;
  private expiresAt = 0;
  private current: SessionState = 'unknown';
  private renewal: Promise<boolean> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly pages = new BroadcastChannel('millrace.session');

  constructor(private readonly baseUrl: string) {
    this.pages.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.data === 'out') this.end(false);
      // Another page logged in, perhaps as somebody else: what this one shows may be theirs no longer.
      if (event.data === 'in' && this.current === 'in') window.location.reload();
      if (event.data === 'in' && this.current === 'out') void this.open();
    });
  }

  get state(): SessionState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Goes on with the session of an earlier page of this browser, where there is one. */
  async open(): Promise<void> {
    if (storage()?.getItem(hintKey) !== 'cookie') this.end(false);
    else if (!(await this.renew())) this.end(false);
  }

  /** Takes over what a log-in, sign-up or accepted invitation with `"session": "cookie"` answered. */
  begin(session: Schemas['Session']): void {
    this.accept(session);
    this.pages.postMessage('in');
  }

  /** Ends it on the server and in all pages of this browser. */
  async leave(): Promise<void> {
    try {
      await this.send(
        new Request(`${this.baseUrl}/v1/logout`, {
          method: 'POST',
          headers: { 'idempotency-key': newIdempotencyKey() },
        }),
      );
    } finally {
      this.end(true);
    }
  }

  /** Sends a request with the access token, and once more with a new one where the first is refused. */
  async send(request: Request): Promise<Response> {
    if (this.token !== undefined && Date.now() > this.expiresAt - renewBeforeMs) await this.renew();
    const again = request.clone();
    const used = this.token;
    const response = await fetch(this.authorized(request));
    if (response.status !== 401 || this.current !== 'in') return response;
    // Another request may have renewed it while this one was on its way.
    if (this.token === used && !(await this.renew())) {
      this.end(true);
      return response;
    }
    return fetch(this.authorized(again));
  }

  private authorized(request: Request): Request {
    if (this.token !== undefined) request.headers.set('authorization', `Bearer ${this.token}`);
    return request;
  }

  /** One exchange at a time, however many requests wait for it. False where the session has ended. */
  private renew(): Promise<boolean> {
    this.renewal ??= this.exchange().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  private async exchange(): Promise<boolean> {
    const server = new HttpClient({ baseUrl: this.baseUrl, patienceMs: 20_000 });
    try {
      this.accept(await server.post<Schemas['Session']>(renewPath));
      return true;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return false;
      // The server is away: the session may well be good, and the next request tries again.
      return this.current === 'in';
    }
  }

  private accept(session: Schemas['Session']): void {
    this.token = session.accessToken;
    this.expiresAt = Date.parse(session.accessExpiresAt);
    storage()?.setItem(hintKey, 'cookie');
    this.change('in');
  }

  private end(everywhere: boolean): void {
    this.token = undefined;
    storage()?.removeItem(hintKey);
    if (everywhere) this.pages.postMessage('out');
    this.change('out');
  }

  private change(state: SessionState): void {
    if (this.current === state) return;
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
