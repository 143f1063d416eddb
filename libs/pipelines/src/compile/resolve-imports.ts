import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Loader, OnLoadResult, OnResolveResult, PartialMessage, Plugin } from 'esbuild';
import { suggest } from '@millrace/expressions';
import type { BundleFiles } from '../bundle/bundle.js';

const bundleNamespace = 'bundle';
const entryNamespace = 'entry';
export const entryPrefix = `${entryNamespace}:`;

export interface ImportRules {
  /** Packages that the code may import: those of the bundle's package.json. */
  readonly packages: ReadonlySet<string>;
}

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.json': 'json',
  '.txt': 'text',
  '.sql': 'text',
};

/** Extensions that an import may leave out, in the order in which they are tried. */
const implied = ['.ts', '.mts', '.tsx', '.js', '.mjs', '.cjs', '.json'];
/** TypeScript lets an import name the file that it will become. */
const sourcesOf: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

function refusal(code: string, text: string, hint?: string): OnResolveResult {
  const message: PartialMessage = { text, detail: { code, ...(hint === undefined ? {} : { hint }) } };
  return { errors: [message] };
}

/**
 * A module for each entry file that hands on the exports that tasks name: so that a missing one is found, and CommonJS
 * has named ones.
 */
function bridge(entry: string, exported: ReadonlySet<string>): OnLoadResult {
  const contents = `export { ${[...exported].join(', ')} } from ${JSON.stringify(`/${entry}`)};\n`;
  return { contents, loader: 'js', resolveDir: '/' };
}

/** Resolves and loads from the bundle's files alone; the compiler never falls back to the disk. */
export function inBundle(
  files: BundleFiles,
  exported: ReadonlyMap<string, ReadonlySet<string>>,
  rules: ImportRules,
  maxBytes: number,
): Plugin {
  let loadedBytes = 0;
  return {
    name: bundleNamespace,
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, namespace, kind }) => {
        if (kind === 'entry-point') return { path: path.slice(entryPrefix.length), namespace: entryNamespace };
        if (namespace === entryNamespace) return { path, namespace: bundleNamespace };
        return resolveImport(files, rules, path, importer);
      });
      build.onLoad({ filter: /.*/, namespace: entryNamespace }, ({ path }) =>
        bridge(path, exported.get(path) ?? new Set()),
      );
      build.onLoad({ filter: /.*/, namespace: bundleNamespace }, ({ path }): OnLoadResult => {
        const contents = files.get(path.slice(1));
        if (contents === undefined) return { errors: [{ text: `the bundle has no file "${path.slice(1)}"` }] };
        loadedBytes += contents.length;
        if (loadedBytes > maxBytes) {
          const text = `the code of a bundle's entry files, with all that it imports, may have ${maxBytes} bytes`;
          return { errors: [{ text, detail: { code: 'code.too_large' } }] };
        }
        return { contents, loader: loaders[posix.extname(path)] ?? 'js', resolveDir: posix.dirname(path) };
      });
    },
  };
}

function resolveImport(files: BundleFiles, rules: ImportRules, specifier: string, importer: string): OnResolveResult {
  if (specifier.startsWith('.')) return resolveRelative(files, specifier, importer);
  if (specifier.startsWith('/') || specifier.startsWith('file:')) {
    return refusal('code.absolute_import', `cannot import "${specifier}": files are imported by relative paths`);
  }
  if (isBuiltin(specifier)) return { path: specifier, external: true };
  // Subpath imports are read from the bundle's own package.json when the code runs.
  if (specifier.startsWith('#')) return { path: specifier, external: true };
  if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) {
    return refusal('code.url_import', `cannot import "${specifier}": modules come from the bundle or from packages`);
  }
  const name = packageName(specifier);
  if (rules.packages.has(name) || files.has(`node_modules/${name}/package.json`))
    return { path: specifier, external: true };
  const close = suggest(name, [...rules.packages]);
  return refusal(
    'code.unknown_package',
    `the package "${name}" is not in the bundle's package.json`,
    close === undefined ? 'add it to "dependencies" in package.json' : `did you mean "${close}"?`,
  );
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function resolveRelative(files: BundleFiles, specifier: string, importer: string): OnResolveResult {
  const plain = specifier.replace(/[?#].*$/, '');
  const base = posix.join(posix.dirname(importer), plain).slice(1);
  const found = candidates(base).find((path) => files.has(path));
  if (found === undefined) {
    const name = posix.basename(base);
    const close = suggest(
      base,
      [...files.keys()].filter((path) => posix.basename(path).charAt(0) === name.charAt(0)).slice(0, 2000),
    );
    const hint = close === undefined ? undefined : `did you mean "${close}"?`;
    return refusal('code.unresolved_import', `cannot import "${specifier}": the bundle has no file "${base}"`, hint);
  }
  if (!Object.hasOwn(loaders, posix.extname(found))) {
    return refusal(
      'code.not_code',
      `cannot import "${specifier}": "${posix.extname(found)}" files are no modules`,
      `read it when the task runs: await readFile(new URL(${JSON.stringify(specifier)}, import.meta.url))`,
    );
  }
  return { path: `/${found}`, namespace: bundleNamespace };
}

function* withEndings(base: string): Generator<string> {
  for (const ending of implied) yield `${base}${ending}`;
  for (const ending of implied) yield `${base}/index${ending}`;
}

function candidates(base: string): string[] {
  const extension = posix.extname(base);
  const stem = base.slice(0, base.length - extension.length);
  return [base, ...(sourcesOf[extension] ?? []).map((source) => `${stem}${source}`), ...withEndings(base)];
}
