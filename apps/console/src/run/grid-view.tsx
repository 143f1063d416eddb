import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { Run } from '../api/environment-queries.js';
import { StateBadge } from '../ui/badge.js';
import { Icon } from '../ui/icon.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { TaskCounts } from '../ui/task-counts.js';
import { Elapsed } from '../ui/time.js';
import { Cells } from './cells.js';
import { type TaskInstance, usePlan, useTasks } from './run-data.js';
import { useSelection } from './selection.js';

const rowHeight = 34;

/** Every task as a row, in the order of the definition; a mapped one opens into a cell for each of its instances. */
export function GridView({ run, live }: { readonly run: Run; readonly live: boolean }) {
  const tasks = useTasks(run.id, live);
  const plan = usePlan(run);
  const order = useMemo(() => new Map((plan.tasks ?? []).map(({ id }, at) => [id, at])), [plan.tasks]);
  const sorted = useMemo(() => {
    const place = ({ taskId }: TaskInstance): number => order.get(taskId) ?? Infinity;
    return tasks.data?.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
  }, [tasks.data, order]);
  if (sorted === undefined || (plan.tasks === undefined && plan.error === null)) {
    if (tasks.error === null) return <Skeleton lines={8} />;
    return <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />;
  }
  if (sorted.length === 0) return <EmptyState icon="grid" title="No tasks yet" />;
  return (
    <>
      {tasks.error !== null && <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />}
      <Rows run={run} tasks={sorted} />
    </>
  );
}

/** What is open before anybody has opened or closed anything. */
function openAtFirst(tasks: readonly TaskInstance[], selected: string | undefined): string | undefined {
  const mapped = tasks.filter(({ mapLength }) => mapLength !== null && mapLength > 0).map(({ taskId }) => taskId);
  if (selected !== undefined && mapped.includes(selected)) return selected;
  return mapped.length === 1 ? mapped[0] : undefined;
}

function Rows({ run, tasks }: { readonly run: Run; readonly tasks: readonly TaskInstance[] }) {
  const box = useRef<HTMLDivElement>(null);
  const { selected, select } = useSelection();
  const [chosen, setChosen] = useState<string | null>();
  const open = chosen === undefined ? openAtFirst(tasks, selected?.task) : chosen;
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => tasks[index]?.taskId ?? index,
    overscan: 12,
  });
  return (
    <div className="grid-view" ref={box} tabIndex={0} role="region" aria-label="Tasks of the run">
      <ul className="virtual" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const task = tasks[item.index];
          if (task === undefined) return null;
          const { taskId, mapLength, instances } = task;
          const isOpen = open === taskId;
          return (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              className="virtual__item"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className={selected?.task === taskId ? 'grid-row grid-row--selected' : 'grid-row'}>
                {mapLength !== null && mapLength > 0 ? (
                  <button
                    type="button"
                    className="grid-row__toggle"
                    aria-expanded={isOpen}
                    aria-label={`Instances of ${taskId}`}
                    onClick={() => setChosen(isOpen ? null : taskId)}
                  >
                    <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={14} />
                  </button>
                ) : (
                  <span />
                )}
                <button
                  type="button"
                  className="grid-row__name"
                  title={taskId}
                  data-opens={taskId}
                  onClick={() => select({ task: taskId, mapIndex: -1 })}
                >
                  {taskId}
                </button>
                <StateBadge state={task.state} title={task.reason ?? undefined} />
                <span className="grid-row__counts">
                  {mapLength !== null && instances !== null && <TaskCounts tasks={instances} noun="instance" />}
                  {task.tries > 1 && <span className="muted number">{task.tries} tries</span>}
                </span>
                <span className="grid-row__time">
                  <Elapsed from={task.startedAt} to={task.endedAt} />
                </span>
              </div>
              {isOpen && <Cells run={run} task={taskId} length={mapLength ?? 0} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
