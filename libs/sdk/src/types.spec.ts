import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
let folder: string;
let errors: ReturnType<typeof check>;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'millrace-sdk-types-')));
  await mkdir(join(folder, 'node_modules', '@millrace'), { recursive: true });
  await symlink(dirname(fixtures), join(folder, 'node_modules', '@millrace', 'sdk'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['tasks', 'right', 'wrong'])
    await copyFile(`${fixtures}${name}.ts.txt`, join(folder, `${name}.ts`));
  await writeFile(join(folder, 'globals.d.ts'), 'interface AbortSignal {}');
  errors = check();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Everything that the compiler finds in the files; no browser's and no Node's types, which take long to read. */
function check(): Record<string, { line: number; code: string; text: string }[]> {
  const names = ['right', 'wrong'];
  const program = ts.createProgram([...names.map((name) => join(folder, `${name}.ts`)), join(folder, 'globals.d.ts')], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipDefaultLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
  });
  const found: Record<string, { line: number; code: string; text: string }[]> = { right: [], wrong: [], other: [] };
  for (const { file, start, code, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = names.find((one) => file?.fileName === join(folder, `${one}.ts`)) ?? 'other';
    found[name]?.push({
      line: file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1,
      code: `TS${code}`,
      text: ts.flattenDiagnosticMessageText(messageText, '\n'),
    });
  }
  return found;
}

describe('the types of the SDK', () => {
  it('accept a pipeline with every type of task and every kind of reference', () => {
    expect(errors['right']).toEqual([]);
    expect(errors['other']).toEqual([]);
  });

  it('refuse each wrong reference, at its own line and for its own reason', async () => {
    const lines = (await readFile(join(folder, 'wrong.ts'), 'utf8')).split('\n');
    const expected = lines.flatMap((text, index) => {
      const [, code = '', said = ''] = / \/\/ (TS\d+) (.+)$/.exec(text) ?? [];
      return code === '' ? [] : [{ line: index + 1, code, said }];
    });

    const found = errors['wrong'] ?? [];

    expect(found.map(({ line, code }) => `${line} ${code}`)).toEqual(
      expected.map(({ line, code }) => `${line} ${code}`),
    );
    for (const [index, { said }] of expected.entries()) expect(found[index]?.text).toContain(said);
    expect(expected.length).toBeGreaterThan(25);
  });
});
