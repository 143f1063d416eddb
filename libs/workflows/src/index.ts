export { type BuildActivities, type BuildRef, type FinishedStep, type LoadedBuild } from './build/build.workflow.js';
export { type DeliveryActivities, type DeliveryInput, type DeliveryRef } from './delivery/delivery.workflow.js';
export {
  type MaintenanceActivities,
  type MaintenanceInput,
  type ReconcileCursor,
} from './maintenance/maintenance.workflow.js';
export { type DispatchRef, type RunCommand, type RunEvent } from './run/events.js';
export { maxInFlight, RunMachine } from './run/machine.js';
export { type RunInput } from './run/run.workflow.js';
export { type RunSnapshot } from './run/task-progress.js';
