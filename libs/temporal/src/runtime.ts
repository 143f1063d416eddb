import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Where the SDK's own log goes; a pino logger fits. */
export interface SdkLog {
  trace(fields: object, message: string): void;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const methods = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

function write(log: SdkLog, entry: LogEntry): void {
  log[methods[entry.level]]({ ...entry.meta, sdk: true }, entry.message);
}

export interface RuntimeOptions {
  readonly log: SdkLog;
  /** `host:port` on which the SDK serves its own Prometheus metrics; absent, it serves none. */
  readonly metricsAddress?: string;
}

/**
 * Prepares the SDK of this process; call once, before any connection or worker. The SDK would otherwise take over
 * SIGTERM and SIGINT: here the program decides when its workers stop.
 */
export function installRuntime(options: RuntimeOptions): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', (entry) => write(options.log, entry)),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(options.metricsAddress === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: options.metricsAddress } } }),
    },
  });
}
