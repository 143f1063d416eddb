import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';

export const auditEvent = z
  .strictObject({
    id: z.string(),
    at: timestamp,
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    requestId: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEvent' });
export const auditEventPage = pageOf('AuditEventPage', auditEvent);
const filter = z.string().max(200).optional();
export const listAuditEventsQuery = z.strictObject({
  ...pageQuery,
  actor: filter.describe('Only by this person or key.'),
  action: filter.describe('Only this action, such as `secret.set`.'),
  target: filter.describe('Only on this thing.'),
});
