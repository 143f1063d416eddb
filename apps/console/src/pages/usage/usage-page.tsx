import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../../api/client.js';
import { duration } from '../../api/format.js';
import { Button } from '../../ui/button.js';
import { CostSplit } from '../../ui/cost-split.js';
import { MoneyText } from '../../ui/money.js';
import { Page, Section } from '../../ui/page.js';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { useToasts } from '../../ui/toast.js';
import { saveAs } from './save-as.js';
import './usage.css';

type Usage = Schemas['Usage'];
type UsageLine = Schemas['UsageLine'];

const DayChart = lazy(async () => ({ default: (await import('./day-chart.js')).DayChart }));

const periods: readonly (readonly [string, string, number | undefined])[] = [
  ['month', 'This month', undefined],
  ['7d', 'Last 7 days', 7],
  ['30d', 'Last 30 days', 30],
  ['90d', 'Last 90 days', 90],
];

/** First day of a period (UTC). */
function beginning(period: string): string {
  const days = periods.find(([name]) => name === period)?.[2];
  const today = new Date();
  const from =
    days === undefined
      ? Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1)
      : Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - days + 1);
  return new Date(from).toISOString();
}

function useUsage(groupBy: Usage['groupBy'], from: string) {
  return useQuery({
    queryKey: ['usage', groupBy, from],
    queryFn: () => answer(api.GET('/v1/usage', { params: { query: { groupBy, from, limit: 200 } } })),
    refetchInterval: 30_000,
  });
}

function columnsOf(first: string): readonly Column<UsageLine>[] {
  return [
    { name: 'name', head: first, cell: (line) => line.name ?? line.key },
    {
      name: 'runs',
      head: 'Task runs',
      align: 'right',
      narrow: true,
      cell: (line) => line.taskRuns.toLocaleString('en-US'),
    },
    { name: 'compute', head: 'Compute', align: 'right', narrow: true, cell: (line) => duration(line.computeMs) },
    {
      name: 'wasted',
      head: 'Not useful',
      align: 'right',
      narrow: true,
      minor: true,
      cell: (line) => {
        const wasted = (['retried', 'failed', 'cancelled'] as const).reduce(
          (sum, part) => sum + BigInt(line.split[part].nanoUsd),
          0n,
        );
        return wasted === 0n ? (
          <span className="faint">—</span>
        ) : (
          <MoneyText amount={{ nanoUsd: String(wasted), usd: (Number(wasted) / 1e9).toFixed(9) }} />
        );
      },
    },
    { name: 'total', head: 'Cost', align: 'right', narrow: true, cell: (line) => <MoneyText amount={line.total} /> },
  ];
}

function Group({
  title,
  head,
  groupBy,
  from,
}: {
  readonly title: string;
  readonly head: string;
  readonly groupBy: Usage['groupBy'];
  readonly from: string;
}) {
  const usage = useUsage(groupBy, from);
  let content: ReactNode;
  if (usage.data === undefined) {
    content =
      usage.error === null ? <Skeleton /> : <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />;
  } else if (usage.data.data.length === 0) content = <p className="muted">Nothing in this time.</p>;
  else {
    content = <Table caption={title} columns={columnsOf(head)} rows={usage.data.data} rowKey={(line) => line.key} />;
  }
  return <Section title={title}>{content}</Section>;
}

function LedgerButton() {
  const toasts = useToasts();
  const download = useMutation({
    mutationFn: async () => {
      const blob = await answer(api.GET('/v1/ledger', { headers: { accept: 'text/csv' }, parseAs: 'blob' }));
      saveAs(blob, 'ledger.csv');
    },
    onError: toasts.failed,
  });
  return (
    <Button icon="download" busy={download.isPending} onClick={() => download.mutate()}>
      Ledger (CSV)
    </Button>
  );
}

function Limits() {
  const limits = useQuery({
    queryKey: ['limits'],
    queryFn: () => answer(api.GET('/v1/limits')),
    refetchInterval: 30_000,
  });
  if (limits.data === undefined) return limits.error === null ? <Skeleton /> : <ErrorState error={limits.error} />;
  const { title, limits: rows, rate } = limits.data;
  return (
    <Section
      title={`Limits of the plan ${title}`}
      lead={`${rate.requests.toLocaleString('en-US')} requests in ${rate.windowSeconds} s from one credential.`}
    >
      <Table
        caption="Limits of the plan"
        rows={rows}
        rowKey={(limit) => limit.name}
        columns={[
          { name: 'name', head: 'Limit', cell: (limit) => <code>{limit.name}</code> },
          {
            name: 'used',
            head: 'Used',
            align: 'right',
            narrow: true,
            cell: (limit) =>
              limit.used === null ? <span className="faint">—</span> : limit.used.toLocaleString('en-US'),
          },
          {
            name: 'max',
            head: 'At most',
            align: 'right',
            narrow: true,
            cell: (limit) =>
              limit.unit === 'milliseconds' ? duration(Number(limit.max)) : limit.max.toLocaleString('en-US'),
          },
          { name: 'unit', head: 'Of', minor: true, cell: (limit) => <span className="muted">{limit.unit}</span> },
        ]}
      />
    </Section>
  );
}

/** What the organization used and what it costs, to the nano-dollar. */
export function UsagePage() {
  const [search, setSearch] = useSearchParams();
  const period = search.get('period') ?? 'month';
  const from = beginning(period);
  const days = useUsage('day', from);
  let content: ReactNode;
  if (days.data === undefined) {
    content =
      days.error === null ? (
        <Skeleton height="block" lines={2} />
      ) : (
        <ErrorState error={days.error} onRetry={() => void days.refetch()} />
      );
  } else if (days.data.data.length === 0) {
    content = (
      <EmptyState icon="usage" title="Nothing has been used in this time">
        Nothing runs, nothing costs. Every attempt of a task writes an entry of the ledger when it ends.
      </EmptyState>
    );
  } else {
    const usage = days.data;
    content = (
      <>
        <div className="usage__total">
          <div>
            <p className="muted">Cost</p>
            <p className="usage__figure">
              <MoneyText amount={usage.total} />
            </p>
          </div>
          <div>
            <p className="muted">Task runs</p>
            <p className="usage__figure number">{usage.taskRuns.toLocaleString('en-US')}</p>
          </div>
          <div>
            <p className="muted">Compute</p>
            <p className="usage__figure number">{duration(usage.computeMs)}</p>
          </div>
        </div>
        <CostSplit split={usage.split} />
        <Section title="Cost by day" lead="Days of UTC.">
          <Suspense fallback={<Skeleton height="block" lines={1} />}>
            <DayChart lines={usage.data} from={from} to={usage.to} />
          </Suspense>
        </Section>
        <Group title="By pipeline" head="Pipeline" groupBy="pipeline" from={from} />
        <Group title="By environment" head="Environment" groupBy="environment" from={from} />
      </>
    );
  }
  return (
    <Page
      title="Usage"
      lead="From the ledger: one entry for each attempt, none for what the platform broke."
      actions={
        <>
          <select
            className="input input--select usage__period"
            aria-label="Time"
            value={period}
            onChange={(event) => setSearch({ period: event.target.value })}
          >
            {periods.map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
          <LedgerButton />
        </>
      }
    >
      {content}
      <Limits />
    </Page>
  );
}
