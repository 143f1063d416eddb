import { useMemo } from 'react';
import { Link } from 'react-router';
import { isOver, type Pipeline, type Run, usePipelines, useRuns } from '../../api/environment-queries.js';
import { inEnvironment, useEnvironment } from '../../shell/environment.js';
import { Badge, StateBadge } from '../../ui/badge.js';
import { ListView } from '../../ui/list-view.js';
import { Page } from '../../ui/page.js';
import { Elapsed, RelativeTime } from '../../ui/time.js';
import type { Column } from '../../ui/table.js';
import { FirstPipeline } from './first-pipeline.js';
import { PauseButton } from './pause-button.js';
import './pipelines.css';
import { RunDots } from './run-dots.js';
import { RunNowButton } from './run-now.js';

function useColumns(environment: string, runs: readonly Run[], isComplete: boolean): readonly Column<Pipeline>[] {
  return useMemo(() => {
    const runsOf = Map.groupBy(runs, (run) => run.pipelineId);
    const last = (pipeline: Pipeline): Run | undefined => runsOf.get(pipeline.id)?.[0];
    return [
      {
        name: 'name',
        head: 'Pipeline',
        grow: true,
        cell: (pipeline) => (
          <>
            <Link className="row-link" to={inEnvironment(environment, 'pipelines', pipeline.name)}>
              {pipeline.name}
            </Link>{' '}
            {pipeline.paused && (
              <Badge tone="pause" icon="pause">
                Paused
              </Badge>
            )}
            {pipeline.description !== null && <p className="muted pipelines__description">{pipeline.description}</p>}
          </>
        ),
      },
      {
        name: 'runs',
        head: 'Newest runs',
        narrow: true,
        cell: (pipeline) => (
          <RunDots
            environment={environment}
            pipeline={pipeline.name}
            known={runsOf.get(pipeline.id) ?? []}
            isComplete={isComplete}
          />
        ),
      },
      {
        name: 'last',
        head: 'Last run',
        narrow: true,
        minor: true,
        cell: (pipeline) => {
          const run = last(pipeline);
          if (run === undefined) return <span className="faint">—</span>;
          return (
            <span className="row">
              <StateBadge state={run.state} />
              <span className="muted">
                <RelativeTime at={run.createdAt} />
              </span>
            </span>
          );
        },
      },
      {
        name: 'duration',
        head: 'Duration',
        narrow: true,
        minor: true,
        align: 'right',
        cell: (pipeline) => {
          const run = last(pipeline);
          return <Elapsed from={run?.startedAt ?? null} to={run?.endedAt ?? null} />;
        },
      },
      {
        name: 'version',
        head: 'Active',
        narrow: true,
        align: 'right',
        minor: true,
        cell: ({ activeVersion }) =>
          activeVersion === null ? <span className="faint">none</span> : `v${activeVersion.number}`,
      },
      {
        name: 'actions',
        head: <span className="visually-hidden">Actions</span>,
        narrow: true,
        align: 'right',
        cell: (pipeline) => (
          <span className="row pipelines__actions">
            <PauseButton environment={environment} pipeline={pipeline} small />
            <RunNowButton environment={environment} pipeline={pipeline} small />
          </span>
        ),
      },
    ];
  }, [environment, runs, isComplete]);
}

const none: readonly Run[] = [];

/** The pipelines of an environment, with how their newest runs went. */
export function PipelinesPage() {
  const environment = useEnvironment();
  const pipelines = usePipelines(environment);
  const runs = useRuns(environment, {}, { limit: 200, refetchMs: 4000, enabled: (pipelines.items?.length ?? 0) > 0 });
  const items = runs.items ?? none;
  const columns = useColumns(environment, items, runs.items !== undefined && !runs.hasNextPage);
  if (pipelines.items?.length === 0) return <FirstPipeline environment={environment} />;
  const active = items.filter((run) => !isOver(run.state)).length;
  return (
    <Page
      title="Pipelines"
      lead={
        active > 0 ? (
          <Link to={`${inEnvironment(environment, 'runs')}?state=running`}>
            {active} {active === 1 ? 'run is' : 'runs are'} going on
          </Link>
        ) : undefined
      }
    >
      <ListView
        list={pipelines}
        caption="Pipelines"
        columns={columns}
        rowKey={(pipeline) => pipeline.id}
        empty={null}
      />
    </Page>
  );
}
