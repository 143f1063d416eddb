import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

const noProxy = '127.0.0.1,localhost,::1';
/** Where Node's own fetch looks for its dispatcher. */
const globalDispatcher = Symbol.for('undici.globalDispatcher.1');

/** The environment that tells every language's HTTP client where the proxy is. */
export function proxyEnvironment(proxyUrl: string): Record<string, string> {
  return {
    HTTP_PROXY: proxyUrl,
    HTTPS_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

interface Dispatching {
  dispatch(options: unknown, handler: unknown): boolean;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

interface ConnectOptions {
  readonly hostname: string;
  readonly port?: string;
  readonly protocol: string;
  readonly httpSocket?: net.Socket;
}
type Connector = (options: ConnectOptions, done: Tunnelled) => void;

interface UndiciModule {
  readonly Agent: new (options: { readonly connect: Connector }) => Dispatching;
  readonly buildConnector: (options: Record<string, unknown>) => Connector;
}

/**
 * Sends `fetch` and the http(s) modules of this process through the proxy. undici is large and is loaded at the first
 * request: most tasks make none. Gives what closes the connections that are kept open.
 */
export function useProxy(proxyUrl: string, undiciPath: string): () => Promise<void> {
  let loaded: Dispatching | undefined;
  const real = (): Dispatching => {
    if (loaded !== undefined) return loaded;
    const { Agent, buildConnector } = createRequire(undiciPath)(undiciPath) as UndiciModule;
    loaded = new Agent({ connect: tunnelConnector(new URL(proxyUrl), buildConnector({})) });
    return loaded;
  };
  const lazy: Dispatching = {
    dispatch: (options, handler) => real().dispatch(options, handler),
    close: async () => loaded?.close(),
    destroy: async () => loaded?.destroy(),
  };
  Object.defineProperty(globalThis, globalDispatcher, { value: lazy, writable: true, configurable: true });
  http.globalAgent = new TunnelAgent(new URL(proxyUrl));
  https.globalAgent = new SecureTunnelAgent(new URL(proxyUrl));
  const agents = [http.globalAgent, https.globalAgent];
  return async () => {
    for (const agent of agents) agent.destroy();
    await loaded?.destroy();
  };
}

/** Not undici's own proxy agent: what that one throws when a tunnel is refused does not say why. */
function tunnelConnector(proxy: URL, direct: Connector): Connector {
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isLoopback(host)) {
      direct(options, done);
      return;
    }
    const isSecure = options.protocol === 'https:';
    const port = Number(options.port === undefined || options.port === '' ? (isSecure ? 443 : 80) : options.port);
    openTunnel(proxy, host, port, (error, socket) => {
      if (error !== null || socket === undefined || !isSecure) done(error, socket);
      else direct({ ...options, httpSocket: socket }, done);
    });
  };
}

type Connected = (error: Error | null, socket: Duplex) => void;
type Tunnelled = (error: Error | null, socket?: net.Socket) => void;

function isLoopback(host: string): boolean {
  return noProxy.split(',').includes(host);
}

/** Asks the proxy for a tunnel with CONNECT; the guard checks it as it checks every request. */
function openTunnel(proxy: URL, host: string, port: number, done: Tunnelled): void {
  const headers: Record<string, string> = { host: `${host}:${port}` };
  if (proxy.username !== '') {
    headers['proxy-authorization'] =
      `Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}`;
  }
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const request = http.request({
    host: proxy.hostname,
    port: Number(proxy.port),
    method: 'CONNECT',
    path: authority,
    headers,
    agent: false,
  });
  request.once('error', (error) => done(error));
  request.once('connect', (response, socket) => {
    if (response.statusCode === 200) {
      done(null, socket);
      return;
    }
    socket.destroy();
    done(refusal(authority, response));
  });
  request.end();
}

function refusal(authority: string, response: http.IncomingMessage): Error {
  const reason = response.headers['x-millrace-refused'];
  const { statusCode = 0 } = response;
  const why = typeof reason === 'string' ? reason : `no connection to ${authority}: the proxy answered ${statusCode}`;
  return Object.assign(new Error(why), { code: statusCode === 403 ? 'EGRESS_REFUSED' : 'EGRESS_FAILED' });
}

/** Node's callback takes a socket even beside an error; it is not looked at then. */
function finish(done: Connected, error: Error | null, socket: Duplex | undefined): void {
  done(error, socket ?? new net.Socket());
}

class TunnelAgent extends http.Agent {
  constructor(private readonly proxy: URL) {
    super({ keepAlive: true, timeout: 60_000 });
  }

  override createConnection(options: http.ClientRequestArgs, done: Connected): undefined {
    const host = options.host ?? 'localhost';
    if (isLoopback(host)) {
      done(null, net.connect(options as net.TcpNetConnectOpts));
      return undefined;
    }
    openTunnel(this.proxy, host, Number(options.port ?? 80), (error, socket) => finish(done, error, socket));
    return undefined;
  }
}

class SecureTunnelAgent extends https.Agent {
  constructor(private readonly proxy: URL) {
    super({ keepAlive: true, timeout: 60_000 });
  }

  override createConnection(options: https.RequestOptions, done: Connected): undefined {
    const host = options.host ?? 'localhost';
    const secure = options as tls.ConnectionOptions;
    if (isLoopback(host)) {
      done(null, tls.connect(secure));
      return undefined;
    }
    openTunnel(this.proxy, host, Number(options.port ?? 443), (error, socket) => {
      finish(done, error, socket === undefined ? undefined : tls.connect({ ...secure, socket }));
    });
    return undefined;
  }
}
