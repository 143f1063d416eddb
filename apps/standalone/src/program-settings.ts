import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '@millrace/platform';
import type { StandaloneConfig } from './config.js';
import type { InstanceFolder } from './instance-folder.js';
import type { Program } from './programs.js';
import { type Runtime, servedFolders } from './runtime-folder.js';
import type { DatabaseUrls } from './servers.js';

/** The facts of this start that the programs are told of. */
export interface ProgramFacts {
  readonly config: StandaloneConfig;
  readonly folder: InstanceFolder;
  readonly runtime: Runtime;
  readonly database: DatabaseUrls;
  readonly apiPort: number;
  /** `host:port` of Temporal's frontend. */
  readonly temporalAddress: string;
  readonly masterKeyFile: string;
  readonly egressFile: string;
}

// Longest path of a Unix socket, on the system where it is shortest, without the closing NUL.
const socketPathBytes = 103;

function gatewayOf({ config, folder, apiPort }: ProgramFacts): string {
  if (config.gateway !== undefined) {
    const { gateway } = config;
    return gateway.kind === 'unix' ? `unix:${gateway.path}` : `${gateway.host}:${gateway.port}`;
  }
  const path = join(folder.paths.run, 'gateway.sock');
  if (Buffer.byteLength(path) <= socketPathBytes) return `unix:${path}`;
  // Deep checkouts exceed what a socket's name may hold; the API's port keeps two instances apart.
  return `unix:${join('/tmp', `millrace-${apiPort}-gateway.sock`)}`;
}

function temporalSettings({ config, temporalAddress }: ProgramFacts): Record<string, string | undefined> {
  return {
    MILLRACE_TEMPORAL_ADDRESS: temporalAddress,
    MILLRACE_TEMPORAL_NAMESPACE: config.temporalNamespace,
    MILLRACE_TEMPORAL_TLS: config.temporalTls ? '1' : undefined,
    MILLRACE_TEMPORAL_TLS_CA: config.temporalTlsCa,
    MILLRACE_TEMPORAL_TLS_CERT: config.temporalTlsCert,
    MILLRACE_TEMPORAL_TLS_KEY: config.temporalTlsKey,
    MILLRACE_TEMPORAL_API_KEY: config.temporalApiKey,
  };
}

/** How people reach the API. */
export function publicUrlOf(config: StandaloneConfig, apiPort: number): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  return apiUrlOf(config, apiPort);
}

/** How this machine reaches the API. */
export function apiUrlOf(config: StandaloneConfig, apiPort: number): string {
  const everywhere = config.bind === '0.0.0.0' || config.bind === '::';
  const host = everywhere ? '127.0.0.1' : config.bind.includes(':') ? `[${config.bind}]` : config.bind;
  return `${config.tlsCert === undefined ? 'http' : 'https'}://${host}:${apiPort}`;
}

/**
 * Variables of the operator's environment that go on to every program: all but those of ours, which each program gets
 * as far as it needs them, and the marks that npm leaves on what it runs.
 */
export function inheritedEnvironment(env: Environment): Record<string, string | undefined> {
  const foreign = ([name]: readonly [string, unknown]): boolean =>
    !name.startsWith('MILLRACE_') && !/^npm_(lifecycle|package|command|execpath|node_execpath)/.test(name);
  return Object.fromEntries(Object.entries(env).filter(foreign));
}

/** Settings of ours that the operator may set for the programs and that the platform itself has no use for. */
function passedOn(env: Environment, told: Record<string, string | undefined>): Record<string, string | undefined> {
  const kept = ['MILLRACE_DATABASE_URL', 'MILLRACE_HOME'];
  const rest = Object.entries(env).filter(
    ([name]) => name.startsWith('MILLRACE_') && !kept.includes(name) && !(name in told) && !secretNames.has(name),
  );
  return Object.fromEntries(rest);
}

/** Handed to the programs that need them by name, and to no other. */
const secretNames = new Set([
  'MILLRACE_APP_DATABASE_URL',
  'MILLRACE_CONTROL_DATABASE_URL',
  'MILLRACE_MASTER_KEY_FILE',
  'MILLRACE_TEMPORAL_API_KEY',
  'MILLRACE_TEMPORAL_TLS_KEY',
  'MILLRACE_TLS_KEY',
  'MILLRACE_METRICS_TOKEN',
  'MILLRACE_SMTP_URL',
]);

/** Two programs of one machine cannot serve on one port: the second one has the next. */
function portAfter(port: string | undefined): string | undefined {
  return port === undefined ? undefined : String(Number(port) + 1);
}

/** The three programs with what each of them is told, and no more. */
export function programsOf(facts: ProgramFacts, env: Environment): readonly Program[] {
  const { config, folder, runtime, database, apiPort } = facts;
  const everywhere = {
    MILLRACE_HOME: folder.home,
    MILLRACE_ENV: config.environment,
    MILLRACE_LOG_LEVEL: config.logLevel,
    MILLRACE_EGRESS_OPEN: facts.egressFile,
    MILLRACE_GATEWAY: gatewayOf(facts),
  };
  const databases = { MILLRACE_APP_DATABASE_URL: database.app, MILLRACE_CONTROL_DATABASE_URL: database.control };
  const objects = { MILLRACE_OBJECT_STORE: config.objectStore ?? pathToFileURL(folder.paths.objects).href };
  const api = {
    ...everywhere,
    ...databases,
    ...objects,
    MILLRACE_BIND: config.bind,
    MILLRACE_PORT: String(apiPort),
    MILLRACE_PUBLIC_URL: publicUrlOf(config, apiPort),
    MILLRACE_MASTER_KEY_FILE: facts.masterKeyFile,
    MILLRACE_TLS_CERT: config.tlsCert,
    MILLRACE_TLS_KEY: config.tlsKey,
    MILLRACE_METRICS_TOKEN: env['MILLRACE_METRICS_TOKEN'],
    MILLRACE_CONSOLE: config.consoleFolder ?? join(runtime.folder, servedFolders.console),
    // Whether mail is kept is all that the API needs to know of the mail server.
    MILLRACE_MAILBOX: env['MILLRACE_SMTP_URL'] === undefined ? env['MILLRACE_MAILBOX'] : '0',
    MILLRACE_DOWNLOADS: config.downloadsFolder ?? join(runtime.folder, servedFolders.downloads),
  };
  const orchestrator = {
    ...everywhere,
    ...databases,
    ...objects,
    ...temporalSettings(facts),
    MILLRACE_PUBLIC_URL: publicUrlOf(config, apiPort),
    MILLRACE_MASTER_KEY_FILE: facts.masterKeyFile,
    MILLRACE_SMTP_URL: env['MILLRACE_SMTP_URL'],
  };
  const controller = {
    ...everywhere,
    ...databases,
    ...temporalSettings(facts),
    MILLRACE_RUNNER_RUNTIME: config.runnerRuntime ?? runtime.folder,
    MILLRACE_RUNNER_NODE: config.runnerNode ?? runtime.node,
    MILLRACE_METRICS_PORT: portAfter(env['MILLRACE_METRICS_PORT']),
  };
  const complete = (told: Record<string, string | undefined>): Record<string, string | undefined> => ({
    ...passedOn(env, told),
    ...told,
  });
  const readyUrl = `${apiUrlOf(config, apiPort)}/readyz`;
  return [
    { name: 'api', env: complete(api), privileged: false, port: apiPort, readyUrl },
    { name: 'orchestrator', env: complete(orchestrator), privileged: false },
    // Only root can give the runners of each pool a user of their own.
    { name: 'pool-controller', env: complete(controller), privileged: true },
  ];
}
