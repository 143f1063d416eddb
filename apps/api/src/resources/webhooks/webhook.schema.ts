import { deliveryStates, webhookFormats } from '@millrace/alerts';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp } from '../../edge/index.js';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and "-", beginning with a letter, at most 63');
const url = z
  .string()
  .max(2_000)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http(s) URL')
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
    'must hold no credentials: messages are signed',
  )
  .refine((text) => !URL.canParse(text) || new URL(text).hash === '', 'must have no fragment');

export const webhook = z
  .strictObject({
    id: z.string(),
    name: z.string().describe('What notify rules call it; never changes.'),
    url: z.string().describe('Where messages are sent. Of the format `slack` without its path, which is a credential.'),
    format: z.enum(webhookFormats),
    enabled: z.boolean(),
    disabledReason: z.string().nullable(),
    failingSince: timestamp.nullable().describe('Since when every attempt failed; after 72 hours it is switched off.'),
    previousSecretUntil: timestamp
      .nullable()
      .describe('Until when messages are signed with the secret before the last rotation too.'),
    createdBy: z.string(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Webhook' });
export const webhookPage = pageOf('WebhookPage', webhook);
export const webhookWithSecret = webhook
  .extend({ secret: z.string().describe('`whsec_…`, for the libraries of Standard Webhooks. Shown this once.') })
  .meta({ id: 'WebhookWithSecret' });
export const listWebhooksQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const webhookQuery = z.strictObject(environmentQuery);
export const webhookPath = z.strictObject({ webhook: z.string() });
export const newWebhook = z
  .strictObject({
    name,
    url,
    format: z
      .enum(webhookFormats)
      .default('standard')
      .describe(
        '`standard`: signed JSON, as Standard Webhooks has it. `slack`: a message for an incoming webhook of Slack.',
      ),
  })
  .meta({ id: 'NewWebhook' });
export const patchWebhook = z
  .strictObject({
    url: url.optional(),
    enabled: z.boolean().optional().describe('False: nothing is sent to it, and what would be is on record as failed.'),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'names nothing to change')
  .meta({ id: 'WebhookPatch' });
export const rotateSecret = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('Hours for which messages are signed with the old secret too.'),
  })
  .meta({ id: 'RotateWebhookSecret' });

export const delivery = z
  .strictObject({
    id: z.string(),
    messageId: z.string().describe('`webhook-id`: the same for every repeat and replay of the message.'),
    type: z
      .string()
      .describe('`alert.failed`, `alert.recovered`, `alert.deadline_missed`, `webhook.test`, `webhook.disabled`.'),
    alertId: z.string().nullable(),
    channel: z.enum(['email', 'webhook']),
    target: z.string().describe('The address, or the name of the webhook.'),
    webhookId: z.string().nullable(),
    state: z.enum(deliveryStates),
    reason: z.string().nullable().describe('What the last attempt met.'),
    attempts: z.int(),
    replayOf: z.string().nullable(),
    createdBy: z.string(),
    createdAt: timestamp,
    nextAttemptAt: timestamp.nullable(),
    endedAt: timestamp.nullable(),
  })
  .meta({ id: 'Delivery' });
export const deliveryPage = pageOf('DeliveryPage', delivery);
export const deliveryDetails = delivery
  .extend({
    payload: z.unknown().describe('What is sent: the body of the request, or subject and texts of the mail.'),
    log: z.array(
      z.strictObject({
        number: z.int(),
        at: timestamp,
        durationMs: z.int(),
        ok: z.boolean(),
        status: z.int().nullable().describe('Of the HTTP answer.'),
        error: z.string().nullable(),
        response: z.string().nullable().describe('The first KiB of the answer.'),
      }),
    ),
  })
  .meta({ id: 'DeliveryDetails' });
export const deliveryPath = z.strictObject({ delivery: z.string() });
const deliveryFilter = { ...pageQuery, state: z.enum(deliveryStates).optional() };
export const listWebhookDeliveriesQuery = z.strictObject(deliveryFilter);
export const listDeliveriesQuery = z.strictObject({
  ...deliveryFilter,
  ...environmentQuery,
  alert: z.string().max(40).optional().describe('Only those of this alert.'),
});
