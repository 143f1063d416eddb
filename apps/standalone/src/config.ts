import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigOf, type Environment, readConfig, settings } from '@millrace/platform';
import type { ErrorDetail } from '@millrace/kernel';

const shape = {
  home: settings.home,
  environment: settings.environment,
  logLevel: settings.logLevel,
  bind: settings.bind,
  port: settings.port,
  publicUrl: settings.publicUrl,
  trustProxy: settings.trustProxy,
  tlsCert: settings.tlsCert,
  tlsKey: settings.tlsKey,
  databaseUrl: settings.databaseUrl,
  appDatabaseUrl: settings.appDatabaseUrl,
  controlDatabaseUrl: settings.controlDatabaseUrl,
  temporalAddress: settings.temporalAddress,
  foreignTemporalAddress: settings.foreignTemporalAddress,
  temporalNamespace: settings.temporalNamespace,
  temporalTls: settings.temporalTls,
  temporalTlsCa: settings.temporalTlsCa,
  temporalTlsCert: settings.temporalTlsCert,
  temporalTlsKey: settings.temporalTlsKey,
  temporalApiKey: settings.temporalApiKey,
  temporalBin: settings.temporalBin,
  objectStore: settings.objectStore,
  gateway: settings.gateway,
  masterKeyFile: settings.masterKeyFile,
  egressOpen: settings.egressOpen,
  allowNoIsolation: settings.allowNoIsolation,
  runnerRuntime: settings.runnerRuntime,
  runnerNode: settings.runnerNode,
  consoleFolder: settings.consoleFolder,
  downloadsFolder: settings.downloadsFolder,
  testTier: settings.testTier,
};

export type StandaloneConfig = ConfigOf<typeof shape>;

/** The environment that this program was started with. */
export const environment: Environment = process.env;

/** Folder of the checkout that this program was built in. */
export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Settings that make sense together only; looked up as text, since one may be set and mistaken. */
function together(names: readonly string[], env: Environment, remedy: string): ErrorDetail[] {
  const missing = names.filter((name) => env[name] === undefined || env[name] === '');
  if (missing.length === 0 || missing.length === names.length) return [];
  const present = names.filter((name) => !missing.includes(name)).join(' and ');
  return missing.map((name) => ({
    code: 'config.incomplete',
    pointer: `/${name}`,
    message: `${name} is not set, but ${present} is`,
    hint: remedy,
  }));
}

function missingFiles(files: Readonly<Record<string, string | undefined>>): ErrorDetail[] {
  return Object.entries(files).flatMap(([name, path]) =>
    path === undefined || existsSync(path)
      ? []
      : [{ code: 'config.no_file', pointer: `/${name}`, message: `${name} is ${path}, which does not exist` }],
  );
}

function mistakesBetween(config: Partial<StandaloneConfig>, env: Environment): ErrorDetail[] {
  return [
    ...together(
      ['MILLRACE_DATABASE_URL', 'MILLRACE_APP_DATABASE_URL', 'MILLRACE_CONTROL_DATABASE_URL'],
      env,
      'set all three to use a Postgres of your own, or none',
    ),
    ...together(['MILLRACE_TLS_CERT', 'MILLRACE_TLS_KEY'], env, 'set both, or none'),
    ...together(['MILLRACE_TEMPORAL_TLS_CERT', 'MILLRACE_TEMPORAL_TLS_KEY'], env, 'set both, or none'),
    ...missingFiles({
      MILLRACE_TLS_CERT: config.tlsCert,
      MILLRACE_TLS_KEY: config.tlsKey,
      MILLRACE_TEMPORAL_TLS_CA: config.temporalTlsCa,
      MILLRACE_TEMPORAL_TLS_CERT: config.temporalTlsCert,
      MILLRACE_TEMPORAL_TLS_KEY: config.temporalTlsKey,
      MILLRACE_MASTER_KEY_FILE: config.masterKeyFile,
      MILLRACE_EGRESS_OPEN: config.egressOpen,
      TEMPORAL_BIN: config.temporalBin,
    }),
  ];
}

/** Reads the settings of the standalone platform; rejects with every mistake at once. */
export function readStandaloneConfig(env: Environment): StandaloneConfig {
  return readConfig(shape, env, (config) => mistakesBetween(config, env));
}
