import type { PlanTask, RetryPolicy, TaskSpec } from '@millrace/contracts';
import { fullNotifyRules } from '@millrace/contracts/notify';
import type { JsonObject } from '@millrace/kernel';
import { hasPlaceholder, type TaskDefinition } from '@millrace/tasks/catalogue';
import { singleExpression } from '../format/check-expressions.js';
import type { RetryFields } from '../format/definition.js';
import type { PipelineDraft, TaskDraft as AnyTaskDraft } from '../format/draft.js';
import type { TaskGraph } from '../format/graph.js';
import { definitionLimits } from '../format/limits.js';
import { compiledPath } from './compiled-path.js';
import type { CompiledPipeline } from './compiled-pipeline.js';
import { celLiteral } from './cel-literal.js';
import { fuseOf } from './fuse.js';

/** A task of a draft without problems. */
type TaskDraft = AnyTaskDraft & { readonly type: TaskDefinition; readonly own: JsonObject };

function isSound(task: AnyTaskDraft): task is TaskDraft {
  return task.type !== undefined && task.own !== undefined;
}

const defaultPool = 'default';
const defaultRetry: Omit<RetryPolicy, 'maxAttempts'> = {
  delayMs: 1000,
  factor: 2,
  maxDelayMs: 300_000,
  jitter: 'full',
};

/** Compiles a checked draft: every default resolved, tasks in an order in which needs come first. */
export function compilePlan(draft: PipelineDraft, graph: TaskGraph, params: JsonObject): CompiledPipeline {
  const { fields } = draft;
  return {
    name: fields.pipeline,
    description: fields.description,
    sourceFile: draft.source.file,
    definitionText: JSON.stringify(draft.definition),
    plan: {
      format: 1,
      pipeline: fields.pipeline,
      tasks: planTasks(draft, graph.order.filter(isSound)),
      maxParallel: definitionLimits.maxParallel,
    },
    spec: {
      format: 1,
      pipeline: fields.pipeline,
      ...(fields.description === undefined ? {} : { description: fields.description }),
      params,
      ...(fields.concurrency === undefined ? {} : { concurrency: fields.concurrency }),
      tasks: Object.fromEntries(draft.tasks.filter(isSound).map((task) => [task.id, taskSpec(draft, task)])),
    },
    notify: fields.notify === undefined ? undefined : fullNotifyRules(fields.notify),
    deadlineMs: fields.deadline,
  };
}

function retryPolicy(draft: PipelineDraft, task: TaskDraft): RetryPolicy {
  const fields: RetryFields = { ...draft.fields.defaults?.retry, ...task.fields.retry };
  return {
    maxAttempts: fields.maxAttempts ?? task.type.defaults.maxAttempts,
    delayMs: fields.delay ?? defaultRetry.delayMs,
    factor: fields.factor ?? defaultRetry.factor,
    maxDelayMs: Math.max(
      fields.maxDelay ?? defaultRetry.maxDelayMs,
      fields.maxDelay === undefined ? (fields.delay ?? 0) : 0,
    ),
    jitter: fields.jitter ?? defaultRetry.jitter,
  };
}

function timeoutMs(draft: PipelineDraft, task: TaskDraft): number {
  if (task.type.executes === 'timer') return task.type.defaults.timeoutMs;
  return task.fields.timeout ?? draft.fields.defaults?.timeout ?? task.type.defaults.timeoutMs;
}

/** Of tasks in an order in which needs come first. */
function planTasks(draft: PipelineDraft, tasks: readonly TaskDraft[]): PlanTask[] {
  const planned = new Map<string, PlanTask>();
  for (const task of tasks) planned.set(task.id, planTask(draft, task, planned));
  return [...planned.values()];
}

function planTask(draft: PipelineDraft, task: TaskDraft, planned: ReadonlyMap<string, PlanTask>): PlanTask {
  const { fields, type, own } = task;
  const pool = fields.pool ?? draft.fields.defaults?.pool ?? defaultPool;
  const fuseByDefault = draft.fields.defaults?.fuse ?? true;
  const fuse = fuseOf({ fields, type, own, pool, fuseByDefault }, planned);
  return {
    id: task.id,
    kind: task.type.executes === 'timer' ? 'wait' : 'attempt',
    needs: fields.needs,
    trigger: fields.trigger,
    conditional: fields.when !== undefined,
    ...(fields.map === undefined ? {} : { map: { maxConcurrency: fields.map.maxConcurrency } }),
    retry: retryPolicy(draft, task),
    timeoutMs: timeoutMs(draft, task),
    pool,
    ...(fuse === undefined ? {} : { fuse }),
  };
}

function taskSpec(draft: PipelineDraft, task: TaskDraft): TaskSpec {
  const { fields, type, own } = task;
  return {
    id: task.id,
    type: type.type,
    config: configOf(type, own),
    ...(fields.input === undefined ? {} : { input: fields.input }),
    ...(fields.when === undefined ? {} : { when: conditionOf(fields.when) }),
    ...(fields.map === undefined ? {} : { mapOver: listOf(fields.map.over) }),
    ...(type.executes === 'timer' ? { wait: waitOf(own) } : {}),
    secrets: unique(fields.secrets),
    // A type that names a connection of its own declares it by that.
    connections: unique([...fields.connections, ...type.connections(own)]),
    variables: unique(fields.variables),
    timeoutMs: timeoutMs(draft, task),
    maxAttempts: retryPolicy(draft, task).maxAttempts,
    ...(fields.memory === undefined ? {} : { memoryBytes: fields.memory }),
    ...(fields.sandbox === undefined ? {} : { sandbox: fields.sandbox }),
  };
}

/** The fields of the type, with the compiled entry file where there is one. */
function configOf(type: TaskDefinition, own: JsonObject): JsonObject {
  const { entry } = own;
  return type.type === 'node' && typeof entry === 'string' ? { ...own, entry: compiledPath(entry) } : own;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function conditionOf(when: string | boolean): string {
  return typeof when === 'boolean' ? String(when) : (singleExpression(when) ?? when);
}

function listOf(over: string | readonly unknown[]): string {
  return typeof over === 'string' ? (singleExpression(over) ?? over) : celLiteral(over);
}

/** What a timer waits for: a duration, or an expression that gives a number of seconds or a moment. */
function waitOf({ seconds, until }: JsonObject): NonNullable<TaskSpec['wait']> {
  if (typeof seconds === 'number') return { forMs: Math.ceil(seconds * 1000) };
  const text = typeof seconds === 'string' ? seconds : typeof until === 'string' ? until : '';
  return { until: hasPlaceholder(text) ? (singleExpression(text) ?? text) : celLiteral(text) };
}
