import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

const hello = `export default async (input, ctx) => {
  console.log('hello from', input, 'in', ctx.run.id.slice(0, 4));
  console.error('to stderr');
  return { input, uid: process.getuid() };
};`;
const sleeper = `export default async () => {
  console.log('sleeping');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
};`;
const short = `export default async () => {
  console.log('working');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
};`;
const longer = `export default () => new Promise((resolve) => setTimeout(resolve, 2_500));`;
const leaky = `import { mkdirSync, writeFileSync } from 'node:fs';
export default async (input, ctx) => {
  const { KEY } = ctx.secrets;
  process.stdout.write('half ' + KEY.slice(0, 7));
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.stdout.write(KEY.slice(7) + ' done\\n' + Buffer.from('x' + KEY).toString('base64') + '\\n');
  writeFileSync('/task/artifacts/report.txt', 'all fine');
  throw Object.assign(new Error('it was ' + KEY), { retryable: false });
};`;
const paced = `export default async (input, ctx) => {
  console.log('given', input);
  await new Promise((resolve) => setTimeout(resolve, 40));
  return ctx.task.id;
};`;
const quick = `export default async (input, ctx) => {
  console.log(ctx.task.id);
  return ctx.task.id;
};`;
const failing = `export default async () => {
  throw new Error('no');
};`;
const large = `export default async () => 'y'.repeat(400_000);`;
const talker = `export default async () => {
  for (let i = 0; i < 20_000; i += 1) console.log('line', i, 'x'.repeat(200));
};`;

/** A bundle as it is stored: a gzipped tar archive. */
export async function bundleOf(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(Buffer.from(part as Uint8Array));
  return gzipSync(Buffer.concat(parts));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Waits for a value; rejects when it does not come in time. */
export async function until<T>(what: () => Promise<T | undefined | false>, forMs = 20_000): Promise<T> {
  const end = Date.now() + forMs;
  for (;;) {
    const value = await what();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A program of the platform as a child process, with its output for whoever looks into a failure. */
export class Program {
  output = '';
  private constructor(
    readonly child: ChildProcess,
    private readonly ended: Promise<void>,
  ) {}

  static start(name: string, env: Record<string, string>): Program {
    const child = spawn(process.execPath, [join(repository, 'apps', name, 'dist', 'main.js')], {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new Program(child, new Promise((resolve) => child.once('exit', () => resolve())));
    child.stdout.on('data', (chunk: Buffer) => (program.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (program.output += chunk.toString()));
    return program;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }
}

/** The task files of the spec, by their names in a bundle. */
export const taskFiles: Readonly<Record<string, string>> = {
  'hello.mjs': hello,
  'sleeper.mjs': sleeper,
  'short.mjs': short,
  'leaky.mjs': leaky,
  'longer.mjs': longer,
  'paced.mjs': paced,
  'quick.mjs': quick,
  'failing.mjs': failing,
  'large.mjs': large,
  'talker.mjs': talker,
};
