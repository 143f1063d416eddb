import { answer } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api } from '../api/client.js';
import { StateBadge } from '../ui/badge.js';
import { Page } from '../ui/page.js';
import { ErrorState, Skeleton } from '../ui/states.js';

/** One run. */
export function RunPage() {
  const { run: id = '' } = useParams();
  const run = useQuery({
    queryKey: ['run', id],
    queryFn: () => answer(api.GET('/v1/runs/{run}', { params: { path: { run: id } } })),
  });
  if (run.data === undefined) {
    return (
      <Page title="Run">
        {run.error === null ? <Skeleton /> : <ErrorState error={run.error} onRetry={() => void run.refetch()} />}
      </Page>
    );
  }
  return (
    <Page title={run.data.pipeline} mark={<StateBadge state={run.data.state} />} wide>
      <code>{id}</code>
    </Page>
  );
}
