// Bundles the built-in programs into self-contained files: a sandbox sees these files and no node_modules.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await mkdir(here('dist/builtin'), { recursive: true });
for (const name of ['sql', 'http']) {
  const outfile = here(`dist/builtin/${name}.mjs`);
  const { outputFiles } = await build({
    entryPoints: [here(`src/${name}/run.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    write: false,
    logLevel: 'warning',
    external: ['pg-native', 'cloudflare:sockets'],
    // pg is CommonJS and asks for Node's own modules at run time.
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
  });
  // Whoever starts a sandbox meanwhile sees the old file or the new one, never half of it.
  await writeFile(`${outfile}.${process.pid}`, outputFiles[0].contents);
  await rename(`${outfile}.${process.pid}`, outfile);
}
