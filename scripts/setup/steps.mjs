import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, runTool, tail } from './command.mjs';
import { workspaces } from './build.mjs';
import { during, say, SetupError } from './progress.mjs';

const cache = join('node_modules', '.cache');

/** The checks that need no server: each has a name and gives the output of what is wrong, or nothing. */
export const steps = {
  types: () => tool('typescript/bin/tsc', ['-b']),
  format: () =>
    tool('prettier/bin/prettier.cjs', ['--check', '--cache', '--cache-location', join(cache, 'prettier'), '.']),
  lint: () =>
    tool('eslint/bin/eslint.js', [
      ...['--cache', '--cache-location', join(cache, 'eslint'), '--cache-strategy', 'content'],
      ...['--max-warnings', '0', '.'],
    ]),
  imports: () =>
    tool('dependency-cruiser/bin/dependency-cruise.mjs', [
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long'],
      ...workspaces()
        .map(({ folder }) => join(folder, 'src'))
        .filter((folder) => existsSync(join(checkout, folder))),
      'test',
    ]),
  generated: () => generatedFiles(),
};

async function tool(entry, args) {
  const { code, output } = await runTool(join('node_modules', entry), args);
  return code === 0 ? undefined : tail(output, 80);
}

/** Generators write with no argument and compare with `--check`. */
async function generatedFiles() {
  const problems = [];
  for (const generator of generators()) {
    const { code, output } = await runTool(generator, ['--check']);
    if (code !== 0) problems.push(tail(output, 20));
  }
  return problems.length === 0 ? undefined : problems.join('\n');
}

/** Programs that write generated files. A workspace names its own: `"millrace": { "generator": "dist/emit.js" }`. */
export function generators() {
  const own = workspaces()
    .filter(({ manifest }) => manifest.millrace?.generator !== undefined)
    .map(({ folder, manifest }) => join(folder, manifest.millrace.generator));
  // The description of the API comes first: others are made from it.
  const isSource = (path) => path.startsWith(join('apps', 'api'));
  return [
    join('scripts', 'configuration-reference.mjs'),
    ...own.filter(isSource),
    ...own.filter((path) => !isSource(path)),
  ];
}

/** Runs one check and says how it went; gives true when it passed. */
export async function runStep(name, work) {
  const begun = performance.now();
  const problem = await during(name, work, 20_000).catch((error) =>
    error instanceof SetupError ? error.message : error.stack,
  );
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(problem === undefined ? `ok      ${name} (${seconds} s)` : `FAILED  ${name} (${seconds} s)`);
  if (problem !== undefined) process.stdout.write(`${problem}\n`);
  return problem === undefined;
}
