import { z } from 'zod';

const limit = z
  .strictObject({
    name: z.string(),
    max: z.union([z.int(), z.string()]),
    used: z.int().nullable().describe('Null where nothing is counted: the limit holds for each single thing.'),
    unit: z.string(),
  })
  .meta({ id: 'Limit' });

export const limits = z
  .strictObject({
    plan: z.string(),
    title: z.string(),
    limits: z.array(limit),
    rate: z
      .strictObject({ requests: z.int(), windowSeconds: z.int() })
      .describe('Requests that one credential may make; the `RateLimit` headers say how many are left.'),
  })
  .meta({ id: 'Limits' });
