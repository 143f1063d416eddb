import { hostname, userInfo } from 'node:os';
import { answer, ApiError, type MillraceClient, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import { asUrl, type Cli, standardUrl } from '../cli.js';
import { Failure } from '../failure.js';

import { ask, readStdin } from '../terminal/prompt.js';

interface LoginOptions {
  readonly email?: string;
  readonly organization?: string;
  readonly apiKey?: string | true;
  readonly scope?: readonly Scope[];
  readonly expires?: number;
}

type Scope = Schemas['NewApiKey']['scopes'][number];

const scopes: readonly Scope[] = ['read', 'run', 'deploy', 'manage'];
const dayMs = 86_400_000;

/** `login`, `logout`, `whoami`. */
export function addAccountCommands(program: Command, act: Act): void {
  program
    .command('login')
    .summary('Log in and store an API key')
    .description(
      'Asks for e-mail address and password, makes an API key named after this computer, and stores it so that only you can read it. The password is stored nowhere.',
    )
    .option('--email <address>', 'E-mail address; asked for where absent.')
    .option('--organization <slug>', 'Organization, where you belong to several.')
    .option(
      '--api-key [key]',
      'Store this key instead of making one; without a value it is read from the standard input.',
    )
    .addOption(
      new Option('--scope <scope>', 'What the key may do (repeat it); everything that you may where absent.')
        .choices(scopes)
        .argParser((text: string, before: readonly Scope[] | undefined) => [...(before ?? []), scopeOf(text)]),
    )
    .option('--expires <days>', 'End of the key, in days from now.', days)
    .action(act<[LoginOptions]>(logIn));
  program
    .command('logout')
    .summary('Revoke and forget the stored API key')
    .description('Revokes the API key that `login` made and removes it from this computer.')
    .action(act<[]>(logOut));
  program
    .command('whoami')
    .description('Show which organization, person or key you are, and where.')
    .action(act<[]>(whoAmI));
}

function scopeOf(text: string): Scope {
  const found = scopes.find((scope) => scope === text);
  if (found === undefined) throw new Failure('usage', `"${text}" is no scope: there are ${scopes.join(', ')}`);
  return found;
}

function days(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Failure('usage', '--expires is a whole number of days, 1 to 9999');
  return Number(text);
}

async function logIn(cli: Cli, options: LoginOptions): Promise<void> {
  const stored = await cli.credentials.find(cli.profileName);
  const url = asUrl(cli.options.url ?? cli.config.url ?? stored?.url ?? standardUrl);
  const given = await givenKey(cli, options);
  const client = cli.anonymous(url);
  const profile = given === undefined ? await keyByPassword(cli, client, options) : { apiKey: given, keyId: undefined };
  const me = await answer(client.withToken(profile.apiKey).api.GET('/v1/me'));
  await cli.credentials.save(cli.profileName, {
    url,
    apiKey: profile.apiKey,
    organization: me.organization.slug,
    ...(profile.keyId === undefined ? {} : { keyId: profile.keyId }),
  });
  const { output } = cli;
  output.result(
    { profile: cli.profileName, url, organization: me.organization, scopes: me.scopes, file: cli.credentials.file },
    () => {
      output.line(`Logged in to ${output.style.bold(me.organization.name)} at ${url}.`);
      output.line(output.style.dim(`The key is in ${cli.credentials.file}, profile "${cli.profileName}".`));
    },
    me.organization.slug,
  );
}

async function givenKey(cli: Cli, { apiKey }: LoginOptions): Promise<string | undefined> {
  if (apiKey === undefined) return cli.config.apiKey;
  const key = (
    apiKey !== true
      ? apiKey
      : cli.stdin.isTTY
        ? await ask({ stdin: cli.stdin, stderr: process.stderr }, 'API key: ', '', true)
        : await readStdin(cli.stdin)
  ).trim();
  if (key === '') throw new Failure('usage', 'the API key is empty');
  return key;
}

async function keyByPassword(
  cli: Cli,
  client: MillraceClient,
  options: LoginOptions,
): Promise<{ readonly apiKey: string; readonly keyId: string }> {
  const console = { stdin: cli.stdin, stderr: process.stderr };
  const instead = 'pass a key with --api-key or MILLRACE_API_KEY';
  const email = options.email ?? (await ask(console, 'E-mail: ', instead));
  // A script may give the password on the standard input; on the command line everybody on the machine could read it.
  const password =
    options.email !== undefined && !cli.stdin.isTTY
      ? await readStdin(cli.stdin)
      : await ask(console, 'Password: ', instead, true);
  if (password === '') throw new Failure('usage', `the password is empty: ${instead}`);
  const session = await logInAs(client, { email, password, organization: options.organization });
  const member = client.withToken(session.accessToken);
  const { scopes: allowed } = await answer(member.api.GET('/v1/me'));
  const made = await answer(
    member.api.POST('/v1/api-keys', {
      body: {
        name: `millrace CLI of ${userInfo().username} on ${hostname()}`.slice(0, 100),
        scopes: [...(options.scope ?? allowed)],
        ...(options.expires === undefined
          ? {}
          : { expiresAt: new Date(Date.now() + options.expires * dayMs).toISOString() }),
      },
    }),
  );
  // The key is all that is needed from here on.
  await member.api.POST('/v1/logout').catch(() => undefined);
  return { apiKey: made.key, keyId: made.id };
}

async function logInAs(client: MillraceClient, body: Schemas['LogIn']): Promise<Schemas['Session']> {
  try {
    return await answer(client.api.POST('/v1/login', { body }));
  } catch (error) {
    // Not the words for a missing key: it is the password that is wrong.
    if (error instanceof ApiError && error.status === 401) {
      throw new Failure('unauthenticated', error.problem.detail ?? 'e-mail address or password is wrong', {
        code: error.code,
        ...(error.problem.requestId === undefined ? {} : { requestId: error.problem.requestId }),
      });
    }
    throw error;
  }
}

async function logOut(cli: Cli): Promise<void> {
  const { output, profileName } = cli;
  const profile = await cli.credentials.find(profileName);
  if (profile === undefined) {
    output.result({ profile: profileName, removed: false, revoked: false }, () => {
      output.line('You were not logged in.');
    });
    return;
  }
  const { keyId } = profile;
  let revoked = false;
  if (keyId !== undefined) {
    const client = cli.anonymous(profile.url).withToken(profile.apiKey);
    try {
      await client.api.DELETE('/v1/api-keys/{apiKey}', { params: { path: { apiKey: keyId } } });
      revoked = true;
    } catch (error) {
      const reason = error instanceof ApiError ? (error.problem.detail ?? error.message) : 'the platform is away';
      output.warn(`the key ${keyId} could not be revoked (${reason}); it is forgotten here all the same`);
    }
  }
  await cli.credentials.remove(profileName);
  output.result({ profile: profileName, removed: true, revoked }, () => {
    output.line(`Logged out of ${profile.organization}${revoked ? '; the key is revoked' : ''}.`);
  });
}

async function whoAmI(cli: Cli): Promise<void> {
  const { output } = cli;
  const { url } = await cli.account();
  const me = await answer((await cli.client()).api.GET('/v1/me'));
  output.result(
    { ...me, url, profile: cli.profileName },
    () => {
      const who = me.person === null ? `the API key ${me.actor}` : `${me.person.name} <${me.person.email}>`;
      output.line(`${output.style.bold(me.organization.name)} (${me.organization.slug}) at ${url}`);
      output.line(`as ${who}${me.role === null ? '' : `, ${me.role}`}, may ${me.scopes.join(', ')}`);
      if (me.environmentId !== null) output.line(`in the environment ${me.environmentId} only`);
    },
    me.organization.slug,
  );
}
