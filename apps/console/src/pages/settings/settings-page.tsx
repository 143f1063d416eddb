import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../api/client.js';
import { fieldMessages } from '../../api/problems.js';
import { useEnvironments, useMay, useMe } from '../../api/queries.js';
import { inEnvironment } from '../../shell/environment.js';
import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ConfirmButton } from '../../ui/confirm.js';
import { FormDialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { Fresh, type IfSeen, SaveError } from '../../ui/fresh.js';
import { Card, Facts, Page, Section } from '../../ui/page.js';
import { ErrorState, Skeleton } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';
import { PasswordDialog } from './password-dialog.js';

type Environment = Schemas['Environment'];

function OrganizationName({
  organization,
  ifSeen,
}: {
  readonly organization: Schemas['Organization'];
  readonly ifSeen: IfSeen;
}) {
  const [name, setName] = useState(organization.name);
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      answer(api.PATCH('/v1/organization', { params: { header: ifSeen }, body: { name: name.trim() } })),
    onSuccess: async () => {
      toasts.done('Organization renamed.');
      await queries.invalidateQueries({ queryKey: ['organization'] });
      await queries.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const messages = fieldMessages(save.error);
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <SaveError error={save.error} />
      <div className="rename__fields">
        <TextField
          label="Name"
          value={name}
          error={messages['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={save.isPending} disabled={name.trim() === organization.name || name.trim() === ''}>
          Rename
        </Button>
      </div>
    </form>
  );
}

function OrganizationSection() {
  const mayManage = useMay('manage');
  const organization = useQuery({
    queryKey: ['organization'],
    queryFn: async () => {
      const { data, response } = await api.GET('/v1/organization');
      return { seen: data as Schemas['Organization'], tag: response.headers.get('etag') };
    },
  });
  const { error } = organization;
  const data = organization.data?.seen;
  const tag = organization.data?.tag ?? null;
  return (
    <Section title="Organization">
      {data === undefined ? (
        error === null ? (
          <Skeleton />
        ) : (
          <ErrorState error={error} onRetry={() => void organization.refetch()} />
        )
      ) : (
        <Card>
          <div className="stack">
            <Facts
              facts={[
                ['Name', data.name],
                ['Short name', <code>{data.slug}</code>],
                ['Plan', data.plan],
                ['Since', <RelativeTime at={data.createdAt} />],
                [
                  'Id',
                  <span className="row">
                    <code className="truncate">{data.id}</code>
                    <CopyButton text={data.id} label="Copy the id" />
                  </span>,
                ],
              ]}
            />
            {mayManage && (
              <OrganizationName key={data.name} organization={data} ifSeen={tag === null ? {} : { 'If-Match': tag }} />
            )}
          </div>
        </Card>
      )}
    </Section>
  );
}

function EnvironmentDialog({
  environment,
  ifSeen = {},
  onClose,
}: {
  readonly environment?: Environment;
  readonly ifSeen?: IfSeen;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(environment?.name ?? '');
  const [slug, setSlug] = useState('');
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      environment === undefined
        ? answer(
            api.POST('/v1/environments', {
              body: { slug: slug.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) },
            }),
          )
        : answer(
            api.PATCH('/v1/environments/{environment}', {
              params: { path: { environment: environment.slug }, header: ifSeen },
              body: { name: name.trim() },
            }),
          ),
    onSuccess: async (saved) => {
      toasts.done(environment === undefined ? `Environment ${saved.slug} made.` : 'Environment renamed.');
      onClose();
      await queries.invalidateQueries({ queryKey: ['environments'] });
    },
  });
  const messages = fieldMessages(save.error);
  return (
    <FormDialog
      title={environment === undefined ? 'New environment' : `Rename ${environment.slug}`}
      submit={environment === undefined ? 'Make the environment' : 'Rename'}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <SaveError error={save.error} />
      {environment === undefined && (
        <TextField
          label="Short name"
          value={slug}
          error={messages['slug']}
          hint="Stands in addresses and commands and never changes, such as staging."
          onChange={(event) => setSlug(event.target.value)}
        />
      )}
      <TextField
        label="Name"
        optional={environment === undefined}
        value={name}
        error={messages['name']}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}

function DeleteEnvironment({ environment }: { readonly environment: Environment }) {
  const queries = useQueryClient();
  const { slug } = environment;
  return (
    <ConfirmButton
      name="Delete"
      of={slug}
      title={`Delete ${slug}`}
      submit="Delete the environment"
      word={slug}
      done={`Environment ${slug} deleted.`}
      act={async () => {
        await answer(api.DELETE('/v1/environments/{environment}', { params: { path: { environment: slug } } }));
        await queries.invalidateQueries({ queryKey: ['environments'] });
      }}
    >
      Its pools, connections, variables, webhooks and secrets go with it. Its runs and what they cost stay on record. It
      is refused while something still uses the environment.
    </ConfirmButton>
  );
}

function EnvironmentsSection() {
  const mayManage = useMay('manage');
  const environments = useEnvironments();
  const [dialog, setDialog] = useState<'new' | Environment>();
  const { data, error } = environments;
  const columns: readonly Column<Environment>[] = [
    {
      name: 'name',
      head: 'Environment',
      cell: (environment) => (
        <Link className="row-link" to={inEnvironment(environment.slug, 'pipelines')}>
          {environment.name}
        </Link>
      ),
    },
    { name: 'slug', head: 'Short name', cell: (environment) => <code>{environment.slug}</code> },
    { name: 'created', head: 'Made', narrow: true, cell: (environment) => <RelativeTime at={environment.createdAt} /> },
    ...(mayManage
      ? [
          {
            name: 'actions',
            head: <span className="visually-hidden">Actions</span>,
            narrow: true,
            align: 'right' as const,
            cell: (environment: Environment) => (
              <>
                <Button size="small" variant="quiet" onClick={() => setDialog(environment)}>
                  Rename<span className="visually-hidden"> {environment.slug}</span>
                </Button>
                {environment.slug !== 'production' && <DeleteEnvironment environment={environment} />}
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <Section
      title="Environments"
      lead="Each has its own pipelines, pools, secrets, connections and variables."
      actions={
        mayManage && (
          <Button icon="plus" onClick={() => setDialog('new')}>
            New environment
          </Button>
        )
      }
    >
      {data === undefined ? (
        error === null ? (
          <Skeleton />
        ) : (
          <ErrorState error={error} onRetry={() => void environments.refetch()} />
        )
      ) : (
        <Table caption="Environments" columns={columns} rows={data} rowKey={(environment) => environment.id} />
      )}
      {dialog === 'new' && <EnvironmentDialog onClose={() => setDialog(undefined)} />}
      {typeof dialog === 'object' && (
        <Fresh
          title={`Rename ${dialog.slug}`}
          read={() => api.GET('/v1/environments/{environment}', { params: { path: { environment: dialog.slug } } })}
          onClose={() => setDialog(undefined)}
        >
          {(environment, ifSeen) => (
            <EnvironmentDialog {...{ environment, ifSeen }} onClose={() => setDialog(undefined)} />
          )}
        </Fresh>
      )}
    </Section>
  );
}

function AccountSection() {
  const me = useMe();
  const [isChanging, setChanging] = useState(false);
  if (me.data?.person === undefined || me.data.person === null) return null;
  const { person, role, scopes } = me.data;
  return (
    <Section title="You" actions={<Button onClick={() => setChanging(true)}>Change your password</Button>}>
      <Card>
        <Facts
          facts={[
            ['Name', person.name],
            ['E-mail address', person.email],
            ['Role', role ?? '—'],
            ['You may', scopes.join(', ')],
          ]}
        />
      </Card>
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
    </Section>
  );
}

/** The organization, its environments, and the person. */
export function SettingsPage() {
  return (
    <Page title="Settings">
      <OrganizationSection />
      <EnvironmentsSection />
      <AccountSection />
    </Page>
  );
}
