import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isRoot = process.getuid?.() === 0;

interface Part {
  readonly name: string;
  readonly state: string;
  readonly pid: number;
  readonly restarts: number;
}

interface Status {
  readonly running: boolean;
  readonly ready: boolean;
  readonly pid: number;
  readonly home: string;
  readonly urls: { readonly api: string };
  readonly processes: readonly Part[];
}

let home: string;

interface Result {
  readonly code: number;
  readonly output: string;
}

/** What a person types, in an instance folder of this spec's own. */
function command(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [`scripts/${script}.mjs`, ...args],
      { cwd: root, env: { ...process.env, MILLRACE_HOME: home, ...env } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
}

const start = (...flags: string[]): Promise<Result> => command('start', ['--detach', '--no-tour', ...flags]);

async function status(): Promise<Status> {
  const { output } = await command('status', ['--json']);
  return JSON.parse(output) as Status;
}

async function until<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended stays visible until its parent asks how.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const pidOf = (state: Status, name: string): number => state.processes.find((part) => part.name === name)?.pid ?? 0;

describe('npm start', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-lifecycle-'));
    await chmod(home, 0o711);
    expect(await start()).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await command('stop');
    await rm(home, { recursive: true, force: true });
  });

  it('runs every part and says where it is', async () => {
    const state = await status();
    expect(state).toMatchObject({ running: true, ready: true, home });
    expect(state.processes.map((part) => [part.name, part.state]).sort()).toEqual([
      ['api', 'running'],
      ['orchestrator', 'running'],
      ['pool-controller', 'running'],
      ['postgres', 'running'],
      ['temporal', 'running'],
      ['warehouse', 'running'],
    ]);
    expect((await fetch(`${state.urls.api}/readyz`)).status).toBe(200);
  });

  it('keeps what is secret to those who need it', async () => {
    const key = join(home, 'keys', 'master.key');
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'passwords', 'passwords.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'passwords'))).mode & 0o777).toBe(0o700);
  });

  it.runIf(isRoot && process.platform === 'linux')('runs nothing as root that need not be', async () => {
    const state = await status();
    const uids = await Promise.all(
      state.processes.map(async ({ name, pid }) => {
        const text = await readFile(`/proc/${pid}/status`, 'utf8');
        return [name, /^Uid:\s+(\d+)\s+(\d+)/m.exec(text)?.slice(1, 3).join()] as const;
      }),
    );
    // The pool controller gives each pool's runners a user of their own, which only root can.
    expect(uids.filter(([, uid]) => uid === '0,0').map(([name]) => name)).toEqual(['pool-controller']);
  });

  it('starts a part that died again', async () => {
    const before = await status();
    for (const name of ['api', 'temporal', 'postgres']) process.kill(pidOf(before, name), 'SIGKILL');

    const after = await until(status, (state) =>
      ['api', 'temporal', 'postgres'].every((name) =>
        state.processes.some((part) => part.name === name && part.restarts > 0 && part.state === 'running'),
      ),
    );

    expect(pidOf(after, 'warehouse')).toBe(pidOf(before, 'warehouse'));
    expect((await fetch(`${after.urls.api}/readyz`)).status).toBe(200);
  });

  it('refuses a second start and a reset while it runs', async () => {
    const { pid } = await status();
    for (const result of [await start(), await start('--reset')]) {
      expect(result.code).toBe(1);
      expect(result.output).toMatch(new RegExp(`pid ${pid}.*npm run stop`));
    }
    expect((await status()).ready).toBe(true);
  });

  it('comes back after a kill -9 with the same address and data', async () => {
    const before = await status();
    const key = await readFile(join(home, 'keys', 'master.key'), 'utf8');
    process.kill(before.pid, 'SIGKILL');

    expect(await start()).toMatchObject({ code: 0 });

    const after = await status();
    expect(after.urls).toEqual(before.urls);
    expect(await readFile(join(home, 'keys', 'master.key'), 'utf8')).toBe(key);
    for (const part of before.processes) expect(isAlive(part.pid), part.name).toBe(false);
  });

  it('leaves no process behind when it is stopped, and then begins afresh where it is told to', async () => {
    const before = await status();
    expect(await command('stop')).toMatchObject({ code: 0 });
    for (const pid of [before.pid, ...before.processes.map((part) => part.pid)]) expect(isAlive(pid)).toBe(false);
    expect(await command('status', ['--json'])).toMatchObject({ code: 1 });
    const key = await readFile(join(home, 'keys', 'master.key'), 'utf8');

    expect(await start('--reset')).toMatchObject({ code: 0 });

    expect(await readFile(join(home, 'keys', 'master.key'), 'utf8')).not.toBe(key);
    expect(await readdir(join(home, 'backups'))).toEqual([]);
  });
});

describe('a start that cannot be', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-lifecycle-'));
    await chmod(home, 0o711);
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('names every mistake of the configuration at once', async () => {
    const { code, output } = await command('start', ['--no-tour'], {
      MILLRACE_PORT: 'http',
      MILLRACE_OBJECT_STORE: 'ftp://bucket',
      MILLRACE_CONTROL_DATABASE_URL: 'postgres://control:hunter2@db/millrace',
      MILLRACE_HOMEE: '/tmp',
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'OBJECT_STORE', 'DATABASE_URL', 'APP_DATABASE_URL', 'HOMEE']) {
      expect(output).toContain(`- MILLRACE_${name} `);
    }
    expect(output).not.toContain('hunter2');
  });

  it('names the port that is busy and who holds it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;

    const { code, output } = await command('start', ['--no-tour'], { MILLRACE_PORT: String(port) });

    server.close();
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} on 127.0.0.1 is busy`);
    if (process.platform === 'linux') expect(output).toContain(`pid ${process.pid}`);
  });
});
