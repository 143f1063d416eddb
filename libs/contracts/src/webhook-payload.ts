/**
 * What a webhook of the format `standard` receives. The reference in docs/ is generated from these schemas. Fields are
 * only ever added.
 */
import { z } from 'zod';

const time = z.iso.datetime().describe('RFC 3339, UTC.');
const named = (what: string): z.ZodObject<{ id: z.ZodString; name: z.ZodString }> =>
  z.strictObject({ id: z.string(), name: z.string().describe(`Name of the ${what}.`) });

const cause = z
  .strictObject({
    task: z.string().nullable().describe('Id of the failing task; null where no task is to blame.'),
    class: z
      .string()
      .describe('Name of the error, or what happened: `TypeError`, `exit_code`, `timeout`, `not_started`.'),
    message: z
      .string()
      .nullable()
      .describe('The newest error message: one line, at most 300 characters, secrets replaced.'),
    frame: z.string().nullable().describe('The place in your code that it came from, where that is known.'),
  })
  .describe('What failed, the same for all failures that the alert counts.');

const run = z.strictObject({ id: z.string(), url: z.string().describe('Its page in the console.') });

const alertData = z.strictObject({
  alert: z.strictObject({
    id: z.string().describe('The same in every message about this cause.'),
    event: z.enum(['failed', 'deadline_missed']),
    state: z.enum(['open', 'recovered']),
    url: z.string().describe('Its page in the console.'),
  }),
  reminder: z.boolean().describe('True where the alert has been told before and still goes on.'),
  organization: named('organization'),
  environment: named('environment').describe('`name` is its slug.'),
  pipeline: named('pipeline'),
  version: z.int().describe('Number of the version of the newest failure.'),
  owner: z.string().describe('Who deployed that version: an e-mail address, or the name of an API key.'),
  cause,
  count: z.int().describe('Failed task instances so far; of a missed deadline, runs.'),
  runCount: z.int().describe('Runs that they were in.'),
  wasted: z
    .strictObject({ nanoUsd: z.string().describe('Whole nano-dollars.'), usd: z.string() })
    .describe('What the failed attempts have cost so far.'),
  firstSeenAt: time,
  lastSeenAt: time,
  recoveredAt: time.nullable(),
  recoveredBy: run.nullable().describe('The run that succeeded.'),
  runs: z.array(run).describe('Up to five of the runs.'),
});

const alertMessage = <T extends string>(type: T) =>
  z.strictObject({ type: z.literal(type), timestamp: time, data: alertData });

/** Everything that is sent, by its `type`. */
export const webhookPayload = z.discriminatedUnion('type', [
  alertMessage('alert.failed').describe('Runs of a pipeline failed for one cause.'),
  alertMessage('alert.deadline_missed').describe('Runs of a pipeline had not ended when their deadline passed.'),
  alertMessage('alert.recovered').describe('The pipeline succeeded again; the totals are final.'),
  z
    .strictObject({
      type: z.literal('webhook.test'),
      timestamp: time,
      data: z.strictObject({
        webhook: named('webhook'),
        organization: named('organization'),
        requestedBy: z.string().describe('Id of who asked for it.'),
      }),
    })
    .describe('Somebody asked for a test of the webhook.'),
]);
export type WebhookPayload = z.infer<typeof webhookPayload>;
export type AlertMessageType = 'alert.failed' | 'alert.deadline_missed' | 'alert.recovered';
export type AlertMessageData = z.infer<typeof alertData>;

/** The JSON Schema (2020-12) of everything that is sent. */
export function webhookPayloadSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(webhookPayload, { target: 'draft-2020-12' });
}
