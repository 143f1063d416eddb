import { createHash } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { canUse, type UnprivilegedUser } from '@millrace/embedded';

/** From where the platform's own programs are started. */
export interface Runtime {
  /** Folder with `apps`, `libs` and `node_modules`. */
  readonly folder: string;
  /** Program of Node.js. */
  readonly node: string;
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Built files that the API serves as they are, where the set-up has made them. */
export const servedFolders = {
  console: join('apps', 'console', 'dist', 'site'),
  downloads: join('apps', 'cli', 'dist', 'downloads'),
} as const;

const programs = ['apps/api', 'apps/orchestrator', 'apps/pool-controller', 'apps/runner'];
/** Parts of a workspace that its built program does not need. */
const sourceOnly = new Set(['src', 'node_modules', 'tsconfig.json', 'tsconfig.tsbuildinfo']);

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Where Node would find the package for an importer in `folder`; the path may be a link. */
function resolvePackage(checkout: string, folder: string, name: string): string | undefined {
  for (let at = folder; at.startsWith(checkout); at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (at === checkout) break;
  }
  return undefined;
}

/** Folders of all packages that the programs need, links to workspaces listed apart. */
function closure(checkout: string): { folders: Set<string>; links: Set<string> } {
  const folders = new Set<string>();
  const links = new Set<string>();
  const queue = programs
    .map((program) => join(checkout, program))
    .filter((folder) => existsSync(join(folder, 'package.json')));
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = resolvePackage(checkout, folder, name);
      if (found === undefined) continue;
      const real = realpathSync(found);
      if (real !== found) links.add(found);
      queue.push(real);
    }
  }
  return { folders, links };
}

/** Makes one file readable by all at another place: the same file where possible, a copy otherwise. */
function place(source: string, target: string, shareable: boolean): void {
  const { mode } = statSync(source);
  if (shareable && (mode & 0o004) !== 0) {
    try {
      linkSync(source, target);
      return;
    } catch (error) {
      // Another file system: fall through to the copy.
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    }
  }
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  chmodSync(target, (mode & 0o100) === 0 ? 0o644 : 0o755);
}

/** Copies a folder's files; `skip` names entries of the top level that are left out. */
function placeFolder(source: string, target: string, shareable: boolean, skip: ReadonlySet<string>): void {
  mkdirSync(target, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue;
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) placeFolder(from, to, shareable, new Set());
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else if (entry.isFile()) place(from, to, shareable);
  }
}

function placePrograms(checkout: string, target: string): void {
  const { folders, links } = closure(checkout);
  for (const folder of folders) {
    const packaged = relative(checkout, folder).split('/').includes('node_modules');
    // Our own builds are written in place by the compiler and must not change under a running process.
    placeFolder(
      folder,
      join(target, relative(checkout, folder)),
      packaged,
      packaged ? new Set(['node_modules']) : sourceOnly,
    );
  }
  for (const folder of Object.values(servedFolders)) {
    const source = join(checkout, folder);
    if (existsSync(source)) placeFolder(source, join(target, folder), false, new Set());
  }
  for (const link of links) {
    const at = join(target, relative(checkout, link));
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(relative(dirname(link), realpathSync(link)), at);
  }
}

function placeNode(target: string): void {
  mkdirSync(join(target, 'bin'), { recursive: true, mode: 0o755 });
  place(process.execPath, join(target, 'bin', 'node'), true);
  const npm = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm');
  if (!existsSync(npm)) return;
  placeFolder(realpathSync(npm), join(target, 'lib', 'node_modules', 'npm'), true, new Set());
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(target, 'bin', name));
}

/** Changes whenever one of our builds or the set of installed packages does. */
function stampOf(checkout: string): string {
  const hash = createHash('sha256').update(readFileSync(join(checkout, 'package-lock.json')));
  hash.update(`${process.version} ${process.execPath} ${checkout}\n`);
  const add = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) add(path);
      else {
        const { mtimeMs, size } = statSync(path);
        hash.update(`${path} ${mtimeMs} ${size}\n`);
      }
    }
  };
  const workspaces = ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(checkout, group)).map((name) => join(checkout, group, name)),
  );
  for (const folder of [...workspaces, join(checkout, 'migrations')]) {
    if (existsSync(join(folder, 'dist'))) add(join(folder, 'dist'));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Makes `<runtimeFolder>/<stamp>` if it is not there, whole or not at all, and removes older ones. */
function make(runtimeFolder: string, stamp: string, fill: (target: string) => void): string {
  const target = join(runtimeFolder, stamp);
  if (!existsSync(target)) {
    const fresh = `${target}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true, mode: 0o755 });
    fill(fresh);
    renameSync(fresh, target);
  }
  for (const name of readdirSync(runtimeFolder)) {
    if (name !== stamp) rmSync(join(runtimeFolder, name), { recursive: true, force: true });
  }
  return target;
}

/** A tree with everything that the programs load, Node.js included; made below `runtimeFolder` when it is stale. */
export function runtimeTree(checkout: string, runtimeFolder: string): string {
  return make(runtimeFolder, stampOf(checkout), (fresh) => {
    placePrograms(checkout, fresh);
    placeNode(fresh);
  });
}

/**
 * The programs as the unprivileged user and the pools' users can run them: those of the checkout where they can enter
 * it, else a tree of links and copies in the instance folder, made when stale.
 */
export async function runtimeFor(
  checkout: string,
  runtimeFolder: string,
  user: UnprivilegedUser | undefined,
): Promise<Runtime> {
  const node = process.execPath;
  if (user === undefined) return { folder: checkout, node };
  const samples = [
    ...programs.map((program) => join(checkout, program, 'dist', 'main.js')),
    join(checkout, 'node_modules', 'zod', 'package.json'),
    join(checkout, 'libs', 'kernel', 'dist', 'index.js'),
    join(checkout, servedFolders.console, 'index.html'),
  ].filter((path) => existsSync(path));
  const [canReadCheckout, canRunNode] = await Promise.all([canUse(user, samples), canUse(user, [node])]);
  if (canReadCheckout && canRunNode) return { folder: checkout, node };
  if (!canReadCheckout) {
    const folder = runtimeTree(checkout, runtimeFolder);
    return { folder, node: canRunNode ? node : join(folder, 'bin', 'node') };
  }
  const nodeOnly = make(runtimeFolder, `node-${process.version}`, placeNode);
  return { folder: checkout, node: join(nodeOnly, 'bin', 'node') };
}
