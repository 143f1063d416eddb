import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '@millrace/kernel';

const run = promisify(execFile);

/** The newest Temporal CLI that installs with `go install`; what is downloaded or built is this one. */
export const temporalCliVersion = 'v1.5.1';
const goPackage = `github.com/temporalio/cli/cmd/temporal@${temporalCliVersion}`;
const downloadTimeoutMs = 120_000;

/** A Temporal CLI on this machine. */
export interface ServerBinary {
  readonly kind: 'binary';
  readonly path: string;
  /** Version of the server inside, for example `1.29.1`; decides which store file fits. */
  readonly serverVersion: string;
  readonly source: 'TEMPORAL_BIN' | 'PATH' | 'cache' | 'download' | 'go install';
}

/** What {@link resolveTemporalServer} found: a running server, or a program to run one with. */
export type FoundServer = { readonly kind: 'address'; readonly address: string } | ServerBinary;

export interface ResolveServerOptions {
  /** A server that runs already (`TEMPORAL_ADDRESS`). */
  readonly address?: string | undefined;
  /** A program to use (`TEMPORAL_BIN`). */
  readonly binary?: string | undefined;
  /** The `PATH` to search. */
  readonly path: string;
  /** Folder that keeps what was downloaded or built, for all checkouts of this machine. */
  readonly cacheFolder: string;
  /** Told what is tried when it takes longer than a moment. */
  readonly progress: (line: string) => void;
  /** Environment for `go install`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tries to bring Go onto the machine where it is missing; absent, nothing is installed. */
  readonly installGo?: () => Promise<void>;
  /** Gives up a build under way. */
  readonly signal?: AbortSignal | undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function onPath(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(folder, name);
    if ((await isExecutable(candidate)) && (await stat(candidate)).isFile()) return candidate;
  }
  return undefined;
}

/** The version of the server inside a Temporal CLI; rejects when the program is no such thing. */
async function serverVersionOf(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version', '--disable-config-file'], { timeout: 20_000 });
  const version = /Server (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${path} --version does not name a server version: ${stdout.trim()}`);
  return version;
}

async function found(path: string, source: ServerBinary['source']): Promise<ServerBinary> {
  return { kind: 'binary', path, source, serverVersion: await serverVersionOf(path) };
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').slice(-3).join(' ').slice(0, 400);
}

/** Puts a finished program into the cache in one step, so that nobody ever meets half a file. */
async function keep(program: string, target: string): Promise<void> {
  const fresh = `${target}.${process.pid}`;
  await copyFile(program, fresh);
  await rename(fresh, target);
}

async function download(target: string, folder: string, progress: (line: string) => void): Promise<void> {
  progress(`downloading the Temporal CLI ${temporalCliVersion} (about 50 MB)`);
  // Loaded only here: the SDK's native library takes a while to load and nothing else in this module needs it.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const attempt = TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'cached-download', version: temporalCliVersion, downloadDir: folder, ttl: '10 years' },
    },
  });
  const timeout = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${downloadTimeoutMs / 1000} s`)), downloadTimeoutMs).unref();
  });
  const environment = await Promise.race([attempt, timeout]);
  await environment.teardown();
  const file = (await readdir(folder)).find((name) => name.startsWith('temporal'));
  if (file === undefined) throw new Error('the download left no program behind');
  await keep(join(folder, file), target);
}

/** Go from 1.21 on fetches the newer toolchain that a module asks for, so the newest Go is not needed. */
async function usableGo(path: string): Promise<string> {
  const go = await onPath('go', path);
  if (go === undefined) throw new Error('no go on PATH');
  const { stdout } = await run(go, ['env', 'GOVERSION'], { timeout: 20_000 });
  const minor = Number(/^go1\.(\d+)/.exec(stdout.trim())?.[1] ?? 0);
  if (minor < 21) throw new Error(`${stdout.trim()} is too old (1.21 or newer is needed)`);
  return go;
}

async function goInstall(target: string, folder: string, options: ResolveServerOptions): Promise<void> {
  if ((await onPath('go', options.path)) === undefined) await options.installGo?.();
  const go = await usableGo(options.path);
  options.progress(`building the Temporal server with Go (${goPackage}): about 2 minutes, once per machine`);
  const started = Date.now();
  const ticker = setInterval(() => {
    options.progress(`still building the Temporal server (${Math.round((Date.now() - started) / 1000)} s)`);
  }, 15_000);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(go, ['install', '-trimpath', '-ldflags=-s -w', goPackage], {
        env: { ...options.env, GOBIN: folder, GOFLAGS: '' },
        stdio: ['ignore', 'ignore', 'pipe'],
        signal: options.signal,
      });
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`go install failed: ${reason(errors)}`)),
      );
    });
  } finally {
    clearInterval(ticker);
  }
  await keep(join(folder, 'temporal'), target);
}

async function obtain(options: ResolveServerOptions): Promise<ServerBinary> {
  const home = join(options.cacheFolder, 'temporal', temporalCliVersion);
  const target = join(home, 'temporal');
  if (await isExecutable(target)) return found(target, 'cache');
  await mkdir(home, { recursive: true });

  const refusals: string[] = [];
  const ways = [
    { source: 'download' as const, get: (folder: string) => download(target, folder, options.progress) },
    { source: 'go install' as const, get: (folder: string) => goInstall(target, folder, options) },
  ];
  for (const way of ways) {
    const folder = await mkdtemp(join(home, 'new-'));
    try {
      await way.get(folder);
      return await found(target, way.source);
    } catch (error) {
      refusals.push(`${way.source}: ${reason(error)}`);
      options.progress(`${way.source} of the Temporal server did not work: ${reason(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new DomainError(
    'unavailable',
    'temporal.not_found',
    [
      'no Temporal server was found, and none could be fetched:',
      ...refusals.map((line) => `  - ${line}`),
      'Do one of these and start again:',
      '  - set TEMPORAL_ADDRESS to the host:port of a running server',
      '  - set TEMPORAL_BIN to the path of a Temporal CLI, or put it on PATH as `temporal`',
      '  - install Go 1.25 or newer, so that it can be built here',
    ].join('\n'),
  );
}

/**
 * Finds a Temporal server, the cheapest way first: a given address, a given program, `temporal` on PATH, the cache, a
 * download by the SDK, a build with Go. Rejects with `temporal.not_found`, which lists the ways, when none works, and
 * with `temporal.bad_binary` when the given program is no Temporal CLI.
 */
export async function resolveTemporalServer(options: ResolveServerOptions): Promise<FoundServer> {
  if (options.address !== undefined) return { kind: 'address', address: options.address };
  if (options.binary !== undefined) {
    try {
      return await found(options.binary, 'TEMPORAL_BIN');
    } catch (error) {
      throw new DomainError(
        'invalid',
        'temporal.bad_binary',
        `TEMPORAL_BIN is ${options.binary}, which is no working Temporal CLI: ${reason(error)}`,
        { cause: error },
      );
    }
  }
  const installed = await onPath('temporal', options.path);
  if (installed !== undefined) {
    try {
      return await found(installed, 'PATH');
    } catch (error) {
      // Some other program of that name is no reason to give up.
      options.progress(`${installed} is no Temporal CLI, looking further: ${reason(error)}`);
    }
  }
  return obtain(options);
}
