import { Link } from 'react-router';
import type { Run } from '../../api/environment-queries.js';
import { Actor } from '../../ui/actor.js';
import { StateBadge } from '../../ui/badge.js';
import type { Column } from '../../ui/table.js';
import { TaskCounts } from '../../ui/task-counts.js';
import { Elapsed, RelativeTime } from '../../ui/time.js';

/** Last letters of an id: the first ones are a time and the same for all of a day. */
export function shortId(id: string): string {
  return `…${id.slice(-6).toLowerCase()}`;
}

const state: Column<Run> = {
  name: 'state',
  head: 'State',
  narrow: true,
  cell: (run) => <StateBadge state={run.state} title={run.reason ?? undefined} />,
};
const rest: readonly Column<Run>[] = [
  {
    name: 'version',
    head: 'Version',
    narrow: true,
    minor: true,
    cell: (run) => <span className="number">v{run.version}</span>,
  },
  { name: 'tasks', head: 'Tasks', cell: (run) => <TaskCounts tasks={run.tasks} /> },
  { name: 'created', head: 'Created', narrow: true, cell: (run) => <RelativeTime at={run.createdAt} /> },
  {
    name: 'duration',
    head: 'Duration',
    align: 'right',
    narrow: true,
    cell: (run) => <Elapsed from={run.startedAt} to={run.endedAt} />,
  },
  { name: 'by', head: 'By', narrow: true, minor: true, cell: (run) => <Actor id={run.createdBy} /> },
];

export const runColumns: readonly Column<Run>[] = [
  state,
  {
    name: 'run',
    head: 'Run',
    cell: (run) => (
      <Link className="row-link" to={`/runs/${run.id}`} title={run.id}>
        {run.pipeline} <code className="faint">{shortId(run.id)}</code>
      </Link>
    ),
  },
  ...rest,
];

/** For a list of runs of one pipeline. */
export const runColumnsOfPipeline: readonly Column<Run>[] = [
  state,
  {
    name: 'run',
    head: 'Run',
    cell: (run) => (
      <Link className="row-link" to={`/runs/${run.id}`} title={run.id}>
        <code>{shortId(run.id)}</code>
      </Link>
    ),
  },
  ...rest,
];
