import type { JsonObject } from '@millrace/kernel';
import { dialect, type Holds, knownFormats, schemaKeywords } from '../params/schema-rules.js';

const anySchema = { $ref: '#/$defs/schema' };
const text = { type: 'string' };
const flag = { type: 'boolean' };
const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text, uniqueItems: true };
const typeName = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };

/** The forms of keywords whose value is no schema. */
const values: Readonly<Record<string, JsonObject>> = {
  type: { anyOf: [typeName, { type: 'array', items: typeName, minItems: 1, uniqueItems: true }] },
  enum: { type: 'array', minItems: 1 },
  const: {},
  multipleOf: { type: 'number', exclusiveMinimum: 0 },
  maximum: number,
  exclusiveMaximum: number,
  minimum: number,
  exclusiveMinimum: number,
  maxLength: count,
  minLength: count,
  pattern: text,
  format: { enum: [...knownFormats] },
  maxItems: count,
  minItems: count,
  uniqueItems: flag,
  maxContains: count,
  minContains: count,
  maxProperties: count,
  minProperties: count,
  required: texts,
  dependentRequired: { type: 'object', additionalProperties: texts },
  $ref: { type: 'string', pattern: '^#' },
  $schema: { const: dialect },
  title: text,
  description: text,
  default: {},
  deprecated: flag,
  readOnly: flag,
  writeOnly: flag,
  examples: { type: 'array' },
  $comment: text,
};

const schemas: Readonly<Record<Exclude<Holds, 'value'>, JsonObject>> = {
  schema: anySchema,
  list: { type: 'array', items: anySchema, minItems: 1 },
  map: { type: 'object', additionalProperties: anySchema },
  patterns: { type: 'object', additionalProperties: anySchema },
  definitions: { type: 'object', additionalProperties: anySchema },
};

/** The part of JSON Schema that params are written in, as a schema: for the key `schema` of `$defs`. */
export function paramsSchemaDefinition(): JsonObject {
  const properties = Object.entries(schemaKeywords).map(([keyword, holds]) => {
    const form = holds === 'value' ? values[keyword] : schemas[holds];
    if (form === undefined) throw new Error(`the keyword "${keyword}" has no form`);
    return [keyword, form] as const;
  });
  return {
    description: 'JSON Schema (2020-12), the part of it that params may use.',
    type: ['object', 'boolean'],
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}
