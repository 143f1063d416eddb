import { Outlet, useOutletContext, useParams } from 'react-router';
import { type Pipeline, usePipeline } from '../../api/environment-queries.js';
import { inEnvironment, useEnvironment } from '../../shell/environment.js';
import { Badge } from '../../ui/badge.js';
import { Page } from '../../ui/page.js';
import { ErrorState, Skeleton } from '../../ui/states.js';
import { Tabs } from '../../ui/tabs.js';
import { MissingPage } from '../missing-page.js';
import { isMissing } from '../../api/queries.js';
import { PauseButton } from './pause-button.js';
import './pipelines.css';
import { RunNowButton } from './run-now.js';

export interface PipelineContext {
  readonly environment: string;
  readonly pipeline: Pipeline;
}

/** The pipeline around the tab that is shown. */
export function usePipelineContext(): PipelineContext {
  return useOutletContext<PipelineContext>();
}

/** One pipeline: its runs, its versions, its definition. */
export function PipelinePage() {
  const environment = useEnvironment();
  const { pipeline: name = '' } = useParams();
  const { data: pipeline, error, refetch } = usePipeline(environment, name);
  const above = [{ to: inEnvironment(environment, 'pipelines'), name: 'Pipelines' }];
  if (pipeline === undefined) {
    if (isMissing(error)) return <MissingPage />;
    return (
      <Page title={name} above={above}>
        {error === null ? <Skeleton lines={6} /> : <ErrorState error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  const base = inEnvironment(environment, 'pipelines', pipeline.name);
  return (
    <Page
      title={pipeline.name}
      above={above}
      mark={
        <>
          <Badge>{pipeline.activeVersion === null ? 'no active version' : `v${pipeline.activeVersion.number}`}</Badge>
          {pipeline.paused && (
            <Badge tone="pause" icon="pause">
              Paused
            </Badge>
          )}
        </>
      }
      lead={pipeline.description ?? undefined}
      actions={
        <>
          <PauseButton environment={environment} pipeline={pipeline} />
          <RunNowButton environment={environment} pipeline={pipeline} />
        </>
      }
    >
      <Tabs
        label="Parts of the pipeline"
        tabs={[
          { to: base, name: 'Runs', end: true },
          { to: `${base}/versions`, name: 'Versions' },
          { to: `${base}/definition`, name: 'Definition' },
        ]}
      />
      <Outlet context={{ environment, pipeline } satisfies PipelineContext} />
    </Page>
  );
}
