import { answer } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';

interface RollbackOptions {
  readonly to?: string;
}

/** `rollback`. */
export function addVersionCommands(program: Command, act: Act): void {
  program
    .command('rollback <pipeline>')
    .summary('Go back to a version that was active before')
    .description(
      'Activates the version that was active before, or the one that --to names; runs keep the version that they began with. With the id of a deployment (dep_…) everything that it activated goes back at once.',
    )
    .option('--to <version>', 'Number or id of the version.')
    .action(act<[string, RollbackOptions]>(rollback));
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
