import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where packages come from. Plain JSON, so that the process that can read the host's settings can hand it to others. */
export interface PackageIndexes {
  readonly npm: {
    /** Base URL, with a final slash. */
    readonly registry: string;
    /** Registries of scopes, by `@scope`. */
    readonly scopes: Readonly<Record<string, string>>;
  };
  readonly pip: {
    readonly indexUrl: string;
    readonly extraIndexUrls: readonly string[];
    /** Directories of the host with packages. */
    readonly findLinks: readonly string[];
  };
  /** Other hosts that these indexes send their clients to for the files themselves, as origins. */
  readonly fileOrigins: readonly string[];
  /** Added by the guard outside of the sandbox, by URL prefix. */
  readonly credentials: readonly { readonly urlPrefix: string; readonly authorization: string }[];
  /** Certificates beside the usual ones, PEM. */
  readonly extraCa?: string;
}

export interface HostSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Where the machine's own settings lie; /etc where left out. */
  readonly systemDir?: string;
}

const npmDefault = 'https://registry.npmjs.org/';
const pipDefault = 'https://pypi.org/simple';
/** The public index keeps its files on a host of their own. */
const pypiFiles = 'https://files.pythonhosted.org';

/** The lines `name = value` of an ini file; sections are told apart by a prefix. */
type Settings = ReadonlyMap<string, string>;

/**
 * Reads what npm and pip on this host are set to: their files, then their variables, which win. Credentials are taken
 * out of URLs and files and kept apart from what a sandbox gets to see.
 */
export async function readPackageIndexes(settings: HostSettings): Promise<PackageIndexes> {
  const npm = await npmSettings(settings);
  const pip = await pipSettings(settings);
  const credentials = npmCredentials(npm);
  const clean = (url: string): string => takeCredentials(url, credentials);
  const registry = withSlash(clean(npm.get('registry') ?? npmDefault));
  const scopes = [...npm].flatMap(([name, value]) =>
    /^@[^:]+:registry$/.test(name) ? [[name.slice(0, name.indexOf(':')), withSlash(clean(value))] as const] : [],
  );
  const indexUrl = clean(pip.get('index-url') ?? pipDefault);
  const links = words(pip.get('find-links'));
  const extraCa = await readCertificates([npm.get('cafile'), pip.get('cert'), settings.env['NODE_EXTRA_CA_CERTS']]);
  return {
    npm: { registry, scopes: Object.fromEntries(scopes) },
    pip: {
      indexUrl,
      extraIndexUrls: words(pip.get('extra-index-url')).map(clean),
      findLinks: links.filter((link) => link.startsWith('/')),
    },
    fileOrigins: new URL(indexUrl).hostname === 'pypi.org' ? [pypiFiles] : [],
    credentials,
    ...(extraCa === undefined ? {} : { extraCa }),
  };
}

async function npmSettings({ env, homeDir, systemDir = '/etc' }: HostSettings): Promise<Settings> {
  const fromEnv = (name: string): string | undefined =>
    env[`npm_config_${name}`] ?? env[`NPM_CONFIG_${name.toUpperCase()}`];
  const files = [fromEnv('globalconfig') ?? join(systemDir, 'npmrc'), fromEnv('userconfig') ?? join(homeDir, '.npmrc')];
  const merged = new Map<string, string>();
  for (const file of files) for (const [name, value] of await readIni(file)) merged.set(name, expand(value, env));
  for (const name of ['registry', 'cafile']) {
    const value = fromEnv(name);
    if (value !== undefined && value !== '') merged.set(name, value);
  }
  return merged;
}

async function pipSettings({ env, homeDir, systemDir = '/etc' }: HostSettings): Promise<Settings> {
  const files = [
    join(systemDir, 'pip.conf'),
    join(systemDir, 'xdg', 'pip', 'pip.conf'),
    join(homeDir, '.pip', 'pip.conf'),
    join(env['XDG_CONFIG_HOME'] ?? join(homeDir, '.config'), 'pip', 'pip.conf'),
    ...(env['PIP_CONFIG_FILE'] === undefined ? [] : [env['PIP_CONFIG_FILE']]),
  ];
  const merged = new Map<string, string>();
  for (const file of files) {
    for (const [name, value] of await readIni(file)) {
      const plain = name.replace(/^\[(global|install|download)\]/, '');
      if (!plain.startsWith('[')) merged.set(plain, value);
    }
  }
  for (const name of ['index-url', 'extra-index-url', 'find-links', 'cert']) {
    const value = env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`];
    if (value !== undefined && value !== '') merged.set(name, value);
  }
  return merged;
}

/** Names in a section carry it in front: `[global]index-url`. Indented lines go on with the value before. */
async function readIni(path: string): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = new Map<string, string>();
  let section = '';
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([;#]|$)/.test(line)) continue;
    const heading = /^\[(.+)\]\s*$/.exec(line);
    if (heading !== null) section = `[${heading[1] ?? ''}]`;
    else if (/^\s/.test(line) && last !== undefined) found.set(last, `${found.get(last) ?? ''} ${line.trim()}`.trim());
    else {
      const at = line.indexOf('=');
      if (at === -1) continue;
      last = `${section}${line.slice(0, at).trim()}`;
      found.set(
        last,
        line
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      );
    }
  }
  return found;
}

/** npm replaces `${NAME}` in its files. */
function expand(value: string, env: HostSettings['env']): string {
  return value.replace(/\$\{([^}]+)\}/g, (whole, name: string) => env[name] ?? whole);
}

/** `//host/path/:_authToken=…` and its older forms. */
function npmCredentials(npm: Settings): { urlPrefix: string; authorization: string }[] {
  const found: { urlPrefix: string; authorization: string }[] = [];
  for (const [name, value] of npm) {
    const match = /^\/\/(.+?)\/?:(_authToken|_auth|_password)$/.exec(name);
    const [, place, kind] = match ?? [];
    if (place === undefined || kind === undefined) continue;
    const user = npm.get(`//${place}/:username`) ?? npm.get(`//${place}:username`);
    const authorization =
      kind === '_authToken'
        ? `Bearer ${value}`
        : kind === '_auth'
          ? `Basic ${value}`
          : basic(user ?? '', Buffer.from(value, 'base64').toString('utf8'));
    for (const scheme of ['https', 'http']) found.push({ urlPrefix: `${scheme}://${place}/`, authorization });
  }
  return found;
}

/** The URL without user name and password, which are kept for the guard. */
function takeCredentials(url: string, credentials: { urlPrefix: string; authorization: string }[]): string {
  const parsed = new URL(url);
  if (parsed.username === '') return url;
  const authorization = basic(decodeURIComponent(parsed.username), decodeURIComponent(parsed.password));
  credentials.push({ urlPrefix: `${parsed.origin}/`, authorization });
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function readCertificates(paths: readonly (string | undefined)[]): Promise<string | undefined> {
  const unique = [...new Set(paths.filter((path) => path !== undefined && path !== ''))];
  const texts = await Promise.all(unique.map((path) => readFile(path ?? '', 'utf8').catch(() => '')));
  const text = texts.join('\n').trim();
  return text === '' ? undefined : `${text}\n`;
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(/\s+/).filter((word) => word !== '');
}
