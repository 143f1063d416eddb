import { answer, type Schemas } from '@millrace/clients';
import { Link, Outlet, useSearchParams } from 'react-router';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { count } from '../../api/format.js';
import { useList } from '../../api/queries.js';
import { inEnvironment, useEnvironment } from '../../shell/environment.js';
import { Badge } from '../../ui/badge.js';
import { ListView } from '../../ui/list-view.js';
import { MoneyText } from '../../ui/money.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { Tabs } from '../../ui/tabs.js';
import { RelativeTime } from '../../ui/time.js';
import '../runs/runs.css';
import './alerts.css';

type Alert = Schemas['Alert'];

/** Everything about who is told of what. */
export function AlertsPage() {
  const environment = useEnvironment();
  const base = inEnvironment(environment, 'alerts');
  return (
    <Page title="Alerts" lead="One alert for each cause, told once and again only while it goes on.">
      <Tabs
        label="Parts of the alerts"
        tabs={[
          { to: base, name: 'Causes', end: true },
          { to: `${base}/rules`, name: 'Who is told' },
          { to: `${base}/webhooks`, name: 'Webhooks' },
          { to: `${base}/deliveries`, name: 'Deliveries' },
        ]}
      />
      <Outlet />
    </Page>
  );
}

/** Whether it still goes on. */
export function AlertBadge({ alert }: { readonly alert: Pick<Alert, 'state' | 'event'> }) {
  if (alert.state === 'recovered') {
    return (
      <Badge tone="good" icon="check">
        Recovered
      </Badge>
    );
  }
  return (
    <Badge tone="bad" icon="warning">
      {alert.event === 'failed' ? 'Failing' : 'Deadline missed'}
    </Badge>
  );
}

const columns: readonly Column<Alert>[] = [
  {
    name: 'state',
    head: 'State',
    narrow: true,
    cell: (alert) => <AlertBadge alert={alert} />,
  },
  {
    name: 'cause',
    head: 'Cause',
    grow: true,
    cell: (alert) => (
      <>
        <Link className="row-link" to={inEnvironment(alert.environment, 'alerts', alert.id)}>
          {alert.pipeline}
          {alert.cause.task !== null && <span className="muted"> › {alert.cause.task}</span>}
        </Link>
        <p className="alerts__message" title={alert.cause.message ?? undefined}>
          <code>{alert.cause.class}</code> {alert.cause.message}
        </p>
      </>
    ),
  },
  {
    name: 'count',
    head: 'How often',
    narrow: true,
    cell: (alert) => (
      <span className="number">
        {count(alert.count, 'time')} <span className="muted">in {count(alert.runCount, 'run')}</span>
      </span>
    ),
  },
  {
    name: 'wasted',
    head: 'Wasted',
    narrow: true,
    minor: true,
    align: 'right',
    cell: (alert) => <MoneyText amount={alert.wasted} />,
  },
  { name: 'last', head: 'Last seen', narrow: true, cell: (alert) => <RelativeTime at={alert.lastSeenAt} /> },
  { name: 'owner', head: 'Deployed by', narrow: true, minor: true, cell: (alert) => alert.owner ?? '—' },
];

/** What fails, one line for each cause. */
export function AlertCauses() {
  const environment = useEnvironment();
  const [search, setSearch] = useSearchParams();
  const state = search.get('state') === 'all' ? undefined : 'open';
  const alerts = useList<Alert>(
    ['alerts', environment, state],
    (cursor, signal) =>
      answer(
        api.GET('/v1/alerts', { params: { query: { environment, ...given({ state, cursor } as const) } }, signal }),
      ),
    { refetchMs: 5000 },
  );
  return (
    <>
      <div className="filters">
        <select
          className="input input--select input--small"
          aria-label="State"
          value={state ?? 'all'}
          onChange={(event) => setSearch(event.target.value === 'all' ? { state: 'all' } : {})}
        >
          <option value="open">Open</option>
          <option value="all">Open and recovered</option>
        </select>
      </div>
      <ListView
        list={alerts}
        caption="Alerts"
        columns={columns}
        rowKey={(alert) => alert.id}
        empty={
          <EmptyState icon="check" title={state === undefined ? 'Nothing has failed' : 'Nothing fails'}>
            What fails, or misses its deadline, stands here until the pipeline succeeds again.
          </EmptyState>
        }
      />
    </>
  );
}
