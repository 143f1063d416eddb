import { MillraceClient } from '@millrace/clients';
import { CredentialStore, type Profile, standardProfile } from './account/credentials.js';
import type { CliConfig } from './config.js';
import { Failure } from './failure.js';
import { useProxy } from './proxy.js';
import type { Output } from './terminal/output.js';
import { version } from './version.js';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly profile?: string;
  readonly url?: string;
  readonly environment?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

export const standardUrl = 'http://127.0.0.1:7070';

/** How long a request is repeated while the platform is away: a person who waits is told soon. */
const shortPatienceMs = 5_000;
/** While a run or a build is followed, a restart of the platform is worth waiting for. */
const longPatienceMs = 120_000;

/** What a command has to work with. */
export class Cli {
  readonly credentials: CredentialStore;

  constructor(
    readonly config: CliConfig,
    readonly options: GlobalOptions,
    readonly output: Output,
    readonly stdin: NodeJS.ReadStream,
  ) {
    this.credentials = new CredentialStore(config.folder);
  }

  get profileName(): string {
    return this.options.profile ?? this.config.profile ?? standardProfile;
  }

  /** Slug of the environment that was asked for; undefined: the API decides. */
  get environment(): string | undefined {
    return this.options.environment ?? this.config.environment;
  }

  /** The environment as a query parameter. */
  get inEnvironment(): { readonly environment?: string } {
    return this.environment === undefined ? {} : { environment: this.environment };
  }

  /** Address and key; refuses where nobody has logged in. */
  async account(): Promise<Profile> {
    const stored = await this.credentials.find(this.profileName);
    const given = this.options.url ?? this.config.url;
    const url = given ?? stored?.url ?? standardUrl;
    if (this.config.apiKey !== undefined) return { url, apiKey: this.config.apiKey, organization: '' };
    if (stored === undefined) {
      const which = this.profileName === standardProfile ? '' : ` with the profile "${this.profileName}"`;
      throw new Failure('unauthenticated', `you are not logged in${which}`, {
        code: 'cli.not_logged_in',
        hint: 'run `millrace login`, or set MILLRACE_API_KEY',
      });
    }
    // A key must not be shown to another server than the one that it was made by.
    if (given !== undefined && new URL(asUrl(given)).origin !== new URL(stored.url).origin) {
      throw new Failure('unauthenticated', `the stored key belongs to ${stored.url}, not to ${given}`, {
        code: 'cli.other_platform',
        hint: `log in there with \`millrace login --url ${given} --profile <name>\``,
      });
    }
    return stored;
  }

  /** A client with the credential of the account. */
  async client(patience: 'short' | 'long' = 'short'): Promise<MillraceClient> {
    const { url, apiKey } = await this.account();
    return this.anonymous(url, patience).withToken(apiKey);
  }

  /** A client without a credential. */
  anonymous(url: string, patience: 'short' | 'long' = 'short'): MillraceClient {
    const baseUrl = asUrl(url);
    const missing = useProxy(this.config, baseUrl);
    if (missing !== undefined) this.output.warn(missing);
    return new MillraceClient({
      baseUrl,
      patienceMs: patience === 'short' ? shortPatienceMs : longPatienceMs,
      userAgent: `millrace-cli/${version}`,
    });
  }
}

/** The address without what follows the host; refuses what is none. */
export function asUrl(text: string): string {
  try {
    const { origin, protocol } = new URL(text);
    if (protocol === 'http:' || protocol === 'https:') return origin;
  } catch {
    // Said below.
  }
  throw new Failure('usage', `"${text}" is not the address of a platform`, {
    hint: 'write it as https://millrace.example.com',
  });
}
