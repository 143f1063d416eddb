import type { RunStreamEvent, Schemas } from '@millrace/clients';

export type TaskState = Schemas['TaskInstance']['state'];

/** What is known of one task while its run goes on. */
export interface TaskProgress {
  readonly taskId: string;
  state: TaskState;
  reason: string | null;
  /** Milliseconds since the epoch. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** Of a mapped task: how many instances there are, and the state of each that is known. */
  mapLength: number | undefined;
  readonly instances: Map<number, TaskState>;
  /** When the last attempt of each instance was told of, by map index; −1 where the task is not mapped. */
  readonly attempts: Map<number, number>;
}

export const endStates: readonly string[] = ['succeeded', 'failed', 'cancelled'] satisfies Schemas['Run']['state'][];

const taskEnds: readonly TaskState[] = ['succeeded', 'failed', 'skipped', 'upstream_failed', 'cancelled'];

export function isTaskEnd(state: TaskState): boolean {
  return taskEnds.includes(state);
}

/** The state of a run and its tasks, folded from its events. */
export class RunModel {
  readonly tasks = new Map<string, TaskProgress>();
  state: Schemas['Run']['state'];
  reason: string | null = null;
  readonly createdAt: number;
  endedAt: number | undefined;

  constructor(
    readonly run: Pick<Schemas['Run'], 'id' | 'pipeline' | 'version' | 'createdAt' | 'state'>,
    tasks: readonly string[],
  ) {
    this.state = run.state;
    this.createdAt = Date.parse(run.createdAt);
    // In the order of the definition: events come in the order in which things happen.
    for (const taskId of tasks) this.task(taskId);
  }

  apply(event: RunStreamEvent): void {
    if (event.kind === 'attempt') {
      const { taskId, mapIndex, at } = event.attempt;
      const task = this.task(taskId);
      // Attempts are told of at once and states a little later: an end that is known stays.
      const known = mapIndex < 0 ? task.state : task.instances.get(mapIndex);
      if (known === undefined || !isTaskEnd(known)) this.set(task, mapIndex, 'running', Date.parse(at));
      task.attempts.set(mapIndex, Date.parse(at));
      return;
    }
    const { taskId, mapIndex, state, reason, mapLength, at } = event.event;
    if (taskId === null) {
      this.state = state as Schemas['Run']['state'];
      this.reason = reason;
      if (endStates.includes(state)) this.endedAt = Date.parse(at);
      return;
    }
    const task = this.task(taskId);
    if (mapLength !== null) task.mapLength = mapLength;
    if (mapIndex === null || mapIndex < 0) task.reason = reason;
    // It was queued before the attempt that is known already.
    if (state === 'queued' && Date.parse(at) <= (task.attempts.get(mapIndex ?? -1) ?? 0)) return;
    this.set(task, mapIndex ?? -1, state, Date.parse(at));
  }

  /** How many instances of a mapped task are in each state. */
  counts(task: TaskProgress): Map<TaskState, number> {
    const counts = new Map<TaskState, number>();
    for (const state of task.instances.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
    return counts;
  }

  private set(task: TaskProgress, mapIndex: number, state: TaskState, at: number): void {
    if (mapIndex >= 0) {
      task.instances.set(mapIndex, state);
      return;
    }
    task.state = state;
    if (state === 'running') task.startedAt ??= at;
    if (isTaskEnd(state)) task.endedAt = at;
  }

  private task(taskId: string): TaskProgress {
    const known = this.tasks.get(taskId);
    if (known !== undefined) return known;
    const made: TaskProgress = {
      taskId,
      state: 'waiting',
      reason: null,
      startedAt: undefined,
      endedAt: undefined,
      mapLength: undefined,
      instances: new Map(),
      attempts: new Map(),
    };
    this.tasks.set(taskId, made);
    return made;
  }
}
