/** Limits of what a bundle may define. */
export const definitionLimits = {
  /** Of one definition file. */
  fileBytes: 512 * 1024,
  /** Of all definitions of a bundle. */
  totalBytes: 2 * 1024 * 1024,
  pipelines: 200,
  tasks: 1000,
  /** Values in one definition, aliases counted each time that they are used. */
  nodes: 100_000,
  depth: 64,
  descriptionLength: 2000,
  /** Names of secrets, connections or variables of one task. */
  names: 100,
  mapConcurrency: 500,
  /** Longest deadline of a run. */
  deadlineDays: 366,
  /** Task instances of one run that may be in flight at once. */
  maxParallel: 500,
} as const;
