import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** The registry that `/metrics` of this process prints; every metric of ours is registered on it by name. */
export const metrics = new Registry();

/** Adds CPU, memory, event loop and garbage collection of this process. Call once, at start. */
export function collectProcessMetrics(processName: string): void {
  metrics.setDefaultLabels({ process: processName });
  collectDefaultMetrics({ register: metrics });
}

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Answers `/readyz`: resolves when the process can do its work, rejects with the reason otherwise. */
  readonly ready?: () => Promise<void>;
}

export interface MetricsServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Serves `/metrics`, `/healthz` (the event loop turns) and `/readyz` for a process that has no HTTP server of its own.
 * Rejects when the port cannot be bound.
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const ready = options.ready ?? (() => Promise.resolve());
    if (request.url === '/metrics') {
      metrics.metrics().then(
        (text) => answer(200, metrics.contentType, text),
        (error: unknown) => answer(500, 'text/plain', String(error)),
      );
    } else if (request.url === '/healthz') answer(200, 'text/plain', 'ok\n');
    else if (request.url === '/readyz') {
      ready().then(
        () => answer(200, 'text/plain', 'ok\n'),
        (error: unknown) => answer(503, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`),
      );
    } else answer(404, 'text/plain', 'not found\n');
  });
  await listen(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}
