import { answer, type Schemas } from '@millrace/clients';
import { Link } from 'react-router';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { useList } from '../../api/queries.js';
import { inEnvironment, useEnvironment } from '../../shell/environment.js';
import { Actor } from '../../ui/actor.js';
import { StateBadge } from '../../ui/badge.js';
import { ButtonLink } from '../../ui/button.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import './deployments.css';

export type Deployment = Schemas['Deployment'];

/** The pipelines that a deployment brought, in words. */
export function Versions({ deployment }: { readonly deployment: Deployment }) {
  const { versions } = deployment;
  if (versions.length === 0) return <span className="faint">—</span>;
  const fresh = versions.filter((version) => version.isNew);
  const shown = (fresh.length > 0 ? fresh : versions).slice(0, 4);
  const left = versions.length - shown.length;
  return (
    <span>
      {shown.map((version) => `${version.pipeline} v${version.number}`).join(', ')}
      {left > 0 && <span className="faint"> and {left} unchanged or more</span>}
    </span>
  );
}

const columns: readonly Column<Deployment>[] = [
  { name: 'state', head: 'State', narrow: true, cell: (deployment) => <StateBadge state={deployment.state} /> },
  {
    name: 'message',
    head: 'Deployment',
    cell: (deployment) => (
      <Link className="row-link" to={`/deployments/${deployment.id}`} title={deployment.id}>
        {deployment.message ??
          (deployment.rollbackOf === null ? <span className="muted">Without a message</span> : 'Rollback')}
      </Link>
    ),
  },
  {
    name: 'versions',
    head: 'Versions',
    cell: (deployment) =>
      deployment.error === null ? (
        <Versions deployment={deployment} />
      ) : (
        <span className="deployments__error">{deployment.error.message}</span>
      ),
  },
  { name: 'created', head: 'Created', narrow: true, cell: (deployment) => <RelativeTime at={deployment.createdAt} /> },
  { name: 'by', head: 'By', narrow: true, minor: true, cell: (deployment) => <Actor id={deployment.createdBy} /> },
];

/** What was pushed into an environment. */
export function DeploymentsPage() {
  const environment = useEnvironment();
  const deployments = useList<Deployment>(
    ['deployments', environment],
    (cursor, signal) =>
      answer(api.GET('/v1/deployments', { params: { query: { environment, ...given({ cursor }) } }, signal })),
    { refetchMs: 5000 },
  );
  return (
    <Page title="Deployments" lead="Every bundle that was pushed, with what became of it.">
      <ListView
        list={deployments}
        caption="Deployments, newest first"
        columns={columns}
        rowKey={(deployment) => deployment.id}
        empty={
          <EmptyState
            icon="deployments"
            title="Nothing has been pushed here yet"
            actions={<ButtonLink to={inEnvironment(environment, 'pipelines')}>How to push</ButtonLink>}
          />
        }
      />
    </Page>
  );
}
