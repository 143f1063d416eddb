import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorDetail } from '@millrace/kernel';
import { entryScheme } from '@millrace/sdk';
import { build, type BuildFailure, type Message, type Plugin } from 'esbuild';

export interface BundledSource {
  readonly code: string;
  readonly problems: readonly ErrorDetail[];
}

const sdk = '@millrace/sdk';

/** Collects what the file exports and says it to the parent. */
function mainModule(file: string): string {
  return `import * as exported from ${JSON.stringify(`./${file}`)};
const mark = Symbol.for('millrace.pipeline');
const isPipeline = (value) => typeof value === 'object' && value !== null && mark in value;
const found = new Set(Object.values(exported).filter(isPipeline));
const pipelines = [...found].map(({ name, definition, positions }) => ({ name, definition, positions }));
process.send({ pipelines }, undefined, undefined, () => process.exit(0));
`;
}

/** Bundles a file that defines pipelines to one module with everything that it needs but Node's own modules. */
export async function bundleSource(root: string, file: string, outfile: string): Promise<BundledSource> {
  try {
    const result = await build({
      stdin: { contents: mainModule(file), resolveDir: root, sourcefile: 'millrace-main.mjs' },
      outfile,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
      absWorkingDir: root,
      // Packages in CommonJS ask for Node's modules with `require`.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      plugins: [taskCode(root), ownSdk()],
    });
    return { code: result.outputFiles[0]?.text ?? '', problems: [] };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    return { code: '', problems: errors.map(problemOf) };
  }
}

/** `import()` names the code of a task: nothing is loaded by it, and what is left in its place is a path in the bundle. */
function taskCode(root: string): Plugin {
  return {
    name: 'task-code',
    setup(building) {
      building.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const absolute = resolve(resolveDir, path);
        const found = candidates(absolute).find((one) => existsSync(one));
        if (found === undefined) return { errors: [{ text: `there is no file "${path}"` }] };
        const inFolder = relative(root, found).split(sep).join('/');
        if (inFolder.startsWith('..'))
          return { errors: [{ text: `"${path}" is outside of the folder of the bundle` }] };
        return { path: `${entryScheme}${inFolder}`, external: true };
      });
    },
  };
}

/** TypeScript lets an import name the file that it will become, or leave the ending out. */
function candidates(path: string): string[] {
  const stem = path.replace(/\.([mc]?)js$/, '.$1ts');
  return [path, stem, `${path}.ts`, `${path}.mts`, `${path}.js`, `${path}.mjs`, join(path, 'index.ts')];
}

/** Where the folder has no SDK installed, ours is taken. */
function ownSdk(): Plugin {
  return {
    name: 'own-sdk',
    setup(building) {
      building.onResolve({ filter: /^@millrace\/sdk$/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === sdk) return undefined;
        const found = await building.resolve(path, { kind, resolveDir, pluginData: sdk });
        if (found.errors.length === 0) return { path: found.path, external: found.external };
        const own = ownSdkFile();
        return own === undefined ? { errors: found.errors } : { path: own };
      });
    },
  };
}

function ownSdkFile(): string | undefined {
  try {
    return fileURLToPath(import.meta.resolve(sdk));
  } catch {
    const beside = join(dirname(fileURLToPath(import.meta.url)), 'sdk.js');
    return existsSync(beside) ? beside : undefined;
  }
}

function problemOf({ text, location, notes }: Message): ErrorDetail {
  const message = text.charAt(0).toLowerCase() + text.slice(1);
  const missing = /^could not resolve "@millrace\/sdk"/.test(message);
  const hint = missing
    ? 'install it from your platform: npm i -D <your platform>/downloads/millrace-sdk.tgz'
    : notes.map((note) => note.text).find((note) => note !== '' && note.length < 200);
  return {
    code: 'sdk.compile',
    message,
    ...(location === null ? {} : { file: location.file, line: location.line, column: location.column + 1 }),
    ...(hint === undefined ? {} : { hint }),
  };
}
