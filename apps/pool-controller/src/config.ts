import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunnerAssignment } from '@millrace/contracts/assignment';
import { type PackageIndexes, readPackageIndexes } from '@millrace/sandbox';
import { allowedTestFault, type Environment, type LogLevel, readConfig, required, settings } from '@millrace/platform';

/** Everything that the pool controller is told from outside. */
export interface ControllerConfig {
  readonly logLevel: LogLevel;
  readonly controlDatabaseUrl: string;
  readonly databasePoolSize: number;
  readonly gateway: RunnerAssignment['gateway'];
  readonly temporal: RunnerAssignment['temporal'];
  /** Folder for the runners' home folders. */
  readonly homes: string;
  readonly runtime: string;
  readonly node: string;
  readonly spares: number;
  readonly poolUidBase: number;
  readonly metricsPort: number | undefined;
  /** Where dependencies come from: what npm and pip on this host are set to. */
  readonly indexes: PackageIndexes;
  /** The environment of runner processes. */
  readonly runnerEnv: Readonly<Record<string, string>>;
}

const shape = {
  home: required(settings.home),
  environment: settings.environment,
  logLevel: settings.logLevel,
  controlDatabaseUrl: required(settings.controlDatabaseUrl),
  databasePoolSize: settings.databasePoolSize,
  gateway: required(settings.gateway),
  gatewayTlsCa: settings.gatewayTlsCa,
  temporalAddress: required(settings.temporalAddress),
  temporalNamespace: settings.temporalNamespace,
  temporalTls: settings.temporalTls,
  temporalTlsCa: settings.temporalTlsCa,
  temporalTlsCert: settings.temporalTlsCert,
  temporalTlsKey: settings.temporalTlsKey,
  temporalApiKey: settings.temporalApiKey,
  runnerRuntime: settings.runnerRuntime,
  runnerNode: settings.runnerNode,
  runnerSpares: settings.runnerSpares,
  testFault: settings.testFault,
  poolUidBase: settings.poolUidBase,
  metricsPort: settings.metricsPort,
};

/** What of our own environment runners get; everything else is no business of a pool's user. */
const passedOn = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'];

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Reads the configuration; throws `config.invalid` naming every mistake at once. */
export async function readControllerConfig(env: Environment = process.env): Promise<ControllerConfig> {
  const values = readConfig(shape, env);
  const text = (path: string | undefined): Promise<string> | undefined =>
    path === undefined ? undefined : readFile(path, 'utf8');
  const [gatewayCa, ca, cert, key] = await Promise.all([
    text(values.gatewayTlsCa),
    text(values.temporalTlsCa),
    text(values.temporalTlsCert),
    text(values.temporalTlsKey),
  ]);
  const { gateway, temporalApiKey: apiKey } = values;
  const fault = allowedTestFault(values.environment, values.testFault);
  return {
    logLevel: values.logLevel,
    controlDatabaseUrl: values.controlDatabaseUrl,
    databasePoolSize: values.databasePoolSize,
    gateway: gateway.kind === 'unix' || gatewayCa === undefined ? gateway : { ...gateway, ca: gatewayCa },
    temporal: {
      address: values.temporalAddress,
      namespace: values.temporalNamespace,
      tls: values.temporalTls,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(apiKey === undefined ? {} : { apiKey }),
    },
    homes: join(values.home, 'pools'),
    runtime: values.runnerRuntime ?? checkout,
    node: values.runnerNode ?? process.execPath,
    spares: values.runnerSpares,
    poolUidBase: values.poolUidBase,
    metricsPort: values.metricsPort,
    indexes: await readPackageIndexes({ env, homeDir: homedir() }),
    runnerEnv: {
      ...Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
      NODE_ENV: 'production',
      MILLRACE_LOG_LEVEL: values.logLevel,
      MILLRACE_ENV: values.environment,
      ...(fault === undefined ? {} : { MILLRACE_TEST_FAULT: fault }),
    },
  };
}
