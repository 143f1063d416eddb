import {
  checkExpression,
  checkTemplate,
  type ExpressionCheck,
  parseTemplate,
  type ScopeName,
  suggest,
  TypedParams,
} from '@millrace/expressions';
import type { Json, JsonObject } from '@millrace/kernel';
import { paramTypes } from '../params/param-types.js';
import type { PipelineDraft, TaskDraft } from './draft.js';
import type { TaskGraph } from './graph.js';
import type { Path } from './source.js';

const outside: readonly ScopeName[] = ['params', 'tasks', 'run', 'vars'];
const inside: readonly ScopeName[] = [...outside, 'item', 'index'];

/** Checks every expression of the pipeline: its syntax, and that what it refers to is there when it is evaluated. */
export class ExpressionRules {
  /** Undefined where params may hold more than is declared. */
  private readonly types: TypedParams | undefined;

  constructor(
    private readonly draft: PipelineDraft,
    /** Undefined where needs go round in a circle: then only the existence of tasks is checked. */
    private readonly graph: TaskGraph | undefined,
    private readonly params: JsonObject,
  ) {
    this.types = isOpen(params) ? undefined : new TypedParams(paramTypes(params));
  }

  check(): void {
    for (const task of this.draft.tasks) {
      const { when, map } = task.fields;
      if (typeof when === 'string') this.single(task, when, [...task.path, 'when'], outside);
      if (typeof map?.over === 'string') this.single(task, map.over, [...task.path, 'map', 'over'], outside);
      const names = map === undefined ? outside : inside;
      this.template(task, task.fields.input as Json | undefined, [...task.path, 'input'], names);
      for (const [key, value] of Object.entries(task.written)) this.template(task, value, [...task.path, key], names);
    }
  }

  /** A field that is one expression and nothing else. */
  private single(task: TaskDraft, text: string, path: Path, names: readonly ScopeName[]): void {
    if (singleExpression(text) === undefined && !this.isBroken(text)) {
      const field = path.at(-1);
      this.draft.problems.add('pipeline.not_an_expression', `"${field}" must be one expression: \${{ … }}`, path, {
        hint: text.includes('${{')
          ? 'nothing may stand before "${{" or after "}}"'
          : `write \${{ ${text.slice(0, 100)} }}`,
      });
      return;
    }
    this.text(task, text, path, names);
  }

  private isBroken(text: string): boolean {
    return checkTemplate(text).problems.length > 0;
  }

  private template(task: TaskDraft, value: Json | undefined, path: Path, names: readonly ScopeName[]): void {
    if (typeof value === 'string') {
      this.text(task, value, path, names);
    } else if (Array.isArray(value)) {
      (value as readonly Json[]).forEach((item, index) => this.template(task, item, [...path, index], names));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (key.includes('${{')) {
          this.draft.problems.add(
            'pipeline.expression_in_key',
            'keys are taken as they are: an expression can only stand in a value',
            [...path, key],
            { part: 'key' },
          );
        }
        this.template(task, member, [...path, key], names);
      }
    }
  }

  private text(task: TaskDraft, text: string, path: Path, names: readonly ScopeName[]): void {
    const check = checkTemplate(text, names, this.types);
    for (const { code, message, offset, hint } of check.problems) {
      this.draft.problems.addInText(code, message, path, offset, fragment(text, offset), hint);
    }
    for (const problem of this.references(task, check)) {
      this.draft.problems.addInText(
        problem.code,
        problem.message,
        path,
        problem.offset,
        fragment(text, problem.offset),
        problem.hint,
      );
    }
  }

  private references(
    task: TaskDraft,
    check: ExpressionCheck,
  ): { code: string; message: string; offset: number; hint?: string | undefined }[] {
    return check.references.flatMap(({ root, path: [name], offset }) => {
      if (name === undefined) return [];
      if (root === 'tasks') return this.taskReference(task, name, offset);
      if (root === 'params') return this.paramReference(name, offset);
      if (root === 'vars' && !task.fields.variables.includes(name)) {
        const message = `the task does not declare the variable "${name}"`;
        return [
          {
            code: 'pipeline.undeclared_variable',
            message,
            offset,
            hint: `add it: variables: [${[...task.fields.variables, name].join(', ')}]`,
          },
        ];
      }
      return [];
    });
  }

  private taskReference(
    task: TaskDraft,
    id: string,
    offset: number,
  ): { code: string; message: string; offset: number; hint?: string | undefined }[] {
    const { taskIds } = this.draft;
    if (!taskIds.includes(id)) {
      const dashed = taskIds.find((other) => other.startsWith(`${id}-`));
      const close = dashed ?? suggest(id, taskIds);
      const written = close === undefined ? undefined : close.includes('-') ? `tasks["${close}"]` : `tasks.${close}`;
      const hint = written === undefined ? `the tasks are ${listed(taskIds)}` : `did you mean ${written}?`;
      return [{ code: 'pipeline.unknown_task', message: `there is no task "${id}"`, offset, hint }];
    }
    if (id === task.id) {
      return [{ code: 'pipeline.not_needed', message: `the task "${id}" cannot use its own output`, offset }];
    }
    const above = this.graph?.ancestors.get(task.id);
    if (above === undefined || above.has(id)) return [];
    const message = `the task uses "${id}" but does not need it, so it may start before "${id}" is done`;
    return [
      {
        code: 'pipeline.not_needed',
        message,
        offset,
        hint: `add it: needs: [${[...task.fields.needs, id].join(', ')}]`,
      },
    ];
  }

  private paramReference(
    name: string,
    offset: number,
  ): { code: string; message: string; offset: number; hint?: string | undefined }[] {
    const properties = Object.keys((this.params['properties'] ?? {}) as object);
    if (properties.includes(name) || isOpen(this.params)) return [];
    const close = suggest(name, properties);
    const hint = close === undefined ? 'declare it in "params" under "properties"' : `did you mean params.${close}?`;
    return [{ code: 'pipeline.unknown_param', message: `there is no param "${name}"`, offset, hint }];
  }
}

/** Whether there may be params beside those of "properties". */
function isOpen(schema: JsonObject): boolean {
  return (
    (schema['additionalProperties'] ?? false) !== false ||
    ['patternProperties', '$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'dependentSchemas'].some((key) => key in schema)
  );
}

/** What stands at the offset, as much as is likely to be found again in the source. */
function fragment(text: string, offset: number): string {
  return /^[^\s"'\\]*/.exec(text.slice(offset, offset + 80))?.[0] || text.slice(offset, offset + 1);
}

/** The first few of the names. */
function listed(names: readonly string[]): string {
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} …` : names.join(', ');
}

/** The expression of a text that is exactly one placeholder. */
export function singleExpression(text: string): string | undefined {
  try {
    const { single } = parseTemplate(text);
    return single !== undefined && checkExpression(single).problems.every(({ code }) => code !== 'expression.syntax')
      ? single
      : undefined;
  } catch {
    return undefined;
  }
}
