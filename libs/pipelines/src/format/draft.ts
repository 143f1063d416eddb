import type { Json, JsonObject } from '@millrace/kernel';
import type { TaskDefinition } from '@millrace/tasks/catalogue';
import type { PipelineFields, TaskFields } from './definition.js';
import type { DefinitionSource, Problems } from './problems.js';
import type { Path } from './source.js';

/** A task on its way to a plan; wrong fields are left out, so that everything else can still be checked. */
export interface TaskDraft {
  readonly id: string;
  readonly path: Path;
  /** Undefined where there is no such type. */
  readonly type: TaskDefinition | undefined;
  readonly fields: TaskFields;
  /** The general fields that were written, right or wrong. */
  readonly given: readonly string[];
  /** The type's own fields, as its schema gives them; undefined where they are wrong. */
  readonly own: JsonObject | undefined;
  /** The same as written, for the places of expressions in them. */
  readonly written: JsonObject;
}

/** A definition on its way to a plan. */
export interface PipelineDraft {
  readonly source: DefinitionSource;
  readonly problems: Problems;
  readonly definition: Json;
  readonly fields: PipelineFields;
  readonly tasks: readonly TaskDraft[];
  /** Ids of all tasks, also of what is no task at all. */
  readonly taskIds: readonly string[];
}
