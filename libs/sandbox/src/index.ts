export { type HostSettings, type PackageIndexes, readPackageIndexes } from './build/package-indexes.js';
export { type BuildOptions, type BuildResult, runBuild } from './build/run-build.js';
export { detectTier, type DetectTierOptions, findPython } from './detect-tier.js';
export { type AddressVerdict, judgeAddress } from './egress/addresses.js';
export {
  type DialAddress,
  type EgressDecision,
  EgressGuard,
  type EgressGuardOptions,
  type ResolveName,
} from './egress/guard.js';
export { type EgressPolicy, type EgressRefusal, type EgressRefusalReason, type EgressTarget } from './egress/policy.js';
export {
  type SandboxExecution,
  type SandboxHandlers,
  type SandboxHost,
  type SandboxHostOptions,
  type SandboxLogger,
} from './host.js';
export {
  defaultLimits,
  type SandboxBundle,
  type SandboxConnection,
  type SandboxContext,
  type SandboxJob,
  type SandboxLimits,
  type SandboxMode,
  sandboxModes,
  type SandboxProgram,
} from './job.js';
export { keepDefaults, type KeepLimits } from './keep-limits.js';
export { LogLines } from './log-lines.js';
export {
  type SandboxArtifact,
  type SandboxError,
  type SandboxOutcome,
  type SandboxResult,
  type SandboxUsage,
} from './result.js';
export { startSandboxHost } from './start-host.js';
export { type SandboxTier, type TierReport } from './tier.js';
