/**
 * References and expressions: what stands for a value that is only known when the pipeline runs. They become
 * placeholders `${{ … }}` in the definition.
 */
declare const valueType: unique symbol;

/** Something that will be a `T` when the pipeline runs. */
export interface Expression<out T> {
  /** Exists in the type only. */
  readonly [valueType]: T;
}

type Members<T> = [T] extends [readonly (infer Item)[]]
  ? { readonly [index: number]: Reference<Item> }
  : [T] extends [object]
    ? { readonly [Key in keyof T]-?: Reference<T[Key]> }
    : unknown;

/** An expression that is a path, such as `tasks.extract.output.rows`: its members are references in turn. */
export type Reference<T> = Expression<T> & Members<NonNullable<T>>;

/** A value that is known now, or an expression that gives one. */
export type Value<T> = T | Expression<T>;

type Plain<T> = T extends string | number | boolean | bigint | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Template<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Template<T[Key]> }
      : T;

/** JSON of the type `T` in which any part may be an expression. */
export type Template<T> = Expression<T> | Plain<T>;

/** What is known of an expression besides its type. */
export interface ExpressionFacts {
  /** CEL, without `${{ }}`. */
  readonly source: string;
  /** A path binds stronger than any operator; everything else needs parentheses inside a larger expression. */
  readonly isPath: boolean;
  readonly tasks: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  /** The list whose item it uses. */
  readonly scopes: ReadonlySet<object>;
}

/** Kept beside the objects, because a reference has no members but those of the value that it stands for. */
const known = new WeakMap<object, ExpressionFacts>();

/** What is known of the value as an expression; undefined where it is none. */
export function factsOf(value: unknown): ExpressionFacts | undefined {
  return typeof value === 'object' && value !== null ? known.get(value) : undefined;
}

/** The placeholder for an expression. */
export function placeholder(facts: ExpressionFacts): string {
  return `\${{ ${facts.source} }}`;
}

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that the grammar of CEL keeps for itself. */
const reserved = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

/** One step of a path, as CEL. */
export function pathStep(key: string): string {
  if (/^(?:0|[1-9]\d*)$/.test(key)) return `[${key}]`;
  return name.test(key) && !reserved.has(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function toText(facts: ExpressionFacts, hint: string): string {
  if (hint !== 'number') return placeholder(facts);
  throw new TypeError(
    `${placeholder(facts)} has no value yet: it gets one when the pipeline runs. Compute with it in an expression, for example cel\`… + 1\``,
  );
}

const none: ReadonlySet<never> = new Set<never>();

/** Facts of an expression about nothing but its source. */
export function plainFacts(source: string, more: Partial<ExpressionFacts> = {}): ExpressionFacts {
  return { source, isPath: true, tasks: none, variables: none, scopes: none, ...more };
}

/** A reference of which every member is a reference. */
export function reference<T>(facts: ExpressionFacts): Reference<T> {
  const members = new Map<string, unknown>();
  const proxy = new Proxy(Object.freeze({}), {
    get(_, key) {
      if (key === Symbol.toPrimitive) return (hint: string) => toText(facts, hint);
      if (key === Symbol.toStringTag) return 'Reference';
      if (typeof key === 'symbol') return undefined;
      let member = members.get(key);
      if (member === undefined) {
        member = reference({ ...facts, source: facts.source + pathStep(key) });
        members.set(key, member);
      }
      return member;
    },
    ownKeys() {
      throw new TypeError(
        `${placeholder(facts)} cannot be spread or listed: what it holds is known when the pipeline runs`,
      );
    },
  });
  known.set(proxy, facts);
  return proxy as Reference<T>;
}

/** An expression that is no path. */
export function expression<T>(facts: ExpressionFacts): Expression<T> {
  const made = Object.freeze({ [Symbol.toPrimitive]: (hint: string) => toText(facts, hint) });
  known.set(made, facts);
  return made as unknown as Expression<T>;
}

function union<T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  return new Set(sets.flatMap((set) => [...set]));
}

function join(source: string, parts: readonly ExpressionFacts[]): ExpressionFacts {
  return {
    source,
    isPath: false,
    tasks: union(parts.map((part) => part.tasks)),
    variables: union(parts.map((part) => part.variables)),
    scopes: union(parts.map((part) => part.scopes)),
  };
}

/** A value inside a larger expression: a reference by its path, anything else as a literal. */
function operand(value: unknown): ExpressionFacts {
  const facts = factsOf(value);
  if (facts !== undefined) return facts.isPath ? facts : { ...facts, source: `(${facts.source})` };
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`${String(value)} cannot stand in an expression: it is no JSON`);
  return plainFacts(text);
}

/**
 * An expression in CEL (https://cel.dev): references and values are put in where they stand.
 * @example when: cel<boolean>`size(${extract.output.rows}) > 10 && ${p.params.mode} == "full"`
 */
export function cel<T = unknown>(strings: TemplateStringsArray, ...values: readonly unknown[]): Expression<T> {
  const parts = values.map(operand);
  const source = strings.map((text, index) => text + (parts[index]?.source ?? '')).join('');
  return expression(join(source.trim(), parts));
}

type Scalar = string | number | boolean | null;

function binary(operator: string) {
  return (left: unknown, right: unknown): Expression<boolean> => {
    const parts = [operand(left), operand(right)];
    return expression(join(parts.map((part) => part.source).join(` ${operator} `), parts));
  };
}

const same = binary('==');
const different = binary('!=');
const more = binary('>');
const moreOrSame = binary('>=');
const less = binary('<');
const lessOrSame = binary('<=');

/** `left == right` */
export function eq<T extends Scalar>(left: Expression<T>, right: Value<NoInfer<T>>): Expression<boolean> {
  return same(left, right);
}
/** `left != right` */
export function ne<T extends Scalar>(left: Expression<T>, right: Value<NoInfer<T>>): Expression<boolean> {
  return different(left, right);
}
/** `left > right` */
export function gt<T extends number | string>(left: Expression<T>, right: Value<NoInfer<T>>): Expression<boolean> {
  return more(left, right);
}
/** `left >= right` */
export function gte<T extends number | string>(left: Expression<T>, right: Value<NoInfer<T>>): Expression<boolean> {
  return moreOrSame(left, right);
}
/** `left < right` */
export function lt<T extends number | string>(left: Expression<T>, right: Value<NoInfer<T>>): Expression<boolean> {
  return less(left, right);
}
/** `left <= right` */
export function lte<T extends number | string>(left: Expression<T>, right: Value<NoInfer<T>>): Expression<boolean> {
  return lessOrSame(left, right);
}

function chain(operator: string, parts: readonly Expression<boolean>[]): Expression<boolean> {
  const facts = parts.map(operand);
  return expression(join(facts.map((one) => one.source).join(` ${operator} `), facts));
}

/** All of the conditions. */
export function and(...conditions: readonly [Expression<boolean>, ...Expression<boolean>[]]): Expression<boolean> {
  return chain('&&', conditions);
}
/** Any of the conditions. */
export function or(...conditions: readonly [Expression<boolean>, ...Expression<boolean>[]]): Expression<boolean> {
  return chain('||', conditions);
}
/** The opposite of the condition. */
export function not(condition: Expression<boolean>): Expression<boolean> {
  const facts = operand(condition);
  return expression(join(`!${facts.source}`, [facts]));
}

/** Number of items of a list, of members of an object, of characters of a text. */
export function size(value: Expression<readonly unknown[] | string | object>): Expression<number> {
  const facts = operand(value);
  return expression({ ...join(`size(${factsOf(value)?.source ?? facts.source})`, [facts]), isPath: true });
}
