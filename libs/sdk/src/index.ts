export type { EachBuilder, PipelineBuilder, TaskMethods } from './builder.js';
export { type CallSite, PipelineError } from './call-site.js';
export { entryScheme } from './entry.js';
export {
  and,
  cel,
  eq,
  type Expression,
  gt,
  gte,
  lt,
  lte,
  ne,
  not,
  or,
  type Reference,
  size,
  type Template,
  type Value,
} from './expression.js';
export {
  isPipeline,
  type NotifyEvent,
  type NotifyRule,
  type ParamsOf,
  type ParamsSource,
  type Pipeline,
  pipeline,
  type PipelineOptions,
} from './pipeline.js';
export {
  type Fields,
  type JsonObject,
  type JsonValue,
  schema,
  type Schema,
  type StandardJsonSchema,
  type TypeOf,
} from './schema.js';
export type { AnyTask, Task, TaskState } from './task.js';
export type { TaskConnection, TaskContext, TaskLog } from './task-context.js';
export type {
  ByteSize,
  Duration,
  HttpFields,
  HttpOutput,
  NodeFields,
  NodeFileFields,
  PythonFields,
  Retry,
  ShellFields,
  SqlFields,
  SqlOutput,
  TriggerRule,
  WaitFields,
  Wire,
} from './task-fields.js';
