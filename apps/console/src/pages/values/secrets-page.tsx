import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { fieldMessages } from '../../api/problems.js';
import { useList, useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { Actor } from '../../ui/actor.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { FormDialog } from '../../ui/dialog.js';
import { TextAreaField, TextField } from '../../ui/field.js';
import { Fresh, type IfSeen, SaveError } from '../../ui/fresh.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';

type Secret = Schemas['Secret'];

function SecretDialog({
  environment,
  secret,
  ifSeen = {},
  onClose,
}: {
  readonly environment: string;
  readonly secret?: Secret;
  readonly ifSeen?: IfSeen;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(secret?.name ?? '');
  const [value, setValue] = useState('');
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/v1/secrets/{name}', {
          params: { path: { name: name.trim() }, query: { environment }, header: ifSeen },
          body: { value },
        }),
      ),
    onSuccess: async () => {
      toasts.done(`Secret ${name.trim()} set.`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['secrets', environment] });
    },
  });
  const messages = fieldMessages(save.error);
  const isEmpty = save.isIdle === false && name.trim() === '';
  return (
    <FormDialog
      title={secret === undefined ? 'New secret' : `Replace ${secret.name}`}
      submit={secret === undefined ? 'Set the secret' : 'Replace'}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <SaveError error={save.error} />
      {secret === undefined && (
        <TextField
          label="Name"
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={messages['name'] ?? (isEmpty ? 'Is required.' : undefined)}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <TextAreaField
        label="Value"
        autoComplete="off"
        spellCheck={false}
        value={value}
        error={messages['value']}
        hint="It can be written, never read: not here, not over the API. Tasks that declare it get it."
        onChange={(event) => setValue(event.target.value)}
      />
    </FormDialog>
  );
}

/** Secrets of an environment: names and versions, never values. */
export function SecretsPage() {
  const environment = useEnvironment();
  const mayManage = useMay('manage');
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'new' | Secret>();
  const secrets = useList<Secret>(['secrets', environment], (cursor, signal) =>
    answer(api.GET('/v1/secrets', { params: { query: { environment, ...given({ cursor }) } }, signal })),
  );
  const columns: readonly Column<Secret>[] = [
    { name: 'name', head: 'Secret', cell: (secret) => <code>{secret.name}</code> },
    { name: 'version', head: 'Version', narrow: true, align: 'right', cell: (secret) => secret.version },
    { name: 'set', head: 'Set', narrow: true, cell: (secret) => <RelativeTime at={secret.createdAt} /> },
    { name: 'by', head: 'By', narrow: true, minor: true, cell: (secret) => <Actor id={secret.createdBy} /> },
    ...(mayManage
      ? [
          {
            name: 'actions',
            head: <span className="visually-hidden">Actions</span>,
            narrow: true,
            align: 'right' as const,
            cell: (secret: Secret) => (
              <>
                <Button size="small" variant="quiet" onClick={() => setDialog(secret)}>
                  Replace<span className="visually-hidden"> {secret.name}</span>
                </Button>
                <ConfirmButton
                  name="Destroy"
                  of={secret.name}
                  title={`Destroy ${secret.name}`}
                  submit="Destroy"
                  word={secret.name}
                  done={`Secret ${secret.name} destroyed.`}
                  act={async () => {
                    const params = { path: { name: secret.name }, query: { environment } };
                    await answer(api.DELETE('/v1/secrets/{name}', { params }));
                    await queries.invalidateQueries({ queryKey: ['secrets', environment] });
                  }}
                >
                  Every version of it is destroyed. Tasks that declare it fail from now on.
                </ConfirmButton>
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <Page
      title="Secrets"
      lead="Stored encrypted under a key of your organization, given to the tasks that declare them, and redacted everywhere else."
      actions={
        mayManage && (
          <Button variant="primary" icon="plus" onClick={() => setDialog('new')}>
            New secret
          </Button>
        )
      }
    >
      <ListView
        list={secrets}
        caption="Secrets"
        columns={columns}
        rowKey={(secret) => secret.name}
        empty={
          <EmptyState icon="secrets" title="There is no secret yet">
            Passwords and tokens for your tasks. A task names those it needs in <code>secrets</code> and reads them from{' '}
            <code>ctx.secrets</code>.
          </EmptyState>
        }
      />
      {dialog === 'new' && <SecretDialog environment={environment} onClose={() => setDialog(undefined)} />}
      {typeof dialog === 'object' && (
        <Fresh
          title={`Replace ${dialog.name}`}
          read={() =>
            api.GET('/v1/secrets/{name}', { params: { path: { name: dialog.name }, query: { environment } } })
          }
          onClose={() => setDialog(undefined)}
        >
          {(secret, ifSeen) => (
            <SecretDialog {...{ environment, secret, ifSeen }} onClose={() => setDialog(undefined)} />
          )}
        </Fresh>
      )}
    </Page>
  );
}
