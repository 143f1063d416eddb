import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ListenerMessage } from '../protocol.js';

/**
 * Opens a port on the sandbox's own loopback and hands the listening socket to the host, which accepts on it from
 * outside: no forwarder runs in here, so a task that blocks its process still gets out, and the guard knows by the
 * socket whose connection it is.
 */
export async function listenForHost(message: ListenerMessage): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  if (process.send === undefined) throw new Error('init was started without a process channel');
  await new Promise<void>((resolve, reject) => {
    process.send?.(message, server, {}, (error) => (error === null ? resolve() : reject(error)));
  });
  // Only this process's copy: the host keeps listening.
  server.close();
  return port;
}

/** Resolves when the host has closed the process channel, which it does before any code of the task runs. */
export async function channelClosed(): Promise<void> {
  if (!process.connected) return;
  await new Promise<void>((resolve) => process.once('disconnect', () => resolve()));
}
