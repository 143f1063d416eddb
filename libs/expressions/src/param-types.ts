import { Environment } from '@marcbachmann/cel-js';
import { type ExpressionError } from './errors.js';
import { parserOptions, registerScope, typeProblem } from './syntax.js';

/** A type that a param is known to have; `dyn` where it is not. */
export type ParamType = 'string' | 'int' | 'double' | 'bool' | 'list<string>' | 'list<dyn>' | 'dyn';

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Only what surely fails, or can never be true, when it is evaluated: an operation on values of different kinds. */
const certain: readonly RegExp[] = [
  /^no such overload: (?:string [^ ]+ (?:int|double|bool)|(?:int|double|bool) [^ ]+ string|bool [^ ]+ (?:int|double)|(?:int|double) [^ ]+ bool)$/,
  /^no such overload: [!-](?:string|int|double|bool)$/,
  /^found no matching overload for '(?:string|int|double|bool)\./,
  /^Logical operator requires bool operands, got '(?:string|int|double)'/i,
];

/** Checks expressions against the types of the params that they use. */
export class TypedParams {
  private readonly environment: Environment;

  constructor(types: Readonly<Record<string, ParamType>>) {
    const schema = Object.fromEntries(Object.entries(types).filter(([name]) => identifier.test(name)));
    this.environment = registerScope(new Environment(parserOptions).registerVariable({ name: 'params', schema }));
  }

  /** What is wrong with the types in the expression; undefined where nothing surely is. */
  problem(source: string): ExpressionError | undefined {
    try {
      const check = this.environment.parse(source).check();
      if (check.valid || check.error === undefined) return undefined;
      const { error } = check;
      const summary = (error as { readonly summary?: string }).summary ?? error.message.split('\n', 1)[0] ?? '';
      return certain.some((pattern) => pattern.test(summary)) ? typeProblem(error) : undefined;
    } catch {
      // What cannot even be parsed is reported by the check that knows no types.
      return undefined;
    }
  }
}
