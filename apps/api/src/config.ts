import { readFile } from 'node:fs/promises';
import { readMasterKey } from '@millrace/tenancy';
import {
  type ConfigOf,
  type Environment,
  type GatewayAddress,
  invalidConfig,
  type LogLevel,
  readConfig,
  required,
  settings,
} from '@millrace/platform';
import { planOf } from '@millrace/billing';
import type { RatePolicy } from '@millrace/tenancy';

/** Everything that the API process is told from outside. */
export interface ApiConfig {
  readonly production: boolean;
  readonly logLevel: LogLevel;
  readonly bind: string;
  readonly port: number;
  /** How people reach the API, without a slash at the end. */
  readonly publicUrl: string;
  /** Express's `trust proxy`: a number of hops, or addresses and networks; `undefined` trusts nobody. */
  readonly trustProxy: number | string | undefined;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly appDatabaseUrl: string;
  readonly controlDatabaseUrl: string;
  readonly databasePoolSize: number;
  /** `file:///…` */
  readonly objectStore: string;
  readonly gateway: GatewayAddress;
  readonly masterKey: Buffer;
  /** JSON file of the private addresses that the operator opened to named organizations. */
  readonly egressOpenFile: string | undefined;
  /** People see the mail to them in the API: mail is kept in a table, in place of being sent. */
  readonly mailbox: boolean;
  /** Folder of the console's build; `undefined` where none is served. */
  readonly consoleFolder: string | undefined;
  /** Folder of the files under `/downloads/`; `undefined` where none are served. */
  readonly downloadsFolder: string | undefined;
  /** Bearer token of `/metrics`; without one it answers to this machine only. */
  readonly metricsToken: string | undefined;
  readonly limits: ApiLimits;
  /** Check each response against its schema: tests only. */
  readonly checkResponses: boolean;
}

export interface ApiLimits {
  readonly perCredential: RatePolicy;
  /** All callers of an organization together, by the id of its plan. */
  readonly perOrganization: (plan: string) => RatePolicy;
  readonly perAddress: RatePolicy;
  readonly signup: RatePolicy;
  readonly login: RatePolicy;
  /** Failed log-ins for one e-mail address from one address of the network. */
  readonly loginFailures: RatePolicy;
  /** Failed log-ins for one e-mail address from anywhere. */
  readonly loginFailuresAnywhere: RatePolicy;
  /** Mails about one account: for its address, whether there is an account or not. */
  readonly accountMail: RatePolicy;
}

/** The limits of a platform that is open to everybody. */
export const standardLimits: ApiLimits = {
  perCredential: { name: 'credential', capacity: 60_000, windowSeconds: 60 },
  perOrganization: (plan) => ({
    name: 'organization',
    capacity: planOf(plan).limits.apiRequestsPerMinute,
    windowSeconds: 60,
  }),
  perAddress: { name: 'public', capacity: 600, windowSeconds: 60 },
  signup: { name: 'signup', capacity: 30, windowSeconds: 3600 },
  login: { name: 'login', capacity: 60, windowSeconds: 60 },
  loginFailures: { name: 'login-failures', capacity: 5, windowSeconds: 900 },
  accountMail: { name: 'account-mail', capacity: 5, windowSeconds: 3600 },
  loginFailuresAnywhere: { name: 'login-failures-anywhere', capacity: 100, windowSeconds: 3600 },
};

const shape = {
  environment: settings.environment,
  logLevel: settings.logLevel,
  bind: settings.bind,
  port: required(settings.port),
  publicUrl: settings.publicUrl,
  trustProxy: settings.trustProxy,
  tlsCert: settings.tlsCert,
  tlsKey: settings.tlsKey,
  appDatabaseUrl: required(settings.appDatabaseUrl),
  controlDatabaseUrl: required(settings.controlDatabaseUrl),
  databasePoolSize: settings.databasePoolSize,
  objectStore: required(settings.objectStore),
  gateway: required(settings.gateway),
  masterKeyFile: required(settings.masterKeyFile),
  egressOpen: settings.egressOpen,
  mailbox: settings.mailbox,
  consoleFolder: settings.consoleFolder,
  downloadsFolder: settings.downloadsFolder,
  metricsToken: settings.metricsToken,
  apiRate: settings.apiRate,
  signupRate: settings.signupRate,
};

async function readTls(values: ConfigOf<typeof shape>): Promise<ApiConfig['tls']> {
  const { tlsCert, tlsKey } = values;
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw invalidConfig([
      {
        code: 'config.incomplete',
        pointer: tlsCert === undefined ? '/MILLRACE_TLS_CERT' : '/MILLRACE_TLS_KEY',
        message: 'MILLRACE_TLS_CERT and MILLRACE_TLS_KEY belong together',
        hint: 'set both or neither',
      },
    ]);
  }
  return { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') };
}

/** A number of hops is a number to Express; everything else is a list. */
function trustOf(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

/** Reads the configuration of the API; throws `config.invalid` naming every mistake at once. */
export async function readApiConfig(env: Environment = process.env): Promise<ApiConfig> {
  const values = readConfig(shape, env);
  const tls = await readTls(values);
  return {
    production: values.environment === 'production',
    logLevel: values.logLevel,
    bind: values.bind,
    port: values.port,
    publicUrl: values.publicUrl ?? `${tls === undefined ? 'http' : 'https'}://${values.bind}:${values.port}`,
    trustProxy: trustOf(values.trustProxy),
    tls,
    appDatabaseUrl: values.appDatabaseUrl,
    controlDatabaseUrl: values.controlDatabaseUrl,
    databasePoolSize: values.databasePoolSize,
    objectStore: values.objectStore,
    gateway: values.gateway,
    masterKey: await readMasterKey(values.masterKeyFile),
    egressOpenFile: values.egressOpen,
    mailbox: values.environment !== 'production' && values.mailbox !== false,
    consoleFolder: values.consoleFolder,
    downloadsFolder: values.downloadsFolder,
    metricsToken: values.metricsToken,
    limits: {
      ...standardLimits,
      perCredential: { ...standardLimits.perCredential, capacity: values.apiRate },
      signup: { ...standardLimits.signup, capacity: values.signupRate },
    },
    checkResponses: false,
  };
}
