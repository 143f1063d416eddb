import { z } from 'zod';
import {
  bundlePath,
  connectionName,
  defineTask,
  described,
  orExpression,
  sandboxRetryClasses,
} from '../define-task.js';
import { sqlRetryClasses } from './retry-classes.js';

const maxRows = z
  .number('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(1_000_000, 'must be at most 1,000,000');

const oneSource = {
  message: 'needs either "statement" (the text) or "file" (an .sql file of the bundle), not both',
};
const paramsWithStatement = {
  message: '"params" are bound to one "statement"; a "file" may hold several and takes none',
  path: ['params'],
};

function hasOneSource(value: { statement?: string | undefined; file?: string | undefined }): boolean {
  return (value.statement === undefined) !== (value.file === undefined);
}

function bindsToStatement(value: { file?: string | undefined; params?: unknown }): boolean {
  return value.file === undefined || value.params === undefined;
}

const common = {
  connection: connectionName.meta({
    description: 'The connection (Postgres) that it runs on.',
    examples: ['warehouse'],
  }),
  statement: z.string().min(1, 'the statement is empty').optional(),
  file: described(bundlePath(['.sql']), {
    description: 'File of the bundle with statements that run in one transaction.',
    examples: ['sql/create-table.sql'],
  }).optional(),
  rows: z
    .enum(['none', 'first', 'all'], 'must be "none", "first" or "all"')
    .default('all')
    .describe('Which rows of the result become the output.'),
};

export const sqlTask = defineTask({
  type: 'sql',
  title: 'SQL (Postgres)',
  // int8 is a number while it is exact as one, else text; numeric is text; times are RFC 3339 in UTC to the microsecond.
  description:
    'Runs one statement with bound parameters, or a file of statements in one transaction. The output is {rowCount, columns, rows}.',
  definitionSchema: z
    .strictObject({
      ...common,
      statement: z
        .string()
        .min(1, 'the statement is empty')
        // A value pasted into SQL is an injection waiting for its day; $1 and "params" do the same safely.
        .refine((text) => !text.includes('${{'), 'takes no ${{ … }}: write $1, $2 … and give the values in "params"')
        .meta({
          description:
            'The statement, with $1, $2 … for the values in `params`. Exactly one of `statement` and `file`.',
          examples: ['select count(*) from orders where day = $1'],
          not: { pattern: '\\$\\{\\{' },
        })
        .optional(),
      params: z
        .union([z.array(z.unknown()), orExpression(z.array(z.unknown()))])
        .optional()
        .meta({
          description: 'Values of $1, $2 …; lists and objects are bound as JSON text.',
          examples: [['${{ params.city }}', '${{ tasks.extract.output.rows }}']],
        }),
      maxRows: orExpression(maxRows).default(10_000).describe('A result with more rows fails the task.'),
    })
    .refine(hasOneSource, oneSource)
    .refine(bindsToStatement, paramsWithStatement)
    .meta({
      oneOf: [{ required: ['statement'] }, { required: ['file'] }],
      dependentSchemas: { file: { properties: { params: false } } },
    }),
  configSchema: z
    .strictObject({ ...common, params: z.array(z.unknown()).optional(), maxRows: maxRows.default(10_000) })
    .refine(hasOneSource, oneSource)
    .refine(bindsToStatement, paramsWithStatement),
  defaults: { timeoutMs: 3_600_000, maxAttempts: 1 },
  executes: 'runner',
  fuses: false,
  retryable: [...sandboxRetryClasses, ...sqlRetryClasses],
  files: (definition) => (definition.file === undefined ? [] : [definition.file]),
  connections: (definition) => [definition.connection],
});
