import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { type EgressGuard, isRefusal, refusal } from './guard.js';
import type { EgressPolicy, EgressRefusal, EgressTarget } from './policy.js';
import { parseAbsolute, parseAuthority } from './target.js';

export interface EgressSessionOptions {
  readonly policy: EgressPolicy;
  readonly onRefused?: (refusal: EgressRefusal) => void;
  /** A declared connection (by its place in the list) was refused, and is about to be reset: bytes cannot say why. */
  readonly onConnectionRefused?: (index: number, refusal: EgressRefusal) => void;
  /** Asked for as the proxy's password where other processes could reach its port. */
  readonly token?: string;
}

const maxConnections = 256;
const resetDelayMs = 20;

/** RFC 9110, 7.6.1: what concerns one hop is not handed on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The ways out of one execution: an HTTP proxy and raw ports for its connections. It is known by the listening
 * sockets that it accepts on, which live in the sandbox's own network namespace.
 */
export class EgressSession {
  /** Made for the first connection: most jobs make none. */
  private proxy: HttpServer | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly servers = new Map<Server, (socket: Socket) => void>();
  private closed = false;

  constructor(
    private readonly guard: EgressGuard,
    private readonly options: EgressSessionOptions,
  ) {}

  /** Serves the HTTP proxy on a listening socket. */
  serveProxy(server: Server): void {
    this.accept(server, (socket) => (this.proxy ??= this.makeProxy()).emit('connection', socket));
  }

  /** Leads a listening socket to one declared connection. */
  serveConnection(server: Server, target: EgressTarget, index: number): void {
    this.accept(server, (socket) => void this.join(socket, target, index));
  }

  /** Ends every connection and stops listening; with `keepListening` the sockets may serve another session. */
  close(options: { readonly keepListening?: boolean } = {}): void {
    this.closed = true;
    for (const [server, accepted] of this.servers) {
      server.off('connection', accepted);
      server.off('error', ignore);
      if (options.keepListening !== true) server.close();
    }
    for (const socket of this.sockets) socket.destroy();
    this.proxy?.close();
  }

  private makeProxy(): HttpServer {
    const proxy = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 });
    proxy.on('request', (incoming, response) => void this.forward(incoming, response));
    proxy.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
      void this.tunnel(incoming, socket, head);
    });
    proxy.on('clientError', (_error, socket) => socket.destroy());
    return proxy;
  }

  private accept(server: Server, handle: (socket: Socket) => void): void {
    const accepted = (socket: Socket): void => {
      if (this.closed || this.sockets.size >= 2 * maxConnections) {
        socket.destroy();
        return;
      }
      this.track(socket);
      handle(socket);
    };
    this.servers.set(server, accepted);
    server.on('error', ignore);
    server.on('connection', accepted);
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }

  private async dial(target: EgressTarget): Promise<Socket | EgressRefusal> {
    const result =
      this.sockets.size >= 2 * maxConnections
        ? refusal(target, 'too_many_connections', `more than ${maxConnections} connections at once`)
        : await this.guard.connect(target, this.options.policy);
    if (isRefusal(result)) {
      this.options.onRefused?.(result);
      return result;
    }
    if (this.closed) result.destroy();
    else this.track(result);
    return result;
  }

  private async join(inner: Socket, target: EgressTarget, index: number): Promise<void> {
    const outer = await this.dial(target);
    if (!isRefusal(outer)) {
      splice(inner, outer);
      return;
    }
    this.options.onConnectionRefused?.(index, outer);
    // The reason goes another way, and is to be there first.
    setTimeout(() => inner.resetAndDestroy(), resetDelayMs);
  }

  private async tunnel(incoming: IncomingMessage, inner: Socket, head: Buffer): Promise<void> {
    if (!this.mayUse(incoming)) {
      inner.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="millrace"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const target = parseAuthority(incoming.url ?? '');
    const outer = target === undefined ? this.misunderstood(incoming.url ?? '') : await this.dial(target);
    if (isRefusal(outer)) {
      const body = JSON.stringify(problemOf(outer));
      inner.end(
        // Many clients show the status line of a refused tunnel, and nothing else of the answer.
        `HTTP/1.1 ${statusOf(outer).slice(0, 3)} ${headerSafe(outer.message)}\r\n` +
          `Content-Type: application/json\r\nX-Millrace-Refused: ${headerSafe(outer.message)}\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    inner.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) outer.write(head);
    splice(inner, outer);
  }

  private async forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.mayUse(incoming)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="millrace"' }).end();
      return;
    }
    const target = parseAbsolute(incoming.url ?? '');
    const outer = target === undefined ? this.misunderstood(incoming.url ?? '') : await this.dial(target);
    if (target === undefined || isRefusal(outer)) {
      if (isRefusal(outer)) answerRefusal(response, outer);
      return;
    }
    const upstream = request({
      method: incoming.method ?? 'GET',
      path: target.path,
      headers: { ...endToEnd(incoming), host: target.hostHeader },
      createConnection: () => outer,
      setHost: false,
    });
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    upstream.once('error', (error) => {
      outer.destroy();
      if (response.headersSent) response.destroy();
      else answerRefusal(response, refusal(target, 'connect_failed', error.message));
    });
    response.once('close', () => outer.destroy());
    incoming.pipe(upstream);
  }

  private misunderstood(target: string): EgressRefusal {
    const refused = refusal({ host: target.slice(0, 200), port: 0 }, 'bad_target', 'this is not a host and a port');
    this.options.onRefused?.(refused);
    return refused;
  }

  private mayUse(incoming: IncomingMessage): boolean {
    const { token } = this.options;
    if (token === undefined) return true;
    const given = Buffer.from(incoming.headers['proxy-authorization'] ?? '');
    const wanted = Buffer.from(`Basic ${Buffer.from(`millrace:${token}`).toString('base64')}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}

function ignore(): void {
  // A listening socket that fails has nothing to tell anybody.
}

function splice(inner: Socket, outer: Socket): void {
  inner.pipe(outer);
  outer.pipe(inner);
  inner.once('close', () => outer.destroy());
  outer.once('close', () => inner.destroy());
}

function statusOf(refused: EgressRefusal): string {
  return isFailure(refused) ? '502 Bad Gateway' : '403 Forbidden';
}

/** Nothing forbids the target; it just did not answer. */
function isFailure(refused: EgressRefusal): boolean {
  return refused.reason === 'connect_failed' || refused.reason === 'name_not_resolved';
}

function problemOf(refused: EgressRefusal): Record<string, unknown> {
  const { host, port, reason, message } = refused;
  return { code: isFailure(refused) ? 'egress.failed' : 'egress.refused', host, port, reason, message };
}

function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

function answerRefusal(response: ServerResponse, refused: EgressRefusal): void {
  response.writeHead(isFailure(refused) ? 502 : 403, {
    'content-type': 'application/json',
    'x-millrace-refused': headerSafe(refused.message),
    connection: 'close',
  });
  response.end(JSON.stringify(problemOf(refused)));
}

/** The headers of a message without those of its hop, repeated names kept. */
function endToEnd(message: IncomingMessage): Record<string, string[]> {
  const named = (message.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const kept: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (values !== undefined && !hopByHop.has(name) && !named.includes(name)) kept[name] = values;
  }
  return kept;
}
