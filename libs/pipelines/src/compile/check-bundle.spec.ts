import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBundle } from '../bundle/read-bundle.js';
import { readFolder } from '../bundle/read-folder.js';
import { checkBundle, checkFolder } from './check-bundle.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const hello = 'pipeline: hello\ntasks:\n  greet: { type: node, entry: src/greet.ts }\n';

describe('a folder', () => {
  it('is compiled to plans and to the files that a run mounts', async () => {
    await write({ 'pipelines/hello.yaml': hello, 'src/greet.ts': 'export default (): string => "hello";' });

    const check = await checkFolder(folder);

    expect(check.problems).toEqual([]);
    expect(check.pipelines[0]?.plan.tasks.map(({ id }) => id)).toEqual(['greet']);
    expect([...check.files.keys()]).toContain('src/greet.ts.mjs');
  });

  it('has every mistake reported with its place, those of the code too', async () => {
    await write({
      'pipelines/hello.yaml': `${hello}  twice: { type: node, entry: src/greet.ts, needs: [gret] }\n`,
      'src/greet.ts': 'export const other = 1;\n',
    });

    const { problems } = await checkFolder(folder);

    expect(problems.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
      'pipelines/hello.yaml:4 pipeline.unknown_need',
      'pipelines/hello.yaml:3 pipeline.missing_export',
      'pipelines/hello.yaml:4 pipeline.missing_export',
    ]);
  });

  it('that defines nothing is a mistake, not an exception', async () => {
    await write({ 'README.md': 'nothing' });
    expect((await checkFolder(folder)).problems).toMatchObject([{ code: 'bundle.no_pipelines' }]);
    await expect(checkFolder(join(folder, 'missing'))).rejects.toThrow('ENOENT');
  });

  it('is taken without what a working copy holds besides it', async () => {
    await write({
      'millrace.yaml': hello,
      '.git/config': '',
      'node_modules/a/index.js': '',
      'src/__pycache__/a.pyc': '',
      '.env': 'SECRET=1',
      '.env.local': 'SECRET=1',
      '.npmrc': 'registry=https://registry.npmjs.org',
      '.millraceignore': '# tests\n*.spec.ts\n/fixtures/\ndata/**/*.csv\n',
      'src/a.spec.ts': '',
      'src/a.ts': '',
      'fixtures/a.json': '',
      'src/fixtures/a.json': '',
      'data/a.csv': '',
      'data/deep/er/b.csv': '',
      'data/b.json': '',
    });

    const { files } = await readFolder(folder);

    expect([...files.keys()]).toEqual([
      ...['.npmrc', 'data/b.json', 'millrace.yaml', 'src/a.ts', 'src/fixtures/a.json'],
    ]);
  });

  it('goes by the .gitignore where it has no file of its own', async () => {
    await write({
      'millrace.yaml': hello,
      '.gitignore': 'dist/\n*.log\n!keep.log\n',
      'dist/a.js': '',
      'a.log': '',
      'src/keep.log': '',
    });

    expect([...(await readFolder(folder)).files.keys()]).toEqual(['.gitignore', 'millrace.yaml', 'src/keep.log']);
    await writeFile(join(folder, '.millraceignore'), '.gitignore\n');
    expect([...(await readFolder(folder)).files.keys()]).toEqual([
      ...['a.log', 'dist/a.js', 'millrace.yaml', 'src/keep.log'],
    ]);
  });

  it('may not hold links', async () => {
    await write({ 'millrace.yaml': hello });
    await symlink('/etc/hostname', join(folder, 'name'));

    expect((await checkFolder(folder)).problems).toMatchObject([
      { code: 'bundle.link', file: 'name', hint: expect.stringContaining('.millraceignore') as string },
    ]);
    await writeFile(join(folder, '.millraceignore'), 'name\n');
    expect((await readFolder(folder)).files.has('name')).toBe(false);
  });
});

it('takes a bundle document too', async () => {
  const document = { pipelines: [{ pipeline: 'p', tasks: { a: { type: 'shel', script: 'true' } } }] };
  const bundle = await readBundle(Buffer.from(JSON.stringify(document)), 'application/json');

  expect((await checkBundle(bundle)).problems).toMatchObject([
    { code: 'pipeline.unknown_type', pointer: '/pipelines/0/tasks/a/type', hint: 'did you mean "shell"?' },
  ]);
});

/** Sources that a module loads when it runs, by following its imports. */
async function loadedBy(path: string, seen = new Map<string, string[]>()): Promise<Map<string, string[]>> {
  if (seen.has(path)) return seen;
  const text = await readFile(path, 'utf8');
  const specifiers = [...text.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from\s+'([^']+)';/gms)].map(
    ([, specifier]) => specifier ?? '',
  );
  seen.set(
    path,
    specifiers.filter((specifier) => !specifier.startsWith('.')),
  );
  for (const specifier of specifiers.filter((one) => one.startsWith('.'))) {
    await loadedBy(join(dirname(path), specifier.replace(/\.js$/, '.ts')), seen);
  }
  return seen;
}

it('loads no database and no object store', async () => {
  const modules = await loadedBy(fileURLToPath(new URL('index.ts', import.meta.url)));
  const packages = new Set([...modules.values()].flat().filter((name) => name.startsWith('@millrace/')));

  expect(modules.size).toBeGreaterThan(20);
  expect([...packages].sort()).toEqual([
    ...['@millrace/contracts', '@millrace/contracts/notify', '@millrace/expressions'],
    ...['@millrace/kernel', '@millrace/tasks/catalogue'],
  ]);
});
