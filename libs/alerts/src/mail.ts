import { channels, type Transaction } from '@millrace/database';
import { newId, type TenantId } from '@millrace/kernel';

/** A mail to one address, in both forms. The HTML is optional; the text always says everything. */
export interface Mail {
  readonly to: string;
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

/** Payload of an outbox row of kind `send_mail`; the row goes when the mail has been handed over. */
export interface SendMail extends Mail {
  /** Makes the Message-ID, the same for every repeat. */
  readonly messageId: string;
}

/**
 * Owes a mail that belongs to an account (verify an address, reset a password): written in the transaction of the
 * change that causes it, sent once that is committed, repeated for a day while the mail server is away. It stands in no
 * list of deliveries. Works in a tenant's transaction and under `millrace_control`.
 */
export async function oweMail(tx: Transaction, tenantId: TenantId, mail: Mail): Promise<void> {
  const messageId = newId('message');
  const payload: SendMail = { ...mail, messageId };
  await tx.query(
    `with debt as (
       insert into outbox (tenant_id, kind, subject, payload) values ($1, 'send_mail', $2, $3::jsonb) returning subject)
     select pg_notify('${channels.notices}', subject) from debt`,
    [tenantId, messageId, JSON.stringify(payload)],
  );
}
