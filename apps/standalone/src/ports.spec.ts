import { type AddressInfo, createServer, type Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePorts } from './ports.js';

let folder: string;
let busy: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-ports-'));
});
afterEach(async () => {
  busy?.close();
  busy = undefined;
  await rm(folder, { recursive: true });
});

async function occupy(port: number): Promise<number> {
  const server = createServer();
  busy = server;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}

describe('choosePorts', () => {
  const file = (): string => join(folder, 'ports.json');

  it('keeps all ports over a restart', async () => {
    const first = await choosePorts(file(), '127.0.0.1', undefined);
    expect(await choosePorts(file(), '127.0.0.1', undefined)).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
  });

  it('moves on where a remembered port was taken meanwhile', async () => {
    const first = await choosePorts(file(), '127.0.0.1', undefined);
    await occupy(first.api);
    const second = await choosePorts(file(), '127.0.0.1', undefined);
    expect(second.api).toBeGreaterThan(first.api);
    expect(second.postgres).toBe(first.postgres);
  });

  it('refuses a demanded port that is busy and names who holds it', async () => {
    const port = await occupy(0);
    const holder = process.platform === 'linux' ? `pid ${process.pid}` : 'is busy';
    await expect(choosePorts(file(), '127.0.0.1', port)).rejects.toThrow(holder);
    await expect(choosePorts(file(), '127.0.0.1', port)).rejects.toMatchObject({ code: 'standalone.port_busy' });
  });

  it('says so when the address is not one of this machine', async () => {
    await expect(choosePorts(file(), '192.0.2.1', 7070)).rejects.toMatchObject({ code: 'standalone.bad_port' });
  });
});
