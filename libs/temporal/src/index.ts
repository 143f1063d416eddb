export { connectClient, connectNative, type TemporalTarget } from './connection.js';
export { RenewedWorker, type RenewedWorkerOptions, type RunnableWorker } from './renewed-worker.js';
export { installRuntime, type RuntimeOptions, type SdkLog } from './runtime.js';
