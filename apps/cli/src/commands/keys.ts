import { answer, type Schemas } from '@millrace/clients';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { moment } from '../terminal/format.js';
import { collect } from './listing.js';
import { onlyOne } from './named.js';

type Scope = Schemas['NewApiKey']['scopes'][number];
const scopes: readonly Scope[] = ['read', 'run', 'deploy', 'manage'];

interface NewKeyOptions {
  readonly scope?: readonly Scope[];
  readonly bind?: string;
  readonly expires?: string;
}

/** `keys list|create|rotate|revoke`. */
export function addKeyCommands(program: Command, act: Act): void {
  const keys = program.command('keys').description('API keys of the organization.');
  keys
    .command('list', { isDefault: true })
    .description('List the keys, without the keys themselves.')
    .option('--all', 'Those that are revoked or have expired too.')
    .action(act<[{ readonly all?: boolean }]>(list));
  keys
    .command('create <name>')
    .description('Make a key and print it: it is shown this once.')
    .addOption(new Option('--scope <scopes...>', 'What it may do; `read` where absent.').choices(scopes))
    .option('--bind <environment>', 'The only environment that it reaches; all where absent.')
    .option('--expires <when>', 'When it ends: RFC 3339, a date, or in such as 30d.', later)
    .action(act<[string, NewKeyOptions]>(create));
  keys
    .command('rotate <key>')
    .description('Make a key in place of another one (id or name), with the same rights, and print it.')
    .action(act<[string, object]>(rotate));
  keys
    .command('revoke <key>')
    .description('Revoke a key (id or name): it is refused from the next request on.')
    .action(act<[string, object]>(revoke));
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A time that lies ahead. */
function later(text: string): string {
  const span = /^(\d{1,4})([hdw])$/.exec(text);
  const date = span === null ? new Date(text) : new Date(Date.now() + Number(span[1]) * (units[span[2] ?? ''] ?? 0));
  if (Number.isNaN(date.getTime()) || date.getTime() < Date.now()) {
    throw new InvalidArgumentError('It must be a time to come, such as 2030-01-31, or 30d.');
  }
  return date.toISOString();
}

async function list(cli: Cli, { all = false }: { readonly all?: boolean }): Promise<void> {
  const { output } = cli;
  const known = await collect((await cli.client()).list('/v1/api-keys', {}));
  const found = known.filter((key) => all || stateOf(key) === 'active');
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'ID', value: ({ id }) => id },
        { title: 'NAME', value: ({ name }) => name },
        { title: 'SCOPES', value: (key) => key.scopes.join(', ') },
        { title: 'STATE', value: stateOf },
        { title: 'EXPIRES', value: ({ expiresAt }) => moment(expiresAt) },
        { title: 'LAST USED', value: ({ lastUsedAt }) => moment(lastUsedAt) },
      ]),
    found.map(({ id }) => id),
  );
}

function stateOf({ revokedAt, expiresAt }: Schemas['ApiKey']): 'active' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) < Date.now() ? 'expired' : 'active';
}

async function create(cli: Cli, name: string, { scope = ['read'], bind, expires }: NewKeyOptions): Promise<void> {
  const made = await answer(
    (await cli.client()).api.POST('/v1/api-keys', {
      body: {
        name,
        scopes: [...scope],
        ...(bind === undefined ? {} : { environment: bind }),
        ...(expires === undefined ? {} : { expiresAt: expires }),
      },
    }),
  );
  showKey(cli, made);
}

/** The key goes to the standard output alone, so that it can be passed on. */
function showKey(cli: Cli, made: Schemas['MadeApiKey']): void {
  cli.output.note(`Made ${made.id} (${made.name}). The key is shown this once:`);
  cli.output.result(made, () => cli.output.line(made.key), made.key);
}

async function find(cli: Cli, ref: string): Promise<Schemas['ApiKey']> {
  const keys = await collect((await cli.client()).list('/v1/api-keys', {}));
  return onlyOne(
    'key',
    ref,
    keys.filter((key) => key.id === ref || (key.name === ref && stateOf(key) === 'active')),
  );
}

async function rotate(cli: Cli, ref: string): Promise<void> {
  const { id } = await find(cli, ref);
  const { api } = await cli.client();
  showKey(cli, await answer(api.POST('/v1/api-keys/{apiKey}:rotate', { params: { path: { apiKey: id } } })));
}

async function revoke(cli: Cli, ref: string): Promise<void> {
  const { id, name } = await find(cli, ref);
  await (await cli.client()).api.DELETE('/v1/api-keys/{apiKey}', { params: { path: { apiKey: id } } });
  cli.output.result({ id, name, revoked: true }, () => cli.output.line(`Revoked ${name} (${id}).`), id);
}
