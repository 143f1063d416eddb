import { z } from 'zod';
import { bundlePath, connectionName, defineTask, orExpression, sandboxRetryClasses } from '../define-task.js';

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
  connection: connectionName,
  statement: z.string().min(1, 'the statement is empty').optional(),
  file: bundlePath(['.sql']).optional(),
  rows: z.enum(['none', 'first', 'all'], 'must be "none", "first" or "all"').default('all'),
};

export const sqlTask = defineTask({
  type: 'sql',
  title: 'SQL (Postgres)',
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
        .optional(),
      params: z.union([z.array(z.unknown()), orExpression(z.array(z.unknown()))]).optional(),
      maxRows: orExpression(maxRows).default(10_000),
    })
    .refine(hasOneSource, oneSource)
    .refine(bindsToStatement, paramsWithStatement),
  configSchema: z
    .strictObject({ ...common, params: z.array(z.unknown()).optional(), maxRows: maxRows.default(10_000) })
    .refine(hasOneSource, oneSource)
    .refine(bindsToStatement, paramsWithStatement),
  defaults: { timeoutMs: 3_600_000, maxAttempts: 1 },
  executes: 'runner',
  retryable: [
    ...sandboxRetryClasses,
    { code: 'sql.08*', retryable: true, meaning: 'connection lost or refused' },
    { code: 'sql.40*', retryable: true, meaning: 'serialization failure, deadlock' },
    { code: 'sql.53*', retryable: true, meaning: 'out of resources, too many connections' },
    { code: 'sql.55P03', retryable: true, meaning: 'lock not available' },
    { code: 'sql.57P*', retryable: true, meaning: 'the server is starting or stopping' },
    { code: 'sql.58*', retryable: true, meaning: 'system error of the server' },
    { code: 'sql.*', retryable: false, meaning: 'everything else: syntax, constraints, rights, data' },
    { code: 'sql.too_many_rows', retryable: false, meaning: 'more rows than "maxRows"' },
  ],
  files: (definition) => (definition.file === undefined ? [] : [definition.file]),
  connections: (definition) => [definition.connection],
});
