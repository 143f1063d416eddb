/**
 * `notify` of a pipeline and of an environment: the same rules in both. Nothing that a workflow needs; its part is in
 * `notify-events.ts`, which has no schema library.
 */
import { z } from 'zod';
import { type NotifyEvent, notifyEvents, type NotifyRule } from './notify-events.js';

/** Limits of `notify`. */
export const notifyLimits = { rules: 20, addresses: 20 } as const;

/** The word in place of an address that means every owner of the organization. */
export const notifyOwners = 'owners';

const event = z.enum(notifyEvents, `must be ${notifyEvents.map((name) => `"${name}"`).join(', ')}`);
const addressRule = 'must be an e-mail address, or the word "owners"';
const address = z.union([z.literal(notifyOwners), z.email(addressRule).max(254, addressRule)], addressRule);
const webhookName = z
  .string('must be the name of a webhook')
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be the name of a webhook: lower-case letters, digits and "-"');

function oneOrMany<S extends z.ZodType>(one: S, max: number, what: string) {
  return z.union(
    [one, z.array(one, `must be ${what}, or a list of them`).min(1, 'is empty').max(max, `has more than ${max}`)],
    {
      // A list's own complaint helps; a union would only say "invalid input".
      error: ({ input }) =>
        Array.isArray(input) && input.length > 0 && input.length <= max
          ? `holds something that is not ${what}`
          : `must be ${what}, or a list of 1 to ${max} of them`,
    },
  );
}

/** One rule as it is written: `on` may be one event, and exactly one of `email` and `webhook` says who is told. */
export const notifyRule = z
  .strictObject({
    on: oneOrMany(event, notifyEvents.length, `one of ${notifyEvents.join(', ')}`).describe(
      'The event, or a list of events: `failed`, `recovered` (a success after a failure), `deadline_missed`.',
    ),
    email: oneOrMany(address, notifyLimits.addresses, 'an e-mail address or the word "owners"')
      .describe('Addresses, or the word `owners`: the owners of the organization.')
      .optional(),
    webhook: webhookName.describe('Name of a webhook of the environment.').optional(),
  })
  .refine(({ email, webhook }) => (email === undefined) !== (webhook === undefined), {
    message: 'needs either "email" or "webhook", not both',
  });

/** `notify` as it is written; an empty list means that nobody is told. */
export const notifyRules = z
  .array(notifyRule, 'must be a list of rules')
  .max(notifyLimits.rules, `at most ${notifyLimits.rules} rules`);
export type WrittenNotifyRules = z.output<typeof notifyRules>;

/** The rules in their full form: every list written out, nothing twice. This form is also valid as it is. */
export function fullNotifyRules(rules: WrittenNotifyRules): NotifyRule[] {
  return rules.map(({ on, email, webhook }) => {
    const events: readonly NotifyEvent[] = unique(on);
    return webhook === undefined ? { on: events, email: unique(email ?? []) } : { on: events, webhook };
  });
}

function unique<T extends string>(oneOrMany: T | readonly T[]): readonly T[] {
  return [...new Set(typeof oneOrMany === 'string' ? [oneOrMany] : oneOrMany)];
}
