import { suggest } from '@millrace/expressions';
import type { Json, JsonObject } from '@millrace/kernel';
import { findTaskDefinition, type TaskDefinition, taskTypes } from '@millrace/tasks/catalogue';
import type { z } from 'zod';
import { pipelineFields, taskFieldNames, taskFields, taskIdForm, taskIdRule } from './definition.js';
import type { PipelineDraft, TaskDraft } from './draft.js';
import { parseDuration } from './duration.js';
import { definitionLimits } from './limits.js';
import { parseJson } from './parse-json.js';
import { parseYaml } from './parse-yaml.js';
import { type DefinitionSource, Problems } from './problems.js';
import { type Path, type SourceNode, toJson } from './source.js';

export interface ParsedPipeline {
  readonly problems: Problems;
  /** Absent where too little of the definition can be understood to go on. */
  readonly draft: PipelineDraft | undefined;
}

function isJson(source: DefinitionSource): boolean {
  return source.file === undefined || source.file.endsWith('.json');
}

/** Reads one definition; what can be checked goes on even where other parts of it are wrong. */
export function parsePipeline(source: DefinitionSource): ParsedPipeline {
  const problems = new Problems(source);
  const parsed = isJson(source) ? parseJson(source.text) : parseYaml(source.text);
  for (const { code, message, offset, hint, path } of parsed.problems) {
    problems.addAt(code, message, path ?? [], offset, hint);
  }
  if (parsed.root === undefined) return { problems, draft: undefined };
  problems.useRoot(parsed.root);
  if (parsed.root.kind !== 'map') {
    problems.add('pipeline.not_an_object', 'a definition is an object with "pipeline" and "tasks"', []);
    return { problems, draft: undefined };
  }
  return { problems, draft: draftOf(source, parsed.root, problems) };
}

function draftOf(source: DefinitionSource, root: SourceNode, problems: Problems): PipelineDraft | undefined {
  const definition = toJson(root) as JsonObject;
  const fields = soundFields(pipelineFields, definition, { pipeline: 'unknown', tasks: {} }, [], problems);
  const { tasks } = definition;
  if (typeof tasks !== 'object' || tasks === null || Array.isArray(tasks)) return undefined;
  const entries = Object.entries(tasks as JsonObject);
  checkTaskCount(entries.length, problems);
  const drafts = entries.flatMap(([id, task]) => taskDraft(id, task, problems) ?? []);
  return { source, problems, definition, fields, tasks: drafts, taskIds: entries.map(([id]) => id) };
}

/** The fields that are right; the wrong ones are reported and left out, or take the place-holder's value. */
function soundFields<S extends typeof pipelineFields | typeof taskFields>(
  schema: S,
  value: JsonObject,
  placeholder: JsonObject,
  path: Path,
  problems: Problems,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data as z.output<S>;
  problems.addIssues(result.error.issues, path, schema);
  const wrong = new Set(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
    ),
  );
  const sound = Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.has(key)));
  return schema.parse({ ...placeholder, ...sound }) as z.output<S>;
}

function checkTaskCount(count: number, problems: Problems): void {
  if (count === 0) problems.add('pipeline.no_tasks', 'a pipeline needs at least one task', ['tasks']);
  if (count > definitionLimits.tasks) {
    problems.add(
      'pipeline.too_many_tasks',
      `a pipeline has at most ${definitionLimits.tasks} tasks, this one has ${count}`,
      ['tasks'],
    );
  }
}

function taskDraft(id: string, task: Json, problems: Problems): TaskDraft | undefined {
  const path: Path = ['tasks', id];
  if (!taskIdForm.test(id)) {
    problems.add('pipeline.task_id', `the task id "${id}" ${taskIdRule}`, path, { part: 'key' });
  }
  if (typeof task !== 'object' || task === null || Array.isArray(task)) {
    problems.add('pipeline.invalid_value', `the task "${id}" must be an object with "type"`, path);
    return undefined;
  }
  const general: Record<string, Json> = {};
  const written: Record<string, Json> = {};
  for (const [key, value] of Object.entries(task as JsonObject)) {
    (taskFieldNames.includes(key) ? general : written)[key] = value;
  }
  const fields = soundFields(taskFields, general, { type: 'unknown' }, path, problems);
  const type = typeOf(general['type'], path, problems);
  const own = type === undefined ? undefined : ownFields(type, written, path, problems);
  return { id, path, type, fields, given: Object.keys(general), own, written };
}

function typeOf(name: Json | undefined, path: Path, problems: Problems): TaskDefinition | undefined {
  if (typeof name !== 'string') return undefined;
  const type = findTaskDefinition(name);
  if (type !== undefined) return type;
  const close = suggest(name, taskTypes);
  problems.add('pipeline.unknown_type', `there is no task type "${name}"`, [...path, 'type'], {
    hint: close === undefined ? `known are ${taskTypes.join(', ')}` : `did you mean "${close}"?`,
  });
  return undefined;
}

function ownFields(type: TaskDefinition, written: JsonObject, path: Path, problems: Problems): JsonObject | undefined {
  const before = problems.found.length;
  const value = withSeconds(type, written, path, problems);
  if (problems.found.length > before) return undefined;
  const result = type.definitionSchema.safeParse(value);
  if (result.success) return result.data as JsonObject;
  // What a task does not know may be a general field with a typing error, so both kinds of names are suggested.
  const known = [...ownNames(type), ...taskFieldNames];
  const unknown = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  for (const key of unknown) problems.addUnknownField(key, [...path, key], known);
  const others = result.error.issues.filter((issue) => issue.code !== 'unrecognized_keys' || issue.path.length > 0);
  problems.addIssues(others, path, type.definitionSchema);
  const sound = Object.fromEntries(Object.entries(value).filter(([key]) => !unknown.includes(key)));
  return others.length > 0 ? undefined : (type.definitionSchema.safeParse(sound).data as JsonObject | undefined);
}

function ownNames(type: TaskDefinition): string[] {
  const shape = (type.definitionSchema as { readonly shape?: object }).shape;
  const names = shape === undefined ? [] : Object.keys(shape);
  return type.executes === 'timer' ? ['for', ...names] : names;
}

/** Durations are written with a unit everywhere, so a timer also takes `for: 10m` in place of its `seconds`. */
function withSeconds(type: TaskDefinition, written: JsonObject, path: Path, problems: Problems): JsonObject {
  if (type.executes !== 'timer' || written['for'] === undefined) return written;
  const { for: text, ...others } = written;
  if ('seconds' in others || 'until' in others) {
    problems.add('pipeline.invalid_value', '"for", "seconds" and "until" exclude each other', [...path, 'for'], {
      part: 'key',
    });
    return written;
  }
  const ms = typeof text === 'string' ? parseDuration(text) : undefined;
  if (ms === undefined) {
    problems.add('pipeline.invalid_value', '"for" must be a duration such as "10s", "5m" or "2d"', [...path, 'for'], {
      hint: 'a wait that is computed is written with "seconds": ${{ … }}',
    });
    return written;
  }
  return { ...others, seconds: ms / 1000 };
}
