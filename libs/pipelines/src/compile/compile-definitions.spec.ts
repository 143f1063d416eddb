import { describe, expect, it } from 'vitest';
import { compileDefinitions, type DefinitionsResult } from './compile-definitions.js';

const pools = [
  { name: 'default', memoryBytes: 2 ** 30 },
  { name: 'big', memoryBytes: 2 ** 33 },
];
const paths = ['src/extract.ts', 'src/load.ts', 'sql/check.sql', 'src/sum.py'];

function compile(text: string, file = 'pipelines/p.yaml'): DefinitionsResult {
  return compileDefinitions({ sources: [{ file, text }], paths, pools });
}

/** Problems as `line:column code`, as an editor would list them. */
function list({ problems }: DefinitionsResult): string[] {
  return problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function only(result: DefinitionsResult) {
  expect(result.problems).toEqual([]);
  const [pipeline] = result.pipelines;
  if (pipeline === undefined) throw new Error('nothing was compiled');
  return pipeline;
}

const good = `pipeline: weather
description: Daily figures.
params:
  type: object
  additionalProperties: false
  properties: { city: { type: string, default: seattle } }
concurrency: { maxActiveRuns: 5 }
defaults: { timeout: 10m, retry: { maxAttempts: 3, delay: 5s } }
tasks:
  load-rows:
    type: sql
    connection: warehouse
    needs: [extract]
    map: { over: "\${{ tasks.extract.output.rows }}", maxConcurrency: 10 }
    statement: select $1
    params: ["\${{ item.id }}"]
    retry: { maxAttempts: 1 }
    pool: big
    memory: 2GiB
  extract:
    type: node
    entry: src/extract.ts
    input: { city: "\${{ params.city }}", region: "\${{ vars.REGION }}" }
    variables: [REGION]
    secrets: [API_TOKEN]
  settle:
    type: wait
    for: 1m30s
    needs: [load-rows]
    when: \${{ params.city == "seattle" }}
  until: { type: wait, until: "2030-01-31T08:00:00Z", needs: [settle], trigger: all_done }
  later: { type: wait, seconds: "\${{ size(params.city) }}" }
  fixed: { type: shell, script: "true", map: { over: [1, "two", { three: 3 }] }, when: false }
`;

describe('a definition without mistakes', () => {
  it('becomes a plan in which everything is resolved and needs come first', () => {
    const { plan } = only(compile(good));

    expect(plan).toMatchObject({ format: 1, pipeline: 'weather', maxParallel: 500 });
    expect(plan.tasks.map(({ id }) => id)).toEqual(['extract', 'load-rows', 'settle', 'until', 'later', 'fixed']);
    expect(plan.tasks[1]).toEqual({
      id: 'load-rows',
      kind: 'attempt',
      needs: ['extract'],
      trigger: 'all_success',
      conditional: false,
      map: { maxConcurrency: 10 },
      retry: { maxAttempts: 1, delayMs: 5000, factor: 2, maxDelayMs: 300_000, jitter: 'full' },
      timeoutMs: 600_000,
      pool: 'big',
    });
    expect(plan.tasks[2]).toMatchObject({ kind: 'wait', conditional: true, needs: ['load-rows'] });
    expect(plan.tasks[3]).toMatchObject({ trigger: 'all_done' });
  });

  it('becomes a specification of what each attempt is made from', () => {
    const { spec, definitionText } = only(compile(good));

    expect(spec.tasks['load-rows']).toEqual({
      id: 'load-rows',
      type: 'sql',
      config: {
        connection: 'warehouse',
        statement: 'select $1',
        params: ['${{ item.id }}'],
        rows: 'all',
        maxRows: 10_000,
      },
      mapOver: 'tasks.extract.output.rows',
      secrets: [],
      connections: ['warehouse'],
      variables: [],
      timeoutMs: 600_000,
      maxAttempts: 1,
      memoryBytes: 2 ** 31,
    });
    expect(spec.tasks['extract']).toMatchObject({
      config: { entry: 'src/extract.ts.mjs', export: 'default' },
      input: { city: '${{ params.city }}', region: '${{ vars.REGION }}' },
      secrets: ['API_TOKEN'],
      variables: ['REGION'],
      maxAttempts: 3,
    });
    expect(spec.tasks['settle']).toMatchObject({ wait: { forMs: 90_000 }, when: 'params.city == "seattle"' });
    expect(spec.tasks['until']?.wait).toEqual({ until: '"2030-01-31T08:00:00Z"' });
    expect(spec.tasks['later']?.wait).toEqual({ until: 'size(params.city)' });
    expect(spec.tasks['fixed']).toMatchObject({ mapOver: '[1,"two",{"three":3}]', when: 'false' });
    expect(spec.concurrency).toEqual({ maxActiveRuns: 5, onLimit: 'queue' });
    expect(JSON.parse(definitionText)).toMatchObject({ pipeline: 'weather', tasks: { settle: { for: '1m30s' } } });
  });

  it('says who is told of what, and until when a run has to end', () => {
    const text = (more: string) => `pipeline: p\n${more}tasks: { a: { type: shell, script: "true" } }\n`;
    const rules =
      'deadline: 1h30m\nnotify:\n  - { on: failed, webhook: ops }\n  - { on: [failed, recovered, failed], email: owners }\n';

    expect(only(compile(text(rules)))).toMatchObject({
      deadlineMs: 5_400_000,
      notify: [
        { on: ['failed'], webhook: 'ops' },
        { on: ['failed', 'recovered'], email: ['owners'] },
      ],
    });
    expect(only(compile(text('notify: []\n')))).toMatchObject({ notify: [], deadlineMs: undefined });
    expect(only(compile(text('')))).toMatchObject({ notify: undefined });
    const wrong =
      'notify:\n  - { on: failed }\n  - { on: fail, email: [owners] }\n  - { on: failed, email: [x], to: y }\ndeadline: 0s\n';
    expect(list(compile(text(wrong)))).toEqual([
      '3:5 pipeline.invalid_value',
      '4:11 pipeline.invalid_value',
      '5:27 pipeline.invalid_value',
      '5:31 pipeline.unknown_field',
      '6:11 pipeline.invalid_value',
    ]);
    expect(compile(text(wrong)).problems[0]?.message).toBe('"notify[0]" needs either "email" or "webhook", not both');
  });

  it('tells only webhooks that the environment has, where those are known', () => {
    const file = 'p.yaml';
    const rules = 'notify:\n  - { on: failed, email: owners }\n  - { on: failed, webhook: opps }\n';
    const source = { file, text: `pipeline: p\n${rules}tasks: { a: { type: shell, script: "true" } }\n` };
    const problemsWith = (webhooks?: readonly string[]) =>
      compileDefinitions({ sources: [source], paths, pools, webhooks }).problems;

    expect(problemsWith()).toEqual([]);
    expect(problemsWith(['opps'])).toEqual([]);
    expect(problemsWith([])[0]?.hint).toMatch(/^create it first/);
  });

  it('may be written in JSON as well', () => {
    const { plan } = only(
      compile('{"pipeline": "p", "tasks": {"a": {"type": "shell", "script": "true"}}}', 'millrace.json'),
    );

    expect(plan.tasks).toHaveLength(1);
  });

  it('takes no params where it declares none', () => {
    expect(only(compile('pipeline: p\ntasks: { a: { type: shell, script: x } }')).spec.params).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {},
    });
  });

  it('may have a thousand tasks in a row', () => {
    const tasks = Array.from(
      { length: 1000 },
      (_, i) => `  t${i}: { type: shell, script: x, needs: [${i === 0 ? '' : `t${i - 1}`}] }`,
    );

    expect(only(compile(`pipeline: p\ntasks:\n${tasks.join('\n')}\n`)).plan.tasks.at(-1)?.id).toBe('t999');
    expect(list(compile(`pipeline: p\ntasks:\n${tasks.join('\n')}\n  more: { type: shell, script: x }\n`))).toEqual([
      '3:3 pipeline.too_many_tasks',
    ]);
  });
});

describe('a definition with mistakes', () => {
  it('reports all of them at once, in the order of the file', () => {
    const result = compile(`pipeline: Bad Name
descripton: x
params:
  type: object
  properties:
    city: { type: strin, pattern: "(a+" }
    n: { minimun: 3 }
concurrency: { maxActiveRuns: 0 }
tasks:
  a:
    type: nod
  b:
    type: node
    entry: src/b.ts
    neds: [a]
    needs: [c, zz, b]
    when: params.city == "x"
    input:
      x: "\${{ tasks.d.output }} \${{ params.cty }}"
      y: \${{ item }}
      z: |
        some text
        and \${{ tasks.a.output + foo(1) }} here
  c:
    type: node
    entry: src/load.ts
    needs: [b]
    trigger: all_sucess
    timeout: 10
  d:
    type: shell
    retry: { maxAttempts: 1, dely: 3s }
    pool: bigg
    memory: 12MiB
    script: x
  e: { type: wait, for: 3x }
  f: { type: wait, for: 3s, map: { over: [1, 2] }, pool: default }
  g: { type: shell, script: x, memory: 4GiB }
  7x: { type: shell, script: x }
`);

    expect(list(result)).toEqual([
      '1:11 pipeline.invalid_value',
      '2:1 pipeline.unknown_field',
      '6:19 params.schema',
      '6:35 params.pattern',
      '7:10 params.unknown_keyword',
      '8:31 pipeline.invalid_value',
      '11:11 pipeline.unknown_type',
      '14:12 pipeline.missing_file',
      '15:5 pipeline.unknown_field',
      '16:16 pipeline.unknown_need',
      '16:20 pipeline.cycle',
      '17:11 pipeline.not_an_expression',
      '19:37 pipeline.unknown_param',
      '20:14 expression.unknown_name',
      '23:34 expression.unknown_function',
      '27:13 pipeline.cycle',
      '28:14 pipeline.invalid_value',
      '29:14 pipeline.invalid_value',
      '32:30 pipeline.unknown_field',
      '33:11 pipeline.unknown_pool',
      '34:13 pipeline.invalid_value',
      '36:25 pipeline.invalid_value',
      '37:29 pipeline.map_wait',
      '37:52 pipeline.not_for_wait',
      '38:40 pipeline.memory',
      '39:3 pipeline.task_id',
    ]);
    expect(result.pipelines).toEqual([]);
    expect(result.problems[1]).toEqual({
      code: 'pipeline.unknown_field',
      message: 'there is no field "descripton" here',
      file: 'pipelines/p.yaml',
      line: 2,
      column: 1,
      pointer: '/descripton',
      hint: 'did you mean "description"?',
    });
  });

  const task = (fields: string) =>
    `pipeline: p\ntasks:\n  a: { type: shell, script: x }\n  b: { type: shell, script: x, ${fields} }\n`;

  it.each([
    ['input: "${{ tasks.a.output }}"', '4:44 pipeline.not_needed', 'add it: needs: [a]'],
    ['input: "${{ tasks.b.output }}"', '4:44 pipeline.not_needed', expect.any(String) as string],
    ['input: "${{ tasks.aa.output }}"', '4:44 pipeline.unknown_task', 'did you mean tasks.a?'],
    ['input: "${{ params.x }}"', '4:44 pipeline.unknown_param', 'declare it in "params" under "properties"'],
    ['input: "${{ vars.X }}"', '4:44 pipeline.undeclared_variable', 'add it: variables: [X]'],
    ['input: { "${{ x }}": 1 }', '4:41 pipeline.expression_in_key', expect.any(String) as string],
    [
      'input: "x ${{ 1"',
      '4:42 expression.unclosed',
      'close it with "}}", or write "$${{" for the characters themselves',
    ],
    [
      'input: 1152921504606846977',
      '4:39 definition.number',
      'write it as a text, or as an expression: ${{ 1152921504606846977 }}',
    ],
    ['when: "${{ 1 + }}"', '4:46 expression.syntax', expect.any(String) as string],
    ['when: "x ${{ true }}"', '4:38 pipeline.not_an_expression', 'nothing may stand before "${{" or after "}}"'],
    ['map: { over: "${{ item }}" }', '4:50 expression.unknown_name', 'give the task a "map" with "over"'],
    ['map: { over: 5 }', '4:45 pipeline.invalid_value', expect.any(String) as string],
    ['map: { ovr: "${{ [1] }}" }', '4:39 pipeline.unknown_field', 'did you mean "over"?'],
    ['needs: [a, a]', '4:43 pipeline.duplicate_need', expect.any(String) as string],
    ['trigger: all_done, secrets: [1]', '4:61 pipeline.invalid_value', expect.any(String) as string],
    [
      'entry: x',
      '4:32 pipeline.unknown_field',
      expect.stringContaining('known are script, file, shell, type') as string,
    ],
    ['script2: x', '4:32 pipeline.unknown_field', 'did you mean "script"?'],
    ['file: x.sh', '4:6 pipeline.invalid_value', expect.any(String) as string],
    ['retry: { maxAttempts: 0 }', '4:54 pipeline.invalid_value', expect.any(String) as string],
    ['retry: { delay: 5 }', '4:48 pipeline.invalid_value', expect.any(String) as string],
    ['timeout: 0s', '4:41 pipeline.invalid_value', expect.any(String) as string],
    ['timeout: 8d', '4:41 pipeline.invalid_value', expect.any(String) as string],
  ])('finds it in %s', (fields, expected, hint) => {
    const result = compile(task(fields));

    expect(list(result)).toContain(expected);
    expect(result.problems[list(result).indexOf(expected)]?.hint).toEqual(hint);
  });

  it('shows the whole way of a cycle', () => {
    const text =
      'pipeline: p\ntasks:\n' +
      ['a: c', 'b: a', 'c: b']
        .map((pair) => `  ${pair.replace(/(.): (.)/, '$1: { type: shell, script: x, needs: [$2] }')}\n`)
        .join('');

    expect(compile(text).problems).toMatchObject([
      { code: 'pipeline.cycle', message: 'the needs go round in a circle: a → b → c → a', line: 4, column: 40 },
    ]);
  });

  it('suggests the file that was probably meant', () => {
    const text = 'pipeline: p\ntasks: { a: { type: python, entry: source/sum.py } }';

    expect(compile(text).problems).toMatchObject([
      { code: 'pipeline.missing_file', line: 2, column: 36, hint: 'did you mean "src/sum.py"?' },
    ]);
  });

  it('knows that a dash in an id needs brackets', () => {
    const text =
      'pipeline: p\ntasks:\n  load-rows: { type: shell, script: x }\n  b: { type: shell, script: x, needs: [load-rows], input: "${{ tasks.load-rows.output }}" }\n';

    expect(compile(text).problems.find(({ code }) => code === 'pipeline.unknown_task')?.hint).toBe(
      'did you mean tasks["load-rows"]?',
    );
  });

  it('refuses two pipelines of one name', () => {
    const text = 'pipeline: p\ntasks: { a: { type: shell, script: x } }';
    const result = compileDefinitions({
      sources: [
        { file: 'a.yaml', text },
        { file: 'b.yaml', text },
      ],
      paths,
      pools,
    });

    expect(result.problems).toMatchObject([{ code: 'pipeline.duplicate_name', file: 'b.yaml', line: 1, column: 11 }]);
  });

  it('places mistakes of inline definitions in the document', () => {
    const source = {
      pointer: '/pipelines/0',
      text: '{"pipeline": "p",\n "tasks": {"a": {"type": "nod"}}}',
      line: 3,
      column: 15,
    };
    const result = compileDefinitions({ sources: [source], paths, pools });

    expect(result.problems).toMatchObject([
      { code: 'pipeline.unknown_type', line: 4, column: 26, pointer: '/pipelines/0/tasks/a/type' },
    ]);
    expect(result.problems[0]).not.toHaveProperty('file');
  });
});

describe('YAML and JSON that cannot be read', () => {
  it.each([
    ['', '1:1 yaml.empty'],
    ['- 1', '1:1 pipeline.not_an_object'],
    ['pipeline: p\ntasks:\n  a: {}\n  a: {}', '4:3 yaml.duplicate_key'],
    ['pipeline: !name p', '1:11 yaml.tag_resolve_failed'],
    ['pipeline: !!js/function p', '1:11 yaml.tag_resolve_failed'],
    ['pipeline: p\n---\npipeline: q', '3:1 yaml.documents'],
    ['a: &a [*a]', '1:8 yaml.bad_alias'],
    ['a: *b', '1:4 yaml.bad_alias'],
    ['<<: { a: 1 }', '1:1 yaml.merge_key'],
    ['? [a, b]\n: c', '1:3 yaml.key'],
    ['a: .inf', '1:4 definition.number'],
    ['a: 1e999', '1:4 definition.number'],
    ['a: "b', '1:6 yaml.missing_char'],
  ])('%j', (text, expected) => {
    expect(list(compile(text))).toContain(expected);
  });

  it('counts what aliases stand for', () => {
    const lines = [
      'a: &a [1,1,1,1,1,1,1,1,1,1]',
      ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(10)}]`),
    ];
    const started = performance.now();

    expect(list(compile(lines.join('\n')))[0]).toContain('yaml.too_big');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('refuses nesting that would exhaust a reader', () => {
    expect(list(compile(`a: ${'['.repeat(100)}${']'.repeat(100)}`))[0]).toContain('yaml.too_deep');
    expect(list(compile('['.repeat(100_000), 'millrace.json'))[0]).toContain('json.too_deep');
  });

  it.each([
    ['{"a": 1,}', '1:9 json.syntax'],
    ['{"a": 1, "a": 2}', '1:10 json.duplicate_key'],
    ['{\n "a": 01}', '2:8 json.syntax'],
    ["{'a': 1}", '1:2 json.syntax'],
    ['{"a": "\\x"}', '1:7 json.syntax'],
    ['{"a": 12345678901234567890}', '1:7 definition.number'],
    ['{} x', '1:4 json.syntax'],
    ['', '1:1 json.syntax'],
  ])('%j', (text, expected) => {
    expect(list(compile(text, 'millrace.json'))).toContain(expected);
  });
});

describe('a schema of params', () => {
  const withParams = (params: unknown) =>
    compile(JSON.stringify({ pipeline: 'p', params, tasks: { a: { type: 'shell', script: 'x' } } }), 'millrace.json');
  const codes = (params: unknown) => withParams(params).problems.map(({ code, pointer }) => [code, pointer]);

  it.each([
    [{ type: 'array' }, 'params.schema', '/params/type'],
    [{ properties: { a: { type: 'intger' } } }, 'params.schema', '/params/properties/a/type'],
    [{ properties: { a: { minimum: 'x' } } }, 'params.schema', '/params/properties/a/minimum'],
    [{ properties: { a: { maxlength: 3 } } }, 'params.unknown_keyword', '/params/properties/a/maxlength'],
    [{ properties: { a: { pattern: '(a+' } } }, 'params.pattern', '/params/properties/a/pattern'],
    [{ properties: { a: { pattern: '(?=a)' } } }, 'params.pattern', '/params/properties/a/pattern'],
    [{ patternProperties: { '[': {} } }, 'params.pattern', '/params/patternProperties/['],
    [{ properties: { a: { format: 'emial' } } }, 'params.unknown_format', '/params/properties/a/format'],
    [{ properties: { a: { $ref: 'https://example.com/x' } } }, 'params.reference', '/params/properties/a/$ref'],
    [{ properties: { a: { $ref: '#/$defs/b' } } }, 'params.reference', '/params/properties/a/$ref'],
    [
      { $defs: { b: { properties: { c: { $ref: '#/$defs/b' } } } }, properties: { a: { $ref: '#/$defs/b' } } },
      'params.recursive',
      '/params/properties/a/$ref',
    ],
    [
      { properties: { a: { type: 'array', uniqueItems: true } } },
      'params.unique_items',
      '/params/properties/a/uniqueItems',
    ],
    [{ properties: { a: { type: 'integer', default: 'x' } } }, 'params.default', '/params/properties/a/default'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, 'params.dialect', '/params/$schema'],
    ['x', 'params.schema', '/params'],
  ])('%j', (params, code, pointer) => {
    expect(codes(params)).toContainEqual([code, pointer]);
  });

  it('counts what references stand for', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );

    expect(codes({ $defs: { ...$defs, d20: {} }, properties: { a: { $ref: '#/$defs/d0' } } })).toContainEqual([
      'params.too_big',
      '/params',
    ]);
  });

  it('may use everything else of 2020-12', () => {
    const params = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: { city: { enum: ['a', 'b'] } },
      properties: {
        city: { $ref: '#/$defs/city', default: 'a' },
        days: { type: 'array', prefixItems: [{ type: 'integer' }], items: { type: 'string', pattern: '^x+$' } },
      },
      required: ['city'],
      if: { properties: { city: { const: 'a' } } },
      then: { required: ['days'] },
      unevaluatedProperties: false,
    };

    expect(withParams(params).problems).toEqual([]);
  });
});
