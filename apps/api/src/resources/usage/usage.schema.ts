import { usageGroups } from '@millrace/billing';
import { attemptStates } from '@millrace/contracts';
import { z } from 'zod';
import { environmentQuery, money, pageOf, pageQuery, timestamp } from '../../edge/index.js';

const split = z
  .strictObject({
    useful: money,
    retried: money.describe('Tries that failed and were repeated.'),
    failed: money,
    cancelled: money,
    platformFault: money.describe('Always 0: what the platform loses is free.'),
  })
  .meta({ id: 'CostSplit' });

const computeMs = z.int().describe('Billed milliseconds.');

const categories = ['useful', 'retried', 'failed', 'cancelled', 'platformFault'] as const;

const attemptCost = z
  .strictObject({
    id: z.string(),
    taskId: z.string(),
    mapIndex: z.int().describe('-1 where the task is not mapped.'),
    fence: z.int(),
    try: z.int(),
    state: z.enum(attemptStates),
    total: money,
    computeMs,
    category: z.enum(categories).nullable().describe('Null while it runs: it is charged with its end.'),
  })
  .meta({ id: 'AttemptCost' });

const taskCost = z
  .strictObject({
    taskId: z.string(),
    total: money,
    split,
    computeMs,
    attempts: z.int().describe('How many there are, of all its instances.'),
  })
  .meta({ id: 'TaskCost' });

export const runCost = z
  .strictObject({
    total: money.describe('Of the whole run, not of this page.'),
    split,
    computeMs,
    tasks: z.array(taskCost).describe('All tasks of the run, on every page.'),
    data: z.array(attemptCost).describe('Attempts, oldest first.'),
    nextCursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last.'),
  })
  .meta({ id: 'RunCost' });

const usageLine = z
  .strictObject({
    key: z.string().describe('The day, the id of the pipeline or environment, or the meter; empty for none.'),
    name: z.string().nullable().describe('Name of the pipeline, slug of the environment.'),
    total: money,
    split,
    computeMs,
    taskRuns: z.int(),
  })
  .meta({ id: 'UsageLine' });

export const usage = z
  .strictObject({
    from: timestamp,
    to: timestamp,
    groupBy: z.enum(usageGroups),
    total: money.describe('Of the whole time, not of this page.'),
    split,
    computeMs,
    taskRuns: z.int(),
    data: z.array(usageLine),
    nextCursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last.'),
  })
  .meta({ id: 'Usage' });

export const ledgerEntry = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['usage', 'discount', 'credit', 'rounding']),
    attemptId: z.string().nullable(),
    runId: z.string().nullable(),
    taskId: z.string().nullable(),
    mapIndex: z.int().nullable(),
    pipelineId: z.string().nullable(),
    environmentId: z.string().nullable(),
    meter: z.string(),
    size: z.string().nullable(),
    quantity: z.int(),
    unitPrice: money,
    amount: money,
    category: z.enum(categories),
    occurredAt: timestamp,
    sealed: z
      .strictObject({ number: z.int(), hash: z.string() })
      .nullable()
      .describe('Place in the chain of the organization and its SHA-256; null until it has been sealed.'),
  })
  .meta({ id: 'LedgerEntry' });
export const ledgerPage = pageOf('LedgerPage', ledgerEntry);

const moment = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    'must be a date or an RFC 3339 time, such as 2026-11-24T00:00:00Z',
  )
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), 'must be a time that exists')
  .meta({ shownAs: { type: 'string', format: 'date-time' } })
  .optional();

export const runPath = z.strictObject({ run: z.string() });
export const runCostQuery = z.strictObject(pageQuery);
export const usageQuery = z.strictObject({
  ...pageQuery,
  from: moment.describe('From this time on; default: the beginning of the month (UTC) of `to`.'),
  to: moment.describe('Before this time; default: now.'),
  groupBy: z.enum(usageGroups).default('day'),
  environment: environmentQuery.environment.describe('Only this environment (slug); default: all.'),
});
export const listLedgerQuery = z.strictObject({
  ...pageQuery,
  run: z.string().max(100).optional().describe('Only entries of this run.'),
  from: moment.describe('Only entries at or after this time.'),
  to: moment.describe('Only entries before this time.'),
});
