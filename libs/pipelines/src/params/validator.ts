import { linearRegExp } from '@millrace/expressions';
import { type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { knownFormats } from './schema-rules.js';

const engine = Object.assign((pattern: string) => linearRegExp(pattern), { code: 'linearRegExp' });

/** Compiles a schema that has passed `SchemaRules`; an instance each, so that nothing is kept of it. */
export function compileSchema(schema: unknown): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    useDefaults: true,
    validateFormats: true,
    validateSchema: false,
    addUsedSchema: false,
    ownProperties: true,
    code: { regExp: engine },
  });
  addFormats.default(ajv, { mode: 'fast', formats: knownFormats as never[] });
  return ajv.compile(schema as object);
}

let metaSchema: ValidateFunction | undefined;

/** What JSON Schema 2020-12 itself finds wrong with a schema. */
export function schemaErrors(schema: unknown): readonly ErrorObject[] {
  metaSchema ??= new Ajv2020({ allErrors: true, strict: false }).getSchema(
    'https://json-schema.org/draft/2020-12/schema',
  );
  if (metaSchema === undefined) throw new Error('ajv has no meta-schema');
  return metaSchema(schema) === true ? [] : (metaSchema.errors ?? []);
}

/** A sentence about one error: what is expected and where. */
export function describeError(error: ErrorObject): string {
  const message = error.message ?? 'is not valid';
  switch (error.keyword) {
    case 'additionalProperties':
      return `there is no param "${String(error.params['additionalProperty'])}" here`;
    case 'required':
      return `"${String(error.params['missingProperty'])}" is missing`;
    case 'enum':
      return `must be one of ${JSON.stringify(error.params['allowedValues']).slice(1, -1).slice(0, 300)}`;
    case 'const':
      return `must be ${JSON.stringify(error.params['allowedValue']).slice(0, 300)}`;
    default:
      return message.replace('NOT', 'not');
  }
}
