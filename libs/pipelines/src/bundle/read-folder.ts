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

/** The file that names more of what is left out: a pattern a line, `*` and `**` as in .gitignore, `#` for comments. */
export const ignoreFile = '.millraceignore';

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

async function collect(root: string, prefix: string, patterns: readonly RegExp[], files: FileCollector): Promise<void> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${prefix}${entry.name}`;
    const isFolder = entry.isDirectory();
    if (ignoredNames.has(entry.name) || ignoredName.test(entry.name)) continue;
    if (patterns.some((pattern) => pattern.test(isFolder ? `${path}/` : path))) continue;
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

async function readPatterns(folder: string): Promise<RegExp[]> {
  const text = await readFile(join(folder, ignoreFile), 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toRegExp);
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
