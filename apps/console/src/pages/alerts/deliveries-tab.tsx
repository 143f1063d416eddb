import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { duration } from '../../api/format.js';
import { useList, useMay } from '../../api/queries.js';
import { useEnvironment } from '../../shell/environment.js';
import { StateBadge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code.js';
import { Dialog } from '../../ui/dialog.js';
import { ListView } from '../../ui/list-view.js';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';

type Delivery = Schemas['Delivery'];

function DeliveryDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const environment = useEnvironment();
  const mayManage = useMay('manage');
  const toasts = useToasts();
  const queries = useQueryClient();
  const params = { path: { delivery: id } };
  const delivery = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => answer(api.GET('/v1/deliveries/{delivery}', { params })),
    refetchInterval: (query) => (query.state.data?.state === 'pending' ? 2000 : false),
  });
  const replay = useMutation({
    mutationFn: () => answer(api.POST('/v1/deliveries/{delivery}:replay', { params })),
    onSuccess: async () => {
      toasts.done('It is being sent again.');
      onClose();
      await queries.invalidateQueries({ queryKey: ['deliveries', environment] });
    },
    onError: toasts.failed,
  });
  const { data, error } = delivery;
  return (
    <Dialog
      title="Delivery"
      width="wide"
      onClose={onClose}
      actions={
        <>
          {mayManage && (
            <Button icon="retry" busy={replay.isPending} onClick={() => replay.mutate()}>
              Send it again
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {data === undefined ? (
        error === null ? (
          <Skeleton />
        ) : (
          <ErrorState error={error} />
        )
      ) : (
        <div className="stack">
          <div className="row row--wrap">
            <StateBadge state={data.state} />
            <code>{data.type}</code>
            <span className="muted">to {data.target}</span>
          </div>
          <Table
            caption="Attempts of the delivery"
            rows={data.log}
            rowKey={(attempt) => String(attempt.number)}
            columns={[
              { name: 'number', head: 'Attempt', narrow: true, cell: (attempt) => attempt.number },
              { name: 'at', head: 'When', narrow: true, cell: (attempt) => <RelativeTime at={attempt.at} /> },
              {
                name: 'took',
                head: 'Took',
                narrow: true,
                align: 'right',
                cell: (attempt) => duration(attempt.durationMs),
              },
              {
                name: 'met',
                head: 'Answer',
                cell: (attempt) => (
                  <span>
                    {attempt.status !== null && <code>{attempt.status} </code>}
                    {attempt.error ?? attempt.response ?? 'taken'}
                  </span>
                ),
              },
            ]}
          />
          <CodeBlock label="What is sent" code={JSON.stringify(data.payload, null, 2)} wrap />
        </div>
      )}
    </Dialog>
  );
}

/** Every message that went out, or is to; of one alert, or of all. */
export function DeliveriesTab({ alert }: { readonly alert?: string }) {
  const environment = useEnvironment();
  const [shown, setShown] = useState<string>();
  const deliveries = useList<Delivery>(
    ['deliveries', environment, alert],
    (cursor, signal) =>
      answer(api.GET('/v1/deliveries', { params: { query: { environment, ...given({ cursor, alert }) } }, signal })),
    { refetchMs: 4000 },
  );
  const columns: readonly Column<Delivery>[] = [
    { name: 'state', head: 'State', narrow: true, cell: (delivery) => <StateBadge state={delivery.state} /> },
    { name: 'type', head: 'Message', narrow: true, cell: (delivery) => <code>{delivery.type}</code> },
    { name: 'target', head: 'To', cell: (delivery) => delivery.target },
    {
      name: 'reason',
      head: 'Met',
      grow: true,
      minor: true,
      cell: (delivery) => <span className="muted">{delivery.reason}</span>,
    },
    { name: 'attempts', head: 'Attempts', narrow: true, align: 'right', cell: (delivery) => delivery.attempts },
    { name: 'created', head: 'Created', narrow: true, cell: (delivery) => <RelativeTime at={delivery.createdAt} /> },
    {
      name: 'actions',
      head: <span className="visually-hidden">Actions</span>,
      narrow: true,
      align: 'right',
      cell: (delivery) => (
        <Button size="small" variant="quiet" onClick={() => setShown(delivery.id)}>
          Show<span className="visually-hidden"> the delivery to {delivery.target}</span>
        </Button>
      ),
    },
  ];
  return (
    <>
      <ListView
        list={deliveries}
        caption="Deliveries, newest first"
        columns={columns}
        rowKey={(delivery) => delivery.id}
        empty={<EmptyState icon="alerts" title="Nothing had to be told yet" />}
      />
      {shown !== undefined && <DeliveryDialog id={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
