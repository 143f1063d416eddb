import { createServer, type Server } from 'node:http';

/** What a task says of itself when its code starts: outside the platform, so that the platform cannot forget it. */
export interface Recorded {
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly try: number;
  readonly nonce: string;
  /** When it arrived, milliseconds since the epoch. */
  readonly atMs: number;
}

/** An HTTP server on loopback that keeps every record in order of arrival. */
export class Recorder {
  readonly entries: Recorded[] = [];
  private server: Server | undefined;

  /** Port it listens on. */
  async open(): Promise<number> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const said = JSON.parse(Buffer.concat(parts).toString('utf8')) as Omit<Recorded, 'atMs'>;
        this.entries.push({ ...said, atMs: Date.now() });
        response.writeHead(204).end();
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  async close(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
