import { Graph, layout } from '@dagrejs/dagre';
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
import { memo, useCallback, useMemo } from 'react';
import type { Run } from '../api/environment-queries.js';
import { stateLook } from '../ui/badge.js';
import { Icon } from '../ui/icon.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { TaskCounts } from '../ui/task-counts.js';
import { type PlannedTask, type TaskInstance, usePlan, useTasks } from './run-data.js';
import { type Selected, useSelection } from './selection.js';

const size = { width: 208, height: 56 } as const;

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
    <div className={isSelected ? 'graph-task graph-task--selected' : 'graph-task'} data-state={state}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="graph-task__mark" style={{ background: `var(--state-${state})` }} aria-hidden="true" />
      <span className="graph-task__text">
        <span className="graph-task__name">{task.id}</span>
        {counts === null ? (
          <span className="graph-task__state">
            <Icon name={look.icon} size={12} /> {look.word}
          </span>
        ) : (
          <TaskCounts tasks={counts} />
        )}
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

const nodeTypes = { task: TaskBox };

/** Places of the tasks, left to right along their needs. */
function layOut(tasks: readonly PlannedTask[]): ReadonlyMap<string, { x: number; y: number }> {
  const graph = new Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 18,
    ranksep: 56,
    ranker: tasks.length > 200 ? 'longest-path' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const task of tasks) graph.setNode(task.id, { ...size });
  for (const task of tasks) for (const need of task.needs) graph.setEdge(need, task.id);
  layout(graph);
  return new Map(
    tasks.map(({ id }) => {
      const { x, y } = graph.node(id) as { readonly x: number; readonly y: number };
      return [id, { x: x - size.width / 2, y: y - size.height / 2 }];
    }),
  );
}

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
      <Drawing tasks={plan.tasks} states={tasks.data ?? []} selected={selected} onSelect={select} />
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
  readonly selected: Selected | undefined;
  readonly onSelect: (chosen: Selected) => void;
}) {
  // The plan of a version never changes, but its array is made anew with every answer.
  const shape = JSON.stringify(tasks);
  const { places, edges } = useMemo(() => {
    const planned = JSON.parse(shape) as PlannedTask[];
    return { places: layOut(planned), edges: edgesOf(planned) };
  }, [shape]);
  const nodes = useMemo(() => {
    const byId = new Map(states.map((state) => [state.taskId, state]));
    return (JSON.parse(shape) as PlannedTask[]).map((task): TaskNode => {
      const instance = byId.get(task.id);
      const state = instance?.state ?? 'waiting';
      const counts = instance?.mapLength == null ? null : instance.instances;
      return {
        id: task.id,
        type: 'task',
        position: places.get(task.id) ?? { x: 0, y: 0 },
        ...size,
        ariaLabel: `${task.id}: ${stateLook(state).word}`,
        data: { task, state, counts, isSelected: selected?.task === task.id },
      };
    });
  }, [shape, places, states, selected?.task]);
  const open = useCallback(
    (_: unknown, node: { readonly id: string }) => onSelect({ task: node.id, mapIndex: -1 }),
    [onSelect],
  );
  const fit = useCallback((flow: ReactFlowInstance<TaskNode>) => void flow.fitView({ maxZoom: 1, padding: 0.1 }), []);
  return (
    <div className="graph">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onInit={fit}
        onNodeClick={open}
        onSelectionChange={({ nodes: chosen }) => {
          const [node] = chosen;
          if (node !== undefined) onSelect({ task: node.id, mapIndex: -1 });
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements={tasks.length > 150}
        minZoom={0.05}
        maxZoom={1.5}
        proOptions={{ hideAttribution: true }}
        aria-label="Graph of the tasks"
      >
        <Background gap={24} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </div>
  );
}
