import { answer, type Schemas } from '@millrace/clients';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { useList, useMay } from '../../api/queries.js';
import { Actor } from '../../ui/actor.js';
import { Button } from '../../ui/button.js';
import { ListView } from '../../ui/list-view.js';
import { NoPermission } from '../../ui/no-permission.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import '../runs/runs.css';
import './audit.css';

type AuditEvent = Schemas['AuditEvent'];

const columns: readonly Column<AuditEvent>[] = [
  { name: 'at', head: 'When', narrow: true, cell: (event) => <RelativeTime at={event.at} /> },
  { name: 'actor', head: 'Who', narrow: true, cell: (event) => <Actor id={event.actor} /> },
  { name: 'action', head: 'What', narrow: true, cell: (event) => <code>{event.action}</code> },
  { name: 'target', head: 'On', narrow: true, cell: (event) => <code className="muted">{event.target}</code> },
  {
    name: 'detail',
    head: 'With',
    grow: true,
    minor: true,
    cell: (event) => {
      const text = Object.keys(event.detail).length === 0 ? '' : JSON.stringify(event.detail);
      return (
        <code className="audit__detail" title={text}>
          {text}
        </code>
      );
    },
  },
  {
    name: 'request',
    head: 'Request',
    narrow: true,
    minor: true,
    cell: (event) =>
      event.requestId === null ? (
        <span className="faint">—</span>
      ) : (
        <code className="faint" title={event.requestId}>
          …{event.requestId.slice(-8)}
        </code>
      ),
  },
];

/** Who changed what; the filters are in the address. */
export function AuditPage() {
  const mayManage = useMay('manage');
  const [search, setSearch] = useSearchParams();
  const filter = {
    action: search.get('action') ?? undefined,
    target: search.get('target') ?? undefined,
  };
  const [action, setAction] = useState(filter.action ?? '');
  const [target, setTarget] = useState(filter.target ?? '');
  const events = useList<AuditEvent>(
    ['audit', filter],
    (cursor, signal) =>
      answer(api.GET('/v1/audit-events', { params: { query: given({ ...filter, cursor }) }, signal })),
    { enabled: mayManage },
  );
  if (!mayManage) return <NoPermission title="Audit log">Admins and owners read who changed what.</NoPermission>;
  const isFiltered = filter.action !== undefined || filter.target !== undefined;
  return (
    <Page title="Audit log" lead="Every change, by whom, with the id of the request that made it.">
      <form
        className="filters"
        role="search"
        aria-label="Filter the audit log"
        onSubmit={(event) => {
          event.preventDefault();
          setSearch(given({ action: action.trim() || undefined, target: target.trim() || undefined }));
        }}
      >
        <input
          className="input input--small audit__filter"
          aria-label="Action"
          placeholder="Action, such as secret.set"
          value={action}
          onChange={(event) => setAction(event.target.value)}
        />
        <input
          className="input input--small audit__filter"
          aria-label="Target"
          placeholder="Id or name of the target"
          value={target}
          onChange={(event) => setTarget(event.target.value)}
        />
        <Button type="submit" size="small">
          Filter
        </Button>
        {isFiltered && (
          <Button
            size="small"
            variant="quiet"
            icon="cross"
            onClick={() => {
              setAction('');
              setTarget('');
              setSearch({});
            }}
          >
            Clear
          </Button>
        )}
      </form>
      <ListView
        list={events}
        caption="Changes, newest first"
        columns={columns}
        rowKey={(event) => event.id}
        empty={<EmptyState icon="audit" title={isFiltered ? 'No change is like this' : 'Nothing has changed yet'} />}
      />
    </Page>
  );
}
