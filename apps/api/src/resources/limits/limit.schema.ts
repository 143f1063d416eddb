import { z } from 'zod';

const limit = z
  .strictObject({
    name: z.string(),
    max: z.union([z.int(), z.string()]),
    used: z.int().nullable().describe('Null where nothing is counted: the limit holds for each single thing.'),
    unit: z.string(),
  })
  .meta({ id: 'Limit' });

const callerUse = z
  .strictObject({
    actor: z.string().describe('`key_…` or `usr_…`.'),
    name: z.string().nullable().describe('Of the API key or the person; null where it is gone.'),
    lastMinute: z.int(),
    lastHour: z.int(),
    refusedLastHour: z.int().describe('Of the requests of the last hour, refused by a rate limit.'),
  })
  .meta({ id: 'CallerUse' });

export const limits = z
  .strictObject({
    plan: z.string(),
    title: z.string(),
    limits: z.array(limit),
    rate: z
      .strictObject({ requests: z.int(), windowSeconds: z.int() })
      .describe('Requests that one credential may make; the `RateLimit` headers say how many are left.'),
    organizationRate: z
      .strictObject({ requests: z.int(), windowSeconds: z.int(), remaining: z.int() })
      .describe('Requests that all callers of the organization may make together.'),
    callers: z
      .array(callerUse)
      .describe(
        'Who made requests in the last hour, the busiest first; at most 100. A key that is bound to one environment sees itself only.',
      ),
  })
  .meta({ id: 'Limits' });
