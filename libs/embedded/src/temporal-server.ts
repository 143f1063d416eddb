import { chown, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DevServerPorts, devServerArguments, embeddedRetentionHours } from '@millrace/temporal/server';
import { reap } from './process-record.js';
import { type ServerProcess, startServerProcess } from './server-process.js';
import type { UnprivilegedUser } from './unprivileged-user.js';

export interface TemporalServerOptions {
  /** The Temporal CLI. */
  readonly binary: string;
  readonly user: UnprivilegedUser | undefined;
  readonly ports: DevServerPorts;
  readonly namespace: string;
  /** SQLite file; absent, the state is kept in memory. */
  readonly storeFile?: string;
  readonly headless?: boolean;
  readonly stateFile: string;
  readonly logFile: string;
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined;
}

/** A running Temporal development server. */
export interface TemporalServer extends ServerProcess {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  readonly port: number;
}

async function hasNamespace(httpPort: number, namespace: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/namespaces/${namespace}`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function setRetention(httpPort: number, namespace: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/namespaces/${namespace}/update`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ config: { workflowExecutionRetentionTtl: `${embeddedRetentionHours * 3600}s` } }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`Temporal refused the retention: ${response.status} ${await response.text()}`);
}

/** Starts a Temporal development server; first ends what an earlier start left behind. Rejects with `embedded.*`. */
export async function startTemporal(options: TemporalServerOptions): Promise<TemporalServer> {
  const { ports, namespace, storeFile, user } = options;
  await reap(options.stateFile, 'SIGTERM');
  if (storeFile !== undefined) {
    await mkdir(dirname(storeFile), { recursive: true, mode: 0o700 });
    if (user !== undefined) await chown(dirname(storeFile), user.uid, user.gid);
  }
  const server = await startServerProcess({
    name: 'Temporal',
    program: options.binary,
    args: devServerArguments({
      ports,
      namespace,
      ...(storeFile === undefined ? {} : { storeFile }),
      ...(options.headless === undefined ? {} : { headless: options.headless }),
    }),
    // The CLI looks for settings below HOME; nobody's settings shall reach this server.
    env: { PATH: '/usr/bin:/bin', HOME: storeFile === undefined ? '/' : dirname(storeFile) },
    cwd: '/',
    user,
    logFile: options.logFile,
    stateFile: options.stateFile,
    port: ports.grpc,
    signal: options.signal,
    isReady: () => hasNamespace(ports.http, namespace),
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
  });
  await setRetention(ports.http, namespace);
  return { ...server, port: ports.grpc, address: `127.0.0.1:${ports.grpc}` };
}
