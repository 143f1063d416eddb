/** Rehearsals of pipelines written in TypeScript, in any test runner. */
import { DomainError, type Json } from '@millrace/kernel';
import { compileDefinitions, type CompiledPipeline, parseDuration } from '@millrace/pipelines/compile';
import type { Pipeline } from '@millrace/sdk';
import type { Answer, Behaviour, Call } from '../engine/answer.js';
import { Rehearsal } from '../engine/rehearsal.js';
import type { RehearsedTask } from '../engine/result.js';
import type { Mock, MockAnswer, RehearseOptions, RunOutcome, TaskOutcome } from './types.js';

export type {
  Mock,
  MockAnswer,
  MockCall,
  RehearsedTaskState,
  RehearseOptions,
  RunOutcome,
  TaskOutcome,
} from './types.js';

/**
 * Runs a pipeline without a platform: what decides is what decides on the platform, mocks stand for the code of tasks,
 * and time is virtual.
 * @throws Error where the pipeline has mistakes, the params do not fit, or a task has no mock
 */
export async function rehearse<Params>(
  pipeline: Pipeline<Params>,
  options: RehearseOptions<Params>,
): Promise<RunOutcome> {
  const compiled = compile(pipeline);
  for (const id of Object.keys(options.mocks)) {
    if (compiled.spec.tasks[id] === undefined) throw new Error(`"${pipeline.name}" has no task "${id}" to mock`);
  }
  const { startAt, cancelAfterMs, variables } = options;
  const run = await new Rehearsal(compiled, {
    params: toJson(options.params ?? {}),
    behaviour: (task) => behaviourOf(task, options.mocks[task]),
    ...(variables === undefined ? {} : { variables }),
    ...(startAt === undefined ? {} : { startMs: startAt.getTime() }),
    ...(cancelAfterMs === undefined ? {} : { cancelAfterMs }),
  }).run();
  return {
    state: run.state,
    elapsedMs: run.elapsedMs,
    params: JSON.parse(run.params) as Record<string, unknown>,
    tasks: Object.fromEntries([...run.tasks].map(([id, task]) => [id, outcomeOf(task)])),
  };
}

/** Only the definition is compiled: no file of it is read, since mocks stand for what is in them. */
function compile({ name, definition, positions }: Pipeline): CompiledPipeline {
  const tasks = Object.values(definition['tasks'] as Record<string, Record<string, unknown>>);
  const paths = tasks.flatMap((task) => [task['entry'], task['file']]).filter((path) => typeof path === 'string');
  const { pipelines, problems } = compileDefinitions({
    sources: [{ text: JSON.stringify(definition) }],
    paths,
    pools: undefined,
  });
  const [compiled] = pipelines;
  if (compiled !== undefined && problems.length === 0) return compiled;
  const shown = problems.map(({ pointer = '', message }) => {
    const task = /^\/tasks\/[^/]+/.exec(pointer)?.[0] ?? '';
    const site = positions[task] ?? positions[''];
    return `  ${site === undefined ? pointer : `${site.file}:${site.line}:${site.column}`}: ${message}`;
  });
  throw new Error(`the pipeline "${name}" has mistakes:\n${shown.join('\n')}`);
}

function behaviourOf(task: string, mock: Mock | undefined): Behaviour {
  if (mock === undefined) throw new DomainError('invalid', 'test.no_mock', `the task "${task}" has no mock`);
  if (typeof mock === 'function')
    return (call) => callFunction(mock as (input: unknown, call: unknown) => unknown, call);
  const answers: readonly MockAnswer[] = Array.isArray(mock) ? mock : [mock as MockAnswer];
  return (call) => answerOf(task, answers[Math.min(call.attempt, answers.length) - 1]);
}

async function callFunction(mock: (input: unknown, call: unknown) => unknown, call: Call): Promise<Answer> {
  try {
    const { task, mapIndex, attempt, fields, params } = call;
    const about = { task, mapIndex: mapIndex < 0 ? null : mapIndex, try: call.try, attempt, fields, params };
    return { kind: 'output', text: JSON.stringify(toJson(await mock(call.input, about))) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const { code, retryable } = error as { readonly code?: unknown; readonly retryable?: unknown };
    return {
      kind: 'error',
      message: error.message,
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof retryable === 'boolean' ? { retryable } : {}),
    };
  }
}

function answerOf(task: string, answer: MockAnswer | undefined): Answer {
  if (answer === undefined) throw new Error(`the list of mocks of "${task}" is empty`);
  const delayMs = answer.delay === undefined ? 0 : parseDuration(answer.delay);
  if (delayMs === undefined)
    throw new Error(`the delay "${answer.delay ?? ''}" of "${task}" is no duration such as "2s"`);
  if ('lost' in answer) return { kind: 'lost', delayMs };
  if ('output' in answer) return { kind: 'output', text: JSON.stringify(toJson(answer.output)), delayMs };
  const { error: message, code, retryable } = answer;
  return {
    kind: 'error',
    message,
    delayMs,
    ...(code === undefined ? {} : { code }),
    ...(retryable === undefined ? {} : { retryable }),
  };
}

/** The value as it would come out of JSON; what is no value becomes null. */
function toJson(value: unknown): Json {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? null : (JSON.parse(text) as Json);
}

function outcomeOf(task: RehearsedTask): TaskOutcome {
  const attempts = task.instances.flatMap((one) => one.attempts);
  const values = (valueOf: (instance: RehearsedTask['instances'][number]) => unknown): unknown => {
    if (task.mapLength === undefined) return task.instances[0] === undefined ? undefined : valueOf(task.instances[0]);
    const list = new Array<unknown>(task.state === 'skipped' ? 0 : task.mapLength).fill(null);
    for (const instance of task.instances) list[instance.mapIndex] = valueOf(instance) ?? null;
    return list;
  };
  const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return {
    state: task.state,
    reason: task.reason,
    tries: task.instances.reduce((most, one) => Math.max(most, one.tries), 0),
    input: values(({ input }) => parsed(input)),
    output: values(({ output }) => parsed(output)),
    fields: values(({ fields }) => fields),
    error: attempts.findLast((one) => one.message !== undefined)?.message,
  };
}
