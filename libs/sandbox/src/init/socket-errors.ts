import { errorMonitor, type EventEmitter } from 'node:events';
import net from 'node:net';
import type { RefusedHeader } from '../protocol.js';
import type { TaskConnection } from './context.js';

interface SystemError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly port?: number;
}

/** What a socket ends with where a sandbox's network has no way to go. */
const noWay = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'ENOTFOUND', 'EPERM', 'EACCES']);
const cut = new Set(['ECONNRESET', 'EPIPE']);

/** Makes the errors of raw sockets of this process say what the guard refused, or which way out there is. */
export class SocketErrors {
  private readonly refusals = new Map<number, string>();
  private connections: readonly TaskConnection[] = [];
  private isIsolated = false;
  private installed = false;

  /** Comes before the connection is reset. */
  noteRefusal({ connection, message }: RefusedHeader): void {
    const port = this.connections[connection]?.port;
    if (port !== undefined) this.refusals.set(port, message);
  }

  /** Begins with a job, whose declared connections are these. */
  explain(connections: readonly TaskConnection[], isIsolated: boolean): void {
    this.connections = connections;
    this.isIsolated = isIsolated;
    this.refusals.clear();
    if (this.installed) return;
    this.installed = true;
    const prototype = net.Socket.prototype as unknown as { connect: (...args: unknown[]) => unknown };
    const original = prototype.connect;
    const watch = (socket: net.Socket, target: Target): void => {
      // A monitor sees the error before the code does, and does not count as handling it.
      const emitter: EventEmitter = socket;
      emitter.once(errorMonitor, (error: SystemError) => this.amend(error, target));
    };
    prototype.connect = function (this: net.Socket, ...args: unknown[]): unknown {
      watch(this, targetOf(args));
      return Reflect.apply(original, this, args);
    };
  }

  private amend(error: SystemError, { host, port }: Target): void {
    const { code = '' } = error;
    const refused = this.refusals.get(port);
    if (cut.has(code) && refused !== undefined && isLoopback(host)) add(error, refused);
    else if (this.isIsolated && noWay.has(code) && !isLoopback(host)) add(error, advice(host, port));
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** As `net.connect` takes them: options, or a port and a host; in an array where Node normalised them already. */
function targetOf(args: readonly unknown[]): Target {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const { host, port } =
    typeof first === 'object' && first !== null
      ? (first as { readonly host?: unknown; readonly port?: unknown })
      : { host: second, port: first };
  return { host: typeof host === 'string' ? host : 'localhost', port: Number(port) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function advice(host: string, port: number): string {
  return (
    `egress: a task reaches ${host}:${port} by HTTP through the proxy, or as a declared connection: ` +
    'declare it in the pipeline and use the host and port of ctx.connections'
  );
}

function add(error: SystemError, reason: string): void {
  if (error.message.includes(reason)) return;
  error.message = error.message === '' ? reason : `${error.message}: ${reason}`;
}
