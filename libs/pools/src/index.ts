export { BackOff } from './back-off.js';
export { type PoolState, readActivePools, readLeasesByRunner } from './readers/pool-demand.js';
export { type PoolLoad, type RunnerLoad, scale, type ScalingDecision, wantedRunners } from './scaling.js';
export {
  endRunner,
  type LiveRunner,
  markDraining,
  readLiveRunners,
  registerRunner,
  type RunnerRegistration,
} from './use-cases/register-runner.js';
