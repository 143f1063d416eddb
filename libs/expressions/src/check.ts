import { ExpressionError, type ExpressionErrorCode } from './errors.js';
import { findFunction, functionNames, macros } from './functions.js';
import type { TypedParams } from './param-types.js';
import { type ScopeName, scopeNames } from './scope.js';
import { suggest } from './suggest.js';
import { type ASTNode, parseExpression } from './syntax.js';
import { parseTemplate } from './template.js';

/** One use of the scope, as far as the path is written out. */
export interface Reference {
  readonly root: ScopeName;
  /** For `tasks.extract.output.rows[0]`: `['extract', 'output', 'rows']`. */
  readonly path: readonly string[];
  /** 0-based offset into the expression (or the template, where it was checked as one). */
  readonly offset: number;
}

export interface ExpressionProblem {
  readonly code: ExpressionErrorCode;
  readonly message: string;
  readonly offset: number;
  readonly hint?: string;
}

export interface ExpressionCheck {
  readonly references: readonly Reference[];
  readonly problems: readonly ExpressionProblem[];
}

function problemOf(error: unknown, shift = 0): ExpressionProblem {
  if (!(error instanceof ExpressionError)) throw error;
  return {
    code: error.code,
    message: error.message,
    offset: (error.offset ?? 0) + shift,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/**
 * Checks an expression (without `${{ }}`) without evaluating it: syntax, names, functions, types as far as they are
 * known: those of params where `params` tells them. `names` are the roots that may be used where it stands, for example no `item` outside of a mapped task.
 */
export function checkExpression(
  source: string,
  names: readonly ScopeName[] = scopeNames,
  params?: TypedParams,
): ExpressionCheck {
  let ast: ASTNode;
  let typeError: ExpressionError | undefined;
  try {
    ({ ast, typeError } = parseExpression(source));
  } catch (error) {
    return { references: [], problems: [problemOf(error)] };
  }
  const checker = new Checker(names);
  checker.visit(ast, new Set());
  // The type check stops at the first unknown name or function; those are reported with better words below.
  const typed = checker.problems.length === 0 ? (typeError ?? params?.problem(source)) : undefined;
  if (typed !== undefined) checker.problems.push(problemOf(typed));
  return { references: checker.references, problems: checker.problems };
}

/** Checks every placeholder of a text; offsets count from the beginning of the text. */
export function checkTemplate(
  text: string,
  names: readonly ScopeName[] = scopeNames,
  params?: TypedParams,
): ExpressionCheck {
  const references: Reference[] = [];
  const problems: ExpressionProblem[] = [];
  if (!text.includes('${{')) return { references, problems };
  try {
    for (const part of parseTemplate(text).parts) {
      if (part.kind === 'text') continue;
      const check = checkExpression(part.source, names, params);
      references.push(...check.references.map((one) => ({ ...one, offset: one.offset + part.offset })));
      problems.push(...check.problems.map((one) => ({ ...one, offset: one.offset + part.offset })));
    }
  } catch (error) {
    problems.push(problemOf(error));
  }
  return { references, problems };
}

/** Every reference in every text of a template (any JSON value); throws ExpressionError where one cannot be parsed. */
export function templateReferences(template: unknown): Reference[] {
  if (typeof template === 'string') {
    const { references, problems } = checkTemplate(template);
    const [problem] = problems;
    if (problem !== undefined) {
      throw new ExpressionError(problem.code, problem.message, problem.offset, problem.hint);
    }
    return [...references];
  }
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap((member) => templateReferences(member));
}

/** Ids of the tasks whose outputs the expressions look at: those, and no others, must be at hand to evaluate them. */
export function outputsNeeded(references: readonly Reference[]): string[] {
  const ids = references
    .filter(({ root, path }) => root === 'tasks' && path[1] === 'output')
    .map(({ path }) => path[0]);
  return [...new Set(ids)].filter((id) => id !== undefined);
}

class Checker {
  readonly references: Reference[] = [];
  readonly problems: ExpressionProblem[] = [];

  constructor(private readonly names: readonly ScopeName[]) {}

  visit(node: ASTNode, bound: ReadonlySet<string>): void {
    switch (node.op) {
      case 'value':
        if (typeof node.args === 'object' && node.args !== null) {
          this.report('expression.not_supported', 'bytes and unsigned numbers are not supported', node.start);
        }
        return;
      case 'id':
        this.name(node, [], bound);
        return;
      case '.':
      case '[]':
        this.access(node, bound);
        return;
      case 'call':
        this.call(node, bound);
        return;
      case 'rcall':
        this.method(node, bound);
        return;
      case 'map':
        for (const entry of node.args) for (const part of entry) this.visit(part, bound);
        return;
      case '!_':
      case '-_':
        this.visit(node.args, bound);
        return;
      case '.?':
      case '[?]':
        this.report('expression.not_supported', `"${node.op}" is not supported`, node.start);
        return;
      default:
        for (const part of node.args) this.visit(part, bound);
    }
  }

  private report(code: ExpressionErrorCode, message: string, offset: number, hint?: string): void {
    this.problems.push({ code, message, offset, ...(hint === undefined ? {} : { hint }) });
  }

  private access(node: Extract<ASTNode, { op: '.' | '[]' }>, bound: ReadonlySet<string>): void {
    const path: string[] = [];
    let open = true;
    let at: ASTNode = node;
    const keys: (string | undefined)[] = [];
    while (at.op === '.' || at.op === '[]') {
      if (at.op === '.') keys.unshift(at.args[1]);
      else {
        const key = at.args[1];
        keys.unshift(key.op === 'value' && typeof key.args === 'string' ? key.args : undefined);
        if (keys[0] === undefined) this.visit(key, bound);
      }
      at = at.args[0];
    }
    for (const key of keys) {
      open = open && key !== undefined;
      if (open && key !== undefined) path.push(key);
    }
    if (at.op === 'id') this.name(at, path, bound);
    else this.visit(at, bound);
  }

  private name(node: Extract<ASTNode, { op: 'id' }>, path: readonly string[], bound: ReadonlySet<string>): void {
    const name = node.args;
    if (bound.has(name)) return;
    const root = scopeNames.find((one) => one === name);
    if (root === undefined) {
      const close = suggest(name, this.names);
      const hint = close === undefined ? `known are ${this.names.join(', ')}` : `did you mean "${close}"?`;
      this.report('expression.unknown_name', `there is no "${name}" here`, node.start, hint);
      return;
    }
    if (!this.names.includes(root)) {
      const mapped = root === 'item' || root === 'index';
      this.report(
        'expression.unknown_name',
        mapped ? `"${root}" exists only in a mapped task` : `there is no "${root}" here`,
        node.start,
        mapped ? 'give the task a "map" with "over"' : `known are ${this.names.join(', ')}`,
      );
      return;
    }
    if (root === 'tasks') this.checkTaskPath(path, node.start);
    if (root === 'run' && path[0] !== undefined && path[0] !== 'id' && path[0] !== 'createdAt') {
      this.report('expression.no_such_key', `a run has no "${path[0]}"`, node.start, 'it has "id" and "createdAt"');
    }
    this.references.push({ root, path, offset: node.start });
  }

  /** Which outputs an expression needs must be known before it is evaluated. */
  private checkTaskPath(path: readonly string[], offset: number): void {
    const [id, field] = path;
    if (id === undefined) {
      this.report(
        'expression.dynamic_task',
        '"tasks" must be followed by the id of a task, written out',
        offset,
        'for example tasks.extract.output or tasks["load-rows"].output',
      );
    } else if (field !== 'output' && field !== 'state') {
      this.report(
        'expression.no_such_key',
        field === undefined ? `"tasks.${id}" needs ".output" or ".state"` : `a task has no "${field}"`,
        offset,
        `tasks.${id}.output is what it returned, tasks.${id}.state how it ended`,
      );
    }
  }

  private call({ args: [name, args], start }: Extract<ASTNode, { op: 'call' }>, bound: ReadonlySet<string>): void {
    if (name === 'has' && args.length === 1) {
      if (args[0]?.op !== '.') {
        this.report('expression.syntax', 'has(…) takes a key with a dot', start, 'for example has(params.city)');
      }
    } else if (findFunction(name, args.length, false) === undefined) this.unknown(name, args.length, false, start);
    for (const arg of args) this.visit(arg, bound);
  }

  private method(node: Extract<ASTNode, { op: 'rcall' }>, bound: ReadonlySet<string>): void {
    const [name, receiver, args] = node.args;
    this.visit(receiver, bound);
    if (!macros.has(`${name}/${args.length}`) || name === 'has') {
      if (findFunction(name, args.length, true) === undefined) this.unknown(name, args.length, true, receiver.end);
      for (const arg of args) this.visit(arg, bound);
      return;
    }
    const [variable, ...bodies] = args;
    if (variable?.op !== 'id') {
      this.report('expression.syntax', `the first argument of ${name} is the name of a variable`, node.start);
      return;
    }
    const inner = new Set([...bound, variable.args]);
    for (const body of bodies) this.visit(body, inner);
  }

  private unknown(name: string, count: number, isMethod: boolean, offset: number): void {
    const names = functionNames(isMethod);
    const shown = isMethod ? `.${name}` : name;
    if (names.includes(name)) {
      this.report('expression.unknown_function', `${shown}(…) does not take ${count} arguments`, offset);
      return;
    }
    const close = suggest(name, names);
    const other = functionNames(!isMethod).includes(name)
      ? isMethod
        ? `write ${name}(x)`
        : `write x.${name}(…)`
      : undefined;
    this.report(
      'expression.unknown_function',
      `there is no function "${shown}"`,
      offset,
      other ?? (close === undefined ? `known are ${names.join(', ')}` : `did you mean "${close}"?`),
    );
  }
}
