/** The ports of a development server; all of them given, or two servers may pick the same free one. */
export interface DevServerPorts {
  /** gRPC frontend. */
  readonly grpc: number;
  readonly http: number;
  readonly ui: number;
  readonly metrics: number;
}

export interface DevServerOptions {
  readonly ports: DevServerPorts;
  /** SQLite file of the server's state; absent, everything is lost when the process ends. */
  readonly storeFile?: string;
  /** Created when the server starts. */
  readonly namespace: string;
  /** Leaves out the web UI. */
  readonly headless?: boolean;
}

/**
 * Raised from what suits a shared production database. By default a shard hands on 20 transfer tasks a second, which
 * makes a chain of 40 short tasks take over 3 s whatever else is tuned; one partition per queue keeps bursts steady.
 */
export const dynamicConfig: Readonly<Record<string, number | string>> = {
  'history.transferProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxPollRPS': 5000,
  'history.visibilityProcessorMaxPollRPS': 5000,
  // Timers are looked at this often; by default no timer fires before a whole second has passed.
  'history.timerProcessorMaxTimeShift': '20ms',
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/** How long the embedded server keeps what has ended; its store grows by 20–30 KiB a run. */
export const embeddedRetentionHours = 48;

/**
 * Name of the store file. The server creates its SQLite schema once and never migrates it, so that each server version
 * has a file of its own.
 */
export function storeFileName(serverVersion: string): string {
  return `temporal-${serverVersion}.sqlite`;
}

/** Arguments of the Temporal CLI that start a development server on 127.0.0.1. */
export function devServerArguments(options: DevServerOptions): string[] {
  const { ports } = options;
  // The default journal of SQLite costs 16 fsyncs for each workflow start; WAL with synchronous=FULL needs 4 and keeps
  // every acknowledged commit over a power cut.
  const store =
    options.storeFile === undefined
      ? []
      : ['--db-filename', options.storeFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=2'];
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-format', 'json', '--disable-config-file'],
    ...['--port', String(ports.grpc), '--http-port', String(ports.http), '--metrics-port', String(ports.metrics)],
    ...(options.headless === true ? ['--headless'] : ['--ui-port', String(ports.ui)]),
    ...['--namespace', options.namespace],
    ...store,
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
}
