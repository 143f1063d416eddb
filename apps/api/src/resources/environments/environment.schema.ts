import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';
import { slugField } from '../session/session.schema.js';

const name = z.string().trim().min(1).max(200);

export const environment = z
  .strictObject({ id: z.string(), slug: z.string().describe('Never changes.'), name: z.string(), createdAt: timestamp })
  .meta({ id: 'Environment' });
export const environmentPage = pageOf('EnvironmentPage', environment);
export const listEnvironmentsQuery = z.strictObject(pageQuery);
export const environmentPath = z.strictObject({ environment: z.string().describe('Id or slug.') });
export const newEnvironment = z.strictObject({ slug: slugField, name: name.optional() }).meta({ id: 'NewEnvironment' });
export const patchEnvironment = z.strictObject({ name }).meta({ id: 'EnvironmentPatch' });
