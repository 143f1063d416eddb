import {
  allowedTestFault,
  type Environment,
  type LogLevel,
  type PushWay,
  readConfig,
  required,
  settings,
} from '@millrace/platform';
import type { TemporalTarget } from '@millrace/temporal';
import { readMasterKey } from '@millrace/tenancy';

/** What alerts are told and delivered with. */
export interface AlertsConfig {
  readonly production: boolean;
  /** How people reach the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Quiet time after which an alert is told, in milliseconds. */
  readonly windowMs: number;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  /** Keep mail in a table where there is no mail server. */
  readonly mailbox: boolean;
  /** Seals the signing secrets of webhooks. */
  readonly masterKey: Buffer;
  /** JSON file of the private addresses that the operator opened to named organizations. */
  readonly egressOpenFile: string | undefined;
}

/** Everything that the orchestrator is told from outside. */
export interface OrchestratorConfig {
  readonly logLevel: LogLevel;
  readonly appDatabaseUrl: string;
  readonly controlDatabaseUrl: string;
  readonly databasePoolSize: number;
  /** `file:///…` */
  readonly objectStore: string;
  readonly temporal: TemporalTarget;
  /** Ways open to work besides the queues of the pools. */
  readonly ways: readonly PushWay[];
  /** A fault that tests switch on: what the outbox owes is paid and stays. */
  readonly keepsPaidDebts?: boolean;
  /** Absent, nobody is told of anything: what is owed to people stays in the outbox. */
  readonly alerts?: AlertsConfig;
  /** Where `/metrics`, `/healthz` and `/readyz` are served; absent, nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
}

const shape = {
  logLevel: settings.logLevel,
  appDatabaseUrl: required(settings.appDatabaseUrl),
  controlDatabaseUrl: required(settings.controlDatabaseUrl),
  databasePoolSize: settings.databasePoolSize,
  objectStore: required(settings.objectStore),
  ways: settings.ways,
  testFault: settings.testFault,
  temporalAddress: required(settings.temporalAddress),
  temporalNamespace: settings.temporalNamespace,
  temporalTls: settings.temporalTls,
  temporalTlsCa: settings.temporalTlsCa,
  temporalTlsCert: settings.temporalTlsCert,
  temporalTlsKey: settings.temporalTlsKey,
  temporalApiKey: settings.temporalApiKey,
  environment: settings.environment,
  publicUrl: settings.publicUrl,
  alertWindow: settings.alertWindow,
  smtpUrl: settings.smtpUrl,
  mailFrom: settings.mailFrom,
  mailbox: settings.mailbox,
  masterKeyFile: required(settings.masterKeyFile),
  egressOpen: settings.egressOpen,
  bind: settings.bind,
  metricsPort: settings.metricsPort,
};

/** Reads the configuration of the orchestrator; throws `config.invalid` naming every mistake at once. */
export async function readOrchestratorConfig(env: Environment = process.env): Promise<OrchestratorConfig> {
  const values = readConfig(shape, env);
  const production = values.environment === 'production';
  return {
    logLevel: values.logLevel,
    appDatabaseUrl: values.appDatabaseUrl,
    controlDatabaseUrl: values.controlDatabaseUrl,
    databasePoolSize: values.databasePoolSize,
    objectStore: values.objectStore,
    ways: values.ways,
    keepsPaidDebts: allowedTestFault(values.environment, values.testFault) === 'no-outbox-delete',
    temporal: {
      address: values.temporalAddress,
      namespace: values.temporalNamespace,
      tls: values.temporalTls,
      tlsCaFile: values.temporalTlsCa,
      tlsCertFile: values.temporalTlsCert,
      tlsKeyFile: values.temporalTlsKey,
      apiKey: values.temporalApiKey,
    },
    alerts: {
      production,
      publicUrl: values.publicUrl ?? 'http://127.0.0.1:7070',
      windowMs: values.alertWindow * 1_000,
      smtpUrl: values.smtpUrl,
      mailFrom: values.mailFrom,
      mailbox: !production && values.smtpUrl === undefined && values.mailbox !== false,
      masterKey: await readMasterKey(values.masterKeyFile),
      egressOpenFile: values.egressOpen,
    },
    metrics: values.metricsPort === undefined ? undefined : { host: values.bind, port: values.metricsPort },
  };
}
