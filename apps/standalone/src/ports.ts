import { readFile } from 'node:fs/promises';
import { commandLineOf, freePorts, holderOfPort, isPortFree, portProblem, writeRecord } from '@millrace/embedded';
import { DomainError } from '@millrace/kernel';
import { z } from 'zod';

const firstApiPort = 7070;

const portsSchema = z.strictObject({
  api: z.number(),
  postgres: z.number(),
  warehouse: z.number(),
  orders: z.number(),
  temporal: z.number(),
  temporalHttp: z.number(),
  temporalUi: z.number(),
  temporalMetrics: z.number(),
});

/** The ports of one instance; kept, so that addresses stay what they were. */
export type Ports = z.infer<typeof portsSchema>;

async function describeHolder(port: number): Promise<string> {
  const pid = await holderOfPort(port);
  return pid === undefined ? '' : ` (pid ${pid}: ${((await commandLineOf(pid)) ?? '').slice(0, 120)})`;
}

/** Rejects where the port cannot be had: `standalone.port_busy` names the holder where it can be seen. */
export async function demandPort(port: number, host: string): Promise<number> {
  const problem = await portProblem(port, host);
  if (problem === undefined) return port;
  if (problem !== 'EADDRINUSE') {
    const why = problem === 'EACCES' ? 'this user may not listen on it' : problem;
    throw new DomainError('invalid', 'standalone.bad_port', `port ${port} on ${host} cannot be used: ${why}`);
  }
  const holder = await describeHolder(port);
  throw new DomainError(
    'conflict',
    'standalone.port_busy',
    `port ${port} on ${host} is busy${holder}: stop that program, set MILLRACE_PORT to another port, or unset it to take a free one`,
  );
}

async function nextFree(from: number, host: string): Promise<number> {
  for (let port = from; port < from + 200; port += 1) if (await isPortFree(port, host)) return port;
  throw new DomainError('conflict', 'standalone.no_port', `no port from ${from} to ${from + 199} is free on ${host}`);
}

async function remembered(file: string): Promise<Partial<Ports>> {
  try {
    return portsSchema.partial().parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}

const clusterPortsSchema = portsSchema.pick({ postgres: true, warehouse: true }).loose();

/** Where the clusters of a running instance listen. Throws where that was not kept, which no start leaves so. */
export async function clusterPorts(file: string): Promise<Pick<Ports, 'postgres' | 'warehouse'>> {
  return clusterPortsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/**
 * The port of the sample's shop, which listens only while the tour is walked. So it must be none that the system hands
 * out to whoever asks for a free one meanwhile (from 32768 on Linux, 49152 elsewhere), nor that of another instance.
 */
async function ordersPort(before: number | undefined, api: number): Promise<number> {
  if (before !== undefined && before < 30_200 && (await isPortFree(before))) return before;
  return nextFree(10_000 + (api % 20_000), '127.0.0.1');
}

/**
 * Chooses the ports of an instance: the API's as demanded, else the one of last time, else 7070 or the next free one;
 * the others as last time, or free ones. What was chosen is remembered.
 */
export async function choosePorts(file: string, bind: string, demanded: number | undefined): Promise<Ports> {
  const before = await remembered(file);
  const inner = ['postgres', 'warehouse', 'temporal', 'temporalHttp', 'temporalUi', 'temporalMetrics'] as const;
  const fresh = await freePorts(inner.length);
  const keep = async (name: (typeof inner)[number], index: number): Promise<number> => {
    const port = before[name];
    return port !== undefined && (await isPortFree(port)) ? port : (fresh[index] ?? 0);
  };
  const [postgres = 0, warehouse = 0, temporal = 0, temporalHttp = 0, temporalUi = 0, temporalMetrics = 0] =
    await Promise.all(inner.map(keep));
  const api =
    demanded === undefined ? await nextFree(before.api ?? firstApiPort, bind) : await demandPort(demanded, bind);
  const orders = await ordersPort(before.orders, api);
  const ports = { api, postgres, warehouse, orders, temporal, temporalHttp, temporalUi, temporalMetrics };
  // A port demanded once says nothing about the next start.
  await writeRecord(file, { ...ports, api: demanded === undefined ? api : before.api });
  return ports;
}
