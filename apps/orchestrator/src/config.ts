import { type Environment, type LogLevel, readConfig, required, settings } from '@millrace/platform';
import type { TemporalTarget } from '@millrace/temporal';

/** Everything that the orchestrator is told from outside. */
export interface OrchestratorConfig {
  readonly logLevel: LogLevel;
  readonly appDatabaseUrl: string;
  readonly controlDatabaseUrl: string;
  readonly databasePoolSize: number;
  /** `file:///…` */
  readonly objectStore: string;
  readonly temporal: TemporalTarget;
  /** Where `/metrics`, `/healthz` and `/readyz` are served; absent, nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
}

const shape = {
  logLevel: settings.logLevel,
  appDatabaseUrl: required(settings.appDatabaseUrl),
  controlDatabaseUrl: required(settings.controlDatabaseUrl),
  databasePoolSize: settings.databasePoolSize,
  objectStore: required(settings.objectStore),
  temporalAddress: required(settings.temporalAddress),
  temporalNamespace: settings.temporalNamespace,
  temporalTls: settings.temporalTls,
  temporalTlsCa: settings.temporalTlsCa,
  temporalTlsCert: settings.temporalTlsCert,
  temporalTlsKey: settings.temporalTlsKey,
  temporalApiKey: settings.temporalApiKey,
  bind: settings.bind,
  metricsPort: settings.metricsPort,
};

/** Reads the configuration of the orchestrator; throws `config.invalid` naming every mistake at once. */
export function readOrchestratorConfig(env: Environment = process.env): OrchestratorConfig {
  const values = readConfig(shape, env);
  return {
    logLevel: values.logLevel,
    appDatabaseUrl: values.appDatabaseUrl,
    controlDatabaseUrl: values.controlDatabaseUrl,
    databasePoolSize: values.databasePoolSize,
    objectStore: values.objectStore,
    temporal: {
      address: values.temporalAddress,
      namespace: values.temporalNamespace,
      tls: values.temporalTls,
      tlsCaFile: values.temporalTlsCa,
      tlsCertFile: values.temporalTlsCert,
      tlsKeyFile: values.temporalTlsKey,
      apiKey: values.temporalApiKey,
    },
    metrics: values.metricsPort === undefined ? undefined : { host: values.bind, port: values.metricsPort },
  };
}
