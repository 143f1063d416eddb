import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBundle, parseYaml, readFolder, toJson } from '@millrace/pipelines/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atSource, emit, withDefinitions } from './emit.js';

const checkout = fileURLToPath(new URL('../../../../../', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'millrace-emit-spec-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** A pipeline file around the body of its building function. */
function pipelineFile(body: string, options = '{}'): string {
  return `import { cel, pipeline, schema } from '@millrace/sdk';

export const one = pipeline('one', ${options}, (p) => {
${body}
});
`;
}

async function problemsOf(body: string, options?: string): Promise<string[]> {
  await write('pipelines/one.ts', pipelineFile(body, options));
  const { pipelines, problems } = await emit(folder);
  const check = await checkBundle(withDefinitions(await readFolder(folder), pipelines));
  const all = problems.length > 0 ? problems : atSource(check.problems, pipelines);
  return all.map(({ file, line, column, message }) => `${file ?? ''}:${line ?? 0}:${column ?? 0} ${message}`);
}

describe('pipelines in TypeScript', () => {
  it('become the same definition as in YAML', async () => {
    await cp(join(checkout, 'samples', 'weather'), folder, { recursive: true });
    const yaml = parseYaml(await readFile(join(folder, 'pipelines', 'weather.yaml'), 'utf8'));
    await write('pipelines/weather.ts', weather);

    const { pipelines, problems } = await emit(folder);

    expect(problems).toEqual([]);
    expect(yaml.root === undefined ? undefined : toJson(yaml.root)).toEqual(pipelines[0]?.definition);
  });

  it('report what a check or a deployment finds at the line where it was written', async () => {
    await write('src/task.ts', 'export default (input: unknown) => input;');
    const found = await problemsOf(
      `  const first = p.node('first', () => import('../src/task.ts'), {
    input: { a: 1 },
    timeout: '0s',
  });
  p.each(cel<string[]>\`bar\`, { maxConcurrency: 1 }, (each) =>
    each.node('second', () => import('../src/task.ts'), { input: each.item, retry: { delay: '1s', factor: 99 } }),
  );
  p.python('third', { entry: 'src/nothing.py', needs: [first] });
  p.shell('fourth', {
    script: 'true',
    when: cel<boolean>\`\${first.output} > foo\`,
  });`,
      "{ deadline: '1ms' }",
    );
    expect(found.sort()).toEqual([
      'pipelines/one.ts:11:30 the bundle has no file "src/nothing.py"',
      'pipelines/one.ts:14:11 there is no "foo" here',
      'pipelines/one.ts:3:48 "deadline" must be between 1s and 366d',
      'pipelines/one.ts:6:14 "timeout" must be between 1s and 7d',
      'pipelines/one.ts:8:10 there is no "bar" here',
      'pipelines/one.ts:9:107 "factor" must be at most 10',
    ]);
  });

  it.each([
    [
      'two tasks of one name',
      "p.wait('a', { for: '1s' });\np.wait('a', { for: '2s' });",
      /:5:3 there are two tasks "a"$/,
    ],
    [
      'an item outside of its list',
      'let kept: unknown;\np.each([1], (each) => (kept = each.item));\np.shell("a", { script: "true", input: kept });',
      /:6:3 task "a" uses the item of a list that it is not mapped over$/,
    ],
    [
      'what is no JSON',
      'p.shell("a", { script: "true", input: { at: { deep: new Map() } } });',
      /:4:3 task "a": \/input\/at\/deep cannot be written as JSON: it is an instance of Map$/,
    ],
    ['code that throws', 'throw new Error("no luck");', /:4:7 Error: no luck$/],
    ['a spread reference', 'p.shell("a", { script: "true", input: { ...p.run } });', /cannot be spread or listed/],
    [
      'a file that is not there',
      "p.node('a', () => import('../src/none.ts'));",
      /:4:26 there is no file "\.\.\/src\/none\.ts"$/,
    ],
    ['a syntax error', 'p.node(;', /:4:8 unexpected ";"$/],
  ])('refuse %s, at its place', async (_, body, expected) => {
    const found = await problemsOf(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^pipelines\/one\.ts:/);
    expect(found[0]).toMatch(expected);
  });

  it('refuse a task of another pipeline, and a file without a pipeline', async () => {
    await write(
      'pipelines/two.ts',
      `import { type AnyTask, pipeline } from '@millrace/sdk';
const kept: AnyTask[] = [];
export const a = pipeline('a', {}, (p) => kept.push(p.wait('x', { for: '1s' })));
export const b = pipeline('b', {}, (p) => p.wait('y', { for: '1s', needs: kept }));
`,
    );
    await write('pipelines/empty.ts', 'export const nothing = 1;\n');
    for (const path of ['_part.ts', 'types.d.ts', 'two.test.ts']) await write(`pipelines/${path}`, 'never(evaluated);');
    const { problems } = await emit(folder);
    expect(problems.map(({ file, line, message }) => [file, line, message])).toEqual([
      ['pipelines/empty.ts', 1, '"pipelines/empty.ts" exports no pipeline'],
      ['pipelines/two.ts', 4, '"y" needs a task of another pipeline: "x"'],
    ]);
  });

  it('take only what is used and not above already as a need', async () => {
    await write(
      'millrace.ts',
      pipelineFile(`  const a = p.python<{ n: number }>('a', { entry: 'x.py' });
  const b = p.python<number>('b', { entry: 'x.py', input: a.output.n });
  p.python('c', { entry: 'x.py', input: { a: a.output, b: b.output, text: \`n is \${a.output.n}\` } });
  p.python('d', { entry: 'x.py', needs: [b], when: cel<boolean>\`\${a.state} == "failed"\` });
  p.python('e-f', { entry: 'x.py', input: { 'odd key': p.variable('REGION'), in: a.output } });
  p.python('g', { entry: 'x.py', input: p.params });`),
    );
    const { pipelines } = await emit(folder);
    const tasks = pipelines[0]?.definition['tasks'] as Record<string, Record<string, unknown>>;
    expect(Object.fromEntries(Object.entries(tasks).map(([id, task]) => [id, task['needs'] ?? []]))).toEqual({
      a: [],
      b: ['a'],
      c: ['b'],
      d: ['b'],
      'e-f': ['a'],
      g: [],
    });
    expect(tasks['e-f']).toMatchObject({ variables: ['REGION'], input: { 'odd key': '${{ vars.REGION }}' } });
    expect(tasks['c']?.['input']).toEqual({
      a: '${{ tasks.a.output }}',
      b: '${{ tasks.b.output }}',
      text: 'n is ${{ tasks.a.output.n }}',
    });
  });

  it('take params from a library that follows Standard JSON Schema, and the SDK that the folder has installed', async () => {
    await mkdir(join(folder, 'node_modules', '@millrace'), { recursive: true });
    await symlink(join(checkout, 'libs', 'sdk'), join(folder, 'node_modules', '@millrace', 'sdk'));
    await symlink(join(checkout, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'));
    await write(
      'pipelines/zod.ts',
      `import { pipeline } from '@millrace/sdk';
import { z } from 'zod';
export default pipeline('zod', { params: z.object({ n: z.number().default(3) }) }, (p) => p.wait('w', { seconds: p.params.n }));
`,
    );
    const { pipelines, problems } = await emit(folder);
    expect(problems).toEqual([]);
    expect(pipelines[0]?.definition['params']).toMatchObject({ properties: { n: { type: 'number', default: 3 } } });
  });
});

const weather = `import { pipeline, schema } from '@millrace/sdk';

export const weather = pipeline(
  'weather',
  {
    description: 'Four years of daily observations, summarised by month, loaded into the warehouse and charted.',
    params: {
      city: schema.string({ enum: ['Seattle', 'New York'], default: 'Seattle' }),
      report: schema.boolean({ default: true }),
    },
    concurrency: { maxActiveRuns: 4, onLimit: 'queue' },
    defaults: { timeout: '2m', retry: { maxAttempts: 3, delay: '1s', factor: 2, maxDelay: '30s', jitter: 'full' } },
  },
  (p) => {
    const warehouse = { connection: 'warehouse', connections: ['warehouse'] };
    const extract = p.node('extract', () => import('../src/extract.ts'), { input: { city: p.params.city } });
    const table = p.sql('create-table', { ...warehouse, file: 'sql/create-table.sql', rows: 'none' });
    const transform = p.each(extract.output.years, { maxConcurrency: 4 }, (each) =>
      each.node('transform', () => import('../src/transform.ts'), { input: each.item }),
    );
    const load = p.each(transform.output, { maxConcurrency: 2 }, (each) =>
      each.sql('load', {
        ...warehouse,
        needs: [transform, table],
        statement: \`with months as (
  select * from jsonb_to_recordset($3::jsonb)
    as m (month integer, days integer, wet_days integer, rain_mm numeric, mean_max_c numeric, mean_min_c numeric)
)
insert into weather_months (city, year, month, days, wet_days, rain_mm, mean_max_c, mean_min_c)
select $1::text, $2::integer, month, days, wet_days, rain_mm, mean_max_c, mean_min_c from months
on conflict (city, year, month) do update set
  days = excluded.days, wet_days = excluded.wet_days, rain_mm = excluded.rain_mm,
  mean_max_c = excluded.mean_max_c, mean_min_c = excluded.mean_min_c, loaded_at = now();
\`,
        params: [p.params.city, each.item.year, each.item.months],
        rows: 'none',
      }),
    );
    const check = p.sql('check', { ...warehouse, needs: [load], file: 'sql/check.sql', rows: 'first' });
    const settle = p.wait('settle', { seconds: 1, needs: [check] });
    const monthly = p.sql('monthly', {
      ...warehouse,
      needs: [settle],
      statement: \`select year, month, days, wet_days, round(rain_mm, 1)::float8 as rain_mm,
       round(mean_max_c, 2)::float8 as mean_max_c, round(mean_min_c, 2)::float8 as mean_min_c
from weather_months where city = $1 order by year, month
\`,
      params: [p.params.city],
      rows: 'all',
    });
    const summarise = p.python('summarise', {
      entry: 'src/summarise.py',
      function: 'main',
      needs: [monthly],
      input: { city: p.params.city, months: monthly.output.rows },
    });
    p.nodeFile('report', {
      entry: 'src/report.ts',
      needs: [summarise, monthly],
      when: p.params.report,
      input: { summary: summarise.output, months: monthly.output.rows },
    });
  },
);
`;
