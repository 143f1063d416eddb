import { answer } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { moment } from '../terminal/format.js';
import { wholeNumber } from '../terminal/options.js';
import { collect } from './listing.js';

/** `pipelines list|versions|pause|unpause`. */
export function addPipelineCommands(program: Command, act: Act): void {
  const pipelines = program.command('pipelines').description('What has been deployed.');
  pipelines.command('list', { isDefault: true }).description('List the pipelines.').action(act<[object]>(list));
  pipelines
    .command('versions <pipeline>')
    .description('List the versions of a pipeline, the newest first.')
    .option('--limit <number>', 'How many at most.', wholeNumber(1), 20)
    .action(act<[string, { readonly limit: number }]>(versions));
  pipelines
    .command('pause <pipeline>')
    .description('Refuse new runs until it is unpaused; what runs goes on.')
    .action(act<[string, object]>((cli, pipeline) => setPaused(cli, pipeline, true)));
  pipelines
    .command('unpause <pipeline>')
    .description('Take new runs again.')
    .action(act<[string, object]>((cli, pipeline) => setPaused(cli, pipeline, false)));
}

async function list(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/pipelines', { query: cli.inEnvironment }));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'PIPELINE', value: ({ name }) => name },
        { title: 'VERSION', value: ({ activeVersion }) => (activeVersion === null ? '' : `v${activeVersion.number}`) },
        { title: 'PAUSED', value: ({ pausedAt }) => (pausedAt === null ? '' : output.style.yellow('paused')) },
        { title: 'CHANGED', value: ({ updatedAt }) => moment(updatedAt) },
        { title: 'DESCRIPTION', value: ({ description }) => (description ?? '').split('\n', 1)[0] ?? '' },
      ]),
    found.map(({ name }) => name),
  );
}

async function versions(cli: Cli, pipeline: string, { limit }: { readonly limit: number }): Promise<void> {
  const { output } = cli;
  const found = await collect(
    (await cli.client()).list('/v1/pipelines/{pipeline}/versions', {
      path: { pipeline },
      query: { ...cli.inEnvironment, limit: Math.min(limit, 200) },
    }),
    limit,
  );
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'VERSION', value: ({ number }) => `v${number}` },
        { title: 'ACTIVE', value: ({ active }) => (active ? output.style.green('active') : '') },
        { title: 'MADE', value: ({ createdAt }) => moment(createdAt) },
        { title: 'DEPLOYMENT', value: ({ deploymentId }) => deploymentId },
        { title: 'DIGEST', value: ({ digest }) => digest.slice(0, 19) },
      ]),
    found.map(({ number }) => String(number)),
  );
}

async function setPaused(cli: Cli, pipeline: string, paused: boolean): Promise<void> {
  const { api } = await cli.client();
  const params = { path: { pipeline }, query: cli.inEnvironment };
  const changed = await answer(
    paused
      ? api.POST('/v1/pipelines/{pipeline}:pause', { params })
      : api.POST('/v1/pipelines/{pipeline}:unpause', { params }),
  );
  cli.output.result(
    changed,
    () => cli.output.line(`${changed.name} is ${paused ? 'paused' : 'unpaused'}.`),
    changed.name,
  );
}
