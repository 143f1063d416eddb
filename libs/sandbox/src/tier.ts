/**
 * How strongly a runner can isolate a task. `strong` and `restricted` belong to runners on Kubernetes; on one
 * machine a runner is `standard` (bubblewrap) or `none` (clean environment only, not isolating).
 */
export type SandboxTier = 'strong' | 'standard' | 'restricted' | 'none';

/** What a runner found out about its own machine by starting a sandbox, not by looking at version numbers. */
export interface TierReport {
  readonly tier: SandboxTier;
  readonly bubblewrap?: { readonly path: string; readonly version: string };
  /** Why the tier is not higher, with what to do about it. */
  readonly reason?: string;
}
