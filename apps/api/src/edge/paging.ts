import { z } from 'zod';
import { EdgeError } from './problem.js';

export const defaultPageSize = 50;
export const maxPageSize = 200;

const limit = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${maxPageSize}`)
  .transform(Number)
  .refine((value) => value <= maxPageSize, `must be a whole number from 1 to ${maxPageSize}`)
  .default(defaultPageSize)
  .meta({ shownAs: { type: 'integer', minimum: 1, maximum: maxPageSize, default: defaultPageSize } })
  .describe(`How many items at most, 1 to ${maxPageSize}.`);

/** Query fields of every list: `z.strictObject({ ...pageQuery, state: … })`. */
export const pageQuery = {
  limit,
  cursor: z.string().max(1000).optional().describe('The `nextCursor` of the page before.'),
};

/** The place after which the next page begins: the sort key of the last row, as text. */
export type Cursor = readonly [string, ...string[]];

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Response schema of a list; `name` becomes the component's name. */
export function pageOf<S extends z.ZodType>(
  name: string,
  item: S,
): z.ZodObject<{ data: z.ZodArray<S>; nextCursor: z.ZodNullable<z.ZodString> }, z.core.$strict> {
  return z
    .strictObject({
      data: z.array(item),
      nextCursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last.'),
    })
    .meta({ id: name });
}

export interface Page<T> {
  readonly data: T[];
  readonly nextCursor: string | null;
}

/** The text of a cursor, for lists whose pages are not made by {@link toPage}. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/**
 * The cursor of a request with exactly `parts` values, `undefined` for the first page. Values are checked for their
 * form only: they are bound as parameters, and row-level security bounds what they can reach.
 */
export function cursorOf(request: PageRequest, parts: number): readonly string[] | undefined {
  if (request.cursor === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(request.cursor, 'base64url').toString('utf8'));
    const strings = Array.isArray(value) ? value.filter((part): part is string => typeof part === 'string') : [];
    if (
      Array.isArray(value) &&
      value.length === parts &&
      strings.length === parts &&
      !strings.join('').includes('\0')
    ) {
      return strings;
    }
  } catch {
    // Fall through to the refusal.
  }
  throw new EdgeError(400, 'request.bad_cursor', 'the cursor is not one of this list', [
    { code: 'request.bad_cursor', message: 'not a cursor', pointer: '/cursor', hint: 'use nextCursor as it was given' },
  ]);
}

/**
 * Makes a page of rows that were read with `limit + 1`: the surplus row only tells that there is more.
 * `keyOf` is the sort key of a row, the same values that the reader compares with the cursor.
 */
export function toPage<R, T>(
  rows: readonly R[],
  request: PageRequest,
  keyOf: (row: R) => Cursor,
  map: (row: R) => T,
): Page<T> {
  const kept = rows.slice(0, request.limit);
  const last = kept.at(-1);
  return {
    data: kept.map(map),
    nextCursor: rows.length > request.limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}
