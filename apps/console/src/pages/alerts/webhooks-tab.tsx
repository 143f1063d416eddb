import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { fieldMessages } from '../../api/problems.js';
import { useList, useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Dialog, FormDialog } from '../../ui/dialog.js';
import { SelectField, TextField } from '../../ui/field.js';
import { ListView } from '../../ui/list-view.js';
import { EmptyState, ErrorState, Notice } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { useToasts } from '../../ui/toast.js';

type Webhook = Schemas['Webhook'];
type Made = Schemas['WebhookWithSecret'];

function NewWebhookDialog({
  onMade,
  onClose,
}: {
  readonly onMade: (made: Made) => void;
  readonly onClose: () => void;
}) {
  const environment = useEnvironment();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [format, setFormat] = useState<Webhook['format']>('standard');
  const make = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/v1/webhooks', {
          params: { query: { environment } },
          body: { name: name.trim(), url: url.trim(), format },
        }),
      ),
    onSuccess: async (made) => {
      onMade(made);
      await queries.invalidateQueries({ queryKey: ['webhooks', environment] });
    },
  });
  const messages = fieldMessages(make.error);
  return (
    <FormDialog
      title="New webhook"
      submit="Make the webhook"
      busy={make.isPending}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      {make.error !== null && Object.keys(messages).length === 0 && <ErrorState error={make.error} />}
      <TextField
        label="Name"
        hint="What notify rules call it; it never changes."
        value={name}
        error={messages['name']}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Address"
        type="url"
        placeholder="https://"
        spellCheck={false}
        value={url}
        error={messages['url']}
        onChange={(event) => setUrl(event.target.value)}
      />
      <SelectField
        label="Format"
        value={format}
        error={messages['format']}
        onChange={(event) => setFormat(event.target.value as Webhook['format'])}
      >
        <option value="standard">standard: signed JSON (Standard Webhooks)</option>
        <option value="slack">slack: a message for an incoming webhook of Slack</option>
      </SelectField>
    </FormDialog>
  );
}

/** The secret of a webhook at the only moment at which it can be seen. */
function SecretDialog({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  return (
    <Dialog
      title={`Signing secret of ${made.name}`}
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="stack">
        <Notice tone="warn">This is the only time that it is shown.</Notice>
        <CodeBlock label="Signing secret" code={made.secret} wrap />
        <p className="muted">
          Give it to a library of Standard Webhooks, which checks that a message is ours, whole and recent.
        </p>
      </div>
    </Dialog>
  );
}

function RowActions({ webhook, onRotated }: { readonly webhook: Webhook; readonly onRotated: (made: Made) => void }) {
  const environment = useEnvironment();
  const toasts = useToasts();
  const queries = useQueryClient();
  const params = { path: { webhook: webhook.id } };
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['webhooks', environment] });
  const test = useMutation({
    mutationFn: () => answer(api.POST('/v1/webhooks/{webhook}:test', { params })),
    onSuccess: async () => {
      toasts.done('A test message is on its way; see the deliveries.');
      await queries.invalidateQueries({ queryKey: ['deliveries', environment] });
    },
    onError: toasts.failed,
  });
  const toggle = useMutation({
    mutationFn: () => answer(api.PATCH('/v1/webhooks/{webhook}', { params, body: { enabled: !webhook.enabled } })),
    onError: toasts.failed,
    onSettled: refresh,
  });
  return (
    <>
      <Button size="small" variant="quiet" busy={test.isPending} onClick={() => test.mutate()}>
        Test<span className="visually-hidden"> {webhook.name}</span>
      </Button>
      <Button size="small" variant="quiet" busy={toggle.isPending} onClick={() => toggle.mutate()}>
        {webhook.enabled ? 'Switch off' : 'Switch on'}
        <span className="visually-hidden"> {webhook.name}</span>
      </Button>
      <ConfirmButton
        name="Rotate"
        of={`the secret of ${webhook.name}`}
        title={`Rotate the secret of ${webhook.name}`}
        submit="Rotate"
        done="A new secret is there."
        act={async () => {
          onRotated(await answer(api.POST('/v1/webhooks/{webhook}:rotate', { params, body: { overlapHours: 24 } })));
          await refresh();
        }}
      >
        Messages are signed with a new secret, and for a day with the old one too.
      </ConfirmButton>
      <ConfirmButton
        name="Delete"
        of={webhook.name}
        title={`Delete ${webhook.name}`}
        submit="Delete"
        done={`Webhook ${webhook.name} deleted.`}
        act={async () => {
          await answer(api.DELETE('/v1/webhooks/{webhook}', { params }));
          await refresh();
        }}
      >
        Rules that name it tell nobody from now on.
      </ConfirmButton>
    </>
  );
}

/** Where messages are sent. */
export function WebhooksTab() {
  const environment = useEnvironment();
  const mayManage = useMay('manage');
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Made>();
  const webhooks = useList<Webhook>(['webhooks', environment], (cursor, signal) =>
    answer(api.GET('/v1/webhooks', { params: { query: { environment, ...given({ cursor }) } }, signal })),
  );
  const columns: readonly Column<Webhook>[] = [
    { name: 'name', head: 'Webhook', narrow: true, cell: (webhook) => <strong>{webhook.name}</strong> },
    {
      name: 'state',
      head: 'State',
      narrow: true,
      cell: (webhook) =>
        webhook.enabled ? (
          webhook.failingSince === null ? (
            <Badge tone="good" icon="check">
              On
            </Badge>
          ) : (
            <Badge tone="warn" icon="warning">
              Failing
            </Badge>
          )
        ) : (
          <Badge icon="pause" title={webhook.disabledReason ?? undefined}>
            Off
          </Badge>
        ),
    },
    { name: 'url', head: 'Address', grow: true, cell: (webhook) => <code className="muted">{webhook.url}</code> },
    { name: 'format', head: 'Format', narrow: true, minor: true, cell: (webhook) => webhook.format },
    ...(mayManage
      ? [
          {
            name: 'actions',
            head: <span className="visually-hidden">Actions</span>,
            narrow: true,
            align: 'right' as const,
            cell: (webhook: Webhook) => <RowActions webhook={webhook} onRotated={setMade} />,
          },
        ]
      : []),
  ];
  return (
    <>
      {mayManage && (
        <div>
          <Button icon="plus" onClick={() => setMaking(true)}>
            New webhook
          </Button>
        </div>
      )}
      <ListView
        list={webhooks}
        caption="Webhooks"
        columns={columns}
        rowKey={(webhook) => webhook.id}
        empty={
          <EmptyState icon="connections" title="There is no webhook yet">
            An address of yours that gets signed messages, or a channel of Slack.
          </EmptyState>
        }
      />
      {isMaking && (
        <NewWebhookDialog
          onMade={(webhook) => {
            setMaking(false);
            setMade(webhook);
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {made !== undefined && <SecretDialog made={made} onClose={() => setMade(undefined)} />}
    </>
  );
}
