import type { Json, JsonObject } from '@millrace/kernel';

/** One place at which two JSON values differ; undefined where one of them has nothing there. */
export interface Difference {
  /** For example `rows[2].id`; empty for the whole value. */
  readonly path: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

const maxDifferences = 20;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Where the values differ, in their order.
 * @param partial members that are not expected are of no interest
 */
export function differences(expected: Json, actual: Json | undefined, partial = false): Difference[] {
  const found: Difference[] = [];
  compare(expected, actual, '', partial, found);
  return found.slice(0, maxDifferences);
}

function compare(
  expected: Json | undefined,
  actual: Json | undefined,
  path: string,
  partial: boolean,
  found: Difference[],
): void {
  if (found.length > maxDifferences) return;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [left, right] = [expected as readonly Json[], actual as readonly Json[]];
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      compare(left[index], right[index], `${path}[${index}]`, partial, found);
    }
    return;
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = partial ? Object.keys(expected) : [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    for (const key of keys) compare(expected[key], actual[key], path === '' ? key : `${path}.${key}`, partial, found);
    return;
  }
  if (!Object.is(expected, actual)) found.push({ path, expected, actual });
}
