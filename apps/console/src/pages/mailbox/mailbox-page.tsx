import { answer, type Schemas } from '@millrace/clients';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { isMissing, useList } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code.js';
import { Dialog } from '../../ui/dialog.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';

type Message = Schemas['MailboxMessage'];

/** Addresses of this very console in a mail, which may be followed. */
function linksOf({ text }: Message): readonly string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>"]+/g)]
    .map(([link]) => link)
    .filter((link) => link.startsWith(`${window.location.origin}/`));
}

function MessageDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  return (
    <Dialog title={message.subject} width="wide" onClose={onClose}>
      <div className="stack">
        <p className="muted">
          To {message.to}, <RelativeTime at={message.at} />
        </p>
        <CodeBlock label="Text of the mail" code={message.text} wrap />
        {linksOf(message).map((link) => (
          <p key={link}>
            <a href={link}>{new URL(link).pathname}</a>
          </p>
        ))}
      </div>
    </Dialog>
  );
}

/** The mail of a platform for development, which sends none. */
export function MailboxPage() {
  const [shown, setShown] = useState<Message>();
  const mails = useList<Message>(
    ['mailbox'],
    (cursor, signal) => answer(api.GET('/v1/mailbox', { params: { query: given({ cursor }) }, signal })),
    { refetchMs: 3000 },
  );
  const columns: readonly Column<Message>[] = [
    { name: 'subject', head: 'Subject', grow: true, cell: (message) => <strong>{message.subject}</strong> },
    { name: 'to', head: 'To', narrow: true, cell: (message) => <span className="muted">{message.to}</span> },
    { name: 'at', head: 'When', narrow: true, cell: (message) => <RelativeTime at={message.at} /> },
    {
      name: 'actions',
      head: <span className="visually-hidden">Actions</span>,
      narrow: true,
      align: 'right',
      cell: (message) => (
        <Button size="small" variant="quiet" onClick={() => setShown(message)}>
          Read<span className="visually-hidden"> {message.subject}</span>
        </Button>
      ),
    },
  ];
  return (
    <Page
      title="Mailbox"
      lead="A platform without a mail server keeps the mail to you here for a week, in place of sending it."
    >
      {isMissing(mails.error) ? (
        <EmptyState icon="alerts" title="This platform sends its mail">
          Look into the mailbox of your own address.
        </EmptyState>
      ) : (
        <ListView
          list={mails}
          caption="Mail, newest first"
          columns={columns}
          rowKey={(message) => message.id}
          empty={<EmptyState icon="alerts" title="There is no mail" />}
        />
      )}
      {shown !== undefined && <MessageDialog message={shown} onClose={() => setShown(undefined)} />}
    </Page>
  );
}
