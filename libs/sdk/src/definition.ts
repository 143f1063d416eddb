import { factsOf, placeholder, type ExpressionFacts } from './expression.js';
import type { JsonObject, JsonValue } from './schema.js';

/** What the expressions inside a value use. */
export interface Uses {
  readonly tasks: Set<string>;
  readonly variables: Set<string>;
  readonly scopes: Set<object>;
}

export function noUses(): Uses {
  return { tasks: new Set(), variables: new Set(), scopes: new Set() };
}

function note(facts: ExpressionFacts, uses: Uses): void {
  for (const task of facts.tasks) uses.tasks.add(task);
  for (const variable of facts.variables) uses.variables.add(variable);
  for (const scope of facts.scopes) uses.scopes.add(scope);
}

/** References in a text that was put together with a plain template literal. */
const inText = /\$\{\{ (.*?) \}\}/gs;
const taskInText = /\btasks(?:\.([A-Za-z_][A-Za-z0-9_]*)|\["([^"]+)"\])/g;
const variableInText = /\bvars\.([A-Za-z_][A-Za-z0-9_]*)/g;

function noteText(text: string, uses: Uses): void {
  for (const [, source = ''] of text.matchAll(inText)) {
    for (const [, plain, quoted] of source.matchAll(taskInText)) uses.tasks.add(plain ?? quoted ?? '');
    for (const [, variable = ''] of source.matchAll(variableInText)) uses.variables.add(variable);
  }
}

/**
 * A value as the definition has it: expressions become placeholders, members without a value are left out. What the
 * expressions use is added to `uses`.
 * @throws TypeError with the path of what JSON cannot hold
 */
export function toJson(value: unknown, uses: Uses, path = ''): JsonValue {
  const facts = factsOf(value);
  if (facts !== undefined) {
    note(facts, uses);
    return placeholder(facts);
  }
  switch (typeof value) {
    case 'string':
      noteText(value, uses);
      return value;
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item, index) => toJson(item ?? null, uses, `${path}/${index}`));
      if (isPlain(value)) return membersToJson(value, uses, path);
      break;
    default:
  }
  throw new TypeError(`${path === '' ? 'the value' : path} cannot be written as JSON: it is ${describe(value)}`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function membersToJson(value: object, uses: Uses, path: string): JsonObject {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, toJson(member, uses, `${path}/${key}`)]));
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null) return `an instance of ${value.constructor.name}`;
  return `a ${typeof value}`;
}
