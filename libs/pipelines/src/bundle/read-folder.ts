import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { badBundle, type Bundle, bundleLimits, type BundleLimits } from './bundle.js';
import { FileCollector } from './file-collector.js';
import { shown } from './path.js';

/** What a working copy holds besides the bundle: never part of one. */
const ignoredNames: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', '__pycache__', '.venv', '.DS_Store', '.millraceignore'],
]);
const ignoredName = /^\.env(?:\..+)?$/;

/**
 * The file that names more of what is left out: a pattern a line, `*` and `**` as in .gitignore, `!` for what stays in,
 * `#` for comments. Where there is none, the .gitignore of the folder counts in its place.
 */
export const ignoreFile = '.millraceignore';

/** A line of the file: what it matches is left out, or stays in. */
interface IgnorePattern {
  readonly matches: RegExp;
  readonly keeps: boolean;
}

/**
 * The bundle that a folder is. Left out are version control, installed packages, `.env` files and what `.millraceignore`
 * names; links are refused, as they are in an archive.
 */
export async function readFolder(folder: string, limits: BundleLimits = bundleLimits): Promise<Bundle> {
  const patterns = await readPatterns(folder);
  const files = new FileCollector(limits);
  await collect(folder, '', patterns, files);
  return { files: files.finish(), inline: [] };
}

async function collect(
  root: string,
  prefix: string,
  patterns: readonly IgnorePattern[],
  files: FileCollector,
): Promise<void> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${prefix}${entry.name}`;
    const isFolder = entry.isDirectory();
    if (ignoredNames.has(entry.name) || ignoredName.test(entry.name)) continue;
    if (isLeftOut(isFolder ? `${path}/` : path, patterns)) continue;
    if (isFolder) await collect(root, `${path}/`, patterns, files);
    else if (entry.isFile()) await take(root, path, files);
    else {
      const what = entry.isSymbolicLink() ? 'a symbolic link' : 'no ordinary file';
      throw badBundle('bundle.link', `${shown(path)} is ${what}; a bundle holds files only`, {
        file: path,
        hint: `put a copy in its place, or name it in ${ignoreFile}`,
      });
    }
  }
}

async function take(root: string, path: string, files: FileCollector): Promise<void> {
  const { size } = await stat(join(root, path));
  const announced = files.announce(path, size);
  files.keep(announced, await readFile(join(root, path)));
}

/** The last pattern that matches decides. */
function isLeftOut(path: string, patterns: readonly IgnorePattern[]): boolean {
  return patterns.findLast(({ matches }) => matches.test(path))?.keeps === false;
}

async function readPatterns(folder: string): Promise<IgnorePattern[]> {
  const text = (await textOf(join(folder, ignoreFile))) ?? (await textOf(join(folder, '.gitignore'))) ?? '';
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const keeps = line.startsWith('!');
      return { matches: toRegExp(keeps ? line.slice(1) : line), keeps };
    });
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** A pattern without an inner slash matches at any depth; one that ends with a slash matches folders only. */
function toRegExp(pattern: string): RegExp {
  const trimmed = pattern.replace(/^\//, '').replace(/\/$/, '');
  const anchored = pattern.startsWith('/') || trimmed.includes('/');
  const body = trimmed
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => wildcards[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body}${pattern.endsWith('/') ? '/' : '/?'}$`);
}

const wildcards: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
