import { z } from 'zod';

const maxWaitSeconds = 60;

/** Query field `wait`: `30s`, `500ms` or `30` (seconds); gives milliseconds, at most 60,000. */
export const waitQuery = z
  .string()
  .regex(/^\d{1,5}(ms|s)?$/, 'must be a duration such as 30s or 500ms')
  .transform((text) => (text.endsWith('ms') ? Number.parseInt(text, 10) : Number.parseInt(text, 10) * 1000))
  .refine((ms) => ms <= maxWaitSeconds * 1000, `must be at most ${maxWaitSeconds}s`)
  .optional()
  .describe(`Hold the answer until it is final, at most this long: \`30s\`, \`500ms\`; up to ${maxWaitSeconds}s.`);
