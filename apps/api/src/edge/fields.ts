import { formatDollars } from '@millrace/kernel';
import { z } from 'zod';

/** RFC 3339 in UTC. */
export const timestamp = z.string().meta({ format: 'date-time' });

/** An amount of money: exact, as texts, because JSON numbers are floats to most readers. */
export const money = z
  .strictObject({
    nanoUsd: z.string().describe('Whole nano-dollars (10⁻⁹ US dollars).'),
    usd: z.string().describe('The same in dollars, with nine decimals.'),
  })
  .meta({ id: 'Money' });

/** The two texts of an amount of nano-dollars. */
export function toMoney(amount: bigint): z.infer<typeof money> {
  return { nanoUsd: amount.toString(), usd: formatDollars(amount) };
}

/** Query field that names an environment. */
export const environmentQuery = {
  environment: z
    .string()
    .max(63)
    .optional()
    .describe('Slug of the environment; default: the one of the API key, else `production`.'),
};
