import { answer } from '@millrace/clients';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { useList, useMay } from '../../api/queries.js';
import { inEnvironment, useEnvironment } from '../../shell/environment.js';
import { Button } from '../../ui/button.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { type Pool, PoolDialog } from './pool-form.js';
import './pools.css';

/** Slots that are held, of those that the pool can come to. */
export function Slots({ pool }: { readonly pool: Pool }) {
  const most = pool.slotsPerRunner * pool.maxRunners;
  return (
    <span className="slots">
      <meter
        className="slots__meter"
        min={0}
        max={most}
        value={pool.slotsInUse}
        aria-label={`Slots of ${pool.name} in use`}
      />
      <span className="number">
        {pool.slotsInUse} <span className="muted">of {most}</span>
      </span>
    </span>
  );
}

export function runnersOf({ runners }: Pool): string {
  const parts = [
    [runners.ready, 'ready'],
    [runners.starting, 'starting'],
    [runners.draining, 'draining'],
  ] as const;
  const some = parts.filter(([amount]) => amount > 0).map(([amount, word]) => `${amount} ${word}`);
  return some.length === 0 ? 'none: it is at zero' : some.join(', ');
}

function columnsOf(environment: string): readonly Column<Pool>[] {
  return [
    {
      name: 'name',
      head: 'Pool',
      cell: (pool) => (
        <Link className="row-link" to={inEnvironment(environment, 'pools', pool.name)}>
          {pool.name}
        </Link>
      ),
    },
    { name: 'slots', head: 'Slots in use', cell: (pool) => <Slots pool={pool} /> },
    {
      name: 'queued',
      head: 'Queued',
      align: 'right',
      narrow: true,
      cell: (pool) => pool.queued.toLocaleString('en-US'),
    },
    { name: 'runners', head: 'Runners', cell: (pool) => <span className="muted">{runnersOf(pool)}</span> },
    { name: 'size', head: 'Size', narrow: true, cell: (pool) => <code>{pool.size}</code> },
    { name: 'mode', head: 'Sandbox', narrow: true, minor: true, cell: (pool) => <code>{pool.sandboxMode}</code> },
  ];
}

/** Where the tasks of an environment run. */
export function PoolsPage() {
  const environment = useEnvironment();
  const mayManage = useMay('manage');
  const [isMaking, setMaking] = useState(false);
  const pools = useList<Pool>(
    ['pools', environment],
    (cursor, signal) =>
      answer(api.GET('/v1/pools', { params: { query: { environment, ...given({ cursor }) } }, signal })),
    { refetchMs: 2500 },
  );
  return (
    <Page
      title="Pools"
      lead="Where tasks run. A pool starts from zero when work comes, and goes back to zero when it is idle."
      actions={
        mayManage && (
          <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
            New pool
          </Button>
        )
      }
    >
      <ListView
        list={pools}
        caption="Pools"
        columns={columnsOf(environment)}
        rowKey={(pool) => pool.id}
        empty={
          <EmptyState icon="pools" title="There is no pool">
            Tasks of this environment have nowhere to run.
          </EmptyState>
        }
      />
      {isMaking && <PoolDialog environment={environment} onClose={() => setMaking(false)} />}
    </Page>
  );
}
