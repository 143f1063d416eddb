import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kept = 3;

function note(from: string, to: string): string {
  return [
    `Made before the schema went from ${from} to ${to}.`,
    'To go back: stop Millrace, put the folders in here in the place of those of the instance, start the older release.',
    '',
  ].join('\n');
}

/**
 * Copies folders of a stopped instance to `<backupFolder>/<time>`, with owners and modes, and keeps the last three
 * backups. Returns the new folder.
 */
export async function backUp(
  backupFolder: string,
  folders: readonly string[],
  versions: { readonly from: string; readonly to: string },
): Promise<string> {
  const target = join(backupFolder, new Date().toISOString().replace(/[:.]/g, '-'));
  const fresh = `${target}.unfinished`;
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  for (const folder of folders) await run('cp', ['-a', folder, join(fresh, basename(folder))]);
  await writeFile(join(fresh, 'README'), note(versions.from, versions.to));
  await rename(fresh, target);

  const all = (await readdir(backupFolder)).sort();
  const unfinished = all.filter((name) => name.endsWith('.unfinished'));
  const finished = all.filter((name) => !name.endsWith('.unfinished'));
  for (const name of [...unfinished, ...finished.slice(0, -kept)]) {
    await rm(join(backupFolder, name), { recursive: true, force: true });
  }
  return target;
}
