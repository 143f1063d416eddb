import type { Json, JsonObject } from '@millrace/kernel';
import type { PipelineDraft } from '../format/draft.js';
import type { Path } from '../format/source.js';
import { SchemaRules } from './schema-rules.js';
import { compileSchema, describeError, schemaErrors } from './validator.js';

/** Schema of a pipeline that takes no params. */
const noParams: JsonObject = { type: 'object', additionalProperties: false, properties: {} };

function steps(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Checks the pipeline's `params` and gives the schema that runs are validated against. */
export function checkParamsSchema({ fields, problems }: PipelineDraft): JsonObject {
  const schema = fields.params as Json | undefined;
  if (schema === undefined) return noParams;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    problems.add('params.schema', '"params" must be a JSON Schema: an object with "type" and "properties"', ['params']);
    return noParams;
  }
  const object = schema as JsonObject;
  const before = problems.found.length;
  if (object['type'] !== undefined && object['type'] !== 'object') {
    problems.add('params.schema', 'params are always an object: "type" must be "object"', ['params', 'type']);
  }
  const reported = new Set<string>();
  for (const error of schemaErrors(object)) {
    // One mistake has several errors in the meta-schema: one for each alternative, and those of the parts around it.
    if (['anyOf', '$ref', '$dynamicRef', 'allOf'].includes(error.keyword) || reported.has(error.instancePath)) continue;
    reported.add(error.instancePath);
    problems.add('params.schema', `the schema is not valid: ${describeError(error)}`, [
      'params',
      ...steps(error.instancePath),
    ]);
  }
  new SchemaRules(object, (code, message, path, options) =>
    problems.add(code, message, ['params', ...path], options),
  ).check();
  const full: JsonObject = { type: 'object', ...object };
  if (problems.found.length > before) return full;
  // What neither the meta-schema nor the rules find must not surface when a run is started.
  const fault = compileFault(full);
  if (fault === undefined) checkDefaults(full, problems.add.bind(problems));
  else problems.add('params.schema', `the schema is not valid: ${fault}`, ['params']);
  return full;
}

function compileFault(schema: JsonObject): string | undefined {
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : String(error);
  }
}

/** A default that its own schema refuses would make every run fail that relies on it. */
function checkDefaults(schema: JsonObject, add: PipelineDraft['problems']['add']): void {
  const properties = (schema['properties'] ?? {}) as JsonObject;
  const $defs = schema['$defs'];
  for (const [name, property] of Object.entries(properties)) {
    if (typeof property !== 'object' || property === null || !('default' in property)) continue;
    const validate = compileSchema({ ...property, ...($defs === undefined ? {} : { $defs }) });
    if (validate(structuredClone(property['default']))) continue;
    const reason = validate.errors?.[0] === undefined ? 'it is not valid' : describeError(validate.errors[0]);
    add('params.default', `the default of "${name}" does not fit its own schema: ${reason}`, [
      'params',
      'properties',
      name,
      'default',
    ]);
  }
}
