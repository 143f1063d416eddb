import { copyFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, run, tail } from './command.mjs';
import { during, say, SetupError } from './progress.mjs';

/** Any user without rights will do for asking what such a user may. */
const nobody = { uid: 65_534, gid: 65_534, cwd: '/' };
const isRoot = process.getuid?.() === 0;

async function cacheFolder() {
  const module = pathToFileURL(join(checkout, 'libs', 'embedded', 'dist', 'index.js')).href;
  const { machineCacheFolder } = await import(module);
  return machineCacheFolder(process.env);
}

async function starts(node) {
  return (await run(node, ['--version'], nobody)).code === 0;
}

/**
 * A Node.js that the unprivileged users of sandboxes and servers can start: this one, or a copy where root's own lies in
 * a folder that others cannot enter (a version manager under root's home).
 */
export async function reachableNode() {
  const node = process.execPath;
  if (!isRoot || (await starts(node))) return node;
  const { size, mtimeMs } = statSync(node);
  const folder = join(await cacheFolder(), 'node', `${process.version}-${size}-${Math.round(mtimeMs)}`);
  const copy = join(folder, 'node');
  if (await starts(copy)) return copy;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  copyFileSync(node, `${copy}.${process.pid}`);
  renameSync(`${copy}.${process.pid}`, copy);
  say(`other users cannot start ${node}: the tests use a copy of it`);
  return copy;
}

/**
 * A checkout from which those users can load programs: this one, or a copy where it lies in root's home. `release`
 * removes the copy.
 */
export async function reachableCheckout() {
  const here = { folder: checkout, release: () => undefined };
  const probe = join(checkout, 'package.json');
  if (!isRoot || (await run('cat', [probe], nobody)).code === 0) return here;
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 16);
  const folder = join(await cacheFolder(), 'checkouts', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '..'), { recursive: true, mode: 0o755 });
  say(`other users cannot read ${checkout}: the specs run in a copy of it`);
  // Links would let a compiler in the copy write into the checkout.
  const { code, output } = await during('copying', () => run('cp', ['-a', '--reflink=auto', checkout, folder]));
  if (code !== 0) throw new SetupError(`the checkout could not be copied:\n${tail(output, 5)}`);
  rmSync(join(folder, '.millrace'), { recursive: true, force: true });
  await run('chmod', ['755', folder]);
  return { folder, release: () => rmSync(folder, { recursive: true, force: true }) };
}
