import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '@millrace/kernel';
import { Client } from 'pg';
import type { PostgresBinaries } from './postgres-binaries.js';
import { commandLineOf, reap } from './process-record.js';
import { type ServerProcess, startServerProcess } from './server-process.js';
import type { UnprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Name for messages. */
  readonly name: string;
  readonly binaries: PostgresBinaries;
  readonly user: UnprivilegedUser | undefined;
  /** Made when it does not exist; its parent must be a folder that `user` can enter. */
  readonly dataFolder: string;
  readonly stateFile: string;
  readonly logFile: string;
  readonly port: number;
  /** Password of the superuser `postgres`; used at the first start and for health checks. */
  readonly superuserPassword: string;
  /** False only for tests: commits do not survive a power cut. */
  readonly durable?: boolean;
  /** Upper bound of connections; default 200. */
  readonly maxConnections?: number;
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined;
}

/** A running embedded Postgres. */
export interface Postgres extends ServerProcess {
  readonly port: number;
  /** URL as the superuser `postgres`. */
  readonly superuserUrl: (database?: string) => string;
}

/** `postgres://user:password@127.0.0.1:port/database` */
export function postgresUrl(port: number, user: string, password: string, database: string): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function cleanEnv(): Record<string, string> {
  // Postgres must not take over the locale or the PG* variables of whoever starts the platform.
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
}

async function initialize(options: PostgresOptions): Promise<void> {
  const { binaries, user, dataFolder } = options;
  const fresh = `${dataFolder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  const passwordFile = `${dataFolder}.password`;
  await writeFile(passwordFile, options.superuserPassword, { mode: 0o600 });
  if (user !== undefined) {
    await chown(fresh, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const args = [
    ...['--pgdata', fresh, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
  ];
  try {
    await run(join(binaries.folder, 'bin', 'initdb'), args, { env: cleanEnv(), cwd: '/', ...identity });
  } catch (error) {
    const detail = error as { stderr?: string; message: string };
    throw new DomainError(
      'unavailable',
      'embedded.initdb_failed',
      `initdb for ${options.name} failed: ${(detail.stderr ?? detail.message).trim()}`,
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  // The folder gets its name only when it is whole, so that a start killed in between begins again.
  await rename(fresh, dataFolder);
}

async function checkVersion(options: PostgresOptions): Promise<void> {
  const found = (await readFile(join(options.dataFolder, 'PG_VERSION'), 'utf8')).trim();
  if (found === options.binaries.majorVersion) return;
  throw new DomainError(
    'conflict',
    'embedded.postgres_version',
    `the data of ${options.name} in ${options.dataFolder} belong to Postgres ${found}, this release embeds ${options.binaries.majorVersion}: install the release that wrote them, or restore a backup`,
  );
}

/**
 * Removes the pid file of a postmaster that was killed. Its pid may meanwhile belong to a stranger, and Postgres would
 * refuse to start; but where it is a Postgres on these very data, they must not be touched.
 */
async function removeStalePidFile(options: PostgresOptions): Promise<void> {
  const file = join(options.dataFolder, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0)) return;
  const commandLine = await commandLineOf(pid);
  if (commandLine?.includes('postgres') === true && commandLine.includes(options.dataFolder)) {
    throw new DomainError(
      'conflict',
      'embedded.postgres_running',
      `another Postgres (pid ${pid}) works on ${options.dataFolder}: stop it first`,
    );
  }
  await rm(file, { force: true });
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function serverArguments(options: PostgresOptions): string[] {
  const durable = options.durable ?? true;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 200,
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Compiling a query costs more than any query of ours takes.
    jit: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', options.dataFolder, '-p', String(options.port), ...flags];
}

/**
 * Starts the embedded Postgres on its data folder, which is made where there is none; first ends what an earlier start
 * left behind. Listens on 127.0.0.1 only, with passwords. Rejects with `embedded.*`.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dataFolder, port } = options;
  await mkdir(dirname(dataFolder), { recursive: true });
  await reap(options.stateFile, 'SIGINT');
  if (!(await exists(join(dataFolder, 'PG_VERSION')))) await initialize(options);
  await checkVersion(options);
  await removeStalePidFile(options);
  await chmod(dataFolder, 0o700);
  const superuserUrl = (database = 'postgres'): string =>
    postgresUrl(port, 'postgres', options.superuserPassword, database);
  const server = await startServerProcess({
    name: options.name,
    program: join(options.binaries.folder, 'bin', 'postgres'),
    args: serverArguments(options),
    env: cleanEnv(),
    cwd: '/',
    user: options.user,
    logFile: options.logFile,
    stateFile: options.stateFile,
    port,
    signal: options.signal,
    isReady: () => answers(superuserUrl()),
    readyTimeoutMs: 60_000,
    // SIGTERM would wait for every client to leave; SIGINT ends sessions and writes a checkpoint.
    stopSignal: 'SIGINT',
    orphanSignal: 'INT',
  });
  return { ...server, port, superuserUrl };
}
