import { answer, type Schemas } from '@millrace/clients';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { count, duration } from '../../api/format.js';
import { isMissing, useList, useMay } from '../../api/queries.js';
import { inEnvironment, useEnvironment } from '../../shell/environment.js';
import { StateBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm.js';
import { Fresh } from '../../ui/fresh.js';
import { ListView } from '../../ui/list-view.js';
import { Facts, Page, Section } from '../../ui/page.js';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { MissingPage } from '../missing-page.js';
import { PoolDialog } from './pool-form.js';
import { runnersOf, Slots } from './pools-page.js';

type Runner = Schemas['Runner'];

const runnerColumns: readonly Column<Runner>[] = [
  { name: 'state', head: 'State', narrow: true, cell: (runner) => <StateBadge state={runner.state} /> },
  {
    name: 'runner',
    head: 'Runner',
    cell: (runner) => (
      <code title={runner.id}>
        {runner.host}
        {runner.pid !== null && <span className="faint"> · pid {runner.pid}</span>}
      </code>
    ),
  },
  {
    name: 'slots',
    head: 'Slots',
    align: 'right',
    narrow: true,
    cell: (runner) => (
      <>
        {runner.leases} <span className="muted">of {runner.slots}</span>
      </>
    ),
  },
  { name: 'tier', head: 'Isolation', narrow: true, minor: true, cell: (runner) => runner.tier },
  { name: 'started', head: 'Started', narrow: true, cell: (runner) => <RelativeTime at={runner.startedAt} /> },
  {
    name: 'ended',
    head: 'Ended',
    minor: true,
    cell: (runner) =>
      runner.endedAt === null ? (
        <span className="faint">—</span>
      ) : (
        <>
          <RelativeTime at={runner.endedAt} /> <span className="muted">{runner.endReason}</span>
        </>
      ),
  },
];

/** One pool: what it has, who works in it now. */
export function PoolPage() {
  const environment = useEnvironment();
  const { pool: name = '' } = useParams();
  const mayManage = useMay('manage');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'change' | 'delete'>();
  const params = { path: { pool: name }, query: { environment } };
  const pool = useQuery({
    queryKey: ['pool', environment, name],
    queryFn: () => answer(api.GET('/v1/pools/{pool}', { params })),
    refetchInterval: 2500,
  });
  const latency = useQuery({
    queryKey: ['pool', environment, name, 'latency'],
    queryFn: () => answer(api.GET('/v1/pools/{pool}/latency', { params })),
    refetchInterval: 15_000,
  });
  const runners = useList<Runner>(
    ['pool', environment, name, 'runners'],
    (cursor, signal) =>
      answer(
        api.GET('/v1/pools/{pool}/runners', {
          params: { ...params, query: { environment, ...given({ cursor }), limit: 25 } },
          signal,
        }),
      ),
    { refetchMs: 2500 },
  );
  const above = [{ to: inEnvironment(environment, 'pools'), name: 'Pools' }];
  const { data, error } = pool;
  if (data === undefined) {
    if (isMissing(error)) return <MissingPage />;
    return (
      <Page title={name} above={above}>
        {error === null ? <Skeleton lines={6} /> : <ErrorState error={error} onRetry={() => void pool.refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      above={above}
      actions={
        mayManage && (
          <>
            <Button onClick={() => setDialog('delete')}>Delete</Button>
            <Button icon="settings" onClick={() => setDialog('change')}>
              Change
            </Button>
          </>
        )
      }
    >
      <Facts
        facts={[
          ['Slots in use', <Slots pool={data} />],
          ['Queued task instances', <span className="number">{data.queued.toLocaleString('en-US')}</span>],
          ['Runners', runnersOf(data)],
          ['Size of a slot', <code>{data.size}</code>],
          ['Slots per runner', <span className="number">{data.slotsPerRunner}</span>],
          ['Runners at most', <span className="number">{data.maxRunners}</span>],
          ['Idle seconds', <span className="number">{data.idleSeconds}</span>],
          ['Sandbox mode', <code>{data.sandboxMode}</code>],
          ['Isolation at least', data.minTier ?? 'any'],
          ['Trigger to first line, last hour', <StartLatency latency={latency.data} />],
          ['Leaked slots', <span className="number">{data.slotsLeaked}</span>],
        ]}
      />
      <Section title="Runners" lead="The newest first, with those that have ended.">
        <ListView
          list={runners}
          caption={`Runners of ${data.name}`}
          columns={runnerColumns}
          rowKey={(runner) => runner.id}
          empty={
            <EmptyState icon="pools" title="No runner has been needed yet">
              One starts as soon as a task of this pool is to run.
            </EmptyState>
          }
        />
      </Section>
      {dialog === 'change' && (
        <Fresh
          title={`Change ${data.name}`}
          read={() => api.GET('/v1/pools/{pool}', { params })}
          onClose={() => setDialog(undefined)}
        >
          {(seen, ifSeen) => (
            <PoolDialog {...{ environment, pool: seen, ifSeen }} onClose={() => setDialog(undefined)} />
          )}
        </Fresh>
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title={`Delete ${data.name}`}
          submit="Delete the pool"
          word={data.name}
          done={`Pool ${data.name} deleted.`}
          act={async () => {
            await answer(api.DELETE('/v1/pools/{pool}', { params }));
            await navigate(inEnvironment(environment, 'pools'));
            await queries.invalidateQueries({ queryKey: ['pools', environment] });
          }}
          onClose={() => setDialog(undefined)}
        >
          Pipelines that name it can no longer run until there is a pool of this name again.
        </ConfirmDialog>
      )}
    </Page>
  );
}

function StartLatency({ latency }: { readonly latency: Schemas['PoolLatency'] | undefined }) {
  if (latency === undefined) return <span className="faint">—</span>;
  const { runs, p50Ms, p95Ms } = latency.start;
  if (p50Ms === null || p95Ms === null) return <span className="faint">no run began</span>;
  const ways = latency.ways.map(
    (each) => `${each.way}: ${count(each.runs, 'run')}, median ${duration(each.p50Ms ?? 0)}`,
  );
  return (
    <span className="number" title={ways.join('\n')}>
      p50 {duration(p50Ms)}, p95 {duration(p95Ms)} <span className="muted">of {count(runs, 'run')}</span>
    </span>
  );
}
