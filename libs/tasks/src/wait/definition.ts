import { z } from 'zod';
import { defineTask, orExpression } from '../define-task.js';

/** 366 days: a longer wait is a schedule. */
const maxWaitSeconds = 366 * 24 * 3600;

const seconds = z
  .number('must be a number of seconds')
  .min(0, 'must not be negative')
  .max(maxWaitSeconds, 'must be at most 31,622,400 (366 days)');
const until = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 time with an offset, for example 2030-01-31T08:00:00Z',
});

const oneOf = { message: 'needs either "seconds" or "until", not both' };

function hasOne(value: { seconds?: unknown; until?: unknown }): boolean {
  return (value.seconds === undefined) !== (value.until === undefined);
}

export const waitTask = defineTask({
  type: 'wait',
  title: 'Wait',
  description: 'A durable timer: for a number of seconds or until a moment. No runner is held and nothing is billed.',
  definitionSchema: z
    .strictObject({
      seconds: orExpression(seconds)
        .optional()
        .meta({ description: 'How long, in seconds. Exactly one of `for`, `seconds` and `until`.', examples: [90] }),
      until: orExpression(until)
        .optional()
        .meta({ description: 'Until when, RFC 3339 with an offset.', examples: ['2030-01-31T08:00:00Z'] }),
    })
    .refine(hasOne, oneOf),
  configSchema: z.strictObject({ seconds: seconds.optional(), until: until.optional() }).refine(hasOne, oneOf),
  defaults: { timeoutMs: maxWaitSeconds * 1000, maxAttempts: 1 },
  executes: 'timer',
  fuses: false,
  retryable: [],
  files: () => [],
  connections: () => [],
});
