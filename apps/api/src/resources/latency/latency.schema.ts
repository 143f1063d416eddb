import { z } from 'zod';
import { environmentQuery, timestamp } from '../../edge/index.js';

const milliseconds = z.number().nonnegative().nullable().describe('Null where no run was counted.');
const figures = {
  runs: z.int().nonnegative().describe('Runs that were counted.'),
  p50Ms: milliseconds,
  p95Ms: milliseconds,
};

export const poolLatency = z
  .strictObject({
    poolId: z.string(),
    pool: z.string().describe('Name.'),
    since: timestamp,
    start: z
      .strictObject(figures)
      .describe(
        'From the creation of a run to the first instruction of its first task, of the runs whose first task this pool executed. Time that a run waited for others of its pipeline counts.',
      ),
    ways: z
      .array(z.strictObject({ way: z.enum(['direct', 'offered', 'queued']), ...figures }))
      .describe('The same by the way that the first attempt took; ways that none took are left out.'),
  })
  .meta({ id: 'PoolLatency' });

const maxRuns = 10_000;

export const latencyPath = z.strictObject({ pool: z.string().describe('Id or name.') });
export const latencyQuery = z.strictObject({
  ...environmentQuery,
  since: z.iso
    .datetime({ offset: true, error: 'must be an RFC 3339 time such as 2030-01-31T08:00:00Z' })
    .transform((text) => new Date(text))
    .optional()
    .describe('Runs created from then on; default: an hour ago.'),
  runs: z
    .string()
    .regex(/^\d{1,5}$/, `must be a whole number from 1 to ${maxRuns}`)
    .transform(Number)
    .refine((count) => count >= 1 && count <= maxRuns, `must be a whole number from 1 to ${maxRuns}`)
    .default(1_000)
    .describe('The newest so many runs of the environment are looked at; default 1000.'),
});
