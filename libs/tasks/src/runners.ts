import { fileURLToPath } from 'node:url';
import { DomainError } from '@millrace/kernel';
import { taskCatalogue, type TaskConfig, type TaskType } from './catalogue.js';
import { findRetryClass } from './retry-class.js';
import { httpProgram } from './http/program.js';
import { nodeProgram } from './node/program.js';
import type { BuiltinName, TaskProgram } from './program.js';
import { pythonProgram } from './python/program.js';
import { shellProgram } from './shell/program.js';
import { sqlProgram } from './sql/program.js';

/** Types that reach a runner. */
export type RunnerTaskType = Exclude<TaskType, 'wait'>;

const programs: { readonly [T in RunnerTaskType]: (config: TaskConfig<T>) => TaskProgram } = {
  node: nodeProgram,
  python: pythonProgram,
  shell: shellProgram,
  sql: sqlProgram,
  http: httpProgram,
};

/** Host paths of the built-in programs, self-contained ES modules, for the sandbox host's `builtins`. */
export const builtinModules: Readonly<Record<BuiltinName, string>> = {
  sql: fileURLToPath(new URL('../dist/builtin/sql.mjs', import.meta.url)),
  http: fileURLToPath(new URL('../dist/builtin/http.mjs', import.meta.url)),
};

/**
 * Turns a task's type and resolved configuration into the program that a sandbox executes.
 * @throws DomainError `invalid` where the type is unknown, reaches no runner, or the configuration does not fit it.
 */
export function toProgram(type: string, config: unknown): TaskProgram {
  if (!isRunnerType(type)) {
    throw new DomainError('invalid', 'task.not_executable', `a task of type "${type}" is not executed by a runner`);
  }
  return programOf(type, config);
}

function isRunnerType(type: string): type is RunnerTaskType {
  return Object.hasOwn(programs, type);
}

function programOf<T extends RunnerTaskType>(type: T, config: unknown): TaskProgram {
  const parsed = taskCatalogue[type].configSchema.safeParse(config ?? {});
  if (!parsed.success) {
    const details = parsed.error.issues.map((issue) => ({
      code: `task.${issue.code}`,
      message: issue.message,
      pointer: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    }));
    const first = details[0];
    const where = first?.pointer === undefined || first.pointer === '' ? '' : ` at ${first.pointer}`;
    throw new DomainError(
      'invalid',
      'task.bad_config',
      `the configuration of this ${type} task does not fit once its expressions are resolved${where}: ${first?.message ?? ''}`,
      { details },
    );
  }
  const make: (config: TaskConfig<T>) => TaskProgram = programs[type];
  return make(parsed.data as TaskConfig<T>);
}

/**
 * Whether a repeat can help: what the error says itself, else what the type says of its code, else true.
 * `code` is the sandbox's outcome (`oom`, `failed`, …) or the error's own code, which is asked first.
 */
export function isRetryable(
  type: string,
  failure: { readonly outcome: string; readonly code?: string; readonly retryable?: boolean },
): boolean {
  if (failure.retryable !== undefined) return failure.retryable;
  if (!isRunnerType(type)) return true;
  const classes = taskCatalogue[type].retryable;
  const byCode = failure.code === undefined ? undefined : findRetryClass(classes, failure.code);
  return (byCode ?? findRetryClass(classes, failure.outcome))?.retryable ?? true;
}

export { type BuiltinName, type TaskProgram } from './program.js';
