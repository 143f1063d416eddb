import { scopes } from '@millrace/tenancy';
import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';

const scope = z.enum(scopes);

const fields = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  environmentId: z.string().nullable().describe('The only environment it reaches; null for all.'),
  createdBy: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable().describe('To the minute.'),
  revokedAt: timestamp.nullable(),
  replacedBy: z.string().nullable().describe('The key that took its place by rotation.'),
};

export const apiKey = z.strictObject(fields).meta({ id: 'ApiKey' });
export const apiKeyPage = pageOf('ApiKeyPage', apiKey);
export const madeApiKey = z
  .strictObject({ ...fields, key: z.string().describe('`mr_live_…`; shown this once.') })
  .meta({ id: 'MadeApiKey' });
export const listApiKeysQuery = z.strictObject(pageQuery);
export const apiKeyPath = z.strictObject({ apiKey: z.string() });
export const newApiKey = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    scopes: z
      .array(scope)
      .min(1)
      .max(scopes.length)
      .transform((list) => [...new Set(list)])
      .meta({ shownAs: { type: 'array', items: { type: 'string', enum: [...scopes] }, minItems: 1 } }),
    environment: z.string().max(63).optional().describe('Slug of the only environment it may reach; default: all.'),
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ shownAs: { type: 'string', format: 'date-time' } }),
  })
  .meta({ id: 'NewApiKey' });
