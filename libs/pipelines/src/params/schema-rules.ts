import { linearRegExp, ExpressionError, suggest } from '@millrace/expressions';

type Report = (
  code: string,
  message: string,
  path: readonly (string | number)[],
  options?: { hint?: string | undefined; part?: 'key' | 'value' },
) => void;

/** What a keyword of JSON Schema 2020-12 holds: a schema, schemas, or a plain value. */
export type Holds = 'schema' | 'list' | 'map' | 'patterns' | 'definitions' | 'value';

/** Every keyword that a params schema may use. */
export const schemaKeywords: Readonly<Record<string, Holds>> = {
  properties: 'map',
  patternProperties: 'patterns',
  dependentSchemas: 'map',
  $defs: 'definitions',
  additionalProperties: 'schema',
  propertyNames: 'schema',
  items: 'schema',
  contains: 'schema',
  not: 'schema',
  if: 'schema',
  then: 'schema',
  else: 'schema',
  unevaluatedProperties: 'schema',
  unevaluatedItems: 'schema',
  prefixItems: 'list',
  allOf: 'list',
  anyOf: 'list',
  oneOf: 'list',
  ...Object.fromEntries(
    [
      ...['type', 'enum', 'const', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
      ...['maxLength', 'minLength', 'pattern', 'format', 'maxItems', 'minItems', 'uniqueItems', 'maxContains'],
      ...['minContains', 'maxProperties', 'minProperties', 'required', 'dependentRequired', '$ref', '$schema'],
      ...['title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly', 'examples', '$comment'],
    ].map((keyword) => [keyword, 'value' as const]),
  ),
};

/** Formats that are checked. */
export const knownFormats = [
  ...['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'],
];

/** Subschemas that one validation may visit for one value, references followed. */
const maxExpanded = 2000;
const maxUniqueItems = 1000;
/** The dialect of JSON Schema that params are written in. */
export const dialect = 'https://json-schema.org/draft/2020-12/schema';

type Schema = boolean | { readonly [key: string]: unknown };

function isSchema(value: unknown): value is Schema {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

/**
 * The rules beyond JSON Schema itself that keep validation cheap: only known keywords, only references into the schema
 * that do not run in circles, patterns of the linear engine, few formats. A params schema is the tenant's, and the
 * validation runs in our process.
 */
export class SchemaRules {
  /** Number of subschemas behind each reference; undefined while it is being counted. */
  private readonly sizes = new Map<string, number | undefined>();

  constructor(
    private readonly root: Schema,
    private readonly report: Report,
  ) {}

  check(): void {
    this.visit(this.root, []);
    if (this.size(this.root) > maxExpanded) {
      this.report('params.too_big', `the schema has more than ${maxExpanded} parts, references followed`, []);
    }
  }

  private visit(schema: unknown, path: readonly (string | number)[]): void {
    if (!isSchema(schema) || typeof schema === 'boolean') return;
    for (const [keyword, value] of Object.entries(schema)) {
      const at = [...path, keyword];
      const holds = Object.hasOwn(schemaKeywords, keyword) ? schemaKeywords[keyword] : undefined;
      if (holds === undefined) this.unknown(keyword, at);
      else if (holds === 'schema') this.visit(value, at);
      else if (holds === 'list' && Array.isArray(value)) value.forEach((one, index) => this.visit(one, [...at, index]));
      else if (holds === 'value') this.value(keyword, value, schema, at);
      else if (isSchema(value) && typeof value === 'object') {
        for (const [key, one] of Object.entries(value)) {
          if (holds === 'patterns') this.pattern(key, [...at, key], 'key');
          this.visit(one, [...at, key]);
        }
      }
    }
  }

  private unknown(keyword: string, path: readonly (string | number)[]): void {
    const close = suggest(keyword, Object.keys(schemaKeywords));
    this.report('params.unknown_keyword', `"${keyword}" is not a keyword of JSON Schema that is supported here`, path, {
      part: 'key',
      hint: close === undefined ? undefined : `did you mean "${close}"?`,
    });
  }

  private value(
    keyword: string,
    value: unknown,
    schema: { readonly [key: string]: unknown },
    path: readonly (string | number)[],
  ): void {
    if (keyword === 'pattern' && typeof value === 'string') this.pattern(value, path, 'value');
    else if (keyword === '$ref') this.reference(value, path);
    else if (keyword === 'enum' && Array.isArray(value) && value.length === 0)
      this.report('params.schema', '"enum" is empty, so no value is valid', path, { hint: 'list the values' });
    else if (keyword === '$schema' && value !== dialect)
      this.report('params.dialect', `"$schema" must be ${dialect}`, path);
    else if (keyword === 'format' && !knownFormats.includes(String(value))) {
      const close = suggest(String(value), knownFormats);
      this.report('params.unknown_format', `there is no format "${String(value)}"`, path, {
        hint: close === undefined ? `known are ${knownFormats.join(', ')}` : `did you mean "${close}"?`,
      });
    } else if (keyword === 'uniqueItems' && value === true && !(Number(schema['maxItems']) <= maxUniqueItems)) {
      this.report('params.unique_items', `"uniqueItems" needs "maxItems" of at most ${maxUniqueItems} beside it`, path);
    }
  }

  private pattern(pattern: string, path: readonly (string | number)[], part: 'key' | 'value'): void {
    try {
      linearRegExp(pattern);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.report('params.pattern', error.message, path, { part });
    }
  }

  private reference(value: unknown, path: readonly (string | number)[]): void {
    if (typeof value !== 'string' || !value.startsWith('#') || this.resolve(value) === undefined) {
      this.report('params.reference', `"$ref" must lead to a part of this schema, such as "#/$defs/city"`, path);
    } else if (this.size({ $ref: value }) === Infinity) {
      this.report('params.recursive', 'this reference leads back to itself; recursive schemas are not supported', path);
    }
  }

  private resolve(reference: string): Schema | undefined {
    let at: unknown = this.root;
    for (const step of reference.slice(1).split('/').slice(1)) {
      if (typeof at !== 'object' || at === null) return undefined;
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      at = Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
    }
    return isSchema(at) ? at : undefined;
  }

  /** Subschemas in it, each reference counted as often as it is followed; Infinity where it runs in a circle. */
  private size(schema: unknown): number {
    if (!isSchema(schema) || typeof schema === 'boolean') return 1;
    let total = 1;
    for (const [keyword, value] of Object.entries(schema)) {
      const holds = Object.hasOwn(schemaKeywords, keyword) ? schemaKeywords[keyword] : undefined;
      if (keyword === '$ref' && typeof value === 'string') total += this.referenceSize(value);
      else if (holds === 'schema') total += this.size(value);
      else if (holds === 'list' || holds === 'map' || holds === 'patterns') {
        for (const one of Object.values(value ?? {})) total += this.size(one);
      }
    }
    return total;
  }

  private referenceSize(reference: string): number {
    if (this.sizes.has(reference)) return this.sizes.get(reference) ?? Infinity;
    const target = this.resolve(reference);
    if (target === undefined) return 1;
    this.sizes.set(reference, undefined);
    const size = this.size(target);
    this.sizes.set(reference, size);
    return size;
  }
}
