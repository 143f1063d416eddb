import { notifyRule } from '@millrace/contracts/notify';
import type { Json, JsonObject } from '@millrace/kernel';
import { findTaskDefinition, type TaskDefinition, taskTypes } from '@millrace/tasks/catalogue';
import { z } from 'zod';
import { notForTimers } from '../format/check-fields.js';
import { pipelineFields, taskFields, taskIdForm } from '../format/definition.js';
import { durationForm, formatDuration } from '../format/duration.js';
import { definitionLimits } from '../format/limits.js';
import { dialect } from '../params/schema-rules.js';
import { paramsSchemaDefinition } from './params-schema.js';

type ObjectSchema = JsonObject & { readonly properties: Readonly<Record<string, JsonObject>> };

/** The schema in words of JSON Schema, of what is written (not of what it becomes). */
function jsonSchema(schema: z.ZodType): ObjectSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ zodSchema, jsonSchema: made }) => {
      // A pattern judges alike everywhere; the rules of a format differ from program to program.
      if (made.pattern !== undefined) delete made.format;
      // The library leaves these out where a text becomes something else, as durations do.
      const { default: standard, examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (standard !== undefined) made.default ??= standard as Json;
      if (examples !== undefined) made.examples ??= examples as Json[];
      if (zodSchema === notifyRule) made.oneOf = [{ required: ['email'] }, { required: ['webhook'] }];
    },
  });
  return json as unknown as ObjectSchema;
}

/** The definition of a task type by its name. */
export function typeDefinition(name: string): string {
  return `${name}Task`;
}

function types(): TaskDefinition[] {
  return taskTypes.flatMap((name) => findTaskDefinition(name) ?? []);
}

/** General fields are described once and pointed at by every type. */
function reference(field: string): JsonObject {
  return { $ref: `#/$defs/taskFields/properties/${field}` };
}

const waitFor: JsonObject = {
  type: 'string',
  pattern: durationForm.source,
  description: 'How long, as a duration.',
  examples: ['10m'],
};

function ownFields(type: TaskDefinition): ObjectSchema {
  const own = jsonSchema(type.definitionSchema);
  if (type.executes !== 'timer') return own;
  return {
    ...own,
    properties: { for: waitFor, ...own.properties },
    oneOf: ['for', 'seconds', 'until'].map((field) => ({ required: [field] })),
  };
}

function taskOfType(type: TaskDefinition, general: readonly string[]): JsonObject {
  const { properties, required, additionalProperties: _, ...rules } = ownFields(type);
  const shared = general.filter((field) => field !== 'type' && !(type.executes === 'timer' && notForTimers.has(field)));
  return {
    ...rules,
    title: type.title,
    description: type.description,
    properties: {
      type: { const: type.type, description: type.description },
      ...properties,
      ...Object.fromEntries(shared.map((field) => [field, reference(field)])),
      ...(shared.includes('timeout')
        ? { timeout: { ...reference('timeout'), default: formatDuration(type.defaults.timeoutMs) } }
        : {}),
    },
    required: ['type', ...((required as string[] | undefined) ?? [])],
    additionalProperties: false,
  };
}

function task(general: ObjectSchema): JsonObject {
  return {
    type: 'object',
    required: ['type'],
    properties: {
      type: {
        description: general.properties['type']?.['description'] ?? '',
        oneOf: types().map(({ type, description }) => ({ const: type, description })),
      },
    },
    // By the type, so that an editor offers and judges the fields of that one type only.
    allOf: types().map(({ type }) => ({
      if: { properties: { type: { const: type } }, required: ['type'] },
      then: { $ref: `#/$defs/${typeDefinition(type)}` },
    })),
  };
}

/** JSON Schema (2020-12) of a pipeline definition, made from the schemas that the parser itself uses. */
export function pipelineSchema(): JsonObject {
  const pipeline = jsonSchema(pipelineFields);
  const general = jsonSchema(taskFields);
  const { params, tasks, ...fields } = pipeline.properties;
  const { additionalProperties: __, propertyNames: ___, ...tasksWords } = tasks ?? {};
  const fieldNames = Object.keys(general.properties);
  return {
    $schema: dialect,
    title: 'Millrace pipeline',
    description: 'A pipeline definition: pipelines/<name>.yaml, <name>.pipeline.yaml or millrace.yaml in a bundle.',
    type: 'object',
    properties: {
      ...fields,
      params: { ...params, $ref: '#/$defs/schema', type: 'object', properties: { type: { const: 'object' } } },
      tasks: {
        ...tasksWords,
        minProperties: 1,
        maxProperties: definitionLimits.tasks,
        propertyNames: { pattern: taskIdForm.source },
        additionalProperties: { $ref: '#/$defs/task' },
      },
    },
    required: (pipeline['required'] as Json) ?? [],
    additionalProperties: false,
    $defs: {
      task: task(general),
      ...Object.fromEntries(types().map((type) => [typeDefinition(type.type), taskOfType(type, fieldNames)])),
      taskFields: { description: 'Fields of every task.', properties: general.properties },
      schema: paramsSchemaDefinition(),
    },
  };
}

/** The text of the schema's file. */
export function pipelineSchemaText(): string {
  return `${JSON.stringify(pipelineSchema(), null, 2)}\n`;
}
