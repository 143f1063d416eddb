import { answer, ApiError } from '@millrace/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api } from '../../api/client.js';
import { isMissing, useEnvironments, useMay } from '../../api/queries.js';
import { inEnvironment } from '../../shell/environment.js';
import { Actor } from '../../ui/actor.js';
import { Badge, StateBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code.js';
import { CopyButton } from '../../ui/copy-button.js';
import { FormDialog } from '../../ui/dialog.js';
import { Checkbox, SelectField } from '../../ui/field.js';
import { Facts, Page, Section } from '../../ui/page.js';
import { EmptyState, ErrorState, Notice, Skeleton } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { Elapsed, RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';
import { MissingPage } from '../missing-page.js';
import type { Deployment } from './deployments-page.js';

function useDeployment(id: string) {
  return useQuery({
    queryKey: ['deployment', id],
    queryFn: () => answer(api.GET('/v1/deployments/{deployment}', { params: { path: { deployment: id } } })),
    refetchInterval: (query) => (query.state.data?.state === 'building' ? 1000 : false),
  });
}

function BuildLog({ deployment }: { readonly deployment: Deployment }) {
  const log = useQuery({
    queryKey: ['deployment', deployment.id, 'log', deployment.state],
    queryFn: () =>
      answer(
        api.GET('/v1/deployments/{deployment}/log', {
          params: { path: { deployment: deployment.id } },
          parseAs: 'text',
        }),
      ),
    refetchInterval: deployment.state === 'building' ? 1500 : false,
  });
  if (log.data === undefined) {
    return log.error === null ? <Skeleton /> : <ErrorState error={log.error} onRetry={() => void log.refetch()} />;
  }
  if (log.data.trim() === '') {
    return (
      <EmptyState icon="log" title={deployment.state === 'building' ? 'Nothing written yet' : 'Nothing was built'} />
    );
  }
  return <CodeBlock label="Build log" code={log.data} wrap />;
}

function RollBackDialog({ deployment, onClose }: { readonly deployment: Deployment; readonly onClose: () => void }) {
  const toasts = useToasts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const rollBack = useMutation({
    mutationFn: () =>
      answer(api.POST('/v1/deployments/{deployment}:rollback', { params: { path: { deployment: deployment.id } } })),
    onSuccess: async (made) => {
      toasts.done('Rolled back.');
      onClose();
      await navigate(`/deployments/${made.id}`);
      await queries.invalidateQueries();
    },
  });
  return (
    <FormDialog
      title="Roll back this deployment"
      submit="Roll back"
      busy={rollBack.isPending}
      onSubmit={() => rollBack.mutate()}
      onClose={onClose}
    >
      {rollBack.error !== null && <ErrorState error={rollBack.error} />}
      <p>
        Each pipeline that this deployment activated goes back to the version that was active before it. Runs that are
        going on keep theirs.
      </p>
    </FormDialog>
  );
}

function PromoteDialog({
  deployment,
  from,
  onClose,
}: {
  readonly deployment: Deployment;
  readonly from: string | undefined;
  readonly onClose: () => void;
}) {
  const environments = useEnvironments();
  const others = environments.data?.filter((each) => each.slug !== from) ?? [];
  const [chosen, setChosen] = useState('');
  const [activate, setActivate] = useState(true);
  const target = chosen === '' ? (others[0]?.slug ?? '') : chosen;
  const toasts = useToasts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const promote = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/v1/deployments/{deployment}:promote', {
          params: { path: { deployment: deployment.id } },
          body: { environment: target, activate },
        }),
      ),
    onSuccess: async (made) => {
      toasts.done(`Promoted to ${target}.`);
      onClose();
      await navigate(`/deployments/${made.id}`);
      await queries.invalidateQueries({ queryKey: ['deployments', target] });
    },
  });
  const missing = promote.error instanceof ApiError ? (promote.error.problem.errors ?? []) : [];
  return (
    <FormDialog
      title="Promote this deployment"
      submit="Promote"
      busy={promote.isPending}
      onSubmit={() => promote.mutate()}
      onClose={onClose}
    >
      {promote.error !== null && <ErrorState error={promote.error} />}
      {missing.length > 0 && (
        <ul className="deployments__missing">
          {missing.map(({ message, pointer }) => (
            <li key={`${pointer ?? ''} ${message ?? ''}`}>{message}</li>
          ))}
        </ul>
      )}
      <p>The same versions, digest for digest: nothing is built anew.</p>
      {others.length === 0 ? (
        <Notice>There is no other environment. Make one in the settings.</Notice>
      ) : (
        <>
          <SelectField label="To" value={target} onChange={(event) => setChosen(event.target.value)}>
            {others.map((each) => (
              <option key={each.slug} value={each.slug}>
                {each.name}
              </option>
            ))}
          </SelectField>
          <Checkbox
            label="Activate"
            hint="New runs there use these versions."
            checked={activate}
            onChange={(event) => setActivate(event.target.checked)}
          />
        </>
      )}
    </FormDialog>
  );
}

type DeployedVersion = Deployment['versions'][number];

function versionColumns(environment: string | undefined): readonly Column<DeployedVersion>[] {
  return [
    {
      name: 'pipeline',
      head: 'Pipeline',
      cell: (version) =>
        environment === undefined ? (
          version.pipeline
        ) : (
          <Link className="row-link" to={inEnvironment(environment, 'pipelines', version.pipeline)}>
            {version.pipeline}
          </Link>
        ),
    },
    { name: 'number', head: 'Version', narrow: true, cell: (version) => `v${version.number}` },
    {
      name: 'what',
      head: 'What happened',
      cell: (version) => (
        <span className="row">
          {version.isNew ? <Badge tone="active">New version</Badge> : <Badge>Unchanged</Badge>}
          {version.activated && (
            <Badge tone="good" icon="check">
              Activated
            </Badge>
          )}
        </span>
      ),
    },
  ];
}

function sourceFacts({ source }: Deployment): readonly (readonly [string, ReactNode])[] {
  if (source === null) return [];
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Repository', source.repository],
    ['Branch', source.branch],
    ['Commit', source.commit],
  ];
  return facts.flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, <code className="truncate">{value}</code>] as const] : [],
  );
}

function placeOf({ code, file }: { readonly code: string; readonly file?: string | undefined }): string {
  return file === undefined ? code : `${code} · ${file}`;
}

/** One deployment: its versions, its problems, the log of its builds. */
export function DeploymentPage() {
  const { deployment: id = '' } = useParams();
  const deployment = useDeployment(id);
  const environments = useEnvironments();
  const mayDeploy = useMay('deploy');
  const [dialog, setDialog] = useState<'roll-back' | 'promote'>();
  const { data, error } = deployment;
  if (data === undefined) {
    if (isMissing(error)) return <MissingPage />;
    return (
      <Page title="Deployment">
        {error === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState error={error} onRetry={() => void deployment.refetch()} />
        )}
      </Page>
    );
  }
  const environment = environments.data?.find((each) => each.id === data.environmentId)?.slug;
  const isReady = mayDeploy && data.state === 'ready';
  const close = (): void => setDialog(undefined);
  return (
    <Page
      title={data.message ?? (data.rollbackOf === null ? 'Deployment' : 'Rollback')}
      mark={<StateBadge state={data.state} />}
      above={environment === undefined ? [] : [{ to: inEnvironment(environment, 'deployments'), name: 'Deployments' }]}
      actions={
        isReady && (
          <>
            {data.versions.some((version) => version.activated) && (
              <Button icon="retry" onClick={() => setDialog('roll-back')}>
                Roll back
              </Button>
            )}
            <Button icon="deployments" onClick={() => setDialog('promote')}>
              Promote
            </Button>
          </>
        )
      }
    >
      <Facts
        facts={[
          [
            'Id',
            <span className="row">
              <code className="truncate">{data.id}</code>
              <CopyButton text={data.id} label="Copy the id" />
            </span>,
          ],
          ['Pushed by', <Actor id={data.createdBy} />],
          ['Created', <RelativeTime at={data.createdAt} />],
          ['Took', <Elapsed from={data.createdAt} to={data.endedAt} />],
          ['Environment', environment ?? '…'],
          ['Bundle', <code title={data.bundleDigest}>{data.bundleDigest.replace('sha256:', '').slice(0, 12)}</code>],
          ...(data.rollbackOf === null
            ? []
            : [['Rollback of', <Link to={`/deployments/${data.rollbackOf}`}>Show that deployment</Link>] as const]),
          ...(data.promotedFrom === null
            ? []
            : [['Promoted from', <Link to={`/deployments/${data.promotedFrom}`}>Show that deployment</Link>] as const]),
          ...sourceFacts(data),
        ]}
      />
      {data.error !== null && (
        <Section title="Problems" lead={data.error.message}>
          <Table
            caption="Problems of the deployment"
            rows={
              data.error.errors.length > 0
                ? data.error.errors
                : [{ code: data.error.code, message: data.error.message }]
            }
            rowKey={(problem) => `${problem.code} ${problem.message}`}
            columns={[
              { name: 'message', head: 'What is wrong', cell: (problem) => problem.message },
              { name: 'place', head: 'Where', narrow: true, cell: (problem) => <code>{placeOf(problem)}</code> },
            ]}
          />
        </Section>
      )}
      <Section title="Versions">
        {data.versions.length === 0 ? (
          <EmptyState
            icon="deployments"
            title={data.state === 'building' ? 'Versions come when the build is done' : 'It brought no version'}
          />
        ) : (
          <Table
            caption="Versions of the deployment"
            rows={data.versions}
            rowKey={(version) => version.versionId}
            columns={versionColumns(environment)}
          />
        )}
      </Section>
      {data.dependencies.length > 0 && (
        <Section title="Build log" lead="What installing the dependencies wrote.">
          <BuildLog deployment={data} />
        </Section>
      )}
      {dialog === 'roll-back' && <RollBackDialog deployment={data} onClose={close} />}
      {dialog === 'promote' && <PromoteDialog deployment={data} from={environment} onClose={close} />}
    </Page>
  );
}
