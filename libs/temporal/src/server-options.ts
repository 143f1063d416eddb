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

/** A value of the server's dynamic configuration. */
export interface ServerSetting {
  readonly value: number | string;
  /** What it is without ours, and what that would cost. */
  readonly why: string;
}

/**
 * What the embedded server is told, and what a cluster of one's own should be told: docs/runbooks/temporal.md is made
 * from this list.
 */
export const serverSettings: Readonly<Record<string, ServerSetting>> = {
  'history.transferProcessorMaxPollRPS': {
    value: 5000,
    why: 'By default a shard hands on 20 transfer tasks a second, and each activity needs two: a chain of 40 short tasks takes over 3 s whatever else is tuned. A workflow lives on one shard, so that more shards do not help it.',
  },
  'history.timerProcessorMaxPollRPS': {
    value: 5000,
    why: 'The same limit for timers: retries, waits and timeouts.',
  },
  'history.visibilityProcessorMaxPollRPS': {
    value: 5000,
    why: 'The same limit for what the UI lists; behind it, finished workflows are listed late.',
  },
  'history.timerProcessorMaxTimeShift': {
    value: '20ms',
    why: 'Timers are looked at this often. By default no timer fires before a whole second has passed, also one of 50 ms.',
  },
  'matching.numTaskqueueReadPartitions': {
    value: 1,
    why: 'By default a queue has 4 partitions: with the few polls of a pool, tasks wait in one that nobody polls and are forwarded. One partition keeps bursts steady. Raise it, always with the next one, for a queue that has to hand out more than some hundred tasks a second.',
  },
  'matching.numTaskqueueWritePartitions': { value: 1, why: 'Has to be the number of read partitions.' },
};

/** The values alone, by name. */
export const dynamicConfig: Readonly<Record<string, number | string>> = Object.fromEntries(
  Object.entries(serverSettings).map(([name, { value }]) => [name, value]),
);

/** How long the embedded server keeps what has ended; its store grows by 20–30 KiB a run. */
export const embeddedRetentionHours = 48;

/** Rises when the workflows change in such a way that histories of before cannot be replayed: 2 with release 0.2. */
const workflowGeneration = 2;

/**
 * Name of the store file. The server creates its SQLite schema once and never migrates it, so that each server version
 * has a file of its own; and so has each generation of our workflows, whose open runs go on from their rows.
 */
export function storeFileName(serverVersion: string): string {
  return `temporal-${serverVersion}-${workflowGeneration}.sqlite`;
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
