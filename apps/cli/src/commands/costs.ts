import { answer, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { dollars, duration } from '../terminal/format.js';
import { time } from '../terminal/options.js';

interface UsageOptions {
  readonly by: Schemas['Usage']['groupBy'];
  readonly from?: string;
  readonly to?: string;
}

const groups = ['day', 'pipeline', 'environment', 'meter'] as const;

/** `usage` and `cost`. */
export function addCostCommands(program: Command, act: Act): void {
  program
    .command('usage')
    .description('Show what was used and what it costs; this month where no time is given.')
    .addOption(new Option('--by <what>', 'What the lines are.').choices(groups).default('day'))
    .option('--from <time>', 'From this time on: RFC 3339, a date, or an age such as 7d.', time)
    .option('--to <time>', 'Before this time.', time)
    .action(act<[UsageOptions]>(usage));
  program.command('cost <run>').description('Show what a run costs, task by task.').action(act<[string, object]>(cost));
}

const shares = ['useful', 'retried', 'failed', 'cancelled', 'platformFault'] as const;

function wasted(split: Schemas['CostSplit']): string {
  return shares
    .filter((share) => share !== 'useful' && split[share].nanoUsd !== '0')
    .map((share) => `${dollars(split[share])} ${share === 'platformFault' ? 'our fault, free' : share}`)
    .join(', ');
}

async function usage(cli: Cli, options: UsageOptions): Promise<void> {
  const { output } = cli;
  const { api } = await cli.client();
  const query = {
    ...cli.inEnvironment,
    groupBy: options.by,
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
    limit: 200,
  };
  const first = await answer(api.GET('/v1/usage', { params: { query } }));
  const lines = [...first.data];
  for (let cursor = first.nextCursor; cursor !== null;) {
    const next = await answer(api.GET('/v1/usage', { params: { query: { ...query, cursor } } }));
    lines.push(...next.data);
    cursor = next.nextCursor;
  }
  output.result(
    { ...first, data: lines, nextCursor: null },
    () => {
      output.table(lines, [
        { title: options.by.toUpperCase(), value: ({ key, name }) => name ?? key },
        { title: 'TASKS', value: ({ taskRuns }) => String(taskRuns), align: 'right' },
        { title: 'COMPUTE', value: ({ computeMs }) => duration(computeMs), align: 'right' },
        { title: 'COST', value: ({ total }) => dollars(total), align: 'right' },
        { title: 'OF IT NOT USEFUL', value: ({ split }) => wasted(split) },
      ]);
      output.line();
      output.line(
        `${output.style.bold(dollars(first.total))} for ${first.taskRuns} task runs and ${duration(first.computeMs)} of compute, ${first.from.slice(0, 10)} to ${first.to.slice(0, 16).replace('T', ' ')} UTC`,
      );
    },
    first.total.usd,
  );
}

async function cost(cli: Cli, run: string): Promise<void> {
  const { output } = cli;
  const found = await answer((await cli.client()).api.GET('/v1/runs/{run}/cost', { params: { path: { run } } }));
  output.result(
    found,
    () => {
      output.table(found.tasks, [
        { title: 'TASK', value: ({ taskId }) => taskId },
        { title: 'ATTEMPTS', value: ({ attempts }) => String(attempts), align: 'right' },
        { title: 'COMPUTE', value: ({ computeMs }) => duration(computeMs), align: 'right' },
        { title: 'COST', value: ({ total }) => dollars(total), align: 'right' },
        { title: 'OF IT NOT USEFUL', value: ({ split }) => wasted(split) },
      ]);
      output.line();
      output.line(`${output.style.bold(dollars(found.total))} for ${duration(found.computeMs)} of compute`);
    },
    found.total.usd,
  );
}
