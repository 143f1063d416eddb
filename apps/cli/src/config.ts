import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the surroundings of a command say; options of the command line win over it. */
export interface CliConfig {
  /** Folder of the credentials. */
  readonly folder: string;
  /** `MILLRACE_URL`: address of the platform. */
  readonly url: string | undefined;
  /** `MILLRACE_API_KEY`: wins over stored credentials. */
  readonly apiKey: string | undefined;
  /** `MILLRACE_PROFILE`: which of the stored credentials. */
  readonly profile: string | undefined;
  /** `MILLRACE_ENVIRONMENT`: slug of the environment. */
  readonly environment: string | undefined;
  /** `NO_COLOR` (https://no-color.org) or a dumb terminal. */
  readonly noColor: boolean;
  /** `FORCE_COLOR`: colours also where the output is no terminal. */
  readonly forceColor: boolean;
  /** Address of a proxy, where one is asked for. */
  readonly proxy: string | undefined;
  /** Node.js was told to use the proxy itself. */
  readonly nodeUsesProxy: boolean;
  /** `BROWSER`: program that opens a page. */
  readonly browser: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty variable counts as one that is not set, as in shells `NAME= command` is the way to unset it once. */
function text(env: Environment, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** Reads the environment of the process. */
export function readConfig(env: Environment = process.env): CliConfig {
  const force = text(env, 'FORCE_COLOR');
  return {
    folder: join(text(env, 'XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'millrace'),
    url: text(env, 'MILLRACE_URL'),
    apiKey: text(env, 'MILLRACE_API_KEY'),
    profile: text(env, 'MILLRACE_PROFILE'),
    environment: text(env, 'MILLRACE_ENVIRONMENT'),
    noColor: text(env, 'NO_COLOR') !== undefined || env['TERM'] === 'dumb',
    forceColor: force !== undefined && force !== '0',
    proxy: text(env, 'HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'),
    nodeUsesProxy: text(env, 'NODE_USE_ENV_PROXY') !== undefined,
    browser: text(env, 'BROWSER'),
  };
}
