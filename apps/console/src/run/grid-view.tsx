import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../api/environment-queries.js';
import { stateLook, StateBadge } from '../ui/badge.js';
import { Icon } from '../ui/icon.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { TaskCounts } from '../ui/task-counts.js';
import { Elapsed } from '../ui/time.js';
import { type TaskInstance, useInstances, useTasks } from './run-data.js';
import { useSelection } from './selection.js';

const rowHeight = 34;
const cellSize = 18;

/** Every task as a row; a mapped one opens into a cell for each of its instances. */
export function GridView({ run, live }: { readonly run: Run; readonly live: boolean }) {
  const tasks = useTasks(run.id, live);
  const [open, setOpen] = useState<string>();
  if (tasks.data === undefined) {
    if (tasks.error === null) return <Skeleton lines={8} />;
    return <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />;
  }
  if (tasks.data.length === 0) return <EmptyState icon="grid" title="No tasks yet" />;
  return (
    <>
      {tasks.error !== null && <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />}
      <Rows run={run} tasks={tasks.data} open={open} onOpen={setOpen} />
    </>
  );
}

function Rows({
  run,
  tasks,
  open,
  onOpen,
}: {
  readonly run: Run;
  readonly tasks: readonly TaskInstance[];
  readonly open: string | undefined;
  readonly onOpen: (task: string | undefined) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { selected, select } = useSelection();
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
          const isMapped = task.mapLength !== null;
          const isOpen = open === task.taskId;
          return (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              className="virtual__item"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className={selected?.task === task.taskId ? 'grid-row grid-row--selected' : 'grid-row'}>
                {isMapped ? (
                  <button
                    type="button"
                    className="grid-row__toggle"
                    aria-expanded={isOpen}
                    aria-label={`Instances of ${task.taskId}`}
                    onClick={() => onOpen(isOpen ? undefined : task.taskId)}
                  >
                    <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={14} />
                  </button>
                ) : (
                  <span className="grid-row__toggle" />
                )}
                <button
                  type="button"
                  className="grid-row__name"
                  onClick={() => select({ task: task.taskId, mapIndex: -1 })}
                >
                  {task.taskId}
                </button>
                <StateBadge state={task.state} title={task.reason ?? undefined} />
                <span className="grid-row__counts">
                  {isMapped && task.instances !== null && <TaskCounts tasks={task.instances} />}
                  {task.tries > 1 && <span className="muted">{task.tries} tries</span>}
                </span>
                <Elapsed from={task.startedAt} to={task.endedAt} />
              </div>
              {isOpen && <Cells run={run} task={task} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The instances of a mapped task, as many as fit beside each other; only those in sight are drawn. */
function Cells({ run, task }: { readonly run: Run; readonly task: TaskInstance }) {
  const instances = useInstances(run.id, task.taskId);
  const { selected, select } = useSelection();
  const box = useRef<HTMLDivElement>(null);
  const [perLine, setPerLine] = useState(24);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => setPerLine(Math.max(8, Math.floor(element.clientWidth / cellSize))));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const items = useMemo(() => instances.items ?? [], [instances.items]);
  const length = task.mapLength ?? items.length;
  const lines = useVirtualizer({
    count: Math.ceil(length / perLine),
    getScrollElement: () => box.current,
    estimateSize: () => cellSize,
    overscan: 8,
  });
  const shown = lines.getVirtualItems();
  const last = shown.at(-1);
  const wanted = last === undefined ? 0 : (last.index + 1) * perLine;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = instances;
  useEffect(() => {
    if (wanted > items.length && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [wanted, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <div className="cells" ref={box} role="group" aria-label={`${length} instances of ${task.taskId}`}>
      {instances.error !== null && <ErrorState error={instances.error} onRetry={() => void instances.refetch()} />}
      <div className="virtual" style={{ height: lines.getTotalSize() }}>
        {shown.map((line) => (
          <div
            key={line.key}
            className="cells__line"
            style={{ transform: `translateY(${line.start}px)`, height: cellSize }}
          >
            {Array.from({ length: Math.min(perLine, length - line.index * perLine) }, (_, at) => {
              const index = line.index * perLine + at;
              const state = items[index]?.state;
              const isSelected = selected?.task === task.taskId && selected.mapIndex === index;
              const word = state === undefined ? 'being read' : stateLook(state).word;
              return (
                <button
                  key={index}
                  type="button"
                  className={isSelected ? 'cell cell--selected' : 'cell'}
                  data-state={state}
                  style={state === undefined ? undefined : { background: `var(--state-${state})` }}
                  title={`${task.taskId}[${index}]: ${word}`}
                  aria-label={`${task.taskId} ${index}: ${word}`}
                  onClick={() => select({ task: task.taskId, mapIndex: index })}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
