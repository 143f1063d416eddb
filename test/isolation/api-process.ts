import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TestDatabase } from '@millrace/testing';

const program = fileURLToPath(new URL('../../apps/api/dist/main.js', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** The API as it is shipped, a process of its own on a database of its own. */
export class ApiProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly output: string[],
  ) {}

  static async start(database: TestDatabase, environment: Readonly<Record<string, string>> = {}): Promise<ApiProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-isolation-'));
    const port = await freePort();
    const masterKeyFile = join(folder, 'master.key');
    await writeFile(masterKeyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    const child = spawn(process.execPath, [program], {
      env: {
        PATH: process.env['PATH'],
        MILLRACE_PORT: String(port),
        MILLRACE_APP_DATABASE_URL: database.appUrl,
        MILLRACE_CONTROL_DATABASE_URL: database.controlUrl,
        MILLRACE_OBJECT_STORE: pathToFileURL(join(folder, 'objects')).href,
        MILLRACE_GATEWAY: `unix:${join(folder, 'gateway.sock')}`,
        MILLRACE_MASTER_KEY_FILE: masterKeyFile,
        MILLRACE_SIGNUP_RATE: '1000',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    const api = new ApiProcess(`http://127.0.0.1:${port}`, child, folder, output);
    await api.ready();
    return api;
  }

  /** Everything that the process has written so far. */
  log(): string {
    return this.output.join('');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const until = Date.now() + 60_000;
    while (Date.now() < until && this.child.exitCode === null) {
      const response = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (response?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the API did not start:\n${this.log()}`);
  }
}
