import { useRuns } from '../../api/environment-queries.js';
import { ListView } from '../../ui/list-view.js';
import { EmptyState } from '../../ui/states.js';
import { runColumnsOfPipeline } from '../runs/run-columns.js';
import { usePipelineContext } from './pipeline-page.js';

/** The runs of one pipeline, live. */
export function PipelineRuns() {
  const { environment, pipeline } = usePipelineContext();
  const runs = useRuns(environment, { pipeline: pipeline.name }, { refetchMs: 3000 });
  return (
    <ListView
      list={runs}
      caption={`Runs of ${pipeline.name}, newest first`}
      columns={runColumnsOfPipeline}
      rowKey={(run) => run.id}
      empty={
        <EmptyState icon="runs" title="It has not run yet">
          Runs that are started here, by the command line or over the API appear here as they happen.
        </EmptyState>
      }
    />
  );
}
