import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';

/** Where a Temporal server is and how to talk to it. */
export interface TemporalTarget {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  /** TLS with the authorities that the system trusts; implied by any file below and by an API key. */
  readonly tls?: boolean;
  /** Paths of PEM files. */
  readonly tlsCaFile?: string | undefined;
  readonly tlsCertFile?: string | undefined;
  readonly tlsKeyFile?: string | undefined;
  /** API key of Temporal Cloud. */
  readonly apiKey?: string | undefined;
}

async function read(path: string | undefined): Promise<Buffer | undefined> {
  return path === undefined ? undefined : readFile(path);
}

async function connectionOptions(
  target: TemporalTarget,
): Promise<Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey'>> {
  const [ca, crt, key] = await Promise.all([read(target.tlsCaFile), read(target.tlsCertFile), read(target.tlsKeyFile)]);
  const pair = crt === undefined || key === undefined ? {} : { clientCertPair: { crt, key } };
  const encrypted = target.tls === true || ca !== undefined || crt !== undefined || target.apiKey !== undefined;
  return {
    address: target.address,
    ...(encrypted ? { tls: { ...(ca === undefined ? {} : { serverRootCACertificate: ca }), ...pair } } : {}),
    ...(target.apiKey === undefined ? {} : { apiKey: target.apiKey }),
  };
}

/**
 * A connection for workers, which a client in the same process may share: eager workflow start needs both on one.
 * Call `installRuntime` first. Rejects when the server does not answer. The caller closes it after its workers ended.
 */
export async function connectNative(target: TemporalTarget): Promise<NativeConnection> {
  return NativeConnection.connect(await connectionOptions(target));
}

/**
 * A client on a connection of its own, or on the given one, which the caller then owns.
 * Rejects when the server does not answer within 10 s.
 */
export async function connectClient(target: TemporalTarget, shared?: NativeConnection): Promise<Client> {
  const connection =
    shared ?? (await Connection.connect({ ...(await connectionOptions(target)), connectTimeout: '10 seconds' }));
  return new Client({ connection, namespace: target.namespace });
}
