export {
  type FoundServer,
  resolveTemporalServer,
  type ResolveServerOptions,
  type ServerBinary,
  temporalCliVersion,
} from './resolve-server.js';
export {
  type DevServerOptions,
  type DevServerPorts,
  devServerArguments,
  dynamicConfig,
  embeddedRetentionHours,
  type ServerSetting,
  serverSettings,
  storeFileName,
} from './server-options.js';
