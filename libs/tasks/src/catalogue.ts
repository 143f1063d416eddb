import type { z } from 'zod';
import type { TaskDefinition } from './define-task.js';
import { httpTask } from './http/definition.js';
import { nodeTask } from './node/definition.js';
import { pythonTask } from './python/definition.js';
import { shellTask } from './shell/definition.js';
import { sqlTask } from './sql/definition.js';
import { waitTask } from './wait/definition.js';

/** Every task type. A new one is its folder, one line here and one in `runners.ts`. */
export const taskCatalogue = {
  node: nodeTask,
  python: pythonTask,
  shell: shellTask,
  sql: sqlTask,
  http: httpTask,
  wait: waitTask,
} as const;

export type TaskType = keyof typeof taskCatalogue;
/** The resolved configuration of a type. */
export type TaskConfig<T extends TaskType> = z.output<(typeof taskCatalogue)[T]['configSchema']>;

export const taskTypes = Object.keys(taskCatalogue) as readonly TaskType[];

/** The definition of the type, or undefined where there is no such type. */
export function findTaskDefinition(type: string): TaskDefinition | undefined {
  return Object.hasOwn(taskCatalogue, type) ? taskCatalogue[type as TaskType] : undefined;
}

export { hasPlaceholder, type RetryClass, type TaskDefaults, type TaskDefinition } from './define-task.js';
export { runtimePath } from './node/definition.js';
