import { Graph, layout } from '@dagrejs/dagre';
import type { PlannedTask } from './run-data.js';

/** Width and height of a task in the drawing, in pixels. */
export const taskSize = { width: 208, height: 56 } as const;

export interface Place {
  readonly x: number;
  readonly y: number;
}

export type Places = ReadonlyMap<string, Place>;

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Upper left corners of the tasks, left to right along their needs. */
export function layOut(tasks: readonly PlannedTask[]): Places {
  const graph = new Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 18,
    ranksep: 56,
    ranker: tasks.length > 200 ? 'longest-path' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const task of tasks) graph.setNode(task.id, { ...taskSize });
  for (const task of tasks) for (const need of task.needs) graph.setEdge(need, task.id);
  layout(graph);
  return new Map(
    tasks.map(({ id }) => {
      const { x, y } = graph.node(id) as Place;
      return [id, { x: x - taskSize.width / 2, y: y - taskSize.height / 2 }];
    }),
  );
}

/** Width and height of the whole drawing. */
export function extentOf(places: Places): { readonly width: number; readonly height: number } {
  let [width, height] = [0, 0];
  for (const { x, y } of places.values()) {
    width = Math.max(width, x + taskSize.width);
    height = Math.max(height, y + taskSize.height);
  }
  return { width, height };
}

/** The task that an arrow key leads to: the nearest in its direction, one straight ahead before one aside. */
export function neighbour(places: Places, from: string, direction: Direction): string | undefined {
  const start = places.get(from);
  if (start === undefined) return undefined;
  let [best, least] = [undefined as string | undefined, Infinity];
  for (const [id, { x, y }] of places) {
    const [dx, dy] = [x - start.x, y - start.y];
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    if (ahead < 1) continue;
    // Upwards and downwards the column is kept as long as it has a task there.
    const far = ahead + aside * (direction === 'left' || direction === 'right' ? 2 : 8);
    if (far < least) [best, least] = [id, far];
  }
  return best;
}

/** Below this nothing can be read: a drawing that needs it smaller is shown in part. */
const leastZoom = 0.75;
const margin = 28;

/** Zoom and shift that show the whole drawing, or, where it is too large, the task and what is around it. */
export function viewportOf(
  places: Places,
  box: { readonly width: number; readonly height: number },
  task: string | undefined,
): { readonly x: number; readonly y: number; readonly zoom: number } {
  const { width, height } = extentOf(places);
  const free = { width: box.width - 2 * margin, height: box.height - 2 * margin };
  const zoom = Math.max(leastZoom, Math.min(1, free.width / width, free.height / height));
  const place = task === undefined ? undefined : places.get(task);
  // Along one axis: centred where it fits, else the task in the middle as far as the ends allow, else the begin.
  const shift = (whole: number, room: number, middle: number | undefined): number => {
    if (whole * zoom <= room) return margin + (room - whole * zoom) / 2;
    if (middle === undefined) return margin;
    return Math.min(margin, Math.max(margin + room - whole * zoom, margin + room / 2 - middle * zoom));
  };
  return {
    x: shift(width, free.width, place && place.x + taskSize.width / 2),
    y: shift(height, free.height, place && place.y + taskSize.height / 2),
    zoom,
  };
}
