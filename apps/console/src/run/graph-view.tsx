import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { type KeyboardEvent, memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../api/environment-queries.js';
import { stateLook } from '../ui/badge.js';
import { Icon } from '../ui/icon.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { TaskCounts } from '../ui/task-counts.js';
import { type Direction, extentOf, layOut, neighbour, taskSize, viewportOf } from './graph-layout.js';
import { type PlannedTask, type TaskInstance, usePlan, useTasks } from './run-data.js';
import { type Selected, useSelection } from './selection.js';

interface TaskNodeData extends Record<string, unknown> {
  readonly task: PlannedTask;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly isSelected: boolean;
}
type TaskNode = Node<TaskNodeData, 'task'>;

const TaskBox = memo(function TaskBox({ data }: NodeProps<TaskNode>) {
  const { task, state, counts, isSelected } = data;
  const look = stateLook(state);
  return (
    <div className={isSelected ? 'graph-task graph-task--selected' : 'graph-task'} data-state={state} title={task.id}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="graph-task__mark" style={{ background: `var(--state-${state})` }} aria-hidden="true" />
      <span className="graph-task__text">
        <span className="graph-task__name">{task.id}</span>
        <span className="graph-task__state">
          <Icon name={look.icon} size={12} />
          {counts === null ? look.word : <TaskCounts tasks={counts} noun="instance" />}
        </span>
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

const nodeTypes = { task: TaskBox };
const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const labels = { 'node.a11yDescription.default': 'Enter opens the task; the arrow keys lead to those around it.' };

function edgesOf(tasks: readonly PlannedTask[]): Edge[] {
  return tasks.flatMap((task) =>
    task.needs.map((need) => ({ id: `${need} ${task.id}`, source: need, target: task.id, focusable: false })),
  );
}

/** The tasks of the run and what each needs. */
export function GraphView({ run, live }: { readonly run: Run; readonly live: boolean }) {
  const plan = usePlan(run);
  const tasks = useTasks(run.id, live);
  const { selected, select } = useSelection();
  if (plan.tasks === undefined) {
    if (plan.error === null) return <Skeleton height="block" lines={1} />;
    return <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />;
  }
  if (plan.tasks.length === 0) return <EmptyState icon="graph" title="The pipeline has no tasks" />;
  return (
    <>
      {tasks.error !== null && <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />}
      <Drawing tasks={plan.tasks} states={tasks.data ?? []} selected={selected?.task} onSelect={select} />
    </>
  );
}

function Drawing({
  tasks,
  states,
  selected,
  onSelect,
}: {
  readonly tasks: readonly PlannedTask[];
  readonly states: readonly TaskInstance[];
  readonly selected: string | undefined;
  readonly onSelect: (chosen: Selected) => void;
}) {
  // The plan of a version never changes, but its array is made anew with every answer.
  const shape = JSON.stringify(tasks);
  const { planned, places, edges } = useMemo(() => {
    const parsed = JSON.parse(shape) as PlannedTask[];
    return { planned: parsed, places: layOut(parsed), edges: edgesOf(parsed) };
  }, [shape]);
  const box = useRef<HTMLDivElement>(null);
  const [flow, setFlow] = useState<ReactFlowInstance<TaskNode>>();
  /** The one task that Tab leads to. */
  const [active, setActive] = useState(selected ?? planned[0]?.id);
  const nodes = useMemo(() => {
    const byId = new Map(states.map((state) => [state.taskId, state]));
    return planned.map((task): TaskNode => {
      const instance = byId.get(task.id);
      const state = instance?.state ?? 'waiting';
      const counts = instance?.mapLength == null || instance.mapLength === 0 ? null : instance.instances;
      return {
        id: task.id,
        type: 'task',
        position: places.get(task.id) ?? { x: 0, y: 0 },
        ...taskSize,
        ariaRole: 'button',
        domAttributes: {
          tabIndex: task.id === active ? 0 : -1,
          'aria-roledescription': 'task',
          'aria-pressed': task.id === selected,
          ...{ 'data-opens': task.id },
        },
        data: { task, state, counts, isSelected: selected === task.id },
      };
    });
  }, [planned, places, states, selected, active]);
  // The drawing is fitted into its box anew whenever a panel opens beside it or the window changes.
  const latest = useRef(selected);
  useEffect(() => {
    latest.current = selected;
  }, [selected]);
  useEffect(() => {
    const element = box.current;
    if (flow === undefined || element === null) return undefined;
    const fit = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      void flow.setViewport(viewportOf(places, { width, height }, latest.current));
    };
    const watch = new ResizeObserver(fit);
    watch.observe(element);
    return () => watch.disconnect();
  }, [flow, places]);
  const open = useCallback(
    (id: string) => {
      setActive(id);
      onSelect({ task: id, mapIndex: -1 });
    },
    [onSelect],
  );
  const onKey = (event: KeyboardEvent): void => {
    const id = (event.target as HTMLElement).dataset['opens'];
    if (id === undefined) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open(id);
      return;
    }
    const direction = directions[event.key];
    const next = direction === undefined ? undefined : neighbour(places, id, direction);
    if (direction !== undefined) event.preventDefault();
    if (next === undefined) return;
    setActive(next);
    void focusTask(next);
  };
  /** A task outside of what is in sight is not drawn: the drawing moves first. */
  const focusTask = async (id: string): Promise<void> => {
    const place = places.get(id);
    const element = box.current;
    if (flow === undefined || element === null || place === undefined) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [place.x * zoom + x, place.y * zoom + y];
    const isInSight =
      left >= 0 &&
      top >= 0 &&
      left + taskSize.width * zoom <= element.clientWidth &&
      top + taskSize.height * zoom <= element.clientHeight;
    if (!isInSight) await flow.setCenter(place.x + taskSize.width / 2, place.y + taskSize.height / 2, { zoom });
    requestAnimationFrame(() =>
      element.querySelector<HTMLElement>(`[data-opens="${CSS.escape(id)}"]`)?.focus({ preventScroll: true }),
    );
  };
  return (
    <div
      className="graph"
      ref={box}
      style={{ '--drawing': `${extentOf(places).height}px` } as React.CSSProperties}
      onKeyDown={onKey}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onInit={setFlow}
        onNodeClick={(_, { id }) => open(id)}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        onlyRenderVisibleElements={planned.length > 150}
        minZoom={0.05}
        maxZoom={1.5}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={labels}
        aria-label="Graph of the tasks"
      >
        <Background gap={24} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </div>
  );
}
