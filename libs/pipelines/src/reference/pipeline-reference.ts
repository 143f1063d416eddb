import { defaultLimits, functionReference, maxExpressionLength } from '@millrace/expressions';
import type { Json, JsonObject } from '@millrace/kernel';
import { findTaskDefinition, type TaskDefinition, taskTypes } from '@millrace/tasks/catalogue';
import { bundleLimits } from '../bundle/bundle.js';
import { byteSizeForm, formatByteSize } from '../format/byte-size.js';
import { durationForm, formatDuration } from '../format/duration.js';
import { definitionLimits } from '../format/limits.js';
import { pipelineSchema, typeDefinition } from './pipeline-schema.js';

const schema = pipelineSchema();

function at(...path: readonly string[]): JsonObject {
  return path.reduce<JsonObject>((object, step) => (object[step] ?? {}) as JsonObject, schema);
}

/** An example as it stands in YAML's flow style. */
function example(value: Json): string {
  const plain = typeof value === 'string' && isPlain(value) ? value : flow(value);
  return `\`${plain.replaceAll('|', '\\|')}\``;
}

function isPlain(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ./_-]*$/.test(text) && !/^[\d.]+$/.test(text);
}

function flow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => flow(item as Json)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    if (Object.keys(value).length === 0) return '{}';
    return `{ ${Object.entries(value)
      .map(([key, member]) => `${key}: ${flow(member)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value);
}

function resolved(field: JsonObject): JsonObject {
  const { $ref, ...own } = field;
  if (typeof $ref !== 'string') return field;
  return { ...resolved(at(...$ref.split('/').slice(1))), ...own };
}

/** The kind of a value, in words. */
function kind(written: JsonObject): string {
  return [...new Set(kinds(resolved(written)))].join(' or ');
}

function kinds(field: JsonObject): string[] {
  if (Array.isArray(field['enum'])) return [(field['enum'] as Json[]).map(example).join(', ')];
  const branches = (field['anyOf'] ?? field['oneOf']) as JsonObject[] | undefined;
  if (branches?.every((branch) => 'const' in branch)) {
    return [branches.map((branch) => example(branch['const'] ?? null)).join(', ')];
  }
  if (branches !== undefined && field['properties'] === undefined) {
    return branches.flatMap((branch) => kinds(resolved(branch)));
  }
  if ('const' in field) return [example(field['const'] ?? null)];
  switch (field['type']) {
    case 'string':
      return [textKind(field)];
    case 'array':
      return [`list (${kind((field['items'] ?? {}) as JsonObject)})`];
    case 'boolean':
      return ['`true`, `false`'];
    case 'integer':
    case 'number':
      return [`${field['type'] === 'integer' ? 'whole number' : 'number'}${range(field)}`];
    case 'object':
      return ['object'];
    default:
      return [Array.isArray(field['type']) ? 'JSON Schema' : 'any value'];
  }
}

function textKind(field: JsonObject): string {
  const { pattern } = field;
  if (pattern === durationForm.source) return 'duration';
  if (pattern === byteSizeForm.source) return 'size';
  if (typeof pattern === 'string' && pattern.includes('\\$\\{\\{')) return 'expression';
  const { pattern: refused } = (field['not'] ?? {}) as JsonObject;
  if (typeof refused === 'string' && refused.startsWith('^/')) return 'path in the bundle';
  return 'text';
}

function range(field: JsonObject): string {
  const [min, max] = [field['minimum'], field['maximum']];
  const above = field['exclusiveMinimum'];
  const from =
    typeof min === 'number' ? `from ${number(min)}` : typeof above === 'number' ? `above ${number(above)}` : '';
  const to = typeof max === 'number' && max < Number.MAX_SAFE_INTEGER ? `to ${number(max)}` : '';
  const both = [from, to].filter((part) => part !== '').join(' ');
  return both === '' ? '' : ` ${both}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** The limits of a value that its kind does not say. */
function limits(written: JsonObject): string {
  const field = resolved(written);
  const { maxLength, maxItems } = field;
  if (typeof maxLength === 'number') return ` At most ${number(maxLength)} characters.`;
  return typeof maxItems === 'number' ? ` At most ${number(maxItems)}.` : '';
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ');
}

/** A row for each field, and for the fields of its fields. */
function rows(object: JsonObject, prefix = ''): string[] {
  const required = new Set((object['required'] ?? []) as string[]);
  return Object.entries((object['properties'] ?? {}) as JsonObject).flatMap(([name, member]) => {
    const written = member as JsonObject;
    const field = resolved(written);
    const path = `${prefix}${name}`;
    const standard = field['default'];
    const [first] = (field['examples'] ?? []) as Json[];
    const { description } = field;
    const words = `${typeof description === 'string' ? description : ''}${limits(field)}`;
    const row = [
      `\`${path}\`${required.has(name) ? ' **required**' : ''}`,
      kind(written),
      standard === undefined ? '' : example(standard),
      `${cell(words)}${first === undefined ? '' : ` For example ${example(first)}.`}`,
    ];
    return [`| ${row.join(' | ')} |`, ...inner(field, path)];
  });
}

function inner(field: JsonObject, path: string): string[] {
  // A schema of params has fields of JSON Schema's, which are documented elsewhere.
  if (path === 'params') return [];
  if (field['properties'] !== undefined) return rows(field, `${path}.`);
  const items = field['items'] as JsonObject | undefined;
  return items?.['properties'] === undefined ? [] : rows(items, `${path}[].`);
}

function table(object: JsonObject): string[] {
  return ['| field | value | default | meaning |', '| --- | --- | --- | --- |', ...rows(object), ''];
}

function only(object: JsonObject, isKept: (field: JsonObject) => boolean): JsonObject {
  const fields = Object.entries((object['properties'] ?? {}) as JsonObject).filter(([, field]) =>
    isKept(field as JsonObject),
  );
  return { ...object, properties: Object.fromEntries(fields) };
}

function typeSection(type: TaskDefinition): string[] {
  const full = at('$defs', typeDefinition(type.type));
  const own = only(full, (field) => field['$ref'] === undefined && !('const' in field));
  const general = Object.keys((full['properties'] ?? {}) as JsonObject);
  const without = Object.keys(at('$defs', 'taskFields', 'properties')).filter((field) => !general.includes(field));
  return [
    `### \`${type.type}\``,
    '',
    type.description,
    '',
    ...table(own),
    ...(without.length === 0 ? [] : [`It has no ${without.map((field) => `\`${field}\``).join(', ')}.`, '']),
    ...(type.executes === 'timer'
      ? []
      : [`Timeout where none is set: \`${formatDuration(type.defaults.timeoutMs)}\`.`, '', ...failures(type)]),
  ];
}

function failures(type: TaskDefinition): string[] {
  return [
    '| failure | tried again | when |',
    '| --- | --- | --- |',
    ...type.retryable.map((one) => `| \`${one.code}\` | ${one.retryable ? 'yes' : 'no'} | ${cell(one.meaning)} |`),
    '',
  ];
}

function functionRows(): string[] {
  return functionReference().map(
    ({ form, meaning, example: source, result }) =>
      `| \`${form}\` | ${meaning} | \`${source.replaceAll('|', '\\|')}\` | \`${result}\` |`,
  );
}

const limitRows: readonly (readonly [string, string])[] = [
  ['a definition file', formatByteSize(definitionLimits.fileBytes)],
  ['all definitions of a bundle', formatByteSize(definitionLimits.totalBytes)],
  ['pipelines in a bundle', number(definitionLimits.pipelines)],
  ['tasks in a pipeline', number(definitionLimits.tasks)],
  ['values in a definition, aliases counted each time', number(definitionLimits.nodes)],
  ['depth of a definition', number(definitionLimits.depth)],
  ['task instances in flight in a run', number(definitionLimits.maxParallel)],
  ['names of secrets, connections or variables of a task', number(definitionLimits.names)],
  ['a bundle as it is sent', formatByteSize(bundleLimits.uploadBytes)],
  ['a bundle unpacked', formatByteSize(bundleLimits.totalBytes)],
  ['a file of a bundle', formatByteSize(bundleLimits.fileBytes)],
  ['files and folders of a bundle', number(bundleLimits.files)],
  ['unpacked bytes for each packed one', number(bundleLimits.ratio)],
  ['an expression', `${number(maxExpressionLength)} characters`],
  ['steps of an evaluation', number(defaultLimits.steps)],
  ['memory of an evaluation', formatByteSize(defaultLimits.bytes)],
];

/** The text of docs/reference/pipeline-format.md. */
export function pipelineReference(): string {
  const definitions = taskTypes.flatMap((name) => findTaskDefinition(name) ?? []);
  return [
    '<!-- Generated from the schemas of the parser by `npm run generate`; do not edit. -->',
    '',
    '# Reference of the pipeline format',
    '',
    'Every field, with its form, its default and its limits. How to write a pipeline is told in',
    '[the guide](../pipeline-format.md). The same as JSON Schema: [pipeline.schema.json](pipeline.schema.json), and',
    '`/v1/schemas/pipeline.json` of every platform.',
    '',
    'A duration is written `500ms`, `10s`, `1.5s`, `5m`, `1h30m` or `2d`, the largest unit first. A size is written `512MiB`,',
    '`1.5GiB` or `200MB`. Where “expression” is a value, `${{ … }}` may stand in its place.',
    '',
    '## Pipeline',
    '',
    ...table(schema),
    '## Task',
    '',
    'Fields of every task, besides those of its type.',
    '',
    ...table({
      ...at('$defs', 'taskFields'),
      required: ['type'],
      properties: { ...at('$defs', 'taskFields', 'properties'), type: at('$defs', 'task', 'properties', 'type') },
    }),
    '## Types',
    '',
    ...definitions.flatMap(typeSection),
    '## Functions of expressions',
    '',
    'Expressions are [CEL](https://cel.dev): the operators are `+ - * / %`, `== != < <= > >=`, `&& || !`, `in`, `a ? b : c`,',
    '`x.key`, `x["key"]`, `x[0]`, and lists and maps are written `[1, 2]` and `{"a": 1}`. A whole number may meet one with a',
    'fraction. `tasks.<id>.output` of a task that has none is null.',
    '',
    '| function | gives | example | result |',
    '| --- | --- | --- | --- |',
    ...functionRows(),
    '',
    '## Limits',
    '',
    '| of | at most |',
    '| --- | --- |',
    ...limitRows.map(([of, most]) => `| ${of} | ${most} |`),
    '',
  ].join('\n');
}
