import { z } from 'zod';
import { timestamp } from '../../edge/index.js';

export const organization = z
  .strictObject({
    id: z.string(),
    slug: z.string().describe('Never changes.'),
    name: z.string(),
    plan: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'Organization' });

export const patchOrganization = z
  .strictObject({ name: z.string().trim().min(1).max(200) })
  .meta({ id: 'OrganizationPatch' });
