import type { NotifyRule, RunPlan, VersionSpec } from '@millrace/contracts';

/** An entry file that a task calls, and which of its exports. */
export interface CodeEntry {
  /** Path in the bundle, as written. */
  readonly entry: string;
  readonly exported: string;
  readonly sourceFile: string | undefined;
  /** Place of the export's name, or of the entry, in the definition. */
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
}

/** A pipeline of a bundle, ready to become a version once the bundle and the dependencies have their digests. */
export interface CompiledPipeline {
  readonly name: string;
  readonly description: string | undefined;
  /** File of the bundle; undefined for an inline definition. */
  readonly sourceFile: string | undefined;
  /** The definition as JSON text, in the order in which it was written. */
  readonly definitionText: string;
  readonly plan: RunPlan;
  readonly spec: Omit<VersionSpec, 'bundleDigest' | 'dependencies'>;
  /** Undefined where the definition says nothing; an empty list where nobody is to be told. */
  readonly notify: readonly NotifyRule[] | undefined;
  /** From the creation of a run to its end. */
  readonly deadlineMs: number | undefined;
}
