import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';
import { ExpressionError } from './errors.js';
import { maxExpressionLength } from './limits.js';

export type { ASTNode };

/** Limits of the grammar. */
export const parserOptions = {
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 2000, maxDepth: 64, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 8 },
} as const;

/**
 * Adds what the grammar and the type check know beside `params`; what is evaluated stands in functions.ts and must agree
 * with it.
 */
export function registerScope(to: Environment): Environment {
  to.registerVariable('tasks', 'dyn')
    .registerVariable('item', 'dyn')
    .registerVariable('index', 'int')
    .registerVariable('run', 'map<string, string>')
    .registerVariable('vars', 'map<string, string>')
    .registerFunction('string(google.protobuf.Timestamp): string', () => '')
    .registerFunction('string(google.protobuf.Duration): string', () => '')
    .registerFunction('int(google.protobuf.Timestamp): int', () => 0n)
    .registerFunction('string.replace(string, string): string', () => '');
  for (const operator of ['+', '-', '*', '/']) {
    to.registerOperator(`int ${operator} double`, () => 0).registerOperator(`double ${operator} int`, () => 0);
  }
  return to;
}

const environment = registerScope(new Environment(parserOptions).registerVariable('params', 'dyn'));

export interface Parsed {
  readonly ast: ASTNode;
  /** Result of the type check; undefined where it found nothing. */
  readonly typeError: ExpressionError | undefined;
}

/** Parsed expressions, oldest first: a run evaluates the same few again and again. */
const cache = new Map<string, Parsed>();
const cacheSize = 2000;

export interface CelFailure {
  readonly summary?: string;
  readonly message: string;
  readonly code?: string;
  readonly range?: { readonly start: number };
}

/** Parses the text of an expression (without `${{ }}`); throws `expression.syntax` or `expression.too_long`. */
export function parseExpression(source: string): Parsed {
  const known = cache.get(source);
  if (known !== undefined) return known;
  if (source.length > maxExpressionLength) {
    throw new ExpressionError(
      'expression.too_long',
      `the expression has ${source.length} characters, at most ${maxExpressionLength} are allowed`,
      0,
    );
  }
  let result: ParseResult;
  try {
    result = environment.parse(source);
  } catch (error) {
    const failure = error as CelFailure;
    throw new ExpressionError(
      failure.code === 'limit_exceeded' ? 'expression.limit' : 'expression.syntax',
      plain(failure),
      Math.min(failure.range?.start ?? 0, source.length),
    );
  }
  const parsed: Parsed = { ast: result.ast, typeError: typeCheck(result) };
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? '');
  cache.set(source, parsed);
  return parsed;
}

function typeCheck(result: ParseResult): ExpressionError | undefined {
  const check = result.check();
  if (check.valid || check.error === undefined) return undefined;
  return typeProblem(check.error);
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  bool: 'true or false',
};

/** What the type check found, in words of ours where there are some. */
export function typeProblem(failure: CelFailure): ExpressionError {
  const sentence = plain(failure);
  const [, left = '', operator = '', right = ''] =
    /^no such overload: (string|int|double|bool) ([^ ]+) (string|int|double|bool)$/.exec(sentence) ?? [];
  const message =
    operator === '' ? sentence : `"${operator}" is not defined for ${kinds[left] ?? left} and ${kinds[right] ?? right}`;
  return new ExpressionError('expression.type', message, failure.range?.start ?? 0);
}

/** The library's sentence without its drawing of the source. */
function plain(failure: CelFailure): string {
  const sentence = failure.summary ?? failure.message.split('\n', 1)[0] ?? failure.message;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
