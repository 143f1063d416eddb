import { answer } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { DiffOptions } from '../bundle/diff.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { moment } from '../terminal/format.js';
import { wholeNumber } from '../terminal/options.js';
import { forTerminal } from '../terminal/style.js';
import { collect } from './listing.js';

interface RollbackOptions {
  readonly to?: string;
}

interface PromoteOptions {
  readonly message?: string;
  readonly activate: boolean;
}

/** `diff`, `promote`, `rollback` and `deployments list|log`. */
export function addVersionCommands(program: Command, act: Act): void {
  program
    .command('diff [from] [to]')
    .summary('Show what a push would change, or what differs')
    .description(
      'Compares this folder with what is active in the environment, or with `from`; with `to` it compares those two. Each is an environment, a deployment (dep_…) or a version (ver_…).',
    )
    .option('--folder <folder>', 'Another folder than this one.')
    .option('--exit-code', 'End with 1 where something differs.')
    .action(
      act<[string | undefined, string | undefined, DiffOptions]>(async (cli, from, to, options) => {
        // The compiler is loaded by the commands that need it only.
        const { diff } = await import('../bundle/diff.js');
        await diff(cli, from, to, options);
      }),
    );
  program
    .command('promote <environment> [deployment]')
    .summary('Deploy to another environment what was deployed here')
    .description(
      'Takes the newest deployment of the environment (--environment), or the named one, over to <environment>: the same versions, nothing is built anew.',
    )
    .option('-m, --message <text>', 'What it is about; that of the deployment where absent.')
    .option('--no-activate', 'Make the versions, but leave the active ones as they are.')
    .action(act<[string, string | undefined, PromoteOptions]>(promote));
  program
    .command('rollback <pipeline>')
    .summary('Go back to a version that was active before')
    .description(
      'Activates the version that was active before, or the one that --to names; runs keep the version that they began with. With the id of a deployment (dep_…) everything that it activated goes back at once.',
    )
    .option('--to <version>', 'Number or id of the version.')
    .action(act<[string, RollbackOptions]>(rollback));
  const deployments = program.command('deployments').description('What was pushed.');
  deployments
    .command('list', { isDefault: true })
    .description('List deployments, the newest first.')
    .option('--limit <number>', 'How many at most.', wholeNumber(1), 20)
    .action(act<[{ readonly limit: number }]>(list));
  deployments
    .command('log <deployment>')
    .description('Print what the builds of its dependencies wrote.')
    .action(act<[string, object]>(log));
}

async function promote(
  cli: Cli,
  environment: string,
  named: string | undefined,
  options: PromoteOptions,
): Promise<void> {
  const { output } = cli;
  const client = await cli.client();
  const deployment = named ?? (await newest(cli));
  const made = await answer(
    client.api.POST('/v1/deployments/{deployment}:promote', {
      params: { path: { deployment } },
      body: {
        environment,
        activate: options.activate,
        ...(options.message === undefined ? {} : { message: options.message }),
      },
    }),
  );
  output.result(
    made,
    () => {
      for (const { pipeline, number, activated } of made.versions) {
        output.line(`${pipeline} is at v${number} in ${environment}${activated ? '' : ', not active'}.`);
      }
      output.line(output.style.dim(`${made.id}, from ${deployment}`));
    },
    made.id,
  );
}

async function newest(cli: Cli): Promise<string> {
  const query = { ...cli.inEnvironment, limit: 50 };
  for await (const { id, state } of (await cli.client()).list('/v1/deployments', { query })) {
    if (state === 'ready') return id;
  }
  throw new Failure('notFound', 'nothing has been deployed here that could be promoted', {
    code: 'cli.no_deployment',
    hint: 'name the environment that it comes from with --environment',
  });
}

async function rollback(cli: Cli, name: string, { to }: RollbackOptions): Promise<void> {
  const { output } = cli;
  const { api } = await cli.client();
  if (name.startsWith('dep_')) {
    const made = await answer(
      api.POST('/v1/deployments/{deployment}:rollback', { params: { path: { deployment: name } } }),
    );
    output.result(
      made,
      () => {
        for (const { pipeline, number } of made.versions) output.line(`${pipeline} is at v${number} again.`);
        output.line(output.style.dim(made.id));
      },
      made.id,
    );
    return;
  }
  const params = { path: { pipeline: name }, query: cli.inEnvironment };
  const changed = await answer(
    to === undefined
      ? api.POST('/v1/pipelines/{pipeline}:rollback', { params })
      : api.POST('/v1/pipelines/{pipeline}:activate', { params, body: { version: to.replace(/^v(?=\d+$)/, '') } }),
  );
  const number = changed.activeVersion?.number;
  output.result(
    changed,
    () => output.line(`${changed.name} is at ${number === undefined ? 'no version' : `v${number}`}.`),
    String(number ?? ''),
  );
}

async function list(cli: Cli, { limit }: { readonly limit: number }): Promise<void> {
  const { output } = cli;
  const query = { ...cli.inEnvironment, limit: Math.min(limit, 200) };
  const found = await collect((await cli.client()).list('/v1/deployments', { query }), limit);
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'DEPLOYMENT', value: ({ id }) => id },
        { title: 'STATE', value: ({ state }) => (state === 'failed' ? output.style.red(state) : state) },
        { title: 'PUSHED', value: ({ createdAt }) => moment(createdAt) },
        {
          title: 'VERSIONS',
          value: ({ versions }) => versions.map((each) => `${each.pipeline} v${each.number}`).join(', '),
        },
        { title: 'MESSAGE', value: ({ message }) => forTerminal((message ?? '').split('\n', 1)[0] ?? '') },
      ]),
    found.map(({ id }) => id),
  );
}

async function log(cli: Cli, deployment: string): Promise<void> {
  const { api } = await cli.client();
  const text = await answer(
    api.GET('/v1/deployments/{deployment}/log', { params: { path: { deployment } }, parseAs: 'text' }),
  );
  cli.output.result({ deployment, log: text }, () => cli.output.line(text.replace(/\n$/, '')), text);
}
