import type { Json, JsonObject } from '@millrace/kernel';
import { compiledPath } from '../compile/compiled-path.js';
import { toPointer } from '../format/source.js';
import { canonicalJson } from '../version-digest.js';
import {
  type DependencyChange,
  type FieldChange,
  type FileChange,
  maxFiles,
  type PipelineChange,
  type TaskChange,
  type VersionRef,
} from './change.js';

/** One state of a pipeline: a version, or what a bundle would make of it. */
export interface PipelineState {
  readonly pipeline: string;
  readonly version: VersionRef | null;
  readonly definition: JsonObject;
  /** Digests of the files of its bundle by path, compiled code included. */
  readonly files: ReadonlyMap<string, string>;
  readonly dependencies: readonly { readonly kind: string; readonly inputDigest: string }[];
}

/** What differs between two states of a pipeline; at least one of them is there. */
export function comparePipelines(from: PipelineState | undefined, to: PipelineState | undefined): PipelineChange {
  const some = to ?? from;
  if (some === undefined) throw new Error('there is nothing to compare');
  const none: PipelineState = { ...some, version: null, definition: {}, files: new Map(), dependencies: [] };
  const [before, after] = [from ?? none, to ?? none];
  const { tasks: _, ...fieldsBefore } = before.definition;
  const { tasks: __, ...fieldsAfter } = after.definition;
  const fields = compareFields(fieldsBefore, fieldsAfter, []);
  const tasks = compareTasks(before, after);
  const files = compareFiles(before.files, after.files);
  const dependencies = compareDependencies(before, after);
  const differs = fields.length + tasks.length + files.length + dependencies.length > 0;
  return {
    pipeline: some.pipeline,
    change: from === undefined ? 'added' : to === undefined ? 'removed' : differs ? 'changed' : 'unchanged',
    from: before.version,
    to: after.version,
    fields,
    tasks,
    files: files.slice(0, maxFiles),
    filesChanged: files.length,
    dependencies,
  };
}

/** What differs between two sets of pipelines; they are told apart by their names. */
export function compareStates(from: readonly PipelineState[], to: readonly PipelineState[]): PipelineChange[] {
  const names = [...new Set([...from, ...to].map(({ pipeline }) => pipeline))].sort();
  const find = (states: readonly PipelineState[], name: string): PipelineState | undefined =>
    states.find(({ pipeline }) => pipeline === name);
  return names.map((name) => comparePipelines(find(from, name), find(to, name)));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function compareFields(before: JsonObject, after: JsonObject, path: readonly string[]): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): FieldChange[] => {
    const [from, to] = [ownValue(before, name), ownValue(after, name)];
    const at = [...path, name];
    if (from === undefined || to === undefined) {
      const change = from === undefined ? 'added' : 'removed';
      return [{ path: toPointer(at), change, from: from ?? null, to: to ?? null }];
    }
    if (isObject(from) && isObject(to)) return compareFields(from, to, at);
    return isSame(from, to) ? [] : [{ path: toPointer(at), change: 'changed', from, to }];
  });
}

/** A name may be `constructor`. */
function ownValue(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function tasksOf({ definition }: PipelineState): JsonObject {
  const { tasks } = definition;
  return isObject(tasks) ? tasks : {};
}

function compareTasks(before: PipelineState, after: PipelineState): TaskChange[] {
  const [old, now] = [tasksOf(before), tasksOf(after)];
  const ids = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return ids.flatMap((task): TaskChange[] => {
    const [from, to] = [ownValue(old, task), ownValue(now, task)];
    if (!isObject(from) || !isObject(to)) {
      return [{ task, change: from === undefined ? 'added' : 'removed', fields: [], codeChanged: false }];
    }
    const fields = compareFields(from, to, ['tasks', task]);
    const codeChanged = codeOf(before, from) !== codeOf(after, to);
    return fields.length > 0 || codeChanged ? [{ task, change: 'changed', fields, codeChanged }] : [];
  });
}

/** Digest of the file that the task runs; compiled code is in one file with all that it imports from the bundle. */
function codeOf({ files }: PipelineState, task: JsonObject): string | undefined {
  const named = task['entry'] ?? task['file'];
  if (typeof named !== 'string') return undefined;
  const path = named.replace(/^(?:\.\/)+/, '');
  return files.get(compiledPath(path)) ?? files.get(path);
}

/** What the compiler adds is no file of the author's. */
function isAuthors(path: string, files: ReadonlyMap<string, string>): boolean {
  const source = path.replace(/\.mjs$/, '');
  return source === path || compiledPath(source) !== path || !files.has(source);
}

function compareFiles(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, digest] of before) {
    if (!isAuthors(path, before)) continue;
    const now = after.get(path);
    if (now !== digest) changes.push({ path, change: now === undefined ? 'removed' : 'changed' });
  }
  for (const path of after.keys()) {
    if (!before.has(path) && isAuthors(path, after)) changes.push({ path, change: 'added' });
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compareDependencies(before: PipelineState, after: PipelineState): DependencyChange[] {
  const digest = ({ dependencies }: PipelineState, kind: string): string | null =>
    dependencies.find((one) => one.kind === kind)?.inputDigest ?? null;
  const kinds = [...new Set([...before.dependencies, ...after.dependencies].map(({ kind }) => kind))].sort();
  return kinds
    .map((kind) => ({ kind, from: digest(before, kind), to: digest(after, kind) }))
    .filter(({ from, to }) => from !== to);
}
