import { pathToFileURL } from 'node:url';
import type { JobHeader } from '../protocol.js';
import type { TaskContext } from './context.js';
import { describeError, type ProgramEnd, type ProgramHooks } from './program-end.js';

type TaskFunction = (input: unknown, context: TaskContext) => unknown;

/** An error of ours about the user's program, with a stable code. */
class ProgramError extends Error {
  override readonly name = 'TaskProgramError';
  readonly retryable = false;
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs an exported function in this very process: under `fresh` the process belongs to this attempt alone, so the
 * code can harm nobody else's result, and a second process would double the price of every start.
 */
export async function runNode(
  program: { readonly entry: string; readonly export?: string },
  input: unknown,
  context: TaskContext,
  hooks: ProgramHooks,
): Promise<ProgramEnd> {
  let fail: (thrown: unknown) => void = () => undefined;
  const failed = new Promise<ProgramEnd>((resolve) => {
    fail = (thrown) => resolve({ ok: false, error: describeError(thrown) });
  });
  const failUnsettled = (): void =>
    fail(new ProgramError('task.never_settled', 'the task waits for a promise that nothing can settle any more'));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.once('beforeExit', failUnsettled);
  // They stay until the sandbox is cleaned: what a failed task throws later must not end the report of its failure.
  hooks.onClean(() => {
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
    process.off('beforeExit', failUnsettled);
  });
  const finished = callProgram(program, input, context, hooks).then((value): ProgramEnd => ({
    ok: true,
    output: toJson(value),
  }));
  try {
    return await Promise.race([finished, failed]);
  } catch (thrown) {
    return { ok: false, error: describeError(thrown) };
  }
}

async function callProgram(
  program: { readonly entry: string; readonly export?: string },
  input: unknown,
  context: TaskContext,
  hooks: ProgramHooks,
): Promise<unknown> {
  hooks.started();
  const loaded = (await import(pathToFileURL(program.entry).href)) as Record<string, unknown>;
  const task = exportedFunction(loaded, program.entry, program.export ?? 'default');
  return task(input, context);
}

function exportedFunction(loaded: Record<string, unknown>, entry: string, name: string): TaskFunction {
  const direct = loaded[name];
  if (typeof direct === 'function') return direct as TaskFunction;
  // CommonJS that was compiled from an ES module carries its exports one level down.
  const nested = (loaded['default'] as Record<string, unknown> | undefined)?.[name];
  if (typeof nested === 'function') return nested as TaskFunction;
  const names = Object.keys(loaded).filter((key) => key !== 'module.exports');
  throw new ProgramError(
    'task.no_export',
    `${entry} exports no function "${name}"; it exports ${names.length === 0 ? 'nothing' : names.join(', ')}`,
  );
}

function toJson(value: unknown): string {
  if (value === undefined) return 'null';
  try {
    const text = JSON.stringify(value, refuseUnprintable) as string | undefined;
    if (text !== undefined) return text;
  } catch (error) {
    throw new ProgramError('output.not_json', `the task's result is not JSON: ${(error as Error).message}`);
  }
  throw new ProgramError('output.not_json', `the task's result is not JSON: a ${typeof value} cannot be written`);
}

/** JSON.stringify drops functions and symbols without a word, and with them a part of the output. */
function refuseUnprintable(key: string, value: unknown): unknown {
  const kind = typeof value;
  if (kind === 'function' || kind === 'symbol' || kind === 'bigint') {
    throw new TypeError(`a ${kind}${key === '' ? '' : ` at "${key}"`} cannot be written`);
  }
  return value;
}

/** Declared variables become the process's own environment, as every library expects. */
export function applyEnvironment(job: JobHeader, environment: Readonly<Record<string, string>>): void {
  Object.assign(process.env, environment, job.env);
}
