// Bundles what runs inside a sandbox into self-contained files: a sandbox sees these files and no node_modules.
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const common = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, logLevel: 'warning' };

await mkdir(here('dist'), { recursive: true });
await build({ ...common, entryPoints: [here('src/init/main.ts')], outfile: here('dist/init.cjs') });
await build({
  ...common,
  entryPoints: [createRequire(import.meta.url).resolve('undici')],
  outfile: here('dist/undici.cjs'),
});
await copyFile(here('src/init/bootstrap.py'), here('dist/bootstrap.py'));
