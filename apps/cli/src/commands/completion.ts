import tab from '@bomb.sh/tab/commander';
import type { MillraceClient } from '@millrace/clients';
import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { collect } from './listing.js';

/** `completion <shell>` and what the printed script calls. It comes last: it looks at every other command. */
export function addCompletion(program: Command): Completions {
  return tab(program, { completionCommandName: 'completion' });
}

type Completions = ReturnType<typeof tab>;

/** A thing that completes, with a word about it. */
interface Suggestion {
  readonly value: string;
  readonly about: string;
}

type Read = (client: MillraceClient, query: { readonly environment?: string }) => Promise<readonly Suggestion[]>;

/** Looked at, whatever there is: a list that is longer completes nothing for anybody. */
const most = 100;
/** A shell that waits longer feels broken. */
const patienceMs = 1_500;

const named = <T extends { readonly name: string }>(items: readonly T[], about: (item: T) => string): Suggestion[] =>
  items.map((item) => ({ value: item.name, about: about(item) }));

const readers = {
  pipelines: async (client, query) =>
    named(await collect(client.list('/v1/pipelines', { query }), most), ({ description }) => description ?? ''),
  runs: async (client, query) =>
    (await collect(client.list('/v1/runs', { query: { ...query, limit: 20 } }), 20)).map((run) => ({
      value: run.id,
      about: `${run.pipeline} ${run.state}`,
    })),
  deployments: async (client, query) =>
    (await collect(client.list('/v1/deployments', { query: { ...query, limit: 20 } }), 20)).map((each) => ({
      value: each.id,
      about: each.message ?? each.state,
    })),
  secrets: async (client, query) =>
    named(await collect(client.list('/v1/secrets', { query }), most), ({ version }) => `version ${version}`),
  variables: async (client, query) => named(await collect(client.list('/v1/variables', { query }), most), () => ''),
  connections: async (client, query) =>
    named(await collect(client.list('/v1/connections', { query }), most), ({ type }) => type),
  pools: async (client, query) => named(await collect(client.list('/v1/pools', { query }), most), ({ size }) => size),
  webhooks: async (client, query) =>
    named(await collect(client.list('/v1/webhooks', { query }), most), ({ url }) => url),
  environments: async (client) =>
    (await collect(client.list('/v1/environments', {}), most)).map(({ slug, name }) => ({ value: slug, about: name })),
  keys: async (client) =>
    named(
      (await collect(client.list('/v1/api-keys', {}), most)).filter(({ revokedAt }) => revokedAt === null),
      ({ id }) => id,
    ),
  members: async (client) =>
    (await collect(client.list('/v1/members', {}), most)).map(({ email, role }) => ({ value: email, about: role })),
} satisfies Record<string, Read>;
type Kind = keyof typeof readers;

/** What an argument names, by its own name, or by its command where that is `<name>` or `<slug>`. */
const byArgument: Readonly<Record<string, Kind>> = {
  pipeline: 'pipelines',
  run: 'runs',
  deployment: 'deployments',
  webhook: 'webhooks',
  key: 'keys',
  member: 'members',
  slug: 'environments',
};
const byGroup: Readonly<Record<string, Kind>> = {
  secrets: 'secrets',
  variables: 'variables',
  connections: 'connections',
  pools: 'pools',
};
const byOption: Readonly<Record<string, Kind>> = {
  '--pipeline': 'pipelines',
  '--environment': 'environments',
  '-e': 'environments',
  '--bind': 'environments',
};

/** Commands that name what is not there yet. */
const makes: ReadonlySet<string> = new Set(['create', 'init']);

/**
 * Reads the names that the words of a command line may go on with, before they are completed; whatever goes wrong is told
 * nobody, since nobody would see it.
 */
export async function suggestNames(completions: Completions, cli: Cli, words: readonly string[]): Promise<void> {
  const kind = kindOf(completions, words);
  if (kind === undefined) return;
  const read: Read = readers[kind];
  const late = new Promise<readonly Suggestion[]>((resolve) => setTimeout(() => resolve([]), patienceMs).unref());
  const reading = cli.client().then((client) => read(client, cli.inEnvironment));
  const found = await Promise.race([reading, late]).catch(() => []);
  const suggest = (complete: (value: string, about: string) => void): void => {
    for (const { value, about } of found) complete(value, about.replaceAll(/\s+/g, ' '));
  };
  for (const command of [completions, ...completions.commands.values()]) {
    for (const argument of command.arguments.values()) {
      if (kindOfArgument(command.value, argument.name) === kind) argument.handler ??= suggest;
    }
    for (const option of command.options.values()) {
      if (byOption[`--${option.value}`] === kind) option.handler = suggest;
    }
  }
}

function kindOfArgument(command: string, argument: string): Kind | undefined {
  const [group = '', verb = ''] = command.split(' ');
  if (makes.has(verb)) return undefined;
  return byArgument[argument] ?? (argument === 'name' ? byGroup[group] : undefined);
}

/** The kind of thing that comes next; `words` end with the one that is being written. */
function kindOf(completions: Completions, words: readonly string[]): Kind | undefined {
  const before = words.slice(0, -1);
  const option = byOption[before.at(-1) ?? ''];
  if (option !== undefined) return option;
  if (words.at(-1)?.startsWith('-') === true) return undefined;
  for (let length = Math.min(2, before.length); length > 0; length -= 1) {
    const command = completions.commands.get(before.slice(0, length).join(' '));
    if (command === undefined) continue;
    const given = before.slice(length).filter((word) => !word.startsWith('-')).length;
    const argument = [...command.arguments.values()][given];
    return argument === undefined ? undefined : kindOfArgument(command.value, argument.name);
  }
  return undefined;
}
