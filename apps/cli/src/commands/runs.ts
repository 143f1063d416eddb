import { answer, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { between, count, moment } from '../terminal/format.js';
import { time, wholeNumber } from '../terminal/options.js';
import { forTerminal } from '../terminal/style.js';
import { sign, stateWord } from '../watch/states.js';
import { hasEnded, reportEnd, watchRun } from '../watch/watch-run.js';
import { collect } from './listing.js';
import { showOutputs } from './results.js';
import { showTimeline } from './timeline.js';

type Run = Schemas['Run'];

interface ListOptions {
  readonly pipeline?: string;
  readonly state?: Run['state'];
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

/** `runs list|show|watch|timeline|outputs` and `cancel`. */
export function addRunsCommands(program: Command, act: Act): void {
  const runs = program.command('runs').description('The runs of pipelines.');
  runs
    .command('list', { isDefault: true })
    .description('List runs, the newest first.')
    .option('--pipeline <name>', 'Of this pipeline only.')
    .addOption(
      new Option('--state <state>', 'In this state only.').choices([
        'queued',
        'running',
        'succeeded',
        'failed',
        'cancelled',
      ]),
    )
    .option('--since <time>', 'Started at or after: RFC 3339, a date, or an age such as 2h.', time)
    .option('--until <time>', 'Started before.', time)
    .option('--limit <number>', 'How many at most.', wholeNumber(1), 20)
    .action(act<[ListOptions]>(list));
  runs.command('show <run>').description('Show a run and its tasks.').action(act<[string, object]>(show));
  runs
    .command('watch <run>')
    .description('Follow a run until it has ended; the exit code is 0 only if it succeeded.')
    .action(act<[string, object]>(watch));
  runs
    .command('timeline <run>')
    .description('Show when each attempt was where, and how it came to its runner.')
    .option('--limit <number>', 'How many attempts at most.', wholeNumber(1), 200)
    .action(act<[string, { readonly limit: number }]>(showTimeline));
  runs
    .command('outputs <run> [task]')
    .description('Print what the tasks returned; of one task its JSON value and nothing else.')
    .option('--map-index <number>', 'One instance of a mapped task.', wholeNumber(0))
    .action(act<[string, string | undefined, { readonly mapIndex?: number }]>(showOutputs));
  program
    .command('cancel <run>')
    .description('Cancel a run: what runs is stopped, what has not begun never will.')
    .option('--reason <text>', 'Why, for others to read.')
    .action(act<[string, { readonly reason?: string }]>(cancel));
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const { output } = cli;
  const client = await cli.client();
  const query = {
    ...cli.inEnvironment,
    ...(options.pipeline === undefined ? {} : { pipeline: options.pipeline }),
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.since === undefined ? {} : { createdAfter: options.since }),
    ...(options.until === undefined ? {} : { createdBefore: options.until }),
    limit: Math.min(options.limit, 200),
  };
  const found = await collect(client.list('/v1/runs', { query }), options.limit);
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'RUN', value: ({ id }) => id },
        { title: 'PIPELINE', value: ({ pipeline, version }) => `${pipeline} v${version}` },
        { title: 'STATE', value: ({ state }) => `${sign(state, output.style)} ${stateWord(state, output.style)}` },
        { title: 'STARTED', value: ({ createdAt }) => moment(createdAt) },
        { title: 'TOOK', value: ({ createdAt, endedAt }) => between(createdAt, endedAt), align: 'right' },
        { title: 'TRIGGER', value: ({ trigger }) => trigger },
      ]),
    found.map(({ id }) => id),
  );
}

async function show(cli: Cli, id: string): Promise<void> {
  const { output } = cli;
  const client = await cli.client();
  const path = { run: id };
  const run = await answer(client.api.GET('/v1/runs/{run}', { params: { path } }));
  const tasks = await collect(client.list('/v1/runs/{run}/tasks', { path, query: { limit: 200 } }));
  output.result(
    { ...run, taskInstances: tasks },
    () => {
      const { style } = output;
      output.line(`${style.bold(run.id)}  ${run.pipeline} v${run.version} in ${run.environment}`);
      const why = run.reason === null ? '' : ` (${forTerminal(run.reason)})`;
      output.line(
        `${sign(run.state, style)} ${stateWord(run.state, style)}${why}, ${moment(run.createdAt)}, ${between(run.createdAt, run.endedAt)}, by ${run.createdBy} (${run.trigger})`,
      );
      output.line(`params ${forTerminal(JSON.stringify(run.params))}`);
      output.line();
      output.table(tasks, [
        { title: 'TASK', value: ({ taskId, mapIndex }) => (mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`) },
        { title: 'STATE', value: ({ state }) => `${sign(state, style)} ${stateWord(state, style)}` },
        { title: 'INSTANCES', value: ({ instances, mapLength }) => instancesText(instances, mapLength) },
        { title: 'TRIES', value: ({ tries }) => (tries === 0 ? '' : String(tries)), align: 'right' },
        { title: 'TOOK', value: ({ startedAt, endedAt }) => between(startedAt, endedAt), align: 'right' },
        { title: 'REASON', value: ({ reason }) => forTerminal(reason ?? '') },
      ]);
    },
    run.state,
  );
}

function instancesText(instances: Readonly<Record<string, number>> | null, length: number | null): string {
  if (instances === null || length === null) return '';
  const states = Object.entries(instances).map(([state, number]) => `${number} ${state}`);
  return `${count(length, 'instance')}${states.length === 0 ? '' : `: ${states.join(', ')}`}`;
}

async function watch(cli: Cli, id: string): Promise<void> {
  const client = await cli.client('long');
  const run = await answer(client.api.GET('/v1/runs/{run}', { params: { path: { run: id } } }));
  await reportEnd(cli, client, hasEnded(run) ? run : await watchRun(cli, client, run));
}

async function cancel(cli: Cli, id: string, { reason }: { readonly reason?: string }): Promise<void> {
  const run = await answer(
    (await cli.client()).api.POST('/v1/runs/{run}:cancel', {
      params: { path: { run: id } },
      body: reason === undefined ? {} : { reason },
    }),
  );
  cli.output.result(
    run,
    () => cli.output.line(hasEnded(run) ? `${run.id} is ${run.state}.` : `${run.id} is being cancelled.`),
    run.id,
  );
}
