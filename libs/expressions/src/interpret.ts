import { ExpressionError, ExpressionLimitError } from './errors.js';
import { checkedInt, checkedTimestamp, findFunction, macros } from './functions.js';
import type { Meter } from './limits.js';
import type { ASTNode } from './syntax.js';
import {
  type AnyValue,
  compare,
  Duration,
  equal,
  ListValue,
  MapValue,
  read,
  Timestamp,
  typeName,
  type Value,
} from './values.js';

/** The names in sight: the scope, then the variables of the macros around. */
export interface Names {
  find(name: string): AnyValue | undefined;
}

class Bound implements Names {
  constructor(
    private readonly outer: Names,
    private readonly name: string,
    private readonly value: AnyValue,
  ) {}

  find(name: string): AnyValue | undefined {
    return name === this.name ? this.value : this.outer.find(name);
  }
}

/**
 * Evaluates a parsed expression under a meter. The library that parses and type-checks has an evaluator too, but none
 * that can be stopped; this one counts every step and every byte, and a spec compares the two.
 */
export function interpret(node: ASTNode, names: Names, meter: Meter): AnyValue {
  meter.work(1);
  try {
    return visit(node, names, meter);
  } catch (error) {
    if (error instanceof ExpressionLimitError) throw error;
    throw error instanceof ExpressionError ? error.at(node.start) : error;
  }
}

function visit(node: ASTNode, names: Names, meter: Meter): AnyValue {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id': {
      const value = names.find(node.args);
      if (value === undefined) {
        throw new ExpressionError('expression.unknown_name', `there is no "${node.args}" here`);
      }
      return value;
    }
    case '.':
      return member(interpret(node.args[0], names, meter), node.args[1], meter);
    case '[]': {
      const [of, key] = node.args;
      return element(interpret(of, names, meter), interpret(key, names, meter), meter);
    }
    case 'call':
      return call(node.args[0], node.args[1], names, meter);
    case 'rcall':
      return callMethod(node.args[0], node.args[1], node.args[2], names, meter);
    case 'list':
      meter.allocate(32 * node.args.length);
      return new ListValue(node.args.map((item) => interpret(item, names, meter)));
    case 'map':
      return mapLiteral(node.args, names, meter);
    case '?:': {
      const [condition, yes, no] = node.args;
      return interpret(bool(condition, names, meter) ? yes : no, names, meter);
    }
    case '||':
      return either(node.args, true, names, meter);
    case '&&':
      return either(node.args, false, names, meter);
    case '!_':
      return !bool(node.args, names, meter);
    case '-_':
      return negate(read(interpret(node.args, names, meter), meter));
    case '==':
      return equal(interpret(node.args[0], names, meter), interpret(node.args[1], names, meter), meter);
    case '!=':
      return !equal(interpret(node.args[0], names, meter), interpret(node.args[1], names, meter), meter);
    case 'in':
      return contains(interpret(node.args[0], names, meter), interpret(node.args[1], names, meter), meter);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const left = read(interpret(node.args[0], names, meter), meter);
      return ordered(node.op, left, read(interpret(node.args[1], names, meter), meter), meter);
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const left = read(interpret(node.args[0], names, meter), meter);
      return arithmetic(node.op, left, read(interpret(node.args[1], names, meter), meter), meter);
    }
    default:
      throw new ExpressionError('expression.not_supported', `"${node.op}" is not supported`);
  }
}

function literal(value: unknown): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') {
    return value;
  }
  // The grammar sees `-9223372036854775808` as the negation of a literal that is one too big for an int.
  if (typeof value === 'bigint') return value === 2n ** 63n ? value : checkedInt(value);
  throw new ExpressionError('expression.not_supported', 'bytes and unsigned numbers are not supported');
}

function member(of: AnyValue, key: string, meter: Meter): AnyValue {
  const value = read(of, meter);
  if (value instanceof MapValue) {
    const found = value.entries.get(key);
    if (found !== undefined) return found;
    throw new ExpressionError('expression.no_such_key', `there is no key "${key}"`);
  }
  throw new ExpressionError('expression.type', `a ${typeName(value)} has no key "${key}"`);
}

function element(of: AnyValue, at: AnyValue, meter: Meter): AnyValue {
  const value = read(of, meter);
  const key = read(at, meter);
  if (value instanceof MapValue) {
    if (typeof key === 'string') return member(value, key, meter);
    throw new ExpressionError('expression.type', `the keys of a map are strings, not ${typeName(key)}`);
  }
  if (!(value instanceof ListValue)) {
    throw new ExpressionError('expression.type', `a ${typeName(value)} has no elements`);
  }
  if (typeof key !== 'bigint') {
    throw new ExpressionError('expression.type', `the index of a list is an int, not ${typeName(key)}`);
  }
  const found = key < 0n || key >= BigInt(value.items.length) ? undefined : value.items[Number(key)];
  if (found !== undefined) return found;
  throw new ExpressionError('expression.out_of_range', `there is no element ${key} in a list of ${value.items.length}`);
}

function mapLiteral(entries: readonly (readonly [ASTNode, ASTNode])[], names: Names, meter: Meter): MapValue {
  const map = new Map<string, AnyValue>();
  for (const [keyNode, valueNode] of entries) {
    const key = read(interpret(keyNode, names, meter), meter);
    if (typeof key !== 'string') {
      throw new ExpressionError('expression.type', `the keys of a map are strings, not ${typeName(key)}`);
    }
    meter.allocate(64 + 2 * key.length);
    map.set(key, interpret(valueNode, names, meter));
  }
  return new MapValue(map);
}

function bool(node: ASTNode, names: Names, meter: Meter): boolean {
  const value = read(interpret(node, names, meter), meter);
  if (typeof value === 'boolean') return value;
  throw new ExpressionError('expression.type', `expected a bool, got ${typeName(value)}`);
}

/** What is wrong with an operand is forgiven where the other operand decides; running out of steps never is. */
function attempt(work: () => boolean, meter: Meter): boolean | ExpressionError {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ExpressionError) || error instanceof ExpressionLimitError) throw error;
    // An error object costs as much as hundreds of steps.
    meter.work(500);
    return error;
  }
}

/** `||` (decided by true) and `&&` (decided by false). */
function either([left, right]: readonly [ASTNode, ASTNode], decides: boolean, names: Names, meter: Meter): boolean {
  const first = attempt(() => bool(left, names, meter), meter);
  if (first === decides) return decides;
  const second = bool(right, names, meter);
  if (second === decides) return decides;
  if (typeof first === 'boolean') return !decides;
  throw first;
}

function negate(value: Value): Value {
  if (typeof value === 'bigint') return checkedInt(-value);
  if (typeof value === 'number') return -value;
  throw new ExpressionError('expression.type', `"-" is not defined for ${typeName(value)}`);
}

function contains(item: AnyValue, within: AnyValue, meter: Meter): boolean {
  const value = read(within, meter);
  if (value instanceof ListValue) return value.items.some((other) => equal(item, other, meter));
  if (value instanceof MapValue) {
    const key = read(item, meter);
    return typeof key === 'string' && value.entries.has(key);
  }
  throw new ExpressionError('expression.type', `"in" is not defined for ${typeName(value)}`);
}

function ordered(op: '<' | '<=' | '>' | '>=', left: Value, right: Value, meter: Meter): boolean {
  const order = compare(left, right, meter);
  if (order === undefined) {
    if (Number.isNaN(left) || Number.isNaN(right)) return false;
    throw undefinedFor(op, left, right);
  }
  switch (op) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function undefinedFor(op: string, left: Value, right: Value): ExpressionError {
  const [a, b] = [typeName(left), typeName(right)];
  const text = a === 'string' || b === 'string';
  const hint = text && op === '+' ? 'convert the other side with string(…)' : undefined;
  return new ExpressionError('expression.type', `"${op}" is not defined for ${a} and ${b}`, undefined, hint);
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

type Arithmetic = '+' | '-' | '*' | '/' | '%';

function arithmetic(op: Arithmetic, left: Value, right: Value, meter: Meter): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return intArithmetic(op, left, right);
  // CEL has no int + double. Here an int yields, because JSON does not tell the two apart: what Python returns as `20.0`
  // JavaScript returns as `20`, and an expression must not depend on that.
  if (isNumber(left) && isNumber(right)) return doubleArithmetic(op, Number(left), Number(right));
  if (op === '+' && typeof left === 'string' && typeof right === 'string') {
    meter.read(left.length + right.length);
    meter.allocate(2 * (left.length + right.length));
    return left + right;
  }
  if (op === '+' && left instanceof ListValue && right instanceof ListValue) {
    const length = left.items.length + right.items.length;
    meter.work(length);
    meter.allocate(8 * length);
    return new ListValue(left.items.concat(right.items));
  }
  const time = timeArithmetic(op, left, right);
  if (time !== undefined) return time;
  throw undefinedFor(op, left, right);
}

function intArithmetic(op: Arithmetic, left: bigint, right: bigint): bigint {
  if ((op === '/' || op === '%') && right === 0n) {
    throw new ExpressionError('expression.division_by_zero', 'division by zero');
  }
  switch (op) {
    case '+':
      return checkedInt(left + right);
    case '-':
      return checkedInt(left - right);
    case '*':
      return checkedInt(left * right);
    case '/':
      return checkedInt(left / right);
    case '%':
      return checkedInt(left % right);
  }
}

function doubleArithmetic(op: Arithmetic, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      throw undefinedFor(op, left, right);
  }
}

function timeArithmetic(op: Arithmetic, left: Value, right: Value): Value | undefined {
  if (op === '-' && left instanceof Timestamp && right instanceof Timestamp) {
    return new Duration(left.epochMs - right.epochMs);
  }
  const sign = op === '+' ? 1 : op === '-' ? -1 : undefined;
  if (sign === undefined) return undefined;
  if (left instanceof Duration && right instanceof Duration) return new Duration(left.ms + sign * right.ms);
  if (left instanceof Timestamp && right instanceof Duration) {
    return checkedTimestamp(left.epochMs + sign * right.ms);
  }
  if (op === '+' && left instanceof Duration && right instanceof Timestamp) {
    return checkedTimestamp(left.ms + right.epochMs);
  }
  return undefined;
}

function call(name: string, args: readonly ASTNode[], names: Names, meter: Meter): AnyValue {
  const [first] = args;
  if (name === 'has' && args.length === 1 && first?.op === '.') {
    const [of, key] = first.args;
    const value = read(interpret(of, names, meter), meter);
    if (!(value instanceof MapValue)) {
      throw new ExpressionError('expression.type', `a ${typeName(value)} has no keys`);
    }
    return value.entries.has(key);
  }
  const found = findFunction(name, args.length, false);
  if (found === undefined) {
    throw new ExpressionError('expression.unknown_function', `there is no function "${name}" of ${args.length}`);
  }
  return found(
    null,
    args.map((arg) => read(interpret(arg, names, meter), meter)),
    meter,
  );
}

function callMethod(name: string, receiver: ASTNode, args: readonly ASTNode[], names: Names, meter: Meter): AnyValue {
  if (macros.has(`${name}/${args.length}`)) return comprehension(name, receiver, args, names, meter);
  const found = findFunction(name, args.length, true);
  if (found === undefined) {
    throw new ExpressionError('expression.unknown_function', `there is no function ".${name}" of ${args.length}`);
  }
  const self = read(interpret(receiver, names, meter), meter);
  return found(
    self,
    args.map((arg) => read(interpret(arg, names, meter), meter)),
    meter,
  );
}

function range(node: ASTNode, names: Names, meter: Meter): readonly AnyValue[] {
  const value = read(interpret(node, names, meter), meter);
  if (value instanceof ListValue) return value.items;
  if (value instanceof MapValue) {
    meter.work(value.entries.size);
    return [...value.entries.keys()];
  }
  throw new ExpressionError('expression.type', `expected a list or a map, got ${typeName(value)}`);
}

function comprehension(
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  names: Names,
  meter: Meter,
): AnyValue {
  const [variable, first, second] = args;
  if (variable?.op !== 'id' || first === undefined) {
    throw new ExpressionError('expression.syntax', `the first argument of ${name} is the name of a variable`);
  }
  const bind = (item: AnyValue) => new Bound(names, variable.args, item);
  const items = range(receiver, names, meter);
  switch (name) {
    case 'map': {
      const kept = second === undefined ? items : items.filter((item) => bool(first, bind(item), meter));
      const transform = second ?? first;
      meter.allocate(32 * kept.length);
      return new ListValue(kept.map((item) => interpret(transform, bind(item), meter)));
    }
    case 'filter':
      meter.allocate(8 * items.length);
      return new ListValue(items.filter((item) => bool(first, bind(item), meter)));
    case 'exists_one':
      return items.filter((item) => bool(first, bind(item), meter)).length === 1;
    case 'exists':
      return quantify(items, true, meter, (item) => bool(first, bind(item), meter));
    default:
      return quantify(items, false, meter, (item) => bool(first, bind(item), meter));
  }
}

/** `exists` is decided by the first true, `all` by the first false; an error counts only where nothing decides. */
function quantify(
  items: readonly AnyValue[],
  decides: boolean,
  meter: Meter,
  test: (item: AnyValue) => boolean,
): boolean {
  let problem: ExpressionError | undefined;
  for (const item of items) {
    const result = attempt(() => test(item), meter);
    if (result === decides) return decides;
    if (result instanceof ExpressionError) problem ??= result;
  }
  if (problem !== undefined) throw problem;
  return !decides;
}
