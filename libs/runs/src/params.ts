import {
  listElements,
  type JsonSpan,
  linearRegExp,
  objectMembers,
  rootSpan,
  spanKind,
  spanText,
} from '@millrace/expressions';
import { DomainError, type ErrorDetail } from '@millrace/kernel';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';
import { isDeepStrictEqual } from 'node:util';
import { createContext, Script } from 'node:vm';

/** The most that the params of one run may have, in bytes of JSON text. */
export const maxParamsBytes = 256 * 1024;
/** Longest time that checking one text may take: schemas are the tenant's and may be made to be slow. */
const checkTimeoutMs = 2_000;
const maxDetails = 50;

type JsonMap = Record<string, unknown>;

/**
 * Checks params against JSON Schemas (2020-12) and fills in their defaults. Compiled schemas are kept by identity, so
 * give it the parsed specification of a version, which is kept as long as it is in use.
 */
export class ParamsCheck {
  private readonly compiled = new WeakMap<object, ValidateFunction>();

  /**
   * Gives the JSON text of the params as the run keeps it: members that no default touched keep every character.
   * @param schema JSON Schema of an object
   * @param text JSON text as it was sent
   * @throws DomainError `params.invalid` with a pointer for each mistake, `params.too_large`, `params.not_an_object`,
   *   `params.too_slow`, `params.bad_schema`
   */
  check(schema: unknown, text: string): string {
    if (Buffer.byteLength(text) > maxParamsBytes) {
      throw new DomainError('too_large', 'params.too_large', `params may have at most ${maxParamsBytes} bytes of JSON`);
    }
    const root = rootSpan(text);
    if (spanKind(root) !== 'object') {
      throw new DomainError('invalid', 'params.not_an_object', 'params must be a JSON object', {
        details: [{ code: 'params.not_an_object', message: 'must be an object', pointer: '/params' }],
      });
    }
    if (typeof schema !== 'object' || schema === null) return text;
    const sent = JSON.parse(text) as JsonMap;
    const filled = JSON.parse(text) as JsonMap;
    const validate = this.validator(schema);
    if (!withinTime(() => validate(filled))) throw refusal(validate.errors ?? []);
    return isDeepStrictEqual(sent, filled) ? text : textOf(filled, sent, root);
  }

  private validator(schema: object): ValidateFunction {
    let validate = this.compiled.get(schema);
    if (validate === undefined) {
      validate = withinTime(() => compile(schema));
      this.compiled.set(schema, validate);
    }
    return validate;
  }
}

function compile(schema: object): ValidateFunction {
  // One instance for each schema: `$id`s of different tenants must never meet.
  const ajv = new Ajv2020({
    useDefaults: true,
    allErrors: true,
    strict: false,
    validateFormats: true,
    code: { regExp: engine },
  });
  (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
  try {
    return ajv.compile(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('invalid', 'params.bad_schema', `the pipeline's schema of params cannot be used: ${reason}`);
  }
}

// JavaScript's own engine backtracks; patterns of a schema are the tenant's.
const engine = Object.assign((pattern: string) => linearRegExp(pattern), { code: 'linearRegExp' });

const watchdog = createContext({ work: undefined as (() => unknown) | undefined });
const callWork = new Script('work()');

/** Runs the work, which is stopped when it takes too long: `uniqueItems` alone can be made to take minutes. */
function withinTime<T>(work: () => T): T {
  (watchdog as { work: unknown }).work = work;
  try {
    return callWork.runInContext(watchdog, { timeout: checkTimeoutMs }) as T;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new DomainError(
      'invalid',
      'params.too_slow',
      `checking the params against the pipeline's schema takes longer than ${checkTimeoutMs} ms: simplify the schema`,
    );
  } finally {
    (watchdog as { work: unknown }).work = undefined;
  }
}

function refusal(errors: readonly ErrorObject[]): DomainError {
  const details = errors.slice(0, maxDetails).map(toDetail);
  const [first] = details;
  const where = first === undefined ? '' : `: ${first.pointer ?? ''} ${first.message}`;
  return new DomainError('invalid', 'params.invalid', `the params do not fit the pipeline's schema${where}`, {
    details,
  });
}

function toDetail(error: ErrorObject): ErrorDetail {
  const { keyword, instancePath, params } = error;
  const extra: unknown =
    keyword === 'required'
      ? params['missingProperty']
      : (params['additionalProperty'] ?? params['unevaluatedProperty']);
  const step = typeof extra === 'string' ? `/${extra.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  return {
    code: `params.${keyword}`,
    message: error.message ?? 'is not valid',
    pointer: `/params${instancePath}${step}`.slice(0, 500),
    ...(keyword === 'enum' ? { hint: `one of ${JSON.stringify(params['allowedValues']).slice(0, 300)}` } : {}),
  };
}

/** JSON text of the filled value, in which everything that is as it was sent keeps its own text. */
function textOf(filled: unknown, sent: unknown, span: JsonSpan): string {
  if (isDeepStrictEqual(filled, sent)) return spanText(span);
  if (Array.isArray(filled) && Array.isArray(sent) && spanKind(span) === 'list') {
    const spans = listElements(span);
    return `[${filled.map((item, at) => memberText(item, sent[at], spans[at])).join(',')}]`;
  }
  if (isMap(filled) && isMap(sent) && spanKind(span) === 'object') {
    const spans = objectMembers(span);
    const members = Object.entries(filled).map(
      ([key, value]) => `${JSON.stringify(key)}:${memberText(value, sent[key], spans.get(key))}`,
    );
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(filled);
}

function memberText(filled: unknown, sent: unknown, span: JsonSpan | undefined): string {
  return span === undefined ? JSON.stringify(filled) : textOf(filled, sent, span);
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
