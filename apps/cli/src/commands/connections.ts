import { answer, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { gather, wholeNumber } from '../terminal/options.js';
import { collect } from './listing.js';

interface SetOptions {
  readonly type: string;
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly database?: string;
  readonly tls: 'disable' | 'require' | 'verify';
  readonly passwordSecret?: string;
  readonly option?: readonly string[];
}

/** `connections list|show|set|rm`. */
export function addConnectionCommands(program: Command, act: Act): void {
  const connections = program.command('connections').description('Where the outside systems of tasks are.');
  connections.command('list', { isDefault: true }).description('List the connections.').action(act<[object]>(list));
  connections
    .command('set <name>')
    .description('Make a connection, or replace it.')
    .requiredOption('--type <type>', 'What it is, such as postgres.')
    .requiredOption('--host <host>', 'Host name or address.')
    .requiredOption('--port <port>', 'Port.', wholeNumber(1))
    .option('--user <name>', 'User name.')
    .option('--database <name>', 'Database.')
    .addOption(
      new Option('--tls <mode>', 'How the connection is secured.')
        .choices(['disable', 'require', 'verify'])
        .default('verify'),
    )
    .option('--password-secret <name>', 'Secret that holds the password.')
    .option('--option <name=value>', 'A further setting (repeat it).', gather)
    .action(act<[string, SetOptions]>(set));
  connections.command('rm <name>').description('Delete a connection.').action(act<[string, object]>(remove));
}

async function list(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/connections', { query: cli.inEnvironment }));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'TYPE', value: ({ type }) => type },
        { title: 'ADDRESS', value: ({ host, port }) => `${host}:${port}` },
        { title: 'DATABASE', value: ({ database }) => database ?? '' },
        { title: 'USER', value: ({ username }) => username ?? '' },
        { title: 'TLS', value: ({ tls }) => tls },
        {
          title: 'PASSWORD',
          value: ({ passwordSecret }) => (passwordSecret === null ? '' : `secret ${passwordSecret}`),
        },
      ]),
    found.map(({ name }) => name),
  );
}

async function set(cli: Cli, name: string, options: SetOptions): Promise<void> {
  const body: Schemas['ConnectionSettings'] = {
    type: options.type,
    host: options.host,
    port: options.port,
    username: options.user ?? null,
    database: options.database ?? null,
    tls: options.tls,
    passwordSecret: options.passwordSecret ?? null,
    options: Object.fromEntries((options.option ?? []).map(pair)),
  };
  const made = await answer(
    (await cli.client()).api.PUT('/v1/connections/{name}', {
      params: { path: { name }, query: cli.inEnvironment },
      body,
    }),
  );
  cli.output.result(made, () => cli.output.line(`Set the connection ${made.name}.`), made.name);
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Failure('usage', `--option is name=value, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function remove(cli: Cli, name: string): Promise<void> {
  await (
    await cli.client()
  ).api.DELETE('/v1/connections/{name}', {
    params: { path: { name }, query: cli.inEnvironment },
  });
  cli.output.result({ name, deleted: true }, () => cli.output.line(`Deleted the connection ${name}.`), name);
}
