import { type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { isOver, type RunState, usePipelines, useRuns } from '../../api/environment-queries.js';
import { useEnvironment, inEnvironment } from '../../shell/environment.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { EmptyState } from '../../ui/states.js';
import './runs.css';
import { runColumns } from './run-columns.js';

const states: readonly (readonly [RunState, string])[] = [
  ['queued', 'Queued'],
  ['running', 'Running'],
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
];
const periods: readonly (readonly [string, string, number])[] = [
  ['1h', 'Last hour', 3_600_000],
  ['24h', 'Last 24 hours', 86_400_000],
  ['7d', 'Last 7 days', 7 * 86_400_000],
];

function Filter({
  label,
  value,
  onChange,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}) {
  return (
    <select
      className="input input--select input--small"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {children}
    </select>
  );
}

/** Beginning of a period, to the minute: the same filter asks the same question for a while. */
function beginning(period: string): string | undefined {
  const ms = periods.find(([name]) => name === period)?.[2];
  if (ms === undefined) return undefined;
  return new Date(Math.floor((Date.now() - ms) / 60_000) * 60_000).toISOString();
}

/** The runs of an environment; the filters are in the address. */
export function RunsPage() {
  const environment = useEnvironment();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('state') ?? '';
  const state = states.find(([name]) => name === asked)?.[0];
  const pipeline = search.get('pipeline') ?? undefined;
  const period = search.get('period') ?? '';
  const pipelines = usePipelines(environment);
  const filter = { state, pipeline, createdAfter: beginning(period) };
  const runs = useRuns(environment, filter, { refetchMs: 3000 });
  const set = (name: string) => (value: string) => {
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value === '') after.delete(name);
      else after.set(name, value);
      return after;
    });
  };
  const isFiltered = state !== undefined || pipeline !== undefined || period !== '';
  const active = runs.items?.filter((run) => !isOver(run.state)).length ?? 0;
  return (
    <Page
      title="Runs"
      lead={active > 0 ? `${active} of those shown ${active === 1 ? 'is' : 'are'} going on.` : undefined}
    >
      <div className="filters" role="search" aria-label="Filter the runs">
        <Filter label="State" value={state ?? ''} onChange={set('state')}>
          <option value="">Every state</option>
          {states.map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </Filter>
        <Filter label="Pipeline" value={pipeline ?? ''} onChange={set('pipeline')}>
          <option value="">Every pipeline</option>
          {pipeline !== undefined && pipelines.items?.every((each) => each.name !== pipeline) !== false && (
            <option value={pipeline}>{pipeline}</option>
          )}
          {pipelines.items?.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Filter>
        <Filter label="Created" value={period} onChange={set('period')}>
          <option value="">At any time</option>
          {periods.map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </Filter>
        {isFiltered && (
          <Button variant="quiet" size="small" icon="cross" onClick={() => setSearch({})}>
            Clear
          </Button>
        )}
      </div>
      <ListView
        list={runs}
        caption="Runs, newest first"
        columns={runColumns}
        rowKey={(run) => run.id}
        empty={
          isFiltered ? (
            <EmptyState icon="search" title="No run is like this">
              Try another filter.
            </EmptyState>
          ) : (
            <EmptyState
              icon="runs"
              title="Nothing has run yet"
              actions={<ButtonLink to={inEnvironment(environment, 'pipelines')}>Go to the pipelines</ButtonLink>}
            >
              Runs of every pipeline in this environment appear here as they happen.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
