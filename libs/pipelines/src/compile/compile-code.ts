import type { ErrorDetail } from '@millrace/kernel';
import { posix } from 'node:path';
import { type BuildFailure, type BuildOptions, type BuildResult, context, type Message } from 'esbuild';
import type { BundleFiles } from '../bundle/bundle.js';
import { compiledPath } from './compiled-path.js';
import type { CodeEntry } from './compiled-pipeline.js';
import { entryPrefix, type ImportRules, inBundle } from './resolve-imports.js';

/** Of all code that one entry file brings along. */
const maxCodeBytes = 16 * 1024 * 1024;
const timeoutMs = 30_000;
const maxProblems = 100;

export interface CompiledCode {
  /** Compiled entry files by their path in the runtime bundle. */
  readonly files: BundleFiles;
  readonly problems: readonly ErrorDetail[];
}

/**
 * Compiles each entry file, with the files of the bundle that it imports, to one module with an inline source map.
 * Packages stay imports. The compiler is given the bundle's files and can reach nothing else; it parses code and never
 * runs it.
 */
export async function compileCode(
  files: BundleFiles,
  entries: readonly CodeEntry[],
  rules: ImportRules,
): Promise<CompiledCode> {
  const taken = [...new Set(entries.map(({ entry }) => entry))].filter((entry) => files.has(compiledPath(entry)));
  if (taken.length > 0) return { files: new Map(), problems: taken.map(pathTaken) };
  if (entries.length === 0) return { files: new Map(), problems: [] };
  const building = await context(options(files, entries, rules));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void building.cancel();
  }, timeoutMs);
  try {
    const result = await building.rebuild();
    return { files: new Map(entries.map(({ entry }) => [compiledPath(entry), moduleOf(result, entry)])), problems: [] };
  } catch (error) {
    if (isLate) return { files: new Map(), problems: [tooSlow] };
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    return {
      files: new Map(),
      problems: errors.flatMap((message) => problemsOf(message, entries)).slice(0, maxProblems),
    };
  } finally {
    clearTimeout(timer);
    await building.dispose();
  }
}

const tooSlow: ErrorDetail = {
  code: 'code.too_slow',
  message: `compiling the code of the bundle takes longer than ${timeoutMs / 1000} s`,
};

function pathTaken(entry: string): ErrorDetail {
  return {
    code: 'code.path_taken',
    message: `"${compiledPath(entry)}" is where the compiled form of "${entry}" goes; rename the file`,
    file: compiledPath(entry),
  };
}

function options(files: BundleFiles, entries: readonly CodeEntry[], rules: ImportRules) {
  const exported = new Map<string, Set<string>>();
  for (const { entry, exported: name } of entries) exported.set(entry, (exported.get(entry) ?? new Set()).add(name));
  return {
    entryPoints: [...exported.keys()].map((entry) => ({ in: `${entryPrefix}${entry}`, out: entry })),
    outdir: '/',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    logLimit: 0,
    metafile: true,
    absWorkingDir: '/',
    // Given in place of any tsconfig.json that the compiler would look for on the disk.
    tsconfigRaw: { compilerOptions: {} },
    plugins: [inBundle(files, exported, rules, maxCodeBytes)],
  } as const satisfies BuildOptions;
}

interface SourceMap {
  readonly sources: readonly string[];
}

function moduleOf(result: BuildResult, entry: string): Buffer {
  const path = compiledPath(entry);
  const text = (suffix: string): string => {
    const output = result.outputFiles?.find((file) => toBundlePath(file.path) === path + suffix);
    if (output === undefined) throw new Error(`the compiler gave no ${path}${suffix}`);
    return output.text;
  };
  const map = JSON.parse(text('.map')) as SourceMap;
  const folder = posix.dirname(`/${path}`);
  const sources = map.sources.map((source) => posix.relative(folder, `/${toBundlePath(source)}`));
  const encoded = Buffer.from(JSON.stringify({ ...map, sources })).toString('base64');
  const inputs = Object.keys(result.metafile?.outputs[path]?.inputs ?? {});
  const usesCommonJs = inputs.some((input) => result.metafile?.inputs[input]?.format === 'cjs');
  const code = usesCommonJs ? withRequire(text('')) : text('');
  return Buffer.from(`${code}//# sourceMappingURL=data:application/json;base64,${encoded}\n`);
}

/** CommonJS code compiled into a module still asks for packages with `require` and for its own place. */
function withRequire(code: string): string {
  const lines = [
    `import { createRequire as __millraceCreateRequire } from 'node:module';`,
    `import { fileURLToPath as __millraceFileUrlToPath } from 'node:url';`,
    `import { dirname as __millraceDirname } from 'node:path';`,
    `var require = __millraceCreateRequire(import.meta.url), __filename = __millraceFileUrlToPath(import.meta.url), __dirname = __millraceDirname(__filename);`,
  ];
  // On the first line, so that no line of the source map moves.
  return `${lines.join(' ')} ${code}`;
}

/** A path of the compiler's as a path in the bundle. */
function toBundlePath(path: string): string {
  return path.replace(/^.*?(?:bundle|entry):/, '').replace(/^\/+/, '');
}

function problemsOf(message: Message, entries: readonly CodeEntry[]): ErrorDetail[] {
  const { location, text, notes } = message;
  const missing = /^No matching export in "[^"]*" for import "([^"]+)"$/.exec(text)?.[1];
  if (location === null) return [{ code: 'code.compile', message: plain(text) }];
  const file = toBundlePath(location.file);
  if (location.file.startsWith(entryPrefix)) {
    if (missing !== undefined) return missingExports(missing, file, entries);
    return [{ code: 'code.compile', message: plain(text), file }];
  }
  const known = message.detail as { readonly code?: string; readonly hint?: string } | undefined;
  const hint = known?.hint ?? notes.map((note) => note.text).find((note) => note !== '' && note.length < 200);
  return [
    {
      code: known?.code ?? (missing === undefined ? 'code.syntax' : 'code.missing_export'),
      message: plain(text),
      file,
      line: location.line,
      column: location.column + 1,
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}

function missingExports(name: string, file: string, entries: readonly CodeEntry[]): ErrorDetail[] {
  return entries
    .filter(({ entry, exported }) => entry === file && exported === name)
    .map(({ entry, sourceFile, pointer, line, column }) => ({
      code: 'pipeline.missing_export',
      message: name === 'default' ? `"${entry}" has no default export` : `"${entry}" exports nothing named "${name}"`,
      ...(sourceFile === undefined ? {} : { file: sourceFile }),
      pointer,
      line,
      column,
      hint:
        name === 'default'
          ? 'write `export default async function (input, ctx) { … }`, or name an export with "export"'
          : `write \`export async function ${name}(input, ctx) { … }\``,
    }));
}

function plain(text: string): string {
  const sentence = text.replace(/\b(?:bundle|entry):\/*/g, '');
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
