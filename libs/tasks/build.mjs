// Bundles the built-in programs into self-contained files: a sandbox sees these files and no node_modules.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const name of ['sql', 'http']) {
  await build({
    entryPoints: [here(`src/${name}/run.ts`)],
    outfile: here(`dist/builtin/${name}.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    logLevel: 'warning',
    external: ['pg-native', 'cloudflare:sockets'],
    // pg is CommonJS and asks for Node's own modules at run time.
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
  });
}
