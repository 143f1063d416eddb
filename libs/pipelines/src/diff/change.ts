import type { Json, VersionId } from '@millrace/kernel';

export type Change = 'added' | 'changed' | 'removed' | 'unchanged';

/** One field of a definition that differs. Lists are compared as a whole. */
export interface FieldChange {
  /** JSON Pointer into the definition. */
  readonly path: string;
  readonly change: Exclude<Change, 'unchanged'>;
  /** Null where it was added. */
  readonly from: Json;
  /** Null where it was removed. */
  readonly to: Json;
}

export interface TaskChange {
  readonly task: string;
  readonly change: Exclude<Change, 'unchanged'>;
  readonly fields: readonly FieldChange[];
  /** The code that the task runs differs: its file, or for compiled code anything that it imports from the bundle. */
  readonly codeChanged: boolean;
}

export interface FileChange {
  readonly path: string;
  readonly change: Exclude<Change, 'unchanged'>;
}

export interface DependencyChange {
  readonly kind: string;
  /** Digest of the dependency files; null where there are none. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface VersionRef {
  readonly versionId: VersionId;
  readonly number: number;
}

/** What differs between two states of one pipeline. */
export interface PipelineChange {
  readonly pipeline: string;
  readonly change: Change;
  /** The version on either side; null where there is none, or where a bundle has not become one yet. */
  readonly from: VersionRef | null;
  readonly to: VersionRef | null;
  /** Fields outside of the tasks. */
  readonly fields: readonly FieldChange[];
  readonly tasks: readonly TaskChange[];
  /** Files of the bundle, of whatever pipeline they are; at most `maxFiles` of them. */
  readonly files: readonly FileChange[];
  /** How many files differ. */
  readonly filesChanged: number;
  readonly dependencies: readonly DependencyChange[];
}

/** Files that one change of a pipeline lists. */
export const maxFiles = 200;
