import { DomainError, type Json } from '@millrace/kernel';
import { compileSchema, describeError } from '@millrace/pipelines/compile';

/**
 * The params of a run as JSON text, checked and with their defaults, as the platform does it when a run is started.
 * @throws DomainError `params.invalid` with a pointer for each mistake
 */
export function checkedParams(schema: unknown, given: Json): string {
  const params = structuredClone(given);
  const validate = compileSchema(schema);
  if (validate(params)) return JSON.stringify(params);
  const details = (validate.errors ?? []).map((error) => ({
    code: `params.${error.keyword}`,
    message: describeError(error),
    pointer: `/params${error.instancePath}`,
  }));
  const [first] = details;
  const said = first === undefined ? '' : `: ${first.pointer} ${first.message}`;
  throw new DomainError('invalid', 'params.invalid', `the params do not fit the pipeline's schema${said}`, { details });
}
