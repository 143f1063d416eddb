export { type EgressOpenings, readEgressOpenings } from './egress-openings.js';
export {
  type LogFields,
  type Logger,
  logger,
  type LoggerOptions,
  logLevels,
  type LogLevel,
  withLogFields,
} from './logger.js';
export {
  collectProcessMetrics,
  metrics,
  type MetricsServer,
  type MetricsServerOptions,
  serveMetrics,
} from './metrics.js';
export { type ConfigOf, type Environment, invalidConfig, readConfig } from './read-config.js';
export { required, type Setting } from './setting.js';
export { type GatewayAddress, type PushWay, settings, type TestFault } from './settings.js';
export { allowedTestFault } from './test-fault.js';
export { shutdownOnSignals, type ShutdownOptions, type ShutdownStep } from './shutdown.js';
