import type { JsonObject } from '@millrace/kernel';
import type { ParamType } from '@millrace/expressions';

const scalars: Readonly<Record<string, ParamType>> = {
  string: 'string',
  integer: 'int',
  number: 'double',
  boolean: 'bool',
};

function isSchema(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Types of the params that surely have one when a run begins: those that are required or have a default, and are of one
 * type. Whatever else may be there, or be missing, has none.
 */
export function paramTypes(schema: JsonObject): Readonly<Record<string, ParamType>> {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const types: Record<string, ParamType> = {};
  for (const [name, property] of Object.entries(properties)) {
    const isThere = isSchema(property) && ('default' in property || required.includes(name));
    types[name] = isThere ? typeOf(property) : 'dyn';
  }
  return types;
}

function typeOf(schema: JsonObject): ParamType {
  const { type, items } = schema;
  // What refers to another schema may be of a type that does not stand here.
  if (typeof type !== 'string' || '$ref' in schema) return 'dyn';
  if (type !== 'array') return Object.hasOwn(scalars, type) ? (scalars[type] ?? 'dyn') : 'dyn';
  const { type: item } = isSchema(items) ? items : {};
  return typeof item === 'string' && Object.hasOwn(scalars, item)
    ? `list<${item === 'string' ? 'string' : 'dyn'}>`
    : 'dyn';
}
