import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BundleCompiler, type SpareOptions } from './bundle-compiler.js';
import type { CompileResult } from './compile-bundle.js';

const compiler = new BundleCompiler();

function compile(
  files: Record<string, string>,
  tasks: Record<string, object>,
  packages: string[] = [],
): Promise<CompileResult> {
  return compiler.compile({
    sources: [{ file: 'millrace.json', text: JSON.stringify({ pipeline: 'p', tasks }) }],
    paths: Object.keys(files),
    pools: undefined,
    code: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    packages,
  });
}

const node = (entry: string, exported?: string) => ({
  type: 'node',
  entry,
  ...(exported === undefined ? {} : { export: exported }),
});

function list({ problems }: CompileResult): string[] {
  return problems.map(({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`);
}

describe('code without mistakes', () => {
  let folder: string;
  let result: CompileResult;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'));
    result = await compile(
      {
        'src/a.ts': [
          `import { twice } from './lib.js';`,
          `import type { Nowhere } from './types-only.js';`,
          `import numbers from '../data/numbers.json';`,
          `import { readFileSync } from 'node:fs';`,
          `import left from 'left';`,
          `export default async function (input: number): Promise<number> {`,
          `  if (input < 0) throw new Error('negative');`,
          `  const beside = readFileSync(new URL('../data/numbers.json', import.meta.url), 'utf8').length;`,
          `  return twice(input) + numbers.one + left() + beside;`,
          `}`,
          `export const named = (): string => 'named';`,
          `export type X = Nowhere;`,
        ].join('\n'),
        'src/lib.ts': 'export const twice = (n: number): number => 2 * n;',
        'data/numbers.json': '{"one":1}',
        'src/old.cjs': `const left = require('left'); exports.main = () => [left(), __filename.endsWith('src/old.cjs.mjs')];`,
        'src/plain.js': `import { sep } from 'path'; export default () => sep;`,
      },
      { a: node('src/a.ts'), b: node('src/a.ts', 'named'), c: node('src/old.cjs', 'main'), d: node('src/plain.js') },
      ['left'],
    );
    await mkdir(join(folder, 'node_modules/left'), { recursive: true });
    await writeFile(join(folder, 'node_modules/left/index.js'), 'module.exports = () => 100;');
    const all = [...result.compiled, ['data/numbers.json', Buffer.from('{"one":1}')] as const];
    for (const [path, bytes] of all) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function run(script: string) {
    return spawnSync(process.execPath, ['--enable-source-maps', '--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    });
  }

  it('becomes a module for each entry file, beside its source', () => {
    expect(list(result)).toEqual([]);
    expect([...result.compiled.keys()].sort()).toEqual(['src/a.ts.mjs', 'src/old.cjs.mjs', 'src/plain.js.mjs']);
    expect(result.pipelines).toHaveLength(1);
  });

  it('runs, with packages and files found where they were', () => {
    const script = `const a = await import('./src/a.ts.mjs'); const c = await import('./src/old.cjs.mjs'); const d = await import('./src/plain.js.mjs');
      console.log(JSON.stringify([await a.default(5), a.named(), c.main(), d.default()]));`;

    expect(JSON.parse(run(script).stdout)).toEqual([120, 'named', [100, true], '/']);
  });

  it('names the lines of the source in stack traces', () => {
    expect(run(`(await import('./src/a.ts.mjs')).default(-1)`).stderr).toContain('src/a.ts:7:');
  });
});

describe('code with mistakes', () => {
  it('is reported with file, line and column, all of it at once', async () => {
    const result = await compile(
      {
        'src/a.ts': `import { y } from './lbi.js';\nimport z from 'pgg';\nimport '/etc/passwd';\nimport 'https://example.com/x.js';\nimport c from './d.csv';\nimport { nope } from './lib.js';\nexport default () => [y, z, c, nope];`,
        'src/b.ts': 'export default function ( {\n  const x = ;\n}',
        'src/lib.ts': 'export const x = 1;',
        'src/d.csv': 'a',
      },
      {
        a: node('src/a.ts'),
        b: node('src/b.ts'),
        c: node('src/lib.ts'),
        d: node('src/lib.ts', 'main'),
        e: { type: 'nod' },
      },
      ['pg'],
    );

    expect(list(result)).toEqual([
      expect.stringMatching(/^millrace\.json:1:\d+ pipeline\.unknown_type/),
      'src/a.ts:1:19 code.unresolved_import cannot import "./lbi.js": the bundle has no file "src/lbi.js"',
      `src/a.ts:2:15 code.unknown_package the package "pgg" is not in the bundle's package.json`,
      'src/a.ts:3:8 code.absolute_import cannot import "/etc/passwd": files are imported by relative paths',
      'src/a.ts:4:8 code.url_import cannot import "https://example.com/x.js": modules come from the bundle or from packages',
      'src/a.ts:5:15 code.not_code cannot import "./d.csv": ".csv" files are no modules',
      'src/b.ts:2:9 code.syntax expected "}" but found "x"',
    ]);
    expect(result.problems.map(({ hint }) => hint)).toContain('did you mean "src/lib.ts"?');
    expect(result.compiled.size).toBe(0);
  });

  it('is reported where a task names an export that is not there', async () => {
    const { problems } = await compile(
      { 'src/lib.ts': 'export const x = 1;' },
      { c: node('src/lib.ts'), d: node('src/lib.ts', 'main') },
    );

    expect(problems).toMatchObject([
      {
        code: 'pipeline.missing_export',
        message: '"src/lib.ts" has no default export',
        file: 'millrace.json',
        pointer: '/tasks/c/entry',
        line: 1,
      },
      {
        code: 'pipeline.missing_export',
        message: '"src/lib.ts" exports nothing named "main"',
        pointer: '/tasks/d/export',
      },
    ]);
  });

  it('reaches nothing outside of the bundle', async () => {
    const outside = join(tmpdir(), 'outside.js');
    await writeFile(outside, 'export default "secret"');
    const { problems, compiled } = await compile(
      { 'src/a.ts': `import x from '../../../..${outside}'; import y from './tsconfig.json'; export default [x, y];` },
      { a: node('src/a.ts') },
    );

    expect(problems.map(({ code }) => code)).toEqual(['code.unresolved_import', 'code.unresolved_import']);
    expect(compiled.size).toBe(0);
    await rm(outside);
  });

  it('refuses an entry whose place is taken', async () => {
    const { problems } = await compile({ 'src/a.ts': '1', 'src/a.ts.mjs': '2' }, { a: node('src/a.ts') });

    expect(problems).toMatchObject([{ code: 'code.path_taken', file: 'src/a.ts.mjs' }]);
  });
});

describe('code that exhausts the compiler', () => {
  it('fails its own deployment and leaves the next one alone', async () => {
    const hostile = compile({ 'src/a.ts': `export default ${'['.repeat(3_000_000)}` }, { a: node('src/a.ts') });
    const honest = compile({ 'src/a.ts': 'export default () => 1' }, { a: node('src/a.ts') });

    await expect(hostile).rejects.toMatchObject({ kind: 'invalid', code: 'bundle.uncompilable' });
    expect((await honest).compiled.size).toBe(1);
  });
});

describe('the spare process', () => {
  const request = { sources: [], paths: [], pools: undefined, code: new Map<string, Uint8Array>(), packages: [] };
  const compilers: BundleCompiler[] = [];

  function make(options: Partial<SpareOptions> = {}): BundleCompiler {
    const made = new BundleCompiler({ idleMs: 60_000, minFreeBytes: 0, ...options });
    compilers.push(made);
    return made;
  }

  afterEach(() => {
    for (const made of compilers.splice(0)) made.close();
  });

  function isUp(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  it('stands ready after a first bundle, and is used once', async () => {
    const spared = make();
    expect(spared.sparePid).toBeUndefined();
    const seen: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      await spared.compile(request);
      seen.push(spared.sparePid ?? 0);
    }

    expect(seen.every((pid) => pid > 0)).toBe(true);
    expect(new Set(seen).size).toBe(3);
    await vi.waitFor(() => expect(seen.map(isUp)).toEqual([false, false, true]), 10_000);
  });

  it('goes to one of two bundles that come at once', async () => {
    const spared = make();
    await spared.compile(request);
    const first = spared.sparePid ?? 0;
    const both = [spared.compile(request), spared.compile(request)];

    expect(spared.sparePid).toBeUndefined();
    await Promise.all(both);
    expect(spared.sparePid).not.toBe(first);
  });

  it('is ended when nobody wants it, when memory is short, and with its owner', async () => {
    const idle = make({ idleMs: 50 });
    await idle.compile(request);
    const idlePid = idle.sparePid ?? 0;
    await vi.waitFor(() => expect([idle.sparePid, isUp(idlePid)]).toEqual([undefined, false]), 10_000);

    const poor = make({ minFreeBytes: Number.MAX_SAFE_INTEGER });
    await poor.compile(request);
    expect(poor.sparePid).toBeUndefined();

    const closed = make();
    await closed.compile(request);
    const pid = closed.sparePid ?? 0;
    closed.close();
    await vi.waitFor(() => expect(isUp(pid)).toBe(false), 10_000);
    await closed.compile(request);
    expect(closed.sparePid).toBeUndefined();
  });

  it('may die without harm to the next bundle', async () => {
    const spared = make();
    await spared.compile(request);
    const pid = spared.sparePid ?? 0;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(spared.sparePid).toBeUndefined(), 10_000);

    await expect(spared.compile(request)).resolves.toMatchObject({ pipelines: [], problems: [] });
  });
});
