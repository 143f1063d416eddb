import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canUse, machineCacheFolder, type UnprivilegedUser } from '@millrace/embedded';
import type { Environment } from '@millrace/platform';
import { type FoundServer, resolveTemporalServer } from '@millrace/temporal/server';
import type { Say } from './progress.js';

const run = promisify(execFile);

export interface TemporalWish {
  readonly address: string | undefined;
  readonly binary: string | undefined;
  readonly env: Environment;
  readonly say: Say;
  readonly signal?: AbortSignal;
}

/** Go from the system's packages, where this is root on Debian or Ubuntu. */
async function installGo(env: Environment, say: Say): Promise<void> {
  if (process.getuid?.() !== 0) return;
  say('installing golang-go with apt-get, to build the Temporal server');
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 };
  // A failure shows as the missing Go that it leaves; the error then names what to do.
  await run('apt-get', ['update'], quiet)
    .then(() => run('apt-get', ['install', '-y', '--no-install-recommends', 'golang-go'], quiet))
    .catch(() => undefined);
}

/** A Temporal server to use, found or fetched. Rejects with `temporal.*`. */
export function findTemporal(wish: TemporalWish): Promise<FoundServer> {
  const { env, say } = wish;
  return resolveTemporalServer({
    address: wish.address,
    binary: wish.binary,
    path: env['PATH'] ?? '',
    cacheFolder: machineCacheFolder(env),
    progress: say,
    env,
    installGo: () => installGo(env, say),
    signal: wish.signal,
  });
}

/** The program itself where the user can run it, else a copy in `folder`. */
export async function usableBinary(
  server: { readonly path: string; readonly serverVersion: string },
  user: UnprivilegedUser | undefined,
  folder: string,
): Promise<string> {
  if (user === undefined || (await canUse(user, [server.path]))) return server.path;
  const target = join(folder, `temporal-${server.serverVersion}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (await canUse(user, [target])) return target;
  for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
  const fresh = `${target}.${process.pid}`;
  await copyFile(server.path, fresh);
  await chmod(fresh, 0o755);
  await rename(fresh, target);
  return target;
}
