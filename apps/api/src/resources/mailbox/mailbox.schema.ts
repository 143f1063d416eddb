import { z } from 'zod';
import { pageOf, pageQuery, timestamp } from '../../edge/index.js';

export const mailboxMessage = z
  .strictObject({
    id: z.string(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string().nullable(),
    at: timestamp,
  })
  .meta({ id: 'MailboxMessage' });
export const mailboxPage = pageOf('MailboxPage', mailboxMessage);
export const mailboxQuery = z.strictObject(pageQuery);
export const mailboxPath = z.strictObject({ message: z.string() });
