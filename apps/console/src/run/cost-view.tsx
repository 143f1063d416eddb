import { answer, type Schemas } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { isOver, type Run } from '../api/environment-queries.js';
import { duration } from '../api/format.js';
import { CostSplit } from '../ui/cost-split.js';
import { MoneyText } from '../ui/money.js';
import { Facts, Section } from '../ui/page.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { type Column, Table } from '../ui/table.js';

type TaskCost = Pick<Schemas['TaskCost'], 'taskId' | 'total' | 'computeMs'>;

const columns: readonly Column<TaskCost>[] = [
  { name: 'task', head: 'Task', cell: ({ taskId }) => taskId },
  { name: 'compute', head: 'Billed', align: 'right', narrow: true, cell: ({ computeMs }) => duration(computeMs) },
  { name: 'total', head: 'Cost', align: 'right', narrow: true, cell: ({ total }) => <MoneyText amount={total} /> },
];

/** What the run costs, to the nano-dollar, and for what. */
export function CostView({ run }: { readonly run: Run }) {
  const cost = useQuery({
    queryKey: ['run', run.id, 'cost'],
    queryFn: () => answer(api.GET('/v1/runs/{run}/cost', { params: { path: { run: run.id } } })),
  });
  if (cost.data === undefined) {
    if (cost.error === null) return <Skeleton lines={6} />;
    return <ErrorState error={cost.error} onRetry={() => void cost.refetch()} />;
  }
  const { total, split, computeMs, tasks } = cost.data;
  return (
    <div className="stack stack--wide">
      <Facts
        facts={[
          [
            isOver(run.state) ? 'Cost of the run' : 'Cost so far',
            <strong className="cost__total">
              <MoneyText amount={total} />
            </strong>,
          ],
          ['Billed compute', duration(computeMs)],
        ]}
      />
      <CostSplit split={split} />
      <Section title="By task" lead="Each attempt is billed from start to exit, a second at least. Waiting is free.">
        {tasks.length === 0 ? (
          <EmptyState icon="money" title="Nothing has been billed" />
        ) : (
          <Table caption="Cost by task" columns={columns} rows={tasks} rowKey={({ taskId }) => taskId} />
        )}
      </Section>
    </div>
  );
}
