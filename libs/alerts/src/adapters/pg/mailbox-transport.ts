import type { ControlDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import type { SendMail } from '../../mail.js';
import type { MailTransport } from '../../ports.js';

const keptDays = 7;

/** Keeps mail in a table in place of sending it: for a platform under development. */
export class MailboxTransport implements MailTransport {
  constructor(private readonly control: ControlDatabase) {}

  async send({ messageId, to, subject, text, html }: SendMail): Promise<void> {
    await this.control.transaction(async (tx) => {
      await tx.query(`delete from mailbox_messages where at < now() - make_interval(days => $1)`, [keptDays]);
      await tx.query(
        `insert into mailbox_messages (id, message_id, to_address, subject, body_text, body_html)
         values ($1, $2, $3, $4, $5, $6) on conflict (message_id) do nothing`,
        [newId('message'), messageId, to, subject, text, html ?? null],
      );
    });
  }
}
