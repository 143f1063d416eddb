import type { ControlTransaction } from '@millrace/database';

/** A mail that a platform under development would have sent. */
export interface MailboxMessage {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly at: Date;
}

const columns = `id, to_address as "to", subject, body_text as text, body_html as html, at`;

/** The messages to one address, newest first. */
export function listMailbox(
  tx: ControlTransaction,
  address: string,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<MailboxMessage[]> {
  return tx.query<MailboxMessage>(
    `select ${columns} from mailbox_messages
     where lower(to_address) = lower($1) and ($2::text is null or id < $2) order by id desc limit $3`,
    [address, page.after ?? null, page.limit],
  );
}

/** A message to the address, or undefined where it has none of this id. */
export async function findMailboxMessage(
  tx: ControlTransaction,
  address: string,
  id: string,
): Promise<MailboxMessage | undefined> {
  const [row] = await tx.query<MailboxMessage>(
    `select ${columns} from mailbox_messages where lower(to_address) = lower($1) and id = $2`,
    [address, id],
  );
  return row;
}
