import { answer, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { forTerminal } from '../terminal/style.js';
import { moment } from '../terminal/format.js';
import { wholeNumber } from '../terminal/options.js';
import { collect } from './listing.js';
import { onlyOne } from './named.js';

type Webhook = Schemas['Webhook'];

interface DeliveryOptions {
  readonly state?: Schemas['Delivery']['state'];
  readonly limit: number;
}

/** `webhooks list|create|test|rotate|enable|disable|rm|deliveries|replay`. */
export function addWebhookCommands(program: Command, act: Act): void {
  const webhooks = program.command('webhooks').description('Addresses that are told of failures and recoveries.');
  webhooks.command('list', { isDefault: true }).description('List the webhooks.').action(act<[object]>(list));
  webhooks
    .command('create <name> <url>')
    .description('Make a webhook and print its signing secret: it is shown this once.')
    .addOption(new Option('--format <format>', 'What is sent.').choices(['standard', 'slack']).default('standard'))
    .action(act<[string, string, { readonly format: Webhook['format'] }]>(create));
  webhooks.command('test <webhook>').description('Send it a test message.').action(act<[string, object]>(test));
  webhooks
    .command('rotate <webhook>')
    .description('Give it a new signing secret and print it.')
    .option('--overlap-hours <hours>', 'How long the old one is good beside it.', wholeNumber(0), 24)
    .action(act<[string, { readonly overlapHours: number }]>(rotate));
  for (const [name, enabled, words] of [
    ['enable', true, 'Switch it on.'],
    ['disable', false, 'Switch it off: nothing is sent to it.'],
  ] as const) {
    webhooks
      .command(`${name} <webhook>`)
      .description(words)
      .action(act<[string, object]>((cli, ref) => toggle(cli, ref, enabled)));
  }
  webhooks.command('rm <webhook>').description('Delete it.').action(act<[string, object]>(remove));
  webhooks
    .command('deliveries [webhook]')
    .description('List what was sent, to one webhook or to everybody, the newest first.')
    .addOption(new Option('--state <state>', 'In this state only.').choices(['pending', 'succeeded', 'failed']))
    .option('--limit <number>', 'How many at most.', wholeNumber(1), 20)
    .action(act<[string | undefined, DeliveryOptions]>(deliveries));
  webhooks.command('replay <delivery>').description('Send a message again.').action(act<[string, object]>(replay));
}

async function all(cli: Cli): Promise<Webhook[]> {
  return collect((await cli.client()).list('/v1/webhooks', { query: cli.inEnvironment }));
}

async function find(cli: Cli, ref: string): Promise<Webhook> {
  return onlyOne(
    'webhook',
    ref,
    (await all(cli)).filter(({ id, name }) => id === ref || name === ref),
  );
}

function stateOf({ enabled, failingSince }: Webhook): string {
  return enabled ? (failingSince === null ? 'on' : 'failing') : 'off';
}

async function list(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await all(cli);
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'STATE', value: stateOf },
        { title: 'FORMAT', value: ({ format }) => format },
        { title: 'ADDRESS', value: ({ url }) => url },
        { title: 'ID', value: ({ id }) => id },
      ]),
    found.map(({ name }) => name),
  );
}

async function create(
  cli: Cli,
  name: string,
  url: string,
  { format }: { readonly format: Webhook['format'] },
): Promise<void> {
  const { api } = await cli.client();
  const params = { query: cli.inEnvironment };
  showSecret(cli, await answer(api.POST('/v1/webhooks', { params, body: { name, url, format } })));
}

function showSecret(cli: Cli, made: Schemas['WebhookWithSecret']): void {
  cli.output.note(`Signing secret of ${made.name}, shown this once:`);
  cli.output.result(made, () => cli.output.line(made.secret), made.secret);
}

async function test(cli: Cli, ref: string): Promise<void> {
  const { id, name } = await find(cli, ref);
  const { api } = await cli.client();
  const made = await answer(api.POST('/v1/webhooks/{webhook}:test', { params: { path: { webhook: id } } }));
  cli.output.result(made, () => cli.output.line(`A test message to ${name} is on its way: ${made.id}`), made.id);
}

async function rotate(cli: Cli, ref: string, { overlapHours }: { readonly overlapHours: number }): Promise<void> {
  const { id } = await find(cli, ref);
  const { api } = await cli.client();
  const params = { path: { webhook: id } };
  showSecret(cli, await answer(api.POST('/v1/webhooks/{webhook}:rotate', { params, body: { overlapHours } })));
}

async function toggle(cli: Cli, ref: string, enabled: boolean): Promise<void> {
  const { id } = await find(cli, ref);
  const params = { path: { webhook: id } };
  const changed = await answer((await cli.client()).api.PATCH('/v1/webhooks/{webhook}', { params, body: { enabled } }));
  cli.output.result(changed, () => cli.output.line(`${changed.name} is ${stateOf(changed)}.`), changed.name);
}

async function remove(cli: Cli, ref: string): Promise<void> {
  const { id, name } = await find(cli, ref);
  await (await cli.client()).api.DELETE('/v1/webhooks/{webhook}', { params: { path: { webhook: id } } });
  cli.output.result({ id, name, deleted: true }, () => cli.output.line(`Deleted the webhook ${name}.`), name);
}

async function deliveries(cli: Cli, ref: string | undefined, { state, limit }: DeliveryOptions): Promise<void> {
  const { output } = cli;
  const client = await cli.client();
  const filter = { limit: Math.min(limit, 200), ...(state === undefined ? {} : { state }) };
  const found =
    ref === undefined
      ? await collect(client.list('/v1/deliveries', { query: { ...cli.inEnvironment, ...filter } }), limit)
      : await collect(
          client.list('/v1/webhooks/{webhook}/deliveries', {
            path: { webhook: (await find(cli, ref)).id },
            query: filter,
          }),
          limit,
        );
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'ID', value: ({ id }) => id },
        { title: 'MESSAGE', value: ({ type }) => type },
        { title: 'TO', value: ({ target }) => forTerminal(target) },
        { title: 'STATE', value: (delivery) => delivery.state },
        { title: 'ATTEMPTS', value: ({ attempts }) => String(attempts), align: 'right' },
        { title: 'WHEN', value: ({ createdAt }) => moment(createdAt) },
        { title: 'REASON', value: ({ reason }) => forTerminal(reason ?? '') },
      ]),
    found.map(({ id }) => id),
  );
}

async function replay(cli: Cli, id: string): Promise<void> {
  const params = { path: { delivery: id } };
  const made = await answer((await cli.client()).api.POST('/v1/deliveries/{delivery}:replay', { params }));
  cli.output.result(made, () => cli.output.line(`It is being sent again: ${made.id}`), made.id);
}
