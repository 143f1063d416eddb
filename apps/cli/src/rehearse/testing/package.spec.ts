import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const checkout = fileURLToPath(new URL('../../../../../', import.meta.url));
const fixtures = join(checkout, 'libs', 'sdk', 'fixtures');
const execute = promisify(execFile);
let folder: string;

/** An empty project with nothing but the package that a platform serves. */
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'millrace-sdk-package-')));
  await execute(process.execPath, [join(checkout, 'libs', 'sdk', 'bundle.mjs')], { cwd: checkout });
  await writeFile(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
  const archive = join(checkout, 'apps', 'cli', 'dist', 'downloads', 'millrace-sdk.tgz');
  await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', archive], {
    cwd: folder,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packed SDK', () => {
  it('needs nothing else to type-check a pipeline and its test', async () => {
    for (const name of ['tasks', 'right']) await copyFile(join(fixtures, `${name}.ts.txt`), join(folder, `${name}.ts`));
    await writeFile(join(folder, 'globals.d.ts'), 'interface AbortSignal {}');
    await writeFile(join(folder, 'sum.ts'), sumPipeline);
    await writeFile(join(folder, 'sum.test.ts'), sumTest);
    const program = ts.createProgram(
      ['right', 'sum.test'].map((name) => join(folder, `${name}.ts`)).concat(join(folder, 'globals.d.ts')),
      {
        module: ts.ModuleKind.NodeNext,
        target: ts.ScriptTarget.ES2023,
        strict: true,
        noEmit: true,
        skipDefaultLibCheck: true,
        types: [],
        lib: ['lib.es2023.d.ts'],
      },
    );
    const messages = ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => {
      return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(messages).toEqual([]);
  });

  it('rehearses a pipeline without the platform, its compiler or any other package', async () => {
    await build({
      entryPoints: ['sum.ts', 'sum.test.ts'].map((name) => join(folder, name)),
      outdir: folder,
      format: 'esm',
      logLevel: 'silent',
    });
    const { stdout } = await execute(process.execPath, [join(folder, 'sum.test.js')], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([
      { state: 'succeeded', elapsedMs: 3000, sum: 6, tries: 2 },
      { state: 'failed', error: 'nothing to add', tries: 1 },
      'the task "list" has no mock',
      expect.stringMatching(/^the pipeline "broken" has mistakes:\n {2}\/.*sum\.js:\d+:\d+: "timeout" must be between/),
    ]);
    const { dependencies } = JSON.parse(
      await readFile(join(folder, 'node_modules', '@millrace', 'sdk', 'package.json'), 'utf8'),
    ) as { dependencies?: object };
    expect(dependencies).toBeUndefined();
  });
});

const sumPipeline = `import { pipeline, schema } from '@millrace/sdk';

export const sums = pipeline('sums', { params: { n: schema.integer({ default: 2 }) } }, (p) => {
  const list = p.python<number[]>('list', { entry: 'list.py', retry: { maxAttempts: 2, delay: '1s', jitter: 'none' } });
  p.python<number>('sum', { entry: 'sum.py', input: list.output });
});
export const broken = pipeline('broken', {}, (p) => {
  p.shell('a', { script: 'true', timeout: '0s' });
});
`;

const sumTest = `import { rehearse, type RunOutcome } from '@millrace/sdk/testing';
import { broken, sums } from './sum.js';

declare const console: { log(text: string): void };
const add = (numbers: readonly number[]): number => {
  if (numbers.length === 0) throw Object.assign(new Error('nothing to add'), { retryable: false });
  return numbers.reduce((sum, one) => sum + one, 0);
};
const message = (error: Error): string => error.message;

const good: RunOutcome = await rehearse(sums, {
  params: { n: 3 },
  mocks: { sum: add, list: [{ error: 'busy', delay: '2s' }, { output: [1, 2, 3] }] },
});
const bad = await rehearse(sums, { mocks: { sum: add, list: { output: [] } } });
const missing = await rehearse(sums, { mocks: { sum: add } }).catch(message);
const mistaken = await rehearse(broken, { mocks: {} }).catch(message);
console.log(
  JSON.stringify([
    { state: good.state, elapsedMs: good.elapsedMs, sum: good.tasks['sum']?.output, tries: good.tasks['list']?.tries },
    { state: bad.state, error: bad.tasks['sum']?.error, tries: bad.tasks['sum']?.tries },
    missing,
    mistaken,
  ]),
);
`;
