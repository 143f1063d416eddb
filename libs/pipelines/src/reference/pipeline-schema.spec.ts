import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorDetail, Json, JsonObject } from '@millrace/kernel';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFolder } from '../bundle/read-folder.js';
import { compileDefinitions } from '../compile/compile-definitions.js';
import { parseYaml } from '../format/parse-yaml.js';
import { toJson } from '../format/source.js';
import { pipelineSchema } from './pipeline-schema.js';

const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }).compile(
  pipelineSchema(),
);
const samples = fileURLToPath(new URL('../../../../samples/', import.meta.url));

/** What the schema says about a definition: the places of its complaints. */
function schemaProblems(definition: Json): string[] {
  return validate(definition) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

function parserProblems(definition: Json): readonly ErrorDetail[] {
  const text = JSON.stringify(definition);
  const paths = ['src/a.ts', 'src/a.py', 'sql/a.sql', 'a.sh'];
  return compileDefinitions({ sources: [{ file: 'millrace.json', text }], paths, pools: undefined }).problems;
}

function fromYaml(text: string): Json {
  const { root, problems } = parseYaml(text);
  if (root === undefined) throw new Error(JSON.stringify(problems));
  return toJson(root);
}

/** A definition that uses every field of every type. */
const everything = fromYaml(`
pipeline: everything
description: All of it.
params:
  $schema: https://json-schema.org/draft/2020-12/schema
  type: object
  additionalProperties: false
  required: [city]
  properties:
    city: { type: string, enum: [a, b], default: a, minLength: 1 }
    days: { type: array, items: { $ref: "#/$defs/day" }, maxItems: 10, uniqueItems: true }
  $defs: { day: { type: string, format: date } }
concurrency: { maxActiveRuns: 4, onLimit: reject }
defaults: { pool: big, timeout: 10m, retry: { maxAttempts: 3, delay: 1s, factor: 1.5, maxDelay: 1h, jitter: none }, fuse: false }
deadline: 1d
notify:
  - { on: [failed, recovered], email: [owners, data@example.com] }
  - { on: deadline_missed, webhook: ops }
tasks:
  n:
    type: node
    entry: src/a.ts
    export: run
    description: One.
    input: { any: ["\${{ params.city }}", 1, null] }
    when: \${{ params.city == "a" }}
    map: { over: "\${{ params.days }}", maxConcurrency: 5 }
    retry: { maxAttempts: 1 }
    timeout: 500s
    pool: small
    fuse: true
    sandbox: fresh
    memory: 512MiB
    secrets: [TOKEN]
    connections: [db]
    variables: [REGION]
  p: { type: python, entry: src/a.py, function: main, needs: [n], trigger: all_done, map: { over: [1, two] } }
  s: { type: shell, file: a.sh, shell: bash, when: false }
  t: { type: shell, script: "true" }
  q: { type: sql, connection: db, statement: select $1, params: ["\${{ params.city }}"], rows: first, maxRows: 10 }
  f: { type: sql, connection: db, file: sql/a.sql, rows: none, maxRows: "\${{ 5 }}" }
  h:
    type: http
    method: POST
    url: https://example.com/x?y=\${{ params.city }}
    headers: { accept: application/json }
    body: { a: 1 }
    expect: { status: [200, 404] }
    timeoutSeconds: 2.5
    parse: text
  w: { type: wait, for: 1m30s, needs: [h], description: Three. }
  v: { type: wait, seconds: 5, when: "\${{ true }}" }
  u: { type: wait, until: 2030-01-31T08:00:00+01:00, variables: [REGION] }
`);

/** Broken in their shape: parser and schema both refuse them. */
const misshapen: readonly (readonly [string, string])[] = [
  ['no object', '[]'],
  ['no name', 'tasks: { a: { type: shell, script: x } }'],
  ['a wrong name', 'pipeline: Weather\ntasks: { a: { type: shell, script: x } }'],
  ['no tasks', 'pipeline: p'],
  ['an empty list of tasks', 'pipeline: p\ntasks: {}'],
  ['tasks as a list', 'pipeline: p\ntasks: [{ type: shell }]'],
  ['a task that is nothing', 'pipeline: p\ntasks: { a: }'],
  ['an unknown field', 'pipeline: p\nschedule: daily\ntasks: { a: { type: shell, script: x } }'],
  ['a wrong task id', 'pipeline: p\ntasks: { 1a: { type: shell, script: x } }'],
  ['no type', 'pipeline: p\ntasks: { a: { script: x } }'],
  ['an unknown type', 'pipeline: p\ntasks: { a: { type: bash, script: x } }'],
  ['a field of another type', 'pipeline: p\ntasks: { a: { type: shell, script: x, entry: src/a.ts } }'],
  ['nothing to run', 'pipeline: p\ntasks: { a: { type: shell } }'],
  ['two things to run', 'pipeline: p\ntasks: { a: { type: shell, script: x, file: a.sh } }'],
  ['an entry that is no code', 'pipeline: p\ntasks: { a: { type: node, entry: a.txt } }'],
  ['an entry outside of the bundle', 'pipeline: p\ntasks: { a: { type: node, entry: ../a.ts } }'],
  ['an absolute entry', 'pipeline: p\ntasks: { a: { type: python, entry: /a.py } }'],
  ['a computed entry', 'pipeline: p\ntasks: { a: { type: node, entry: "${{ params.x }}.ts" } }'],
  ['a value in SQL', 'pipeline: p\ntasks: { a: { type: sql, connection: db, statement: "select ${{ 1 }}" } }'],
  ['params of a file', 'pipeline: p\ntasks: { a: { type: sql, connection: db, file: sql/a.sql, params: [1] } }'],
  ['a relative address', 'pipeline: p\ntasks: { a: { type: http, url: /x } }'],
  ['a wrong method', 'pipeline: p\ntasks: { a: { type: http, url: "https://example.com", method: get } }'],
  ['a wait without an end', 'pipeline: p\ntasks: { a: { type: wait } }'],
  ['a wait with two ends', 'pipeline: p\ntasks: { a: { type: wait, for: 1s, seconds: 1 } }'],
  ['a wait in a pool', 'pipeline: p\ntasks: { a: { type: wait, for: 1s, pool: big } }'],
  ['a mapped wait', 'pipeline: p\ntasks: { a: { type: wait, for: 1s, map: { over: [1] } } }'],
  ['a local time', 'pipeline: p\ntasks: { a: { type: wait, until: 2030-01-31T08:00:00 } }'],
  ['a number for a duration', 'pipeline: p\ntasks: { a: { type: shell, script: x, timeout: 10 } }'],
  ['a duration without a unit', 'pipeline: p\ntasks: { a: { type: shell, script: x, timeout: "10" } }'],
  ['a size without a unit', 'pipeline: p\ntasks: { a: { type: shell, script: x, memory: "512" } }'],
  ['too many tries', 'pipeline: p\ntasks: { a: { type: shell, script: x, retry: { maxAttempts: 101 } } }'],
  ['an unknown field of retry', 'pipeline: p\ntasks: { a: { type: shell, script: x, retry: { attempts: 1 } } }'],
  ['one need without a list', 'pipeline: p\ntasks: { a: { type: shell, script: x, needs: b } }'],
  ['an unknown trigger', 'pipeline: p\ntasks: { a: { type: shell, script: x, trigger: all } }'],
  ['a condition without placeholder', 'pipeline: p\ntasks: { a: { type: shell, script: x, when: "a == 1" } }'],
  ['a condition with text around it', 'pipeline: p\ntasks: { a: { type: shell, script: x, when: "is ${{ true }}" } }'],
  ['a map over a text', 'pipeline: p\ntasks: { a: { type: shell, script: x, map: { over: days } } }'],
  ['a map without a list', 'pipeline: p\ntasks: { a: { type: shell, script: x, map: {} } }'],
  ['a wrong name of a secret', 'pipeline: p\ntasks: { a: { type: shell, script: x, secrets: [A B] } }'],
  ['a wrong pool', 'pipeline: p\ndefaults: { pool: Big }\ntasks: { a: { type: shell, script: x } }'],
  ['no limit of runs', 'pipeline: p\nconcurrency: {}\ntasks: { a: { type: shell, script: x } }'],
  ['an event of nobody', 'pipeline: p\nnotify: [{ on: done, webhook: a }]\ntasks: { a: { type: shell, script: x } }'],
  ['a rule for nobody', 'pipeline: p\nnotify: [{ on: failed }]\ntasks: { a: { type: shell, script: x } }'],
  [
    'a rule for two',
    'pipeline: p\nnotify: [{ on: failed, email: owners, webhook: a }]\ntasks: { a: { type: shell, script: x } }',
  ],
  ['a wrong address', 'pipeline: p\nnotify: [{ on: failed, email: me }]\ntasks: { a: { type: shell, script: x } }'],
  ['params as a list', 'pipeline: p\nparams: [city]\ntasks: { a: { type: shell, script: x } }'],
  ['params of another type', 'pipeline: p\nparams: { type: array }\ntasks: { a: { type: shell, script: x } }'],
  [
    'an unknown keyword',
    'pipeline: p\nparams: { properties: { a: { typ: string } } }\ntasks: { a: { type: shell, script: x } }',
  ],
  [
    'an unknown type of a param',
    'pipeline: p\nparams: { properties: { a: { type: text } } }\ntasks: { a: { type: shell, script: x } }',
  ],
  [
    'an unknown format',
    'pipeline: p\nparams: { properties: { a: { format: day } } }\ntasks: { a: { type: shell, script: x } }',
  ],
  [
    'another dialect',
    'pipeline: p\nparams: { $schema: "http://json-schema.org/draft-07/schema#" }\ntasks: { a: { type: shell, script: x } }',
  ],
];

/** Sound in their shape; only the parser can tell that they mean nothing. */
const meaningless: readonly (readonly [string, string])[] = [
  ['a need of nobody', 'pipeline: p\ntasks: { a: { type: shell, script: x, needs: [b] } }'],
  ['a circle', 'pipeline: p\ntasks: { a: { type: shell, script: x, needs: [a] } }'],
  ['a missing file', 'pipeline: p\ntasks: { a: { type: node, entry: src/b.ts } }'],
  ['a broken expression', 'pipeline: p\ntasks: { a: { type: shell, script: x, when: "${{ 1 + }}" } }'],
  ['an unknown param', 'pipeline: p\ntasks: { a: { type: shell, script: x, input: "${{ params.b }}" } }'],
  ['a timeout of nothing', 'pipeline: p\ntasks: { a: { type: shell, script: x, timeout: 0s } }'],
  ['little memory', 'pipeline: p\ntasks: { a: { type: shell, script: x, memory: 1KB } }'],
  [
    'a default that does not fit',
    'pipeline: p\nparams: { properties: { a: { type: string, default: 1 } } }\ntasks: { a: { type: shell, script: x } }',
  ],
];

describe('the schema of the format', { timeout: 180_000 }, () => {
  it('accepts every sample and a definition with every field', async () => {
    const { files } = await readFolder(samples);
    const definitions = [...files].filter(([path]) => /(?:^|\/)pipelines\/.+\.(?:ya?ml|json)$/.test(path));
    expect(definitions.length).toBeGreaterThan(0);
    for (const [path, bytes] of definitions) {
      expect(schemaProblems(fromYaml(bytes.toString('utf8'))), path).toEqual([]);
    }
    expect(schemaProblems(everything)).toEqual([]);
    expect(parserProblems(everything)).toEqual([]);
  });

  it.each(misshapen)('refuses %s, as the parser does', (_, text) => {
    const definition = fromYaml(text);
    expect(parserProblems(definition)).not.toEqual([]);
    expect(schemaProblems(definition)).not.toEqual([]);
  });

  it.each(meaningless)('leaves %s to the parser', (_, text) => {
    const definition = fromYaml(text);
    expect(parserProblems(definition)).not.toEqual([]);
    expect(schemaProblems(definition)).toEqual([]);
  });

  it('refuses nothing that the parser takes, whatever is changed in a definition', () => {
    const { params, ...others } = everything as JsonObject;
    const bases: Json[] = [
      { ...others, params: { additionalProperties: true } },
      { pipeline: 'p', params: params ?? null, tasks: { a: { type: 'shell', script: 'true' } } },
    ];
    const counts = { both: 0, parser: 0 };
    for (const base of bases) expect(parserProblems(base)).toEqual([]);
    for (const [changed, what] of bases.flatMap((base) => [...mutations(base)])) {
      const bySchema = schemaProblems(changed);
      const byParser = parserProblems(changed);
      if (bySchema.length > 0) {
        expect(byParser.length, `only the schema refuses ${what}: ${bySchema.join('; ')}`).toBeGreaterThan(0);
        counts.both += 1;
        continue;
      }
      const misshaped = byParser.filter(({ code }) => shapeCodes.has(code));
      expect(misshaped, `only the parser refuses ${what}`).toEqual([]);
      counts.parser += byParser.length > 0 ? 1 : 0;
    }
    expect(counts.both).toBeGreaterThan(400);
    expect(counts.parser).toBeGreaterThan(20);
  });

  it('has words for every field, and examples that fit', () => {
    const root = pipelineSchema();
    let fields = 0;
    const visit = (schema: Json, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      if (Array.isArray(schema)) {
        schema.forEach((one, index) => visit(one as Json, `${path}/${index}`));
        return;
      }
      const { properties } = schema as JsonObject;
      const words = /^\$defs\/schema\b|\/(?:if|dependentSchemas|params)\b/.test(path.slice(1)) ? {} : properties;
      for (const [name, field] of Object.entries((words ?? {}) as JsonObject)) {
        fields += 1;
        const at = `${path}/properties/${name}`;
        const { description, $ref, examples } = field as JsonObject;
        expect($ref ?? description, at).toEqual(expect.any(String));
        if (!Array.isArray(examples)) continue;
        const ajv = new Ajv2020({ strict: false });
        ajv.addSchema({ ...root, $id: 'root' });
        const { $ref: _, ...own } = field as JsonObject;
        for (const example of examples) {
          const fits = ajv.compile($ref === undefined ? own : { ...own, $ref: `root${$ref as string}` });
          expect(fits(example), `${at}: ${JSON.stringify(example)} ${JSON.stringify(fits.errors)}`).toBe(true);
        }
      }
      for (const [key, member] of Object.entries(schema)) visit(member, `${path}/${key}`);
    };
    visit({ ...root, properties: { ...(root['properties'] as JsonObject), tasks: { description: 'tasks' } } }, '');
    expect(fields).toBeGreaterThan(80);
  });

  it('is what stands in the repository', async () => {
    const folder = fileURLToPath(new URL('../../../../docs/reference/', import.meta.url));
    expect(await readdir(folder)).toContain('pipeline.schema.json');
    expect(JSON.parse(await readFile(`${folder}pipeline.schema.json`, 'utf8'))).toEqual(pipelineSchema());
  });
});

/** Mistakes in the shape of a definition; a schema can find all of them. */
const shapeCodes = new Set([
  ...['pipeline.unknown_field', 'pipeline.missing_field', 'pipeline.unknown_type', 'pipeline.task_id'],
  ...['pipeline.not_an_object', 'pipeline.no_tasks', 'pipeline.not_for_wait', 'pipeline.map_wait'],
  ...['params.unknown_keyword', 'params.unknown_format', 'params.dialect'],
]);

const replacements: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  '',
  'x',
  '10',
  '${{ 1 }}',
  'a ${{ 1 }}',
  [],
  ['x'],
  {},
  { x: 1 },
];

/** The definition with one thing changed: a value replaced, a field left out, renamed or added. */
function* mutations(definition: Json): Generator<readonly [Json, string]> {
  for (const [place, path] of placesOf(definition, []).entries()) {
    // What stands inside an input or a schema of params is anybody's.
    if (path.includes('input') || path.includes('body')) continue;
    // A third of the replacements each, another third at the next place.
    for (const value of replacements.filter((_, index) => (index + place) % 3 === 0))
      yield [changed(definition, path, () => value), `${path.join('/')} := ${JSON.stringify(value)}`];
    yield [
      changed(definition, path, (old) => (isObject(old) ? { ...old, extra: 1 } : [old])),
      `${path.join('/')} extended`,
    ];
    if (path.length > 0) yield [without(definition, path), `${path.join('/')} left out`];
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function placesOf(value: Json, path: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) =>
      placesOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function changed(root: Json, path: readonly (string | number)[], change: (old: Json) => Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return change(root);
  if (Array.isArray(root))
    return root.map((item, index) => (index === step ? changed(item as Json, rest, change) : (item as Json)));
  const object = root as JsonObject;
  return { ...object, [step]: changed(object[step] ?? null, rest, change) };
}

function without(root: Json, path: readonly (string | number)[]): Json {
  return changed(root, path.slice(0, -1), (parent) =>
    Array.isArray(parent)
      ? parent.filter((_, index) => index !== path.at(-1))
      : Object.fromEntries(Object.entries(parent as JsonObject).filter(([key]) => key !== path.at(-1))),
  );
}
