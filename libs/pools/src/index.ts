export { BackOff } from './back-off.js';
export { type PoolState, readActivePools, readLeasesByRunner } from './readers/pool-demand.js';
export {
  defaultPool,
  type IsolationTier,
  isolationTiers,
  poolBounds,
  poolNameForm,
  type PoolSettings,
  type RunnerState,
  runnerStates,
  type SandboxMode,
  sandboxModes,
  standardPool,
} from './pool.js';
export { findPool, listPools, type Pool } from './readers/pools.js';
export { listRunners, type Runner, type RunnerPlace } from './readers/runners.js';
export { type PoolLoad, type RunnerLoad, scale, type ScalingDecision, wantedRunners } from './scaling.js';
export {
  endRunner,
  type LiveRunner,
  markDraining,
  readLiveRunners,
  registerRunner,
  type RunnerRegistration,
} from './use-cases/register-runner.js';
export { changePool } from './use-cases/change-pool.js';
export { createPool } from './use-cases/create-pool.js';
export { deletePool } from './use-cases/delete-pool.js';
