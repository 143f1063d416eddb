import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { fieldMessages } from '../../api/problems.js';
import { useList, useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { Button } from '../../ui/button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { FormDialog } from '../../ui/dialog.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Fresh, type IfSeen, SaveError } from '../../ui/fresh.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';
import './values.css';

type Connection = Schemas['Connection'];
type Tls = Connection['tls'];

const usualPorts: Readonly<Record<string, string>> = {
  postgres: '5432',
  mysql: '3306',
  http: '80',
  https: '443',
  smtp: '587',
};

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function ConnectionDialog({
  environment,
  connection,
  ifSeen = {},
  onClose,
}: {
  readonly environment: string;
  readonly connection?: Connection;
  readonly ifSeen?: IfSeen;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(connection?.name ?? '');
  const [type, setType] = useState(connection?.type ?? 'postgres');
  const [host, setHost] = useState(connection?.host ?? '');
  const [port, setPort] = useState(String(connection?.port ?? usualPorts['postgres']));
  const [username, setUsername] = useState(connection?.username ?? '');
  const [database, setDatabase] = useState(connection?.database ?? '');
  const [tls, setTls] = useState<Tls>(connection?.tls ?? 'verify');
  const [passwordSecret, setPasswordSecret] = useState(connection?.passwordSecret ?? '');
  const toasts = useToasts();
  const queries = useQueryClient();
  const secrets = useQuery({
    queryKey: ['secrets', environment, 'names'],
    queryFn: async () =>
      (await answer(api.GET('/v1/secrets', { params: { query: { environment, limit: 200 } } }))).data,
  });
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/v1/connections/{name}', {
          params: { path: { name: name.trim() }, query: { environment }, header: ifSeen },
          body: {
            type: type.trim(),
            host: host.trim(),
            port: Number(port),
            username: textOrNull(username),
            database: textOrNull(database),
            tls,
            passwordSecret: textOrNull(passwordSecret),
            // The form does not show them, and leaving them out would remove them.
            options: (connection?.options ?? {}) as Readonly<Record<string, string | number | boolean>>,
          },
        }),
      ),
    onSuccess: async () => {
      toasts.done(`Connection ${name.trim()} set.`);
      onClose();
      await queries.invalidateQueries({ queryKey: ['connections', environment] });
    },
  });
  const messages = fieldMessages(save.error);
  return (
    <FormDialog
      title={connection === undefined ? 'New connection' : `Change ${connection.name}`}
      submit={connection === undefined ? 'Set the connection' : 'Change'}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <SaveError error={save.error} />
      {connection === undefined && (
        <TextField
          label="Name"
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={messages['name']}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <TextField
        label="Type"
        list="connection-types"
        spellCheck={false}
        value={type}
        error={messages['type']}
        hint="SQL tasks need postgres; code reads any type from ctx.connections."
        onChange={(event) => {
          setType(event.target.value);
          const usual = usualPorts[event.target.value];
          if (usual !== undefined) setPort(usual);
        }}
      />
      <datalist id="connection-types">
        {Object.keys(usualPorts).map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <div className="fields-side">
        <TextField
          label="Host"
          spellCheck={false}
          value={host}
          error={messages['host']}
          onChange={(event) => setHost(event.target.value)}
        />
        <TextField
          label="Port"
          inputMode="numeric"
          value={port}
          error={messages['port']}
          onChange={(event) => setPort(event.target.value)}
        />
      </div>
      <TextField
        label="User"
        optional
        autoComplete="off"
        spellCheck={false}
        value={username}
        error={messages['username']}
        onChange={(event) => setUsername(event.target.value)}
      />
      <SelectField
        label="Password"
        value={passwordSecret}
        error={messages['passwordSecret']}
        hint="The secret that holds it."
        onChange={(event) => setPasswordSecret(event.target.value)}
      >
        <option value="">None</option>
        {passwordSecret !== '' && secrets.data?.every((secret) => secret.name !== passwordSecret) !== false && (
          <option>{passwordSecret}</option>
        )}
        {secrets.data?.map((secret) => (
          <option key={secret.name}>{secret.name}</option>
        ))}
      </SelectField>
      <TextField
        label="Database"
        optional
        spellCheck={false}
        value={database}
        error={messages['database']}
        onChange={(event) => setDatabase(event.target.value)}
      />
      <SelectField
        label="TLS"
        value={tls}
        error={messages['tls']}
        onChange={(event) => setTls(event.target.value as Tls)}
      >
        <option value="verify">verify: encrypted, the certificate is checked</option>
        <option value="require">require: encrypted, whoever answers</option>
        <option value="disable">disable: in the clear</option>
      </SelectField>
    </FormDialog>
  );
}

/** Where the outside systems of an environment are. */
export function ConnectionsPage() {
  const environment = useEnvironment();
  const mayManage = useMay('manage');
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'new' | Connection>();
  const connections = useList<Connection>(['connections', environment], (cursor, signal) =>
    answer(api.GET('/v1/connections', { params: { query: { environment, ...given({ cursor }) } }, signal })),
  );
  const columns: readonly Column<Connection>[] = [
    { name: 'name', head: 'Connection', cell: (connection) => <strong>{connection.name}</strong> },
    { name: 'type', head: 'Type', narrow: true, cell: (connection) => connection.type },
    {
      name: 'where',
      head: 'Where',
      cell: (connection) => (
        <code className="muted">
          {connection.username !== null && `${connection.username}@`}
          {connection.host}:{connection.port}
          {connection.database !== null && `/${connection.database}`}
        </code>
      ),
    },
    {
      name: 'password',
      head: 'Password',
      minor: true,
      cell: (connection) =>
        connection.passwordSecret === null ? (
          <span className="faint">none</span>
        ) : (
          <code className="muted">{connection.passwordSecret}</code>
        ),
    },
    { name: 'tls', head: 'TLS', narrow: true, minor: true, cell: (connection) => connection.tls },
    {
      name: 'changed',
      head: 'Changed',
      narrow: true,
      minor: true,
      cell: (connection) => <RelativeTime at={connection.updatedAt} />,
    },
    ...(mayManage
      ? [
          {
            name: 'actions',
            head: <span className="visually-hidden">Actions</span>,
            narrow: true,
            align: 'right' as const,
            cell: (connection: Connection) => (
              <>
                <Button size="small" variant="quiet" onClick={() => setDialog(connection)}>
                  Change<span className="visually-hidden"> {connection.name}</span>
                </Button>
                <ConfirmButton
                  name="Delete"
                  of={connection.name}
                  title={`Delete ${connection.name}`}
                  submit="Delete"
                  done={`Connection ${connection.name} deleted.`}
                  act={async () => {
                    const params = { path: { name: connection.name }, query: { environment } };
                    await answer(api.DELETE('/v1/connections/{name}', { params }));
                    await queries.invalidateQueries({ queryKey: ['connections', environment] });
                  }}
                >
                  Tasks that declare it fail from now on. Its password stays among the secrets.
                </ConfirmButton>
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <Page
      title="Connections"
      lead="Where outside systems are. A task reaches those it declares through a port of its own, and nothing else inside the network."
      actions={
        mayManage && (
          <Button variant="primary" icon="plus" onClick={() => setDialog('new')}>
            New connection
          </Button>
        )
      }
    >
      <ListView
        list={connections}
        caption="Connections"
        columns={columns}
        rowKey={(connection) => connection.id}
        empty={
          <EmptyState icon="connections" title="There is no connection yet">
            A warehouse, a database, a mail server: its address here, its password among the secrets.
          </EmptyState>
        }
      />
      {dialog === 'new' && <ConnectionDialog environment={environment} onClose={() => setDialog(undefined)} />}
      {typeof dialog === 'object' && (
        <Fresh
          title={`Change ${dialog.name}`}
          read={() =>
            api.GET('/v1/connections/{name}', { params: { path: { name: dialog.name }, query: { environment } } })
          }
          onClose={() => setDialog(undefined)}
        >
          {(connection, ifSeen) => (
            <ConnectionDialog {...{ environment, connection, ifSeen }} onClose={() => setDialog(undefined)} />
          )}
        </Fresh>
      )}
    </Page>
  );
}
