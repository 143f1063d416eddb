import { answer } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { moment } from '../terminal/format.js';
import { collect } from './listing.js';

/** `environments list|create|rename|rm`. */
export function addEnvironmentCommands(program: Command, act: Act): void {
  const environments = program.command('environments').description('The environments of the organization.');
  environments.command('list', { isDefault: true }).description('List them.').action(act<[object]>(list));
  environments
    .command('create <slug>')
    .description('Make an environment; its slug never changes.')
    .option('--name <name>', 'What people call it.')
    .action(act<[string, { readonly name?: string }]>(create));
  environments
    .command('rename <slug> <name>')
    .description('Change what people call it.')
    .action(act<[string, string, object]>(rename));
  environments
    .command('rm <slug>')
    .description('Delete an environment that nothing uses any more; what is in the way is named.')
    .action(act<[string, object]>(remove));
}

async function list(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/environments', {}));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'SLUG', value: ({ slug }) => slug },
        { title: 'NAME', value: ({ name }) => name },
        { title: 'NOTIFY', value: ({ notify }) => (notify === null ? 'default' : `${notify.length} rules`) },
        { title: 'MADE', value: ({ createdAt }) => moment(createdAt) },
      ]),
    found.map(({ slug }) => slug),
  );
}

async function create(cli: Cli, slug: string, { name }: { readonly name?: string }): Promise<void> {
  const made = await answer(
    (await cli.client()).api.POST('/v1/environments', { body: { slug, ...(name === undefined ? {} : { name }) } }),
  );
  cli.output.result(made, () => cli.output.line(`Made the environment ${made.slug}.`), made.slug);
}

async function rename(cli: Cli, slug: string, name: string): Promise<void> {
  const params = { path: { environment: slug } };
  const changed = await answer(
    (await cli.client()).api.PATCH('/v1/environments/{environment}', { params, body: { name } }),
  );
  cli.output.result(changed, () => cli.output.line(`${changed.slug} is called ${changed.name} now.`), changed.slug);
}

async function remove(cli: Cli, slug: string): Promise<void> {
  const params = { path: { environment: slug } };
  await (await cli.client()).api.DELETE('/v1/environments/{environment}', { params });
  cli.output.result({ slug, deleted: true }, () => cli.output.line(`Deleted the environment ${slug}.`), slug);
}
