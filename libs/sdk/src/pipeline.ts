import { DefinitionBuilder, type PipelineBuilder } from './builder.js';
import { type CallSite, callSiteOf, PipelineError } from './call-site.js';
import { noUses, toJson } from './definition.js';
import {
  type Fields,
  type JsonObject,
  objectSchema,
  type Schema,
  type StandardJsonSchema,
  type TypeOfFields,
} from './schema.js';
import type { Duration, Retry } from './task-fields.js';

/** What is told to whom; exactly one of `email` and `webhook`. */
export type NotifyRule = { readonly on: NotifyEvent | readonly NotifyEvent[] } & (
  | { readonly email: string | readonly string[]; readonly webhook?: never }
  | { readonly webhook: string; readonly email?: never }
);
export type NotifyEvent = 'failed' | 'recovered' | 'deadline_missed';

/** How params may be given: fields, a whole schema, or an object of a schema library. */
export type ParamsSource = Fields | Schema<object> | StandardJsonSchema<object>;

/** Type of a run's params, defaults filled in. */
export type ParamsOf<P> =
  P extends StandardJsonSchema<infer T>
    ? T
    : P extends Schema<infer T>
      ? T
      : P extends Fields
        ? TypeOfFields<P>
        : never;

export interface PipelineOptions<P extends ParamsSource> {
  readonly description?: string;
  readonly params?: P;
  readonly concurrency?: { readonly maxActiveRuns: number; readonly onLimit?: 'queue' | 'reject' };
  /** For every task that does not say otherwise. */
  readonly defaults?: {
    readonly pool?: string;
    readonly timeout?: Duration;
    readonly retry?: Retry;
    /** False: every task starts by itself. */
    readonly fuse?: boolean;
  };
  /** From the creation of a run to its end. */
  readonly deadline?: Duration;
  readonly notify?: readonly NotifyRule[];
}

/** By this a pipeline is known, also one that was made with another copy of this package. */
const mark: unique symbol = Symbol.for('millrace.pipeline') as never;

declare const paramsType: unique symbol;

/** A pipeline: its definition as JSON, and where each part of it was written. */
export interface Pipeline<Params = unknown> {
  readonly name: string;
  /** The same JSON that a definition in YAML has. */
  readonly definition: JsonObject;
  /** JSON Pointer in the definition -> where it was written. */
  readonly positions: Readonly<Record<string, CallSite>>;
  readonly [mark]: true;
  /** Exists in the type only. */
  readonly [paramsType]?: Params;
}

/** True for what `pipeline` returned. */
export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === 'object' && value !== null && mark in value;
}

type NoFields = Record<never, never>;

/**
 * Defines a pipeline. `build` is called once, at once; it adds tasks to the builder that it gets.
 * @throws PipelineError, with the place, where the definition makes no sense
 */
export function pipeline<const P extends ParamsSource = NoFields>(
  name: string,
  options: PipelineOptions<P>,
  build: (p: PipelineBuilder<ParamsOf<P>>) => unknown,
): Pipeline<ParamsOf<P>> {
  const site = callSiteOf(pipeline);
  const building = new DefinitionBuilder();
  const result = build(building.builder<ParamsOf<P>>());
  if (result instanceof Promise) {
    throw new PipelineError(
      `the function that builds "${name}" must not be async: what it awaits comes too late`,
      site,
    );
  }
  const { params, description, concurrency, defaults, deadline, notify } = options;
  const definition = toJson(
    {
      pipeline: name,
      description,
      ...(params === undefined ? {} : { params: schemaOf(params) }),
      concurrency,
      defaults,
      deadline,
      notify,
      tasks: building.tasks,
    },
    noUses(),
  ) as JsonObject;
  return Object.freeze({
    name,
    definition,
    positions: { ...(site === undefined ? {} : { '': site }), ...building.positions },
    [mark]: true,
  } as const);
}

function schemaOf(params: ParamsSource): JsonObject {
  const standard = (params as Partial<StandardJsonSchema>)['~standard'];
  if (standard !== undefined) return standard.jsonSchema.input({ target: 'draft-2020-12' }) as JsonObject;
  if (isSchema(params)) return params.json;
  return objectSchema(params as Fields);
}

function isSchema(params: ParamsSource): params is Schema<object> {
  return typeof (params as { readonly optional?: unknown }).optional === 'boolean';
}
