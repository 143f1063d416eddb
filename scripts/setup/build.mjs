import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkout, run, runTool, tail } from './command.mjs';
import { stampFolder } from './dependencies.mjs';
import { during, say, SetupError } from './progress.mjs';

const stampFile = join(stampFolder, 'build');
const skipped = new Set(['node_modules', 'dist', '.git', '.millrace', 'coverage']);
const sourceName = /\.(ts|tsx|js|mjs|cjs|json|css|html|py|c|h)$/;
const sourceFolders = ['libs', 'apps', 'migrations', 'test'];

function* sourcesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* sourcesIn(path);
    } else if (sourceName.test(entry.name) && entry.name !== 'tsconfig.tsbuildinfo') yield path;
  }
}

/** Folders of the workspaces, each with its package.json. */
export function workspaces() {
  const { workspaces: patterns } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const folders = patterns.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(checkout, pattern.slice(0, -2))).map((name) => join(pattern.slice(0, -2), name))
      : [pattern],
  );
  return folders
    .filter((folder) => existsSync(join(checkout, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(checkout, folder, 'package.json'), 'utf8')) }));
}

/** Changes with every change to a source file; names and times suffice and cost a few milliseconds. */
function sourceStamp() {
  const hash = createHash('sha256').update(`${readFileSync(join(stampFolder, 'dependencies'), 'utf8')}\n`);
  for (const name of ['tsconfig.json', 'tsconfig.base.json', 'package.json'])
    hash.update(readFileSync(join(checkout, name)));
  for (const folder of sourceFolders.filter((name) => existsSync(join(checkout, name)))) {
    for (const path of sourcesIn(join(checkout, folder))) {
      const { mtimeMs, size } = statSync(path);
      hash.update(`${relative(checkout, path)}\0${Math.floor(mtimeMs)}\0${size}\n`);
    }
  }
  return hash.digest('hex');
}

/** Workspaces whose sources are compiled but whose build is not there. */
function unbuilt() {
  return workspaces().filter(
    ({ folder }) =>
      existsSync(join(checkout, folder, 'tsconfig.json')) &&
      existsSync(join(checkout, folder, 'src')) &&
      !existsSync(join(checkout, folder, 'dist')),
  );
}

async function compile() {
  const { code, output } = await during('compiling', () =>
    runTool(join('node_modules', 'typescript', 'bin', 'tsc'), ['-b']),
  );
  if (code !== 0) throw new SetupError(`the sources do not compile (tsc -b):\n${tail(output)}`);
}

async function bundle() {
  for (const { manifest } of workspaces().filter(({ manifest }) => manifest.scripts?.bundle !== undefined)) {
    const title = `bundling ${manifest.name.replace('@millrace/', '')}`;
    const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['run', '--silent', 'bundle', '--workspace', manifest.name];
    const { code, output } = await during(title, () => run(command, args));
    if (code !== 0) throw new SetupError(`${title} failed:\n${tail(output)}`);
  }
}

/** Compiles and bundles when a source changed since the last time. Throws a `SetupError` with the compiler's output. */
export async function build() {
  const stamp = sourceStamp();
  const missing = unbuilt();
  if (missing.length === 0 && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say('building');
  // Where a build folder was deleted by hand, the compiler's record still says that it is up to date.
  for (const { folder } of missing) {
    for (const name of readdirSync(join(checkout, folder)).filter((entry) => entry.endsWith('.tsbuildinfo'))) {
      rmSync(join(checkout, folder, name));
    }
  }
  await compile();
  await bundle();
  mkdirSync(stampFolder, { recursive: true });
  writeFileSync(stampFile, stamp);
  say('built');
}
