import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileDefinitions } from './compile-definitions.js';

const sound = 'pipeline: p\ntasks: { a: { type: shell, script: x } }\n';
const many = Array.from({ length: 1001 }, (_, index) => `  t${index}: { type: shell, script: x }`).join('\n');
const deep = '['.repeat(70) + ']'.repeat(70);

const task = (fields: string) =>
  `pipeline: p\ntasks:\n  a: { type: shell, script: x }\n  b: { type: shell, script: x, ${fields} }\n`;

const params = (schema: string) => `pipeline: p\nparams: ${schema}\ntasks: { a: { type: shell, script: x } }\n`;

/** An expression beside a param `n` that is a whole number and a param `s` that is a text. */
const typed = (expression: string) =>
  `pipeline: p\nparams: { properties: { n: { type: integer, default: 1 }, s: { type: string, default: a } } }\ntasks:\n  a: { type: shell, script: x, input: "\${{ ${expression} }}" }\n`;

/** One mistake for each code: the definition, the place (line, column, JSON Pointer), and what to do. */
const mistakes: readonly (readonly [code: string, text: string, place: string, hint: string])[] = [
  ['pipeline.not_an_object', '- a\n', '1:1 ', 'begin with "pipeline: <name>" and "tasks:"'],
  [
    'pipeline.no_tasks',
    'pipeline: p\ntasks: {}\n',
    '2:8 /tasks',
    'add one: tasks: { hello: { type: shell, script: "echo hello" } }',
  ],
  [
    'pipeline.too_many_tasks',
    `pipeline: p\ntasks:\n${many}\n`,
    '3:3 /tasks',
    'split the pipeline, or map one task over a list',
  ],
  [
    'pipeline.task_id',
    'pipeline: p\ntasks: { 1a: { type: shell, script: x } }\n',
    '2:10 /tasks/1a',
    'rename it, for example load_rows',
  ],
  ['pipeline.invalid_value', task('timeout: 10'), '4:41 /tasks/b/timeout', 'for example timeout: "10m"'],
  [
    'pipeline.missing_field',
    'pipeline: p\ntasks: { a: { type: node } }\n',
    '2:13 /tasks/a',
    'add it, for example entry: "src/extract.ts"',
  ],
  [
    'pipeline.missing_field',
    'tasks: { a: { type: shell, script: x } }\n',
    '1:1 ',
    'add it, for example pipeline: "weather"',
  ],
  ['pipeline.unknown_field', task('timout: 10s'), '4:32 /tasks/b/timout', 'did you mean "timeout"?'],
  [
    'pipeline.unknown_type',
    'pipeline: p\ntasks: { a: { type: shel, script: x } }\n',
    '2:21 /tasks/a/type',
    'did you mean "shell"?',
  ],
  ['pipeline.unknown_need', task('needs: [zzz]'), '4:40 /tasks/b/needs/0', 'the tasks are a, b'],
  ['pipeline.duplicate_need', task('needs: [a, a]'), '4:43 /tasks/b/needs/1', 'remove one of them'],
  ['pipeline.cycle', task('needs: [b]'), '4:40 /tasks/b/needs/0', 'remove it from "needs"'],
  ['pipeline.not_needed', task('input: "${{ tasks.a.output }}"'), '4:44 /tasks/b/input', 'add it: needs: [a]'],
  ['pipeline.unknown_task', task('input: "${{ tasks.zzz.output }}"'), '4:44 /tasks/b/input', 'the tasks are a, b'],
  [
    'pipeline.unknown_param',
    params('{ properties: { city: {} } }').replace('script: x', 'script: x, input: "${{ params.cty }}"'),
    '3:51 /tasks/a/input',
    'did you mean params.city?',
  ],
  [
    'pipeline.undeclared_variable',
    task('input: "${{ vars.REGION }}"'),
    '4:44 /tasks/b/input',
    'add it: variables: [REGION]',
  ],
  [
    'pipeline.expression_in_key',
    task('input: { "${{ x }}": 1 }'),
    '4:41 /tasks/b/input/${{ x }}',
    'put it into the value, or let a task return the object',
  ],
  ['pipeline.not_an_expression', task('when: params.x'), '4:38 /tasks/b/when', 'write ${{ params.x }}'],
  [
    'pipeline.missing_file',
    'pipeline: p\ntasks: { a: { type: node, entry: source/extract.ts } }\n',
    '2:34 /tasks/a/entry',
    'did you mean "src/extract.ts"?',
  ],
  ['pipeline.unknown_pool', task('pool: defalt'), '4:38 /tasks/b/pool', 'did you mean "default"?'],
  [
    'pipeline.unknown_webhook',
    'pipeline: p\nnotify: [{ on: failed, webhook: op }]\ntasks: { a: { type: shell, script: x } }\n',
    '2:33 /notify/0/webhook',
    'did you mean "ops"?',
  ],
  ['pipeline.memory', task('memory: 64GiB'), '4:40 /tasks/b/memory', 'ask for less, or use a pool of a larger size'],
  [
    'pipeline.map_wait',
    'pipeline: p\ntasks: { a: { type: wait, for: 1s, map: { over: [1] } } }\n',
    '2:36 /tasks/a/map',
    'map the task after it instead',
  ],
  [
    'pipeline.not_for_wait',
    'pipeline: p\ntasks: { a: { type: wait, for: 1s, pool: default } }\n',
    '2:36 /tasks/a/pool',
    'remove it',
  ],
  [
    'pipeline.list_too_long',
    task(`map: { over: [${'12345678, '.repeat(600)}1] }`),
    '4:45 /tasks/b/map/over',
    "return it from a task and map over that task's output",
  ],
  [
    'params.schema',
    params('{ properties: { a: { type: strin } } }'),
    '2:36 /params/properties/a/type',
    'params are written in JSON Schema 2020-12, for example { type: string, minLength: 1 }',
  ],
  [
    'params.default',
    params('{ properties: { a: { type: integer, default: x } } }'),
    '2:54 /params/properties/a/default',
    'change the default, or the schema beside it',
  ],
  [
    'params.pattern',
    params('{ properties: { a: { pattern: "(?=a)" } } }'),
    '2:39 /params/properties/a/pattern',
    'write it without look-around and back-references (RE2)',
  ],
  [
    'params.reference',
    params('{ properties: { a: { $ref: "#/$defs/x" } } }'),
    '2:36 /params/properties/a/$ref',
    'put the part under "$defs" and point at it',
  ],
  [
    'params.recursive',
    params('{ $defs: { x: { items: { $ref: "#/$defs/x" } } }, properties: { a: { $ref: "#/$defs/x" } } }'),
    '2:40 /params/$defs/x/items/$ref',
    'write the inner schema out, or accept any value there',
  ],
  [
    'params.unknown_keyword',
    params('{ properties: { a: { minlength: 1 } } }'),
    '2:30 /params/properties/a/minlength',
    'did you mean "minLength"?',
  ],
  [
    'params.unknown_format',
    params('{ properties: { a: { format: dat } } }'),
    '2:38 /params/properties/a/format',
    'did you mean "date"?',
  ],
  [
    'params.unique_items',
    params('{ properties: { a: { uniqueItems: true } } }'),
    '2:43 /params/properties/a/uniqueItems',
    'add "maxItems" beside it',
  ],
  [
    'params.dialect',
    params('{ $schema: "http://json-schema.org/draft-07/schema#" }'),
    '2:20 /params/$schema',
    'leave "$schema" out',
  ],
  [
    'params.too_big',
    params(
      `{ $defs: { x: { anyOf: [${'{}, '.repeat(300)}{}] } }, anyOf: [${Array.from({ length: 10 }, () => '{ $ref: "#/$defs/x" }').join(', ')}] }`,
    ),
    '2:9 /params',
    'declare fewer parts, or accept any value in some of them',
  ],
  [
    'definition.number',
    task('input: 1152921504606846977'),
    '4:39 /tasks/b/input',
    'write it as a text, or as an expression: ${{ 1152921504606846977 }}',
  ],
  ['yaml.documents', `${sound}---\n${sound}`, '4:1 ', 'put every pipeline into a file of its own'],
  ['yaml.empty', '# nothing\n', '1:1 ', 'begin with "pipeline: <name>" and "tasks:"'],
  [
    'yaml.bad_alias',
    task('input: *x'),
    '4:39 /tasks/b/input',
    'define the anchor (&name) before it, and not around it',
  ],
  ['yaml.merge_key', task('<<: { a: 1 }'), '4:32 /tasks/b', 'write the fields out'],
  ['yaml.duplicate_key', `${sound}pipeline: q\n`, '3:1 ', 'remove one of them'],
  ['yaml.tab_as_indent', 'pipeline: p\ntasks:\n\ta: 1\n', '3:1 ', 'use two spaces for each level'],
  ['yaml.tag_resolve_failed', task('input: !!js/function x'), '4:39 ', 'leave the tag (!…) out'],
  ['yaml.key', `pipeline: p\n? [a]\n: b\n`, '2:3 ', 'write the key as a plain text, in quotes where need be'],
  ['yaml.too_deep', task(`input: ${deep}`), '4:101 /tasks/b/input/0…', 'move data into a file that a task reads'],
  ['yaml.missing_char', 'pipeline: "p\n', '2:1 ', 'look at the indentation and the quotes here and in the line before'],
  ['json.syntax', '{"pipeline": "p",}', '1:18 ', 'look at the commas, quotes and braces here and in the line before'],
  ['json.duplicate_key', '{"pipeline": "p", "pipeline": "q"}', '1:19 /pipeline', 'remove one of them'],
  ['json.too_deep', `{"pipeline": ${deep}}`, '1:78 /pipeline/0/0/0/…', 'move data into a file that a task reads'],
  [
    'expression.syntax',
    task('when: "${{ 1 + }}"'),
    '4:46 /tasks/b/when',
    'expressions are CEL, for example ${{ params.city == "a" && size(tasks.x.output) > 0 }}',
  ],
  ['expression.empty', task('input: "${{ }}"'), '4:43 /tasks/b/input', 'write an expression between "${{" and "}}"'],
  [
    'expression.unclosed',
    task('input: "${{ 1"'),
    '4:40 /tasks/b/input',
    'close it with "}}", or write "$${{" for the characters themselves',
  ],
  [
    'expression.too_long',
    task(`input: "\${{ ${'1 + '.repeat(1100)}1 }}"`),
    '4:44 /tasks/b/input',
    'do this work in a task',
  ],
  [
    'expression.limit',
    task(`input: "\${{ ${'('.repeat(100)}1${')'.repeat(100)} }}"`),
    '4:108 /tasks/b/input',
    'do this work in a task',
  ],
  [
    'expression.type',
    task('input: "${{ 1 + \'a\' }}"'),
    '4:44 /tasks/b/input',
    'convert one of them: string(x), int(x), double(x)',
  ],
  [
    'expression.type',
    typed('params.s * 2'),
    '4:44 /tasks/a/input',
    'convert one of them: string(x), int(x), double(x)',
  ],
  [
    'expression.type',
    typed("params.n.startsWith('a')"),
    '4:44 /tasks/a/input',
    'convert one of them: string(x), int(x), double(x)',
  ],
  ['expression.unknown_name', task('input: "${{ parms.city }}"'), '4:44 /tasks/b/input', 'did you mean "params"?'],
  ['expression.unknown_function', task('input: "${{ sze([1]) }}"'), '4:44 /tasks/b/input', 'did you mean "size"?'],
  [
    'expression.not_supported',
    task('input: "${{ 1u }}"'),
    '4:44 /tasks/b/input',
    'write it another way, or do it in a task',
  ],
  [
    'expression.dynamic_task',
    task('input: "${{ tasks }}"'),
    '4:44 /tasks/b/input',
    'for example tasks.extract.output or tasks["load-rows"].output',
  ],
  ['expression.no_such_key', task('input: "${{ run.name }}"'), '4:44 /tasks/b/input', 'it has "id" and "createdAt"'],
];

/** Said by other specs: by those of the code compiler, of bundles, and of expressions that are evaluated. */
const elsewhere =
  /^(?:code|bundle)\.|^pipeline\.missing_export$|^pipeline\.duplicate_name$|^yaml\.(?:value|too_big)$|^json\.too_big$/;

describe('every mistake in a definition', () => {
  it.each(mistakes)('%s has a place and says what to do: %#', (code, text, place, hint) => {
    const file = text.startsWith('{') ? 'millrace.json' : 'pipelines/p.yaml';
    const { problems } = compileDefinitions({
      sources: [{ file, text }],
      paths: ['src/extract.ts'],
      pools: [{ name: 'default', memoryBytes: 2 ** 30 }],
      webhooks: ['ops'],
    });
    const problem = problems.find((one) => one.code === code);
    const pointer = problem?.pointer ?? 'none';

    expect(problems.map((one) => one.code)).toContain(code);
    const shown = pointer.length > 60 ? `${pointer.slice(0, 16)}…` : pointer;
    expect([problem?.file, `${problem?.line}:${problem?.column} ${shown}`, problem?.hint]).toEqual([file, place, hint]);
  });

  it('has a row here for every code that the sources give', async () => {
    const known = new Set(mistakes.map(([code]) => code));
    const folders = ['../format/', '../params/', './'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
    const codes = new Set<string>();
    for (const folder of folders) {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
      for (const name of names.filter((one) => one !== 'hints.ts')) {
        const text = await readFile(join(folder, name), 'utf8');
        for (const [, code = ''] of text.matchAll(
          /'((?:pipeline|params|yaml|json|definition|expression|code)\.[a-z_]+)'/g,
        )) {
          codes.add(code);
        }
      }
    }

    expect(codes.size).toBeGreaterThan(40);
    expect([...codes].filter((code) => !known.has(code) && !elsewhere.test(code))).toEqual([]);
  });

  it('holds no false alarm about types', () => {
    const sure = [
      ...['params.n + 0.5', 'params.n == 2.0', 'params.n / 2 == 1.5', 'params.s == tasks.b.output', 'params.s > "a"'],
      ...['params.s in ["a"]', 'size(params) > 0', 'params == {}', 'params["s"] + "x"', 'has(params.s)'],
      ...[
        'params.n > 1 ? params.n : params.s',
        'string(params.n) + params.s',
        'params.s == dyn(1)',
        '[params.n, params.s]',
      ],
    ];
    for (const expression of sure) {
      const text = typed(expression.replaceAll('"', "'")).replace('script: x', 'script: x, needs: [b]');
      const { problems } = compileDefinitions({
        sources: [{ file: 'p.yaml', text: `${text}  b: { type: shell, script: x }\n` }],
        paths: [],
        pools: undefined,
      });
      expect(problems, expression).toEqual([]);
    }
    const optional =
      'pipeline: p\nparams: { properties: { s: { type: string } } }\ntasks: { a: { type: shell, script: x, when: "${{ params.s == null }}" } }\n';
    expect(
      compileDefinitions({ sources: [{ text: optional, file: 'p.yaml' }], paths: [], pools: undefined }).problems,
    ).toEqual([]);
  });
});
