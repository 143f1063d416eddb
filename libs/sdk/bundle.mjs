// Packs the SDK as people install it from a platform: `millrace-sdk.tgz`, one module and its types, nothing else needed.
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packBundle } from '@millrace/pipelines/compile';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const checkout = join(here, '..', '..');
const rehearse = join(checkout, 'apps', 'cli', 'dist', 'rehearse', 'testing');
const downloads = join(checkout, 'apps', 'cli', 'dist', 'downloads');
const { version } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'));

/** The rehearsal compiles no code, so that what would compile it is never loaded. */
const withoutCompiler = {
  name: 'without-compiler',
  setup(building) {
    building.onResolve({ filter: /^esbuild$/ }, () => ({ path: 'esbuild', external: true, sideEffects: false }));
    building.onResolve({ filter: /^@millrace\/sdk$/ }, () => ({ path: './index.js', external: true }));
  },
};

async function bundledModules() {
  const { outputFiles } = await build({
    entryPoints: { index: join(here, 'dist', 'index.js'), testing: join(rehearse, 'index.js') },
    outdir: '/dist',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    treeShaking: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'inline',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: [withoutCompiler],
  });
  return outputFiles.map(({ path, contents }) => [`dist/${basename(path)}`, Buffer.from(contents)]);
}

/** Types are taken as the compiler wrote them; those of a spec are nobody's. */
async function typesIn(from, to) {
  const names = (await readdir(from)).filter((name) => name.endsWith('.d.ts') && !name.includes('.spec.'));
  return Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(join(from, name), 'utf8');
      return [`${to}/${name}`, Buffer.from(text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'))];
    }),
  );
}

const manifest = {
  name: '@millrace/sdk',
  version,
  description: 'Millrace pipelines in TypeScript.',
  license: 'Apache-2.0',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20' },
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './testing': { types: './dist/testing/index.d.ts', default: './dist/testing.js' },
  },
};

const files = [
  ['package.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)],
  ['LICENSE', await readFile(join(checkout, 'LICENSE'))],
  ...(await bundledModules()),
  ...(await typesIn(join(here, 'dist'), 'dist')),
  ...(await typesIn(rehearse, 'dist/testing')),
];
const packed = await packBundle(new Map(files.map(([path, bytes]) => [`package/${path}`, bytes])));
await mkdir(downloads, { recursive: true });
await writeFile(join(downloads, 'millrace-sdk.tgz.new'), packed.bytes);
await rename(join(downloads, 'millrace-sdk.tgz.new'), join(downloads, 'millrace-sdk.tgz'));
