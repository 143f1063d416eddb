import { answer } from '@millrace/clients';
import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { gather } from '../terminal/options.js';
import { reportEnd, watchRun } from '../watch/watch-run.js';
import { paramsText } from './params.js';

interface RunOptions {
  readonly watch?: boolean;
  readonly param?: readonly string[];
  readonly params?: string;
  readonly at?: string;
}

/** `run <pipeline>`. */
export function addRunCommand(program: Command, act: Act): void {
  program
    .command('run <pipeline>')
    .summary('Run a pipeline')
    .description(
      'Starts a run and prints its id. With --watch it shows the tasks until the run has ended, and the exit code is 0 only if it succeeded. Ctrl-C leaves the run alone; a second one cancels it.',
    )
    .option('-w, --watch', 'Show the tasks and wait for the end.')
    .option(
      '-p, --param <name=value>',
      'A param (repeat it). The value is text or a number as the pipeline declares it; `name:=value` takes it as JSON.',
      gather,
    )
    .option('--params <file>', 'A file with a JSON object of params; `-` is the standard input.')
    .option('--at <version>', 'Number or id of the version; the active one where absent.')
    .action(act<[string, RunOptions]>(run));
}

async function run(cli: Cli, pipeline: string, options: RunOptions): Promise<void> {
  const { output } = cli;
  const client = await cli.client(options.watch === true ? 'long' : 'short');
  const params = await paramsText(cli, client, pipeline, options);
  const version = options.at === undefined ? '' : `,"version":${JSON.stringify(options.at)}`;
  const started = await answer(
    client.api.POST('/v1/pipelines/{pipeline}/runs', {
      params: { path: { pipeline }, query: cli.inEnvironment },
      body: {},
      // As text: numbers keep the digits that they were written with.
      bodySerializer: () => `{"params":${params}${version}}`,
      headers: { 'content-type': 'application/json' },
    }),
  );
  if (options.watch === true) {
    await reportEnd(cli, client, await watchRun(cli, client, started));
    return;
  }
  output.result(
    started,
    () => {
      output.line(
        `Started ${output.style.bold(started.id)}: ${started.pipeline} v${started.version} in ${started.environment}.`,
      );
      output.line(output.style.dim(`millrace runs watch ${started.id}`));
    },
    started.id,
  );
}
