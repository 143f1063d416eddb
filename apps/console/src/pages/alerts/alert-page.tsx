import { answer } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api } from '../../api/client.js';
import { count } from '../../api/format.js';
import { isMissing } from '../../api/queries.js';
import { inEnvironment } from '../../shell/environment.js';
import { CodeBlock } from '../../ui/code.js';
import { MoneyText } from '../../ui/money.js';
import { Facts, Page, Section } from '../../ui/page.js';
import { ErrorState, Skeleton } from '../../ui/states.js';
import { RelativeTime } from '../../ui/time.js';
import { MissingPage } from '../missing-page.js';
import { AlertBadge } from './alerts-page.js';
import { DeliveriesTab } from './deliveries-tab.js';

/** One cause of failures: what it is, how often it came, what it cost, its runs, and who was told. */
export function AlertPage() {
  const { alert: id = '', environment = '' } = useParams();
  const above = [{ to: inEnvironment(environment, 'alerts'), name: 'Alerts' }];
  const { data, error, refetch } = useQuery({
    queryKey: ['alert', id],
    queryFn: () => answer(api.GET('/v1/alerts/{alert}', { params: { path: { alert: id } } })),
    refetchInterval: 5000,
  });
  if (data === undefined) {
    if (isMissing(error)) return <MissingPage />;
    return (
      <Page title="Alert" above={above}>
        {error === null ? <Skeleton lines={6} /> : <ErrorState error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  const { cause, pipeline, runIds, recoveredAt, recoveredBy } = data;
  return (
    <Page
      title={cause.task === null ? pipeline : `${pipeline} › ${cause.task}`}
      mark={<AlertBadge alert={data} />}
      above={above}
      lead={cause.frame === null ? undefined : <code>{cause.frame}</code>}
    >
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      <CodeBlock
        label="Newest error"
        code={cause.message === null ? cause.class : `${cause.class}: ${cause.message}`}
        wrap
      />
      <Facts
        facts={[
          ['How often', `${count(data.count, 'time')} in ${count(data.runCount, 'run')}`],
          ['Wasted', <MoneyText amount={data.wasted} />],
          ['First seen', <RelativeTime at={data.firstSeenAt} />],
          ['Last seen', <RelativeTime at={data.lastSeenAt} />],
          [
            'Version',
            <Link to={`${inEnvironment(environment, 'pipelines', pipeline)}/definition?version=${data.version}`}>
              v{data.version}
            </Link>,
          ],
          ['Deployed by', data.owner ?? '—'],
          ['Told', data.toldAt === null ? 'not yet' : <RelativeTime at={data.toldAt} />],
          [
            'Recovered',
            recoveredAt === null ? (
              'not yet'
            ) : recoveredBy === null ? (
              <RelativeTime at={recoveredAt} />
            ) : (
              <Link to={`/runs/${recoveredBy}`}>
                <RelativeTime at={recoveredAt} />
              </Link>
            ),
          ],
        ]}
      />
      <Section title="Runs" {...(data.runCount > runIds.length ? { lead: 'The first ones and the newest.' } : {})}>
        <ul className="stack stack--tight">
          {runIds.map((run) => (
            <li key={run}>
              <Link to={`/runs/${run}${cause.task === null ? '' : `/graph?task=${encodeURIComponent(cause.task)}`}`}>
                <code>{run}</code>
              </Link>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Deliveries">
        <DeliveriesTab alert={id} />
      </Section>
    </Page>
  );
}
