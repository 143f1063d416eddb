import { ExpressionError } from './errors.js';
import type { Meter } from './limits.js';
import { compileRegex } from './regex.js';
import {
  type AnyValue,
  Duration,
  formatDouble,
  formatDuration,
  formatTimestamp,
  ListValue,
  MapValue,
  read,
  Timestamp,
  typeName,
  type Value,
} from './values.js';

/** `receiver` is undefined for `name(…)` and the value before the dot for `value.name(…)`. */
type Call = (receiver: Value, args: readonly Value[], meter: Meter) => AnyValue;

const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;
const minEpochMs = -62_135_596_800_000;
const maxEpochMs = 253_402_300_799_999;

function wrong(name: string, ...values: Value[]): ExpressionError {
  return new ExpressionError('expression.type', `${name} is not defined for ${values.map(typeName).join(', ')}`);
}

function conversion(message: string): ExpressionError {
  return new ExpressionError('expression.conversion', message);
}

/** An int within 64 bits, or `expression.overflow`. */
export function checkedInt(value: bigint): bigint {
  if (value >= minInt && value <= maxInt) return value;
  throw new ExpressionError('expression.overflow', 'the result is out of range of a 64-bit int');
}

/** A moment within the years 1 to 9999, or `expression.overflow`. */
export function checkedTimestamp(epochMs: number): Timestamp {
  if (epochMs >= minEpochMs && epochMs <= maxEpochMs) return new Timestamp(epochMs);
  throw new ExpressionError('expression.overflow', 'the time is out of range (years 1 to 9999)');
}

function text(name: string, value: Value, meter: Meter): string {
  if (typeof value !== 'string') throw wrong(name, value);
  meter.read(value.length);
  return value;
}

function newText(value: string, meter: Meter): string {
  meter.read(value.length);
  meter.allocate(2 * value.length);
  return value;
}

function position(name: string, value: Value, length: number): number {
  if (typeof value !== 'bigint') throw wrong(name, value);
  if (value < 0n || value > BigInt(length)) {
    throw new ExpressionError('expression.out_of_range', `${name}: ${value} is outside of the text`);
  }
  return Number(value);
}

const surrogates = /[\ud800-\udfff]/;

/** Texts count in Unicode code points, not in UTF-16 units. */
function codePoints(value: string): string[] | undefined {
  return surrogates.test(value) ? Array.from(value) : undefined;
}

function sizeOf(value: Value, meter: Meter): bigint {
  if (typeof value === 'string') {
    meter.read(value.length);
    return BigInt(codePoints(value)?.length ?? value.length);
  }
  if (value instanceof ListValue) return BigInt(value.items.length);
  if (value instanceof MapValue) return BigInt(value.entries.size);
  throw wrong('size', value);
}

function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return checkedInt(value);
  if (value instanceof Timestamp) return BigInt(Math.floor(value.epochMs / 1000));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw conversion(`int: ${value} is not an int`);
    return checkedInt(BigInt(Math.trunc(value)));
  }
  if (typeof value === 'string') {
    if (/^[+-]?[0-9]{1,19}$/.test(value)) return checkedInt(BigInt(value.replace('+', '')));
    throw conversion('int: the text is not a whole number');
  }
  throw wrong('int', value);
}

function toDouble(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const number = value.length > 0 && value.length <= 400 && value === value.trim() ? Number(value) : Number.NaN;
    if (Number.isFinite(number)) return number;
    throw conversion('double: the text is not a number');
  }
  throw wrong('double', value);
}

function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw wrong('bool', value);
  if (['1', 't', 'true', 'TRUE', 'True'].includes(value)) return true;
  if (['0', 'f', 'false', 'FALSE', 'False'].includes(value)) return false;
  throw conversion('bool: the text is neither "true" nor "false"');
}

function toString(value: Value, meter: Meter): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? formatDouble(value).replace(/\.0$/, '') : `${value}`;
  if (typeof value === 'bigint' || typeof value === 'boolean') return newText(String(value), meter);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  throw wrong('string', value);
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function toTimestamp(value: Value): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === 'bigint') return checkedTimestamp(Number(value) * 1000);
  if (typeof value !== 'string') throw wrong('timestamp', value);
  const epochMs = rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(epochMs)) throw conversion('timestamp: the text is not an RFC 3339 time (2030-01-31T08:00:00Z)');
  return checkedTimestamp(epochMs);
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

function toDuration(value: Value): Duration {
  if (value instanceof Duration) return value;
  if (typeof value !== 'string') throw wrong('duration', value);
  const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(value) ?? [];
  let ms = 0;
  let used = 0;
  if (rest.length <= 100) {
    for (const part of rest.matchAll(/(\d{1,15}(?:\.\d{1,15})?)(ns|us|µs|ms|s|m|h)/gy)) {
      ms += Number(part[1]) * (unitMs[part[2] ?? ''] ?? 0);
      used += part[0].length;
    }
  }
  if (rest === '' || used !== rest.length) throw conversion('duration: the text is not a duration (1h30m)');
  return new Duration(sign === '-' ? -ms : ms);
}

const functions: Readonly<Record<string, Call>> = {
  'size/1': (_, [a], meter) => sizeOf(a as Value, meter),
  'string/1': (_, [a], meter) => toString(a as Value, meter),
  'int/1': (_, [a]) => toInt(a as Value),
  'double/1': (_, [a]) => toDouble(a as Value),
  'bool/1': (_, [a]) => toBool(a as Value),
  'timestamp/1': (_, [a]) => toTimestamp(a as Value),
  'duration/1': (_, [a]) => toDuration(a as Value),
  'dyn/1': (_, [a]) => a as Value,
};

function textMethod(
  name: string,
  run: (self: string, args: readonly Value[], meter: Meter) => AnyValue,
): readonly [string, Call] {
  return [name, (self, args, meter) => run(text(name.split('/', 1)[0] ?? name, self, meter), args, meter)];
}

function search(last: boolean, name: string): (self: string, args: readonly Value[], meter: Meter) => bigint {
  return (self, [needle, from], meter) => {
    const wanted = text(name, needle as Value, meter);
    const points = codePoints(self);
    const length = points?.length ?? self.length;
    const start = from === undefined ? (last ? length : 0) : position(name, from, length);
    // V8's search is quadratic at worst.
    meter.work(1 + Math.floor((self.length * Math.min(wanted.length, 64)) / 64));
    const unit = points === undefined ? start : points.slice(0, start).join('').length;
    const found = last ? self.lastIndexOf(wanted, unit) : self.indexOf(wanted, unit);
    return BigInt(found < 0 || points === undefined ? found : Array.from(self.slice(0, found)).length);
  };
}

function substring(self: string, [from, to]: readonly Value[], meter: Meter): string {
  const points = codePoints(self);
  const length = points?.length ?? self.length;
  const start = position('substring', from as Value, length);
  const end = to === undefined ? length : position('substring', to, length);
  if (end < start) throw new ExpressionError('expression.out_of_range', 'substring: the end is before the start');
  return newText(points === undefined ? self.slice(start, end) : points.slice(start, end).join(''), meter);
}

function split(self: string, [separator, limit]: readonly Value[], meter: Meter): ListValue {
  const by = text('split', separator as Value, meter);
  meter.allocate(2 * self.length);
  const parts = by === '' ? Array.from(self) : self.split(by);
  meter.work(parts.length);
  meter.allocate(32 * parts.length);
  if (limit === undefined || typeof limit !== 'bigint') return new ListValue(parts);
  if (limit === 0n) return new ListValue([]);
  if (limit < 0n || BigInt(parts.length) <= limit) return new ListValue(parts);
  const kept = parts.slice(0, Number(limit) - 1);
  return new ListValue([...kept, parts.slice(kept.length).join(by)]);
}

function join(self: Value, [separator]: readonly Value[], meter: Meter): string {
  if (!(self instanceof ListValue)) throw wrong('join', self);
  const by = separator === undefined ? '' : text('join', separator, meter);
  const parts = self.items.map((item) => {
    const value = read(item, meter);
    if (typeof value !== 'string') throw wrong('join', value);
    meter.read(value.length + by.length);
    meter.allocate(2 * (value.length + by.length));
    return value;
  });
  return parts.join(by);
}

function replace(self: string, [from, to]: readonly Value[], meter: Meter): string {
  const wanted = text('replace', from as Value, meter);
  const by = text('replace', to as Value, meter);
  const parts = wanted === '' ? [self] : self.split(wanted);
  meter.work(parts.length);
  meter.allocate(2 * (self.length + parts.length * (by.length + 16)));
  return parts.join(by);
}

function timePart(name: string, part: (date: Date) => number, ofDuration?: (ms: number) => number): [string, Call] {
  return [
    `${name}/0`,
    (self) => {
      if (self instanceof Timestamp) return BigInt(part(new Date(self.epochMs)));
      if (self instanceof Duration && ofDuration !== undefined) return BigInt(Math.trunc(ofDuration(self.ms)));
      throw wrong(name, self);
    },
  ];
}

const dayMs = 86_400_000;

const methods: Readonly<Record<string, Call>> = Object.fromEntries<Call>([
  ['size/0', (self, _, meter) => sizeOf(self, meter)],
  textMethod('startsWith/1', (self, [a], meter) => self.startsWith(text('startsWith', a as Value, meter))),
  textMethod('endsWith/1', (self, [a], meter) => self.endsWith(text('endsWith', a as Value, meter))),
  textMethod('contains/1', (self, args, meter) => search(false, 'contains')(self, args, meter) >= 0n),
  textMethod('matches/1', (self, [a], meter) => compileRegex(text('matches', a as Value, meter)).test(self, meter)),
  textMethod('lowerAscii/0', (self, _, meter) =>
    newText(
      self.replace(/[A-Z]/g, (c) => c.toLowerCase()),
      meter,
    ),
  ),
  textMethod('upperAscii/0', (self, _, meter) =>
    newText(
      self.replace(/[a-z]/g, (c) => c.toUpperCase()),
      meter,
    ),
  ),
  textMethod('trim/0', (self, _, meter) => newText(self.trim(), meter)),
  textMethod('indexOf/1', search(false, 'indexOf')),
  textMethod('indexOf/2', search(false, 'indexOf')),
  textMethod('lastIndexOf/1', search(true, 'lastIndexOf')),
  textMethod('lastIndexOf/2', search(true, 'lastIndexOf')),
  textMethod('substring/1', substring),
  textMethod('substring/2', substring),
  textMethod('split/1', split),
  textMethod('split/2', split),
  textMethod('replace/2', replace),
  ['join/0', join],
  ['join/1', join],
  timePart('getFullYear', (date) => date.getUTCFullYear()),
  timePart('getMonth', (date) => date.getUTCMonth()),
  timePart('getDate', (date) => date.getUTCDate()),
  timePart('getDayOfMonth', (date) => date.getUTCDate() - 1),
  timePart('getDayOfWeek', (date) => date.getUTCDay()),
  timePart('getDayOfYear', (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs)),
  timePart(
    'getHours',
    (date) => date.getUTCHours(),
    (ms) => ms / 3_600_000,
  ),
  timePart(
    'getMinutes',
    (date) => date.getUTCMinutes(),
    (ms) => ms / 60_000,
  ),
  timePart(
    'getSeconds',
    (date) => date.getUTCSeconds(),
    (ms) => ms / 1000,
  ),
  timePart(
    'getMilliseconds',
    (date) => date.getUTCMilliseconds(),
    (ms) => ms,
  ),
]);

/** The function or method with that many arguments, or undefined where there is none. */
export function findFunction(name: string, args: number, isMethod: boolean): Call | undefined {
  const table = isMethod ? methods : functions;
  const key = `${name}/${args}`;
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Macros take an expression where functions take a value. Key: name, number of arguments. */
export const macros: ReadonlySet<string> = new Set([
  'has/1',
  'all/2',
  'exists/2',
  'exists_one/2',
  'map/2',
  'map/3',
  'filter/2',
]);

/** Every function, method and macro: its name and number of arguments. */
export function functionKeys(): string[] {
  return [...new Set([...Object.keys(functions), ...Object.keys(methods), ...macros])];
}

/** Names for suggestions, without the number of arguments. */
export function functionNames(isMethod: boolean): string[] {
  const macroNames = [...macros].filter((key) => key.startsWith('has/') !== isMethod);
  const keys = [...Object.keys(isMethod ? methods : functions), ...macroNames];
  return [...new Set(keys.map((key) => key.split('/', 1)[0] ?? key))];
}
