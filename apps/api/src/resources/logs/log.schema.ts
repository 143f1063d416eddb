import { attemptStates } from '@millrace/contracts';
import { z } from 'zod';
import { timestamp } from '../../edge/index.js';

export const defaultLogLines = 1_000;
const maxLogLines = 5_000;

const gap = z
  .strictObject({
    from: z.int().describe('First sequence number that is missing.'),
    to: z.int().describe('Last sequence number that is missing.'),
  })
  .meta({ id: 'LogGap' });

const stream = z.enum(['stdout', 'stderr', 'system']).describe('`system`: a line of the platform.');
const lineFields = {
  seq: z.int().describe('Counts the lines of the attempt from 1.'),
  at: timestamp.describe('By the clock of the machine that wrote it.'),
  stream,
  text: z.string(),
};
const origin = {
  attemptId: z.string(),
  taskId: z.string(),
  mapIndex: z.int().describe('-1 where the task is not mapped.'),
  attempt: z.int().describe('Number of the attempt (its fence).'),
};

const ends = {
  complete: z.boolean().describe('True where it has ended and this page reaches the end: nothing more will come.'),
  incomplete: z
    .literal(true)
    .optional()
    .describe('There where lines at the end are missing, or may be: the runner was lost, or wrote more than came.'),
  nextCursor: z.string().nullable().describe('Give it as `cursor` for what follows; null where there is nothing yet.'),
};

export const logPage = z
  .strictObject({
    attempt: z.int().nullable().describe('Number of the attempt (its fence); null where none has begun.'),
    state: z.enum(attemptStates).nullable(),
    data: z.array(
      z.union([
        z.strictObject(lineFields).meta({ id: 'LogLine' }),
        z.strictObject({ gap }).meta({ id: 'MissingLogLines' }),
      ]),
    ),
    ...ends,
  })
  .meta({ id: 'LogPage' });

export const runLogPage = z
  .strictObject({
    data: z.array(
      z.union([
        z.strictObject({ ...origin, ...lineFields }).meta({ id: 'RunLogLine' }),
        z.strictObject({ ...origin, gap }).meta({ id: 'MissingRunLogLines' }),
      ]),
    ),
    ...ends,
  })
  .meta({ id: 'RunLogPage' });

const whole = (text: string): number => Number(text);
const limit = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, `must be a whole number from 1 to ${maxLogLines}`)
  .transform(whole)
  .refine((value) => value <= maxLogLines, `must be a whole number from 1 to ${maxLogLines}`)
  .optional()
  .meta({ shownAs: { type: 'integer', minimum: 1, maximum: maxLogLines } })
  .describe(`How many lines at most, 1 to ${maxLogLines}; default: ${defaultLogLines}, and everything as text.`);

const attemptQuery = {
  mapIndex: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number from 0')
    .transform(whole)
    .optional()
    .meta({ shownAs: { type: 'integer', minimum: 0 } })
    .describe('Which instance of a mapped task.'),
  attempt: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1')
    .transform(whole)
    .optional()
    .meta({ shownAs: { type: 'integer', minimum: 1 } })
    .describe('Number of the attempt (its fence); default: the newest.'),
};

const pagesQuery = {
  limit,
  cursor: z.string().max(1000).optional().describe('The `nextCursor` of the page before.'),
  format: z
    .enum(['json', 'text'])
    .default('json')
    .describe('`text`: lines to read, gaps named; with `limit`, the `Link` header leads to the next page.'),
};

export const taskLogPath = z.strictObject({ run: z.string(), task: z.string() });
export const runLogPath = z.strictObject({ run: z.string() });
export const taskLogQuery = z.strictObject({ ...attemptQuery, ...pagesQuery });
export const logStreamQuery = z.strictObject(attemptQuery);
export const runLogQuery = z.strictObject(pagesQuery);
