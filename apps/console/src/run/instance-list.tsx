import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Run } from '../api/environment-queries.js';
import { StateBadge } from '../ui/badge.js';
import { EmptyState, ErrorState } from '../ui/states.js';
import { TaskCounts } from '../ui/task-counts.js';
import { Elapsed } from '../ui/time.js';
import { type TaskInstance, useInstances } from './run-data.js';
import type { Selected } from './selection.js';

const rowHeight = 30;

/** The instances of a mapped task, one below the other; only those in sight are drawn and read. */
export function InstanceList({
  run,
  task,
  onSelect,
}: {
  readonly run: Run;
  readonly task: TaskInstance;
  readonly onSelect: (chosen: Selected) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const length = task.mapLength ?? 0;
  const rows = useVirtualizer({
    count: length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const shown = rows.getVirtualItems();
  const instances = useInstances(run.id, task.taskId, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0);
  if (length === 0) return <EmptyState icon="grid" title="The list that it is mapped over is empty" />;
  return (
    <>
      {task.instances !== null && <TaskCounts tasks={task.instances} noun="instance" />}
      {instances.error !== null && <ErrorState error={instances.error} onRetry={instances.refetch} />}
      <div
        className="panel__instances"
        ref={box}
        tabIndex={0}
        role="region"
        aria-label={`The ${length} instances of ${task.taskId}`}
      >
        <ul className="virtual" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const instance = instances.at(index);
            return (
              <li key={index} className="virtual__item" style={{ transform: `translateY(${start}px)` }}>
                <button
                  type="button"
                  className="panel__instance"
                  onClick={() => onSelect({ task: task.taskId, mapIndex: index })}
                >
                  <span className="number">[{index}]</span>
                  {instance === undefined ? <span className="faint">…</span> : <StateBadge state={instance.state} />}
                  {instance !== undefined && <Elapsed from={instance.startedAt} to={instance.endedAt} />}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}
