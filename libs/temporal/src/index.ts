export { connectClient, connectNative, type TemporalTarget } from './connection.js';
export { installRuntime, type RuntimeOptions, type SdkLog } from './runtime.js';
