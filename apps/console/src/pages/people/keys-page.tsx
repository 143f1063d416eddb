import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { fieldMessages } from '../../api/problems.js';
import { type Scope, useEnvironments, useList, useMay, useMe } from '../../api/queries.js';
import { Actor } from '../../ui/actor.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { Dialog, FormDialog } from '../../ui/dialog.js';
import { Checkbox, SelectField, TextField } from '../../ui/field.js';
import { ListView } from '../../ui/list-view.js';
import { NoPermission } from '../../ui/no-permission.js';
import { Page } from '../../ui/page.js';
import { EmptyState, ErrorState, Notice } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime, useNow } from '../../ui/time.js';

type ApiKey = Schemas['ApiKey'];
type MadeApiKey = Schemas['MadeApiKey'];

const scopes: readonly (readonly [Scope, string])[] = [
  ['read', 'Sees pipelines, runs, logs and costs.'],
  ['run', 'Starts, cancels and pauses.'],
  ['deploy', 'Pushes pipelines, activates versions, sets variables.'],
  ['manage', 'Members, keys, secrets, connections, pools.'],
];
const lives: readonly (readonly [string, number | undefined])[] = [
  ['30 days', 30],
  ['90 days', 90],
  ['1 year', 365],
  ['No end', undefined],
];

/** A key at the only moment at which it can be seen. */
function MadeKeyDialog({ made, onClose }: { readonly made: MadeApiKey; readonly onClose: () => void }) {
  return (
    <Dialog
      title={`Key ${made.name}`}
      width="wide"
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="stack">
        <Notice tone="warn">This is the only time that it is shown. Copy it now.</Notice>
        <CodeBlock label="API key" code={made.key} wrap />
        <CodeBlock
          label="Try the key"
          code={`curl -s ${window.location.origin}/v1/me -H 'authorization: Bearer ${made.key}'`}
          wrap
        />
      </div>
    </Dialog>
  );
}

function NewKeyDialog({
  onMade,
  onClose,
}: {
  readonly onMade: (made: MadeApiKey) => void;
  readonly onClose: () => void;
}) {
  const me = useMe();
  const environments = useEnvironments();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<Scope>>(new Set(['read', 'run', 'deploy']));
  const [environment, setEnvironment] = useState('');
  const [life, setLife] = useState('90 days');
  const make = useMutation({
    mutationFn: () => {
      const days = lives.find(([words]) => words === life)?.[1];
      return answer(
        api.POST('/v1/api-keys', {
          body: {
            name: name.trim(),
            scopes: scopes.map(([scope]) => scope).filter((scope) => chosen.has(scope)),
            ...(environment === '' ? {} : { environment }),
            ...(days === undefined ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
          },
        }),
      );
    },
    onSuccess: async (made) => {
      onMade(made);
      await queries.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  const messages = fieldMessages(make.error);
  return (
    <FormDialog
      title="New API key"
      submit="Make the key"
      busy={make.isPending}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      {make.error !== null && Object.keys(messages).length === 0 && <ErrorState error={make.error} />}
      <TextField
        label="Name"
        hint="What uses it: a laptop, a CI job."
        value={name}
        error={messages['name']}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="choices">
        <legend>What it may do</legend>
        {scopes
          .filter(([scope]) => me.data?.scopes.includes(scope) === true)
          .map(([scope, words]) => (
            <Checkbox
              key={scope}
              label={scope}
              hint={words}
              checked={chosen.has(scope)}
              onChange={(event) => {
                const after = new Set(chosen);
                if (event.target.checked) after.add(scope);
                else after.delete(scope);
                setChosen(after);
              }}
            />
          ))}
        {messages['scopes'] !== undefined && <p className="field__error">{messages['scopes']}</p>}
      </fieldset>
      <SelectField
        label="Environment"
        value={environment}
        error={messages['environment']}
        onChange={(event) => setEnvironment(event.target.value)}
      >
        <option value="">All environments</option>
        {environments.data?.map((each) => (
          <option key={each.slug} value={each.slug}>
            Only {each.name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Good for"
        value={life}
        error={messages['expiresAt']}
        onChange={(event) => setLife(event.target.value)}
      >
        {lives.map(([words]) => (
          <option key={words}>{words}</option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function KeyState({ apiKey }: { readonly apiKey: ApiKey }) {
  const now = useNow(false);
  if (apiKey.revokedAt !== null && Date.parse(apiKey.revokedAt) <= now) return <Badge icon="blocked">Revoked</Badge>;
  if (apiKey.expiresAt !== null && Date.parse(apiKey.expiresAt) <= now) return <Badge icon="clock">Ended</Badge>;
  if (apiKey.replacedBy !== null) {
    return (
      <Badge tone="warn" icon="retry">
        Being replaced
      </Badge>
    );
  }
  return (
    <Badge tone="good" icon="check">
      Good
    </Badge>
  );
}

function isGood(apiKey: ApiKey, now: number): boolean {
  const ends = [apiKey.revokedAt, apiKey.expiresAt].filter((end) => end !== null);
  return ends.every((end) => Date.parse(end) > now);
}

/** The credentials of machines. */
export function KeysPage() {
  const mayManage = useMay('manage');
  const environments = useEnvironments();
  const queries = useQueryClient();
  const now = useNow(false);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<MadeApiKey>();
  const keys = useList<ApiKey>(
    ['api-keys'],
    (cursor, signal) => answer(api.GET('/v1/api-keys', { params: { query: given({ cursor }) }, signal })),
    { enabled: mayManage },
  );
  if (!mayManage) return <NoPermission title="API keys">Admins and owners make keys for machines.</NoPermission>;
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['api-keys'] });
  const columns: readonly Column<ApiKey>[] = [
    {
      name: 'name',
      head: 'Key',
      cell: (key) => (
        <>
          <strong>{key.name}</strong>
          <div className="faint">
            <code>{key.id}</code>
          </div>
        </>
      ),
    },
    { name: 'state', head: 'State', narrow: true, cell: (key) => <KeyState apiKey={key} /> },
    { name: 'scopes', head: 'May', cell: (key) => <span className="muted">{key.scopes.join(', ')}</span> },
    {
      name: 'environment',
      head: 'Where',
      minor: true,
      narrow: true,
      cell: (key) =>
        key.environmentId === null
          ? 'everywhere'
          : (environments.data?.find((each) => each.id === key.environmentId)?.slug ?? '…'),
    },
    {
      name: 'used',
      head: 'Last used',
      narrow: true,
      cell: (key) =>
        key.lastUsedAt === null ? <span className="faint">never</span> : <RelativeTime at={key.lastUsedAt} />,
    },
    {
      name: 'ends',
      head: 'Ends',
      narrow: true,
      minor: true,
      cell: (key) =>
        key.expiresAt === null ? <span className="faint">never</span> : <RelativeTime at={key.expiresAt} />,
    },
    { name: 'by', head: 'Made by', narrow: true, minor: true, cell: (key) => <Actor id={key.createdBy} /> },
    {
      name: 'actions',
      head: <span className="visually-hidden">Actions</span>,
      narrow: true,
      align: 'right',
      cell: (key) =>
        isGood(key, now) && (
          <>
            {key.replacedBy === null && (
              <ConfirmButton
                name="Rotate"
                of={key.name}
                title={`Rotate ${key.name}`}
                submit="Rotate"
                done={`A new key ${key.name} is there.`}
                act={async () => {
                  const params = { path: { apiKey: key.id } };
                  setMade(await answer(api.POST('/v1/api-keys/{apiKey}:rotate', { params })));
                  await refresh();
                }}
              >
                A new key with the same rights is made. The old one stays good for a while, so that you can replace it
                without a gap.
              </ConfirmButton>
            )}
            <ConfirmButton
              name="Revoke"
              of={key.name}
              title={`Revoke ${key.name}`}
              submit="Revoke"
              done={`Key ${key.name} revoked.`}
              act={async () => {
                await answer(api.DELETE('/v1/api-keys/{apiKey}', { params: { path: { apiKey: key.id } } }));
                await refresh();
              }}
            >
              Whatever uses it is refused at once. This cannot be undone.
            </ConfirmButton>
          </>
        ),
    },
  ];
  return (
    <Page
      title="API keys"
      lead="Credentials for machines. A key is shown once and kept as a hash."
      actions={
        <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      <ListView
        list={keys}
        caption="API keys"
        columns={columns}
        rowKey={(key) => key.id}
        empty={
          <EmptyState icon="keys" title="There is no key yet">
            The command line, CI jobs and your own programs use one to reach the API.
          </EmptyState>
        }
      />
      {isMaking && (
        <NewKeyDialog
          onMade={(key) => {
            setMaking(false);
            setMade(key);
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {made !== undefined && <MadeKeyDialog made={made} onClose={() => setMade(undefined)} />}
    </Page>
  );
}
