import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  databaseRoles,
  freePorts,
  type Postgres,
  postgresBinaries,
  postgresUrl,
  preparePlatformDatabase,
  startPostgres,
  unprivilegedUser,
} from '@millrace/embedded';
import pg from 'pg';
import type { DatabaseRole } from './platform-side.js';
import { median, rounded } from './statistics.js';

const run = promisify(execFile);
const database = 'millrace';

/** Sleeps behind each fdatasync, which is what Postgres does on Linux to make a commit durable. */
const shim = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <time.h>
int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  int result = real(file);
  int error = errno;
  struct timespec rest = {DELAY_MS / 1000, (DELAY_MS % 1000) * 1000000L};
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR) {}
  errno = error;
  return result;
}
`;

/**
 * A Postgres like the embedded one on a disk that takes longer, which the platform is given as one of the operator's own.
 * Whoever waits for a commit waits for the delay, and commits that wait together share it, as on such a disk.
 */
export class DelayedPostgres {
  private constructor(
    private readonly folder: string,
    private readonly server: Postgres,
    private readonly passwords: Readonly<Record<'owner' | 'app' | 'control', string>>,
    /** Median of a commit of one row, in milliseconds. */
    readonly commitMs: number,
  ) {}

  static async start(delayMs: number): Promise<DelayedPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-delayed-'));
    await chmod(folder, 0o711);
    try {
      const user = await unprivilegedUser();
      const binaries = await postgresBinaries(user, join(folder, 'postgres'));
      const wrapped = { ...binaries, folder: await wrap(binaries.folder, folder, delayMs) };
      const [port] = await freePorts(1);
      const server = await startPostgres({
        name: 'delayed-postgres',
        binaries: wrapped,
        user,
        dataFolder: join(folder, 'servers', 'data'),
        stateFile: join(folder, 'state.json'),
        logFile: join(folder, 'postgres.log'),
        port: port ?? 0,
        superuserPassword: secret(),
      });
      const passwords = { owner: secret(), app: secret(), control: secret() };
      await preparePlatformDatabase(server.superuserUrl(), database, passwords);
      const commitMs = await commitLatency(server.superuserUrl());
      if (commitMs < delayMs) {
        await server.stop();
        throw new Error(`a commit took ${commitMs} ms: the delay of ${delayMs} ms is not in effect`);
      }
      return new DelayedPostgres(folder, server, passwords, commitMs);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What tells the platform to use it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      MILLRACE_DATABASE_URL: this.roleUrl('owner'),
      MILLRACE_APP_DATABASE_URL: this.roleUrl('app'),
      MILLRACE_CONTROL_DATABASE_URL: this.roleUrl('control'),
    };
  }

  url(role: DatabaseRole): string {
    return role === 'postgres' ? this.server.superuserUrl(database) : this.roleUrl(role);
  }

  async remove(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private roleUrl(role: 'owner' | 'app' | 'control'): string {
    return postgresUrl(this.server.port, databaseRoles[role], this.passwords[role], database);
  }
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}

/** A folder of programs in which `postgres` begins with the shim. */
async function wrap(original: string, folder: string, delayMs: number): Promise<string> {
  const source = join(folder, 'delay.c');
  const library = join(folder, 'delay.so');
  await writeFile(source, shim);
  await run('cc', ['-O2', '-shared', '-fPIC', `-DDELAY_MS=${delayMs}`, '-o', library, source, '-ldl']).catch(
    (error: unknown) => {
      throw new Error('--fsync-delay-ms needs a C compiler (cc)', { cause: error });
    },
  );
  const bin = join(folder, 'delayed', 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(join(original, 'bin', 'initdb'), join(bin, 'initdb'));
  const program = join(bin, 'postgres');
  await writeFile(program, `#!/bin/sh\nLD_PRELOAD='${library}' exec '${join(original, 'bin', 'postgres')}' "$@"\n`);
  await run('chmod', ['-R', 'a+rX', join(folder, 'delayed'), library]);
  await chmod(program, 0o755);
  return join(folder, 'delayed');
}

async function commitLatency(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table probe (n integer)');
    const times: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      const began = performance.now();
      await client.query('insert into probe values ($1)', [n]);
      times.push(performance.now() - began);
    }
    await client.query('drop table probe');
    return rounded(median(times));
  } finally {
    await client.end();
  }
}
