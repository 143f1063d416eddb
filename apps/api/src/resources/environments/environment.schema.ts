import { notifyEvents } from '@millrace/contracts';
import { notifyRules } from '@millrace/contracts/notify';
import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';
import { slugField } from '../session/session.schema.js';

const name = z.string().trim().min(1).max(200);

const shownRule = z
  .strictObject({
    on: z.array(z.enum(notifyEvents)),
    email: z.array(z.string()).optional().describe('Addresses, or the word `owners`.'),
    webhook: z.string().optional().describe('Name of a webhook of the environment.'),
  })
  .meta({ id: 'NotifyRule' });

export const environment = z
  .strictObject({
    id: z.string(),
    slug: z.string().describe('Never changes.'),
    name: z.string(),
    notify: z
      .array(shownRule)
      .nullable()
      .describe(
        'Who is told of what, for pipelines that do not say so themselves. Null: the owners, of failures and missed deadlines. An empty list: nobody.',
      ),
    createdAt: timestamp,
  })
  .meta({ id: 'Environment' });
export const environmentPage = pageOf('EnvironmentPage', environment);
export const listEnvironmentsQuery = z.strictObject(pageQuery);
export const environmentPath = z.strictObject({ environment: z.string().describe('Id or slug.') });
export const newEnvironment = z.strictObject({ slug: slugField, name: name.optional() }).meta({ id: 'NewEnvironment' });
export const patchEnvironment = z
  .strictObject({ name: name.optional(), notify: notifyRules.nullable().optional() })
  .refine((patch) => Object.keys(patch).length > 0, 'names nothing to change')
  .meta({ id: 'EnvironmentPatch' });
