import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { type EgressGuard, isRefusal } from '../egress/guard.js';
import type { EgressTarget } from '../egress/policy.js';

/** An index as a build sees it: a loopback port in front of one real origin. */
export interface OriginRoute {
  /** `https://host[:port]`, as it appears in the index's own pages. */
  readonly origin: string;
  readonly server: Server;
}

export interface OriginServing {
  readonly guard: EgressGuard;
  readonly routes: readonly OriginRoute[];
  readonly credentials: readonly { readonly urlPrefix: string; readonly authorization: string }[];
  readonly extraCa?: string;
  readonly onProblem?: (message: string) => void;
}

const dropped = new Set([
  'connection',
  'host',
  'accept-encoding',
  'authorization',
  'proxy-authorization',
  'keep-alive',
  'te',
  'upgrade',
  'transfer-encoding',
]);
/** Pages that name files by their full address. */
const pages = /^(text\/html|application\/json|application\/vnd\.(npm|pypi)[\w.+-]*)/;

/**
 * Serves package indexes to a build: TLS, certificates and credentials stay out here, and addresses of the known
 * origins in their pages become the loopback ports that the build can reach. An index may lie in a private range: the
 * exact host and port of each is open, nothing else.
 */
export class OriginServer {
  private readonly servers: HttpServer[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly ca: string[] | undefined;
  private readonly local: ReadonlyMap<string, string>;

  constructor(private readonly serving: OriginServing) {
    this.ca = serving.extraCa === undefined ? undefined : [...rootCertificates, serving.extraCa];
    this.local = new Map(
      serving.routes.map(({ origin, server }) => [
        origin,
        `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ]),
    );
    for (const { origin, server } of serving.routes) this.serve(origin, server);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    for (const { server } of this.serving.routes) server.close();
    for (const server of this.servers) server.close();
  }

  private serve(origin: string, server: Server): void {
    const http = createServer((incoming, response) => void this.answer(origin, incoming, response));
    http.on('clientError', (_error, socket) => socket.destroy());
    this.servers.push(http);
    server.on('error', () => undefined);
    server.on('connection', (socket) => {
      this.track(socket);
      http.emit('connection', socket);
    });
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }

  private async answer(origin: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', origin);
    if (url.origin !== new URL(origin).origin || !['GET', 'HEAD'].includes(incoming.method ?? '')) {
      response.writeHead(405).end();
      return;
    }
    const isSecure = url.protocol === 'https:';
    const target: EgressTarget = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    };
    const socket = await this.serving.guard.connect(target, { open: [target] });
    if (isRefusal(socket)) {
      this.fail(response, socket.message);
      return;
    }
    this.track(socket);
    const ask = isSecure ? httpsRequest : httpRequest;
    const upstream = ask({
      method: incoming.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...this.headersFor(url, incoming), host: url.host },
      setHost: false,
      createConnection: () =>
        isSecure
          ? connectTls({ socket, servername: target.host, ...(this.ca === undefined ? {} : { ca: this.ca }) })
          : socket,
    });
    upstream.once('response', (answer) => this.pass(answer, response));
    upstream.once('error', (error) => this.fail(response, `${url.origin}: ${error.message}`));
    response.once('close', () => socket.destroy());
    upstream.end();
  }

  private headersFor(url: URL, incoming: IncomingMessage): Record<string, string> {
    const kept = Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !dropped.has(name) ? [[name, value] as const] : [],
    );
    const credential = this.serving.credentials
      .filter(({ urlPrefix }) => url.href.startsWith(urlPrefix))
      .sort((a, b) => b.urlPrefix.length - a.urlPrefix.length)[0];
    return {
      ...Object.fromEntries(kept),
      ...(credential === undefined ? {} : { authorization: credential.authorization }),
    };
  }

  private pass(answer: IncomingMessage, response: ServerResponse): void {
    const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !dropped.has(name)));
    if (typeof headers['location'] === 'string') headers['location'] = this.localized(headers['location']);
    if (!pages.test(answer.headers['content-type'] ?? '') || answer.headers['content-encoding'] !== undefined) {
      response.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
      return;
    }
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part));
    answer.once('error', () => response.destroy());
    answer.once('end', () => {
      const body = Buffer.from(this.localized(Buffer.concat(parts).toString('utf8')));
      response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': String(body.length) });
      response.end(answer.statusCode === 304 ? undefined : body);
    });
  }

  private localized(text: string): string {
    let changed = text;
    for (const [origin, local] of this.local) changed = changed.replaceAll(`${origin}/`, `${local}/`);
    return changed;
  }

  private fail(response: ServerResponse, message: string): void {
    this.serving.onProblem?.(message);
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end(message);
  }
}
