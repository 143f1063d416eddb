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
import { FormDialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { Card, Facts, Page, Section } from '../../ui/page.js';
import { ErrorState, Skeleton } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';
import { PasswordDialog } from './password-dialog.js';

type Environment = Schemas['Environment'];

function OrganizationName({ organization }: { readonly organization: Schemas['Organization'] }) {
  const [name, setName] = useState(organization.name);
  const toasts = useToasts();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => answer(api.PATCH('/v1/organization', { body: { name: name.trim() } })),
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
      {save.error !== null && Object.keys(messages).length === 0 && <ErrorState error={save.error} />}
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
  const organization = useQuery({ queryKey: ['organization'], queryFn: () => answer(api.GET('/v1/organization')) });
  const { data, error } = organization;
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
            {mayManage && <OrganizationName key={data.name} organization={data} />}
          </div>
        </Card>
      )}
    </Section>
  );
}

function EnvironmentDialog({
  environment,
  onClose,
}: {
  readonly environment?: Environment;
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
              params: { path: { environment: environment.slug } },
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
      {save.error !== null && Object.keys(messages).length === 0 && <ErrorState error={save.error} />}
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
              <Button size="small" variant="quiet" onClick={() => setDialog(environment)}>
                Rename<span className="visually-hidden"> {environment.slug}</span>
              </Button>
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
      {dialog !== undefined && (
        <EnvironmentDialog
          {...(dialog === 'new' ? {} : { environment: dialog })}
          onClose={() => setDialog(undefined)}
        />
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
