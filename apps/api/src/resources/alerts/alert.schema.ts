import { z } from 'zod';
import { environmentQuery, money, pageOf, pageQuery, timestamp } from '../../edge/index.js';

const events = ['failed', 'deadline_missed'] as const;
const states = ['open', 'recovered'] as const;

export const alert = z
  .strictObject({
    id: z.string(),
    event: z.enum(events),
    state: z.enum(states),
    environment: z.string(),
    pipelineId: z.string(),
    pipeline: z.string(),
    version: z.int().describe('Number of the version of the newest failure.'),
    owner: z.string().nullable().describe('Who deployed that version: an e-mail address, or the name of an API key.'),
    cause: z.strictObject({
      task: z.string().nullable().describe('Null where no task is to blame.'),
      class: z.string().describe('Name of the error, or what happened.'),
      message: z.string().nullable().describe('The newest error message, cut to 300 characters.'),
      frame: z.string().nullable().describe('The place in your code that it came from.'),
    }),
    count: z.int().describe('Failed task instances so far; of a missed deadline, runs.'),
    runCount: z.int().describe('Runs that they were in.'),
    wasted: money.describe('What the failed attempts have cost.'),
    runIds: z.array(z.string()).describe('Up to five of the runs: the first ones and the newest.'),
    firstSeenAt: timestamp,
    lastSeenAt: timestamp,
    recoveredAt: timestamp.nullable(),
    recoveredBy: z.string().nullable().describe('The run that succeeded.'),
    messages: z.int().describe('How often people were told that it goes on.'),
    toldAt: timestamp.nullable(),
    nextMessageAt: timestamp.nullable().describe('Null where there is nothing new to tell.'),
  })
  .meta({ id: 'Alert' });
export const alertPage = pageOf('AlertPage', alert);
export const alertPath = z.strictObject({ alert: z.string() });
export const listAlertsQuery = z.strictObject({
  ...pageQuery,
  ...environmentQuery,
  pipeline: z.string().max(200).optional().describe('Id or name.'),
  state: z.enum(states).optional(),
  event: z.enum(events).optional(),
});
