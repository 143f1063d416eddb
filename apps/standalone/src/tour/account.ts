import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ApiError, type HttpClient } from '@millrace/clients';

/** Who walks the tour: kept between tours, so that a later one logs in instead of signing up. */
interface TourAccount {
  readonly organization: string;
  readonly email: string;
  readonly password: string;
}

interface Session {
  readonly accessToken: string;
}

export interface SignedIn {
  readonly client: HttpClient;
  readonly organization: string;
  readonly isNew: boolean;
}

async function readAccount(file: string): Promise<TourAccount | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TourAccount;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keepAccount(file: string, account: TourAccount): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(account, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/**
 * Signs the organization `sample` up on the first tour of an instance, logs in on later ones, and makes an API key for
 * this tour either way.
 */
export async function signIn(client: HttpClient, accountFile: string): Promise<SignedIn> {
  const known = await readAccount(accountFile);
  const account = known ?? {
    organization: 'sample',
    email: 'you@sample.example',
    password: randomBytes(18).toString('base64url'),
  };
  // Kept before the sign-up: should the process die in between, the next tour still knows the password.
  if (known === undefined) await keepAccount(accountFile, account);
  const { session, isNew } = await enter(client, account, accountFile);
  const key = await client
    .withToken(session.accessToken)
    .post<{ key: string }>('/v1/api-keys', { name: 'tour', scopes: ['read', 'run', 'deploy', 'manage'] });
  return { client: client.withToken(key.key), organization: account.organization, isNew };
}

async function enter(
  client: HttpClient,
  account: TourAccount,
  accountFile: string,
): Promise<{ session: Session; isNew: boolean }> {
  const { organization, email, password } = account;
  try {
    const session = await client.post<Session>('/v1/login', { email, password, organization });
    return { session, isNew: false };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  try {
    const session = await client.post<Session>('/v1/signup', {
      organization: { name: 'Sample', slug: organization },
      name: 'You',
      email,
      password,
    });
    return { session, isNew: true };
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) {
      throw new Error(
        `the organization "${organization}" exists on this platform and ${accountFile} does not open it; begin afresh with \`npm start -- --reset\``,
        { cause: error },
      );
    }
    throw error;
  }
}
