import { type Expression, plainFacts, type Reference, reference, pathStep } from './expression.js';

/** States in which `task.state` may find a task that is done. */
export type TaskState = 'succeeded' | 'failed' | 'skipped' | 'upstream_failed' | 'cancelled';

/** A task of a pipeline, as other tasks refer to it. */
export interface Task<Output> {
  readonly id: string;
  /** The output; of a mapped task the list of its instances' outputs. Using it makes the user need this task. */
  readonly output: Reference<Output>;
  /** How the task ended, for conditions of tasks that run after failures as well. */
  readonly state: Expression<TaskState>;
}

/** A task, whatever its output. */
export type AnyTask = Pick<Task<unknown>, 'id' | 'state'>;

/** Makes the handle of a task. */
export function taskHandle<Output>(id: string): Task<Output> {
  const path = `tasks${pathStep(id)}`;
  const tasks = new Set([id]);
  return Object.freeze({
    id,
    output: reference<Output>(plainFacts(`${path}.output`, { tasks })),
    state: reference<TaskState>(plainFacts(`${path}.state`, { tasks })),
  });
}
