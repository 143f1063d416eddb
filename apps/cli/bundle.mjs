// Makes the packages that people install from a platform: the command line, and the clients for TypeScript and Python.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packBundle } from '@millrace/pipelines/compile';
import { build } from 'esbuild';
import { ZipFile } from 'yazl';

const here = fileURLToPath(new URL('.', import.meta.url));
const clients = join(here, '..', '..', 'libs', 'clients');
const downloads = join(here, 'dist', 'downloads');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const license = readFileSync(join(here, '..', '..', 'LICENSE'));
const installed = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;

const json = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
const about = { version: manifest.version, license: 'Apache-2.0', type: 'module', engines: { node: '>=20' } };

function* filesIn(folder, keep, prefix = '') {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) yield* filesIn(folder, keep, `${path}/`);
    else if (keep(path)) yield [path, readFileSync(join(folder, path))];
  }
}

/** A package as npm installs it: the same contents always give the same archive. */
async function writeNpmPackage(name, files) {
  const packed = await packBundle(new Map([...files].map(([path, bytes]) => [`package/${path}`, bytes])));
  writeFileSync(join(downloads, `${name}.tgz`), packed.bytes);
}

async function commandLine() {
  const common = {
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    legalComments: 'inline',
    logLevel: 'warning',
    minifySyntax: true,
    minifyWhitespace: true,
  };
  const program = await build({
    ...common,
    entryPoints: [join(here, 'dist', 'main.js')],
    outdir: '/dist',
    // What a command does not use is not loaded.
    splitting: true,
    // A program of its own for each platform.
    external: ['esbuild'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const sdk = await build({
    ...common,
    entryPoints: [join(here, '..', '..', 'libs', 'sdk', 'dist', 'index.js')],
    outfile: '/dist/sdk.js',
  });
  const outputs = [...program.outputFiles, ...sdk.outputFiles].map(({ path, contents }) => [
    relative('/', path).split(sep).join('/'),
    Buffer.from(contents),
  ]);
  return writeNpmPackage('millrace-cli', [
    [
      'package.json',
      json({
        name: 'millrace-cli',
        description: 'The command line of Millrace.',
        ...about,
        bin: { millrace: 'dist/main.js' },
        dependencies: { esbuild: installed('esbuild') },
      }),
    ],
    ['LICENSE', license],
    ...outputs,
  ]);
}

function typescriptClient() {
  const keep = (path) => /\.(?:js|d\.ts)$/.test(path) && !path.includes('.spec.');
  const { dependencies } = JSON.parse(readFileSync(join(clients, 'package.json'), 'utf8'));
  // Source maps stay behind, so nothing may point at them.
  const text = (bytes) => Buffer.from(bytes.toString('utf8').replace(/\/\/# sourceMappingURL=.*\n?$/, ''));
  const files = [...filesIn(join(clients, 'dist'), keep)].map(([path, bytes]) => [`dist/${path}`, text(bytes)]);
  return writeNpmPackage('millrace-client', [
    [
      'package.json',
      json({
        name: 'millrace-client',
        description: 'Typed client of the Millrace API.',
        ...about,
        exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
        dependencies,
      }),
    ],
    ['LICENSE', license],
    ...files,
  ]);
}

/** A wheel is a zip archive with a list of what is in it (PEP 427); nothing has to be built for one. */
async function pythonClient() {
  const { version } = manifest;
  const source = join(clients, 'python', 'src');
  const meta = `millrace_client-${version}.dist-info`;
  const readme = readFileSync(join(clients, 'python', 'README.md'), 'utf8');
  const files = [
    ...filesIn(source, (path) => /\.(?:py|typed)$/.test(path)),
    [
      `${meta}/METADATA`,
      Buffer.from(
        [
          'Metadata-Version: 2.4',
          'Name: millrace-client',
          `Version: ${version}`,
          'Summary: Typed client of the Millrace API',
          'License-Expression: Apache-2.0',
          'Requires-Python: >=3.11',
          'Requires-Dist: httpx>=0.27,<0.29',
          'Requires-Dist: attrs>=23.2',
          'Description-Content-Type: text/markdown',
          '',
          readme,
        ].join('\n'),
      ),
    ],
    [
      `${meta}/WHEEL`,
      Buffer.from('Wheel-Version: 1.0\nGenerator: millrace\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
    ],
    [`${meta}/licenses/LICENSE`, license],
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = (bytes) => createHash('sha256').update(bytes).digest('base64url');
  const record = files.map(([path, bytes]) => `${path},sha256=${digest(bytes)},${bytes.length}\n`);
  const zip = new ZipFile();
  const options = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };
  for (const [path, bytes] of files) zip.addBuffer(bytes, path, options);
  zip.addBuffer(Buffer.from(`${record.join('')}${meta}/RECORD,,\n`), `${meta}/RECORD`, options);
  zip.end();
  const chunks = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk);
  writeFileSync(join(downloads, `millrace_client-${version}-py3-none-any.whl`), Buffer.concat(chunks));
}

mkdirSync(downloads, { recursive: true });
// Packages of another version stay no longer than their sources.
for (const name of readdirSync(downloads)) {
  if (/^(?:millrace-(?:cli|client)\.tgz|millrace_client-.*\.whl)$/.test(name)) rmSync(join(downloads, name));
}
await Promise.all([commandLine(), typescriptClient(), pythonClient()]);
