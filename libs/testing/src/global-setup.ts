import { createServer, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServers } from './test-servers.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Unix socket at which specs ask for the servers of the run. */
    testServers: string;
  }
}

interface Project {
  provide(key: 'testServers', value: string): void;
}

function answer(response: ServerResponse, facts: Promise<unknown>): void {
  facts.then(
    (value) => response.end(JSON.stringify(value)),
    (error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
  );
}

/**
 * Global set-up of vitest: one Postgres and one Temporal server for all spec files, each started by the first spec that
 * asks, so that a run of pure specs starts neither.
 */
export async function setup(project: Project): Promise<() => Promise<void>> {
  const servers = testServers();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  const socket = join(folder, 'servers.sock');
  const broker = createServer((request, response) => {
    if (request.url === '/postgres') answer(response, servers.postgres());
    else if (request.url === '/temporal') answer(response, servers.temporal());
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    broker.once('error', reject);
    broker.listen(socket, () => resolve());
  });
  project.provide('testServers', socket);
  return async () => {
    broker.close();
    broker.closeAllConnections();
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
