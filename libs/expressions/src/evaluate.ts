import type { Json } from '@millrace/kernel';
import { ExpressionError, ExpressionLimitError } from './errors.js';
import { interpret, type Names } from './interpret.js';
import { listLength, rootSpan } from './json-text.js';
import { defaultLimits, type ExpressionLimits, Meter } from './limits.js';
import { type ExpressionScope, type ScopeName, scopeNames } from './scope.js';
import { parseExpression } from './syntax.js';
import { parseTemplate, type Template } from './template.js';
import { type AnyValue, MapValue, read, toJson, toText, typeName, Unread } from './values.js';

function texts(record: Readonly<Record<string, string>>): MapValue {
  return new MapValue(new Map(Object.entries(record)));
}

/** The scope as the language sees it; JSON texts are looked into only where an expression does. */
class ScopeNames implements Names {
  private readonly known = new Map<ScopeName, AnyValue | undefined>();

  constructor(private readonly scope: ExpressionScope) {}

  find(name: string): AnyValue | undefined {
    const scopeName = scopeNames.find((one) => one === name);
    if (scopeName === undefined) return undefined;
    if (!this.known.has(scopeName)) this.known.set(scopeName, this.make(scopeName));
    return this.known.get(scopeName);
  }

  private make(name: ScopeName): AnyValue | undefined {
    const { scope } = this;
    switch (name) {
      case 'params':
        return scope.params === undefined ? new MapValue(new Map()) : new Unread(rootSpan(scope.params));
      case 'tasks':
        return new MapValue(
          new Map(
            Object.entries(scope.tasks ?? {}).map(([id, task]) => [
              id,
              new MapValue(
                new Map<string, AnyValue>([
                  ['output', task.output === undefined ? null : new Unread(rootSpan(task.output))],
                  ['state', task.state],
                ]),
              ),
            ]),
          ),
        );
      case 'item':
        return scope.item === undefined ? undefined : new Unread(rootSpan(scope.item));
      case 'index':
        return scope.index === undefined ? undefined : BigInt(scope.index);
      case 'run':
        return scope.run === undefined ? undefined : texts({ ...scope.run });
      case 'vars':
        return texts(scope.vars ?? {});
    }
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // Values nested thousands deep; everything else that recurses is bounded by the grammar.
    if (error instanceof RangeError) throw new ExpressionLimitError('the values are nested too deeply');
    throw error;
  }
}

function value(source: string, names: Names, meter: Meter): AnyValue {
  return interpret(parseExpression(source).ast, names, meter);
}

/**
 * Evaluates an expression (without `${{ }}`) to JSON text. A value that is only handed on, such as
 * `tasks.x.output.rows[0]`, keeps every character. Throws ExpressionError.
 */
export function evaluate(source: string, scope: ExpressionScope, limits: ExpressionLimits = defaultLimits): string {
  return guarded(() => {
    const meter = new Meter(limits);
    return toJson(value(source, new ScopeNames(scope), meter), meter);
  });
}

/** Evaluates a condition; anything but a bool is `expression.not_a_condition`. */
export function evaluateCondition(
  source: string,
  scope: ExpressionScope,
  limits: ExpressionLimits = defaultLimits,
): boolean {
  return guarded(() => {
    const meter = new Meter(limits);
    const result = read(value(source, new ScopeNames(scope), meter), meter);
    if (typeof result === 'boolean') return result;
    throw new ExpressionError(
      'expression.not_a_condition',
      `the condition gives ${typeName(result)}, not true or false`,
      undefined,
      'compare it with something, for example x == "yes" or size(x) > 0',
    );
  });
}

export interface EvaluatedList {
  /** JSON text of the list; `listItem` takes it apart. */
  readonly text: string;
  readonly length: number;
}

/** Evaluates the source of a map; anything but a list is `expression.not_a_list`. */
export function evaluateList(
  source: string,
  scope: ExpressionScope,
  limits: ExpressionLimits = defaultLimits,
): EvaluatedList {
  const text = evaluate(source, scope, limits);
  return { text, length: listLength(text) };
}

/**
 * JSON text of a template: any JSON value in which texts may hold placeholders. A text that is one placeholder becomes
 * its value, with its type and digits; placeholders within a longer text are put in as text. Keys are taken as they
 * are. Throws ExpressionError; one budget serves the whole template.
 */
export function renderJson(
  template: unknown,
  scope: ExpressionScope,
  limits: ExpressionLimits = defaultLimits,
): string {
  return guarded(() => {
    const meter = new Meter(limits);
    const text = new Renderer(new ScopeNames(scope), meter).render(template as Json);
    meter.result(text.length);
    return text;
  });
}

class Renderer {
  private length = 0;

  constructor(
    private readonly names: Names,
    private readonly meter: Meter,
  ) {}

  render(template: Json | undefined): string {
    this.meter.work(1);
    if (template === undefined || template === null) return 'null';
    if (typeof template === 'string') return this.text(template);
    if (typeof template !== 'object') return JSON.stringify(template);
    if (Array.isArray(template)) {
      return `[${(template as readonly Json[]).map((item) => this.render(item)).join(',')}]`;
    }
    const members = Object.entries(template)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => `${JSON.stringify(key)}:${this.render(member)}`);
    return `{${members.join(',')}}`;
  }

  private text(text: string): string {
    if (!text.includes('${{')) return JSON.stringify(text);
    const template = parseTemplate(text);
    const result =
      template.single === undefined
        ? JSON.stringify(this.mixed(template))
        : toJson(value(template.single, this.names, this.meter), this.meter);
    this.length += result.length;
    this.meter.result(this.length);
    return result;
  }

  private mixed(template: Template): string {
    let result = '';
    for (const part of template.parts) {
      const text = part.kind === 'text' ? part.text : toText(value(part.source, this.names, this.meter), this.meter);
      this.meter.read(text.length);
      this.meter.allocate(2 * text.length);
      result += text;
    }
    return result;
  }
}
