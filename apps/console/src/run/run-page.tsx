import { answer } from '@millrace/clients';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Link, Navigate, Route, Routes, useParams, useSearchParams } from 'react-router';
import { api } from '../api/client.js';
import { isOver, type Run } from '../api/environment-queries.js';
import { isMissing, useMay } from '../api/queries.js';
import { MissingPage } from '../pages/missing-page.js';
import { inEnvironment } from '../shell/environment.js';
import { Actor } from '../ui/actor.js';
import { StateBadge } from '../ui/badge.js';
import { Button, ButtonLink } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm.js';
import { CopyButton } from '../ui/copy-button.js';
import { Facts, Page } from '../ui/page.js';
import { ErrorState, Notice, Skeleton } from '../ui/states.js';
import { Tabs } from '../ui/tabs.js';
import { TaskCounts } from '../ui/task-counts.js';
import { Elapsed, RelativeTime } from '../ui/time.js';
import { CostView } from './cost-view.js';
import { GanttView } from './gantt-view.js';
import { GraphView } from './graph-view.js';
import { GridView } from './grid-view.js';
import { OutputsView } from './outputs-view.js';
import { useRun, useRunEvents, useTasks } from './run-data.js';
import './run.css';
import { instanceName, type Selected, useSelection } from './selection.js';
import { TaskPanel } from './task-panel.js';

const views = [
  ['graph', 'Graph'],
  ['grid', 'Grid'],
  ['gantt', 'Gantt'],
  ['outputs', 'Outputs'],
  ['cost', 'Cost'],
] as const;

/** One run: where it stands, from several sides, and one task of it closely. */
export function RunPage() {
  const { run: id = '' } = useParams();
  const run = useRun(id);
  // Every view and the panel draw them: they are asked for side by side with the run.
  useTasks(id, false);
  useRunEvents(id, run.data !== undefined && !isOver(run.data.state));
  if (run.data === undefined) {
    if (isMissing(run.error)) return <MissingPage />;
    return (
      <Page title="Run">
        {run.error === null ? (
          <Skeleton lines={6} />
        ) : (
          <ErrorState error={run.error} onRetry={() => void run.refetch()} />
        )}
      </Page>
    );
  }
  return <RunInside run={run.data} error={run.error} />;
}

function RunInside({ run, error }: { readonly run: Run; readonly error: unknown }) {
  const [search] = useSearchParams();
  const { selected, select } = useSelection();
  const live = !isOver(run.state);
  const view = useRef<HTMLDivElement>(null);
  const close = useCallback(() => select(undefined), [select]);
  usePanelFocus(view, selected, close);
  const query = search.size === 0 ? '' : `?${search.toString()}`;
  const pipeline = inEnvironment(run.environment, 'pipelines', run.pipeline);
  return (
    <Page
      title={run.pipeline}
      mark={<StateBadge state={run.state} />}
      above={[
        { to: inEnvironment(run.environment, 'runs'), name: 'Runs' },
        { to: pipeline, name: run.pipeline },
      ]}
      lead={
        <span className="row">
          <code>{run.id}</code>
          <CopyButton text={run.id} label="Copy the id of the run" />
        </span>
      }
      actions={<Actions run={run} pipeline={pipeline} />}
      wide
    >
      {error !== null && <ErrorState error={error} />}
      <Summary run={run} />
      {run.state === 'failed' && run.reason !== null && run.reason !== 'task_failed' && (
        <Notice tone="warn">
          The run failed for <code>{run.reason}</code>.
          {run.reason === 'platform_fault' && ' That is a fault of the platform, and costs nothing.'}
        </Notice>
      )}
      <Tabs
        label="Views of the run"
        tabs={views.map(([path, name]) => ({ to: `/runs/${run.id}/${path}${query}`, name }))}
      />
      <div className={selected === undefined ? 'run' : 'run run--split'}>
        <div className="run__view" ref={view}>
          <Routes>
            <Route index element={<Navigate replace to={`graph${query}`} />} />
            <Route path="graph" element={<GraphView run={run} live={live} />} />
            <Route path="grid" element={<GridView run={run} live={live} />} />
            <Route path="gantt" element={<GanttView run={run} live={live} />} />
            <Route path="outputs" element={<OutputsView run={run} />} />
            <Route path="cost" element={<CostView run={run} />} />
            <Route path="*" element={<MissingPage />} />
          </Routes>
        </div>
        {selected !== undefined && (
          <TaskPanel
            key={`${selected.task} ${selected.mapIndex}`}
            run={run}
            selected={selected}
            onSelect={select}
            onClose={close}
          />
        )}
      </div>
    </Page>
  );
}

/** The focus goes into the panel of a task when it is opened, and back to what opened it when it is closed. */
function usePanelFocus(
  view: RefObject<HTMLDivElement | null>,
  selected: Selected | undefined,
  close: () => void,
): void {
  const name = selected === undefined ? undefined : instanceName(selected);
  const before = useRef(name);
  // Before anybody hears of the new width: what is laid out anew keeps the focus only where it has it.
  useLayoutEffect(() => {
    const last = before.current;
    before.current = name;
    if (name === last) return;
    if (name !== undefined) {
      document.getElementById('task')?.focus({ preventScroll: true });
      return;
    }
    const opener = view.current?.querySelector<HTMLElement>(`[data-opens="${CSS.escape(last ?? '')}"]`);
    opener?.focus({ preventScroll: true });
  }, [name, view]);
  useEffect(() => {
    if (name === undefined) return undefined;
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      // In a field the key empties it first.
      if (event.target instanceof HTMLInputElement && event.target.value !== '') return;
      close();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [name, close]);
}

function Summary({ run }: { readonly run: Run }) {
  const params = Object.keys(run.params).length;
  return (
    <div className="run__facts">
      <Facts
        facts={[
          ['Tasks', <TaskCounts tasks={run.tasks} />],
          [
            'Version',
            <Link to={`${inEnvironment(run.environment, 'pipelines', run.pipeline)}/definition?version=${run.version}`}>
              v{run.version}
            </Link>,
          ],
          ['Created', <RelativeTime at={run.createdAt} />],
          ['Duration', <Elapsed from={run.startedAt} to={run.endedAt} />],
          ['By', <Actor id={run.createdBy} />],
          [
            'Params',
            params === 0 ? (
              <span className="faint">none</span>
            ) : (
              <code className="run__params" title={JSON.stringify(run.params, null, 2)}>
                {JSON.stringify(run.params)}
              </code>
            ),
          ],
        ]}
      />
    </div>
  );
}

function Actions({ run, pipeline }: { readonly run: Run; readonly pipeline: string }) {
  const mayRun = useMay('run');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const cancel = async (): Promise<void> => {
    await answer(
      api.POST('/v1/runs/{run}:cancel', {
        params: { path: { run: run.id }, header: { 'Idempotency-Key': crypto.randomUUID() } },
        body: {},
      }),
    );
    await queries.invalidateQueries({ queryKey: ['run', run.id] });
  };
  return (
    <>
      {mayRun && !isOver(run.state) && (
        <Button icon="stop" disabled={run.cancelRequestedAt !== null} onClick={() => setAsking(true)}>
          {run.cancelRequestedAt === null ? 'Cancel' : 'Being cancelled'}
        </Button>
      )}
      {isOver(run.state) && (
        <ButtonLink to={pipeline} icon="runs">
          Pipeline
        </ButtonLink>
      )}
      {asking && (
        <ConfirmDialog
          title="Cancel this run?"
          submit="Cancel the run"
          done="The run is being cancelled"
          act={cancel}
          onClose={() => setAsking(false)}
        >
          <p>Tasks that run now are stopped, the others do not start. What they used until now is charged.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
