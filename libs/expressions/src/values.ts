import { ExpressionError } from './errors.js';
import { type JsonSpan, listElements, objectMembers, spanKind, spanString, spanText } from './json-text.js';
import type { Meter } from './limits.js';

/** A JSON value that nobody has looked into yet; rendered, it is the text it was. */
export class Unread {
  private value: Value | undefined;

  constructor(readonly span: JsonSpan) {}

  /** One level of it as a value of the language; the next level stays unread. */
  read(meter: Meter): Value {
    meter.work(1);
    return (this.value ??= readSpan(this.span, meter));
  }
}

export class ListValue {
  constructor(readonly items: readonly AnyValue[]) {}
}

export class MapValue {
  constructor(readonly entries: ReadonlyMap<string, AnyValue>) {}
}

export class Timestamp {
  constructor(readonly epochMs: number) {}
}

export class Duration {
  constructor(readonly ms: number) {}
}

/** A value of the language: `bigint` is its int, `number` its double. */
export type Value = null | boolean | bigint | number | string | ListValue | MapValue | Timestamp | Duration;
export type AnyValue = Value | Unread;

/** Longest number that is computed with; longer ones are passed on untouched all the same. */
const longestNumber = 40;

function readSpan(span: JsonSpan, meter: Meter): Value {
  switch (spanKind(span)) {
    case 'null':
      return null;
    case 'true':
      return true;
    case 'false':
      return false;
    case 'string':
      meter.read(span.end - span.start);
      meter.allocate(2 * (span.end - span.start));
      return spanString(span);
    case 'number':
      return readNumber(span);
    case 'list':
      return new ListValue(listElements(span, meter).map((element) => new Unread(element)));
    case 'object': {
      const entries = new Map<string, AnyValue>();
      for (const [key, member] of objectMembers(span, meter)) entries.set(key, new Unread(member));
      return new MapValue(entries);
    }
  }
}

const integer = /^-?(?:0|[1-9][0-9]*)$/;
const decimal = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function readNumber(span: JsonSpan): bigint | number {
  if (span.end - span.start > longestNumber) {
    throw new ExpressionError(
      'expression.overflow',
      `a number of ${span.end - span.start} characters cannot be computed with`,
    );
  }
  const text = spanText(span);
  if (integer.test(text)) return BigInt(text);
  if (!decimal.test(text)) throw new ExpressionError('expression.not_json', 'the value is not JSON: not a number');
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new ExpressionError('expression.overflow', `the number ${text} is out of range of a double`);
}

/** The value itself, read where it is still text. */
export function read(value: AnyValue, meter: Meter): Value {
  return value instanceof Unread ? value.read(meter) : value;
}

export type TypeName = 'null' | 'bool' | 'int' | 'double' | 'string' | 'list' | 'map' | 'timestamp' | 'duration';

export function typeName(value: Value): TypeName {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    default:
      if (value instanceof ListValue) return 'list';
      if (value instanceof MapValue) return 'map';
      return value instanceof Timestamp ? 'timestamp' : 'duration';
  }
}

/** Deep equality; int and double compare by their number, other differing types are unequal. */
export function equal(left: AnyValue, right: AnyValue, meter: Meter): boolean {
  const a = read(left, meter);
  const b = read(right, meter);
  meter.work(1);
  if (typeof a === 'string' && typeof b === 'string') {
    meter.read(Math.min(a.length, b.length));
    return a === b;
  }
  // The numeric comparison of int with double is exact in JavaScript.
  if (typeof a === 'bigint' || typeof a === 'number') {
    return (typeof b === 'bigint' || typeof b === 'number') && a == b;
  }
  if (a instanceof ListValue && b instanceof ListValue) {
    return a.items.length === b.items.length && a.items.every((item, i) => equal(item, b.items[i] as AnyValue, meter));
  }
  if (a instanceof MapValue && b instanceof MapValue) return equalMaps(a, b, meter);
  if (a instanceof Timestamp && b instanceof Timestamp) return a.epochMs === b.epochMs;
  if (a instanceof Duration && b instanceof Duration) return a.ms === b.ms;
  return a === b;
}

function equalMaps(a: MapValue, b: MapValue, meter: Meter): boolean {
  if (a.entries.size !== b.entries.size) return false;
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !equal(value, other, meter)) return false;
  }
  return true;
}

/** -1, 0 or 1; undefined where the two have no order (different types, NaN). */
export function compare(a: Value, b: Value, meter: Meter): -1 | 0 | 1 | undefined {
  if ((typeof a === 'bigint' || typeof a === 'number') && (typeof b === 'bigint' || typeof b === 'number')) {
    if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof a === 'string' && typeof b === 'string') {
    meter.read(Math.min(a.length, b.length));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(Number(a), Number(b));
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.epochMs, b.epochMs);
  if (a instanceof Duration && b instanceof Duration) return order(a.ms, b.ms);
  return undefined;
}

function order(a: number, b: number): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3339, in UTC. */
export function formatTimestamp(value: Timestamp): string {
  const text = new Date(value.epochMs).toISOString();
  return value.epochMs % 1000 === 0 ? text.replace('.000Z', 'Z') : text;
}

/** Seconds with the unit, as protobuf's JSON has it: `1.5s`. */
export function formatDuration(value: Duration): string {
  return `${value.ms / 1000}s`;
}

/** A double always shows that it is one: `2.0`. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) {
    throw new ExpressionError('expression.overflow', `the result ${value} cannot be written as JSON`);
  }
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** JSON text of the value; what was not computed keeps every character that it had. */
export function toJson(value: AnyValue, meter: Meter): string {
  const text = render(value, meter);
  meter.result(text.length);
  return text;
}

function render(value: AnyValue, meter: Meter): string {
  meter.work(1);
  if (value === null) return 'null';
  if (value instanceof Unread) {
    // A big value that is only handed on costs a copy and no steps.
    meter.result(value.span.end - value.span.start);
    return spanText(value.span);
  }
  if (typeof value === 'string') {
    meter.read(value.length);
    meter.allocate(2 * value.length);
    return JSON.stringify(value);
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return formatDouble(value);
  if (value instanceof Timestamp) return JSON.stringify(formatTimestamp(value));
  if (value instanceof Duration) return JSON.stringify(formatDuration(value));
  const parts: string[] = [];
  let length = 2;
  const add = (part: string) => {
    length += part.length + 1;
    // Rendering the same big value many times must stop before it is joined.
    meter.result(length);
    parts.push(part);
  };
  if (value instanceof ListValue) {
    for (const item of value.items) add(render(item, meter));
    return `[${parts.join(',')}]`;
  }
  for (const [key, item] of value.entries) add(`${JSON.stringify(key)}:${render(item, meter)}`);
  return `{${parts.join(',')}}`;
}

/** The value inside a longer text: strings as they are, everything else as JSON. */
export function toText(value: AnyValue, meter: Meter): string {
  const known = read(value, meter);
  if (typeof known === 'string') return known;
  if (known === null) {
    throw new ExpressionError(
      'expression.null_in_text',
      'the value is null and cannot be put into a text',
      undefined,
      'say what should stand there, for example ${{ x == null ? "none" : x }}',
    );
  }
  if (known instanceof Timestamp) return formatTimestamp(known);
  if (known instanceof Duration) return formatDuration(known);
  return toJson(value, meter);
}
