export { type EgressPolicy, type EgressRefusal, type EgressRefusalReason, type EgressTarget } from './egress/policy.js';
export {
  type SandboxExecution,
  type SandboxHandlers,
  type SandboxHost,
  type SandboxHostOptions,
  type SandboxLogger,
  startSandboxHost,
} from './host.js';
export {
  defaultLimits,
  type SandboxBundle,
  type SandboxConnection,
  type SandboxContext,
  type SandboxJob,
  type SandboxLimits,
  type SandboxMode,
  type SandboxProgram,
} from './job.js';
export {
  type SandboxArtifact,
  type SandboxError,
  type SandboxOutcome,
  type SandboxResult,
  type SandboxUsage,
} from './result.js';
export { type SandboxTier, type TierReport } from './tier.js';
