// Bundles what runs inside a sandbox into self-contained files: a sandbox sees these files and no node_modules.
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Whoever starts a sandbox meanwhile sees the old file or the new one, never half of it. */
async function replace(path, write) {
  const next = `${path}.${process.pid}`;
  await write(next);
  await rename(next, path);
}

async function bundle(entry, outfile) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    write: false,
    logLevel: 'warning',
  });
  await replace(outfile, (path) => writeFile(path, outputFiles[0].contents));
}

await mkdir(here('dist'), { recursive: true });
await bundle(here('src/init/main.ts'), here('dist/init.cjs'));
await bundle(createRequire(import.meta.url).resolve('undici'), here('dist/undici.cjs'));
await replace(here('dist/bootstrap.py'), (path) => copyFile(here('src/init/bootstrap.py'), path));
