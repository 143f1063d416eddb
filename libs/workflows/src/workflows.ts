/** The entry of the workflow bundle: exactly the functions that the server may name, nothing else. */
export { build } from './build/build.workflow.js';
export { delivery } from './delivery/delivery.workflow.js';
export { maintenance } from './maintenance/maintenance.workflow.js';
export { run } from './run/run.workflow.js';
