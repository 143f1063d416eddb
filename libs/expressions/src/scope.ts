/** What a task's expressions may know of another task. */
export interface TaskScope {
  /** JSON text; absent where the task has none (skipped, failed): then `tasks.<id>.output` is null. */
  readonly output?: string;
  /** A task state, for example `succeeded`. */
  readonly state: string;
}

/** What expressions see. Secrets are never in it. */
export interface ExpressionScope {
  /** JSON text of the run's params (an object). */
  readonly params?: string;
  readonly tasks?: Readonly<Record<string, TaskScope>>;
  /** JSON text of the element, in an instance of a mapped task. */
  readonly item?: string;
  readonly index?: number;
  readonly run?: { readonly id: string; readonly createdAt: string };
  readonly vars?: Readonly<Record<string, string>>;
}

export const scopeNames = ['params', 'tasks', 'item', 'index', 'run', 'vars'] as const;
/** A name that expressions may begin with. */
export type ScopeName = (typeof scopeNames)[number];
