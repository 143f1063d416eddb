import { answer, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { duration, moment } from '../terminal/format.js';
import { time, wholeNumber } from '../terminal/options.js';
import { collect } from './listing.js';

interface PoolOptions {
  readonly size?: Schemas['NewPool']['size'];
  readonly slots?: number;
  readonly maxRunners?: number;
  readonly idleSeconds?: number;
  readonly sandbox?: Schemas['NewPool']['sandboxMode'];
}

/** `pools list|set|rm|runners|latency`. */
export function addPoolCommands(program: Command, act: Act): void {
  const pools = program.command('pools').description('The runners that execute tasks.');
  pools.command('list', { isDefault: true }).description('List the pools.').action(act<[object]>(list));
  pools
    .command('set <name>')
    .description('Make a pool, or change what the options name.')
    .addOption(new Option('--size <size>', 'Size of a runner.').choices(['xs', 's', 'm', 'l', 'xl', '2xl']))
    .option('--slots <number>', 'Tasks at once on one runner.', wholeNumber(1))
    .option('--max-runners <number>', 'Runners at most.', wholeNumber(1))
    .option('--idle-seconds <seconds>', 'How long an idle runner is kept.', wholeNumber(0))
    .addOption(
      new Option('--sandbox <mode>', 'How often a task gets a new sandbox.').choices(['fresh', 'run', 'reuse']),
    )
    .action(act<[string, PoolOptions]>(set));
  pools.command('rm <name>').description('Delete a pool.').action(act<[string, object]>(remove));
  pools.command('runners <name>').description('List the runners of a pool.').action(act<[string, object]>(runners));
  pools
    .command('latency <name>')
    .description('Show how soon runs begin: from the trigger to the first line of code.')
    .option('--since <time>', 'Of runs created since: RFC 3339, a date, or an age such as 2h; else an hour.', time)
    .action(act<[string, { readonly since?: string }]>(latency));
}

async function list(cli: Cli): Promise<void> {
  const { output } = cli;
  const found = await collect((await cli.client()).list('/v1/pools', { query: cli.inEnvironment }));
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'NAME', value: ({ name }) => name },
        { title: 'SIZE', value: ({ size }) => size },
        {
          title: 'RUNNERS',
          value: ({ runners: { ready }, maxRunners }) => `${ready} of ${maxRunners}`,
          align: 'right',
        },
        { title: 'SLOTS IN USE', value: ({ slotsInUse }) => String(slotsInUse), align: 'right' },
        { title: 'QUEUED', value: ({ queued }) => String(queued), align: 'right' },
        { title: 'SANDBOX', value: ({ sandboxMode }) => sandboxMode },
      ]),
    found.map(({ name }) => name),
  );
}

async function set(cli: Cli, name: string, options: PoolOptions): Promise<void> {
  const { api } = await cli.client();
  const wanted = {
    ...(options.size === undefined ? {} : { size: options.size }),
    ...(options.slots === undefined ? {} : { slotsPerRunner: options.slots }),
    ...(options.maxRunners === undefined ? {} : { maxRunners: options.maxRunners }),
    ...(options.idleSeconds === undefined ? {} : { idleSeconds: options.idleSeconds }),
    ...(options.sandbox === undefined ? {} : { sandboxMode: options.sandbox }),
  };
  const known = await collect((await cli.client()).list('/v1/pools', { query: cli.inEnvironment }));
  const exists = known.some((pool) => pool.name === name);
  if (exists && Object.keys(wanted).length === 0) {
    throw new Failure('usage', `nothing to change: there is a pool "${name}", and no option was given`);
  }
  const pool = exists
    ? await answer(
        api.PATCH('/v1/pools/{pool}', { params: { path: { pool: name }, query: cli.inEnvironment }, body: wanted }),
      )
    : await answer(
        api.POST('/v1/pools', {
          params: { query: cli.inEnvironment },
          body: { ...standardPool, name, ...wanted },
        }),
      );
  cli.output.result(pool, () => cli.output.line(`${exists ? 'Changed' : 'Made'} the pool ${pool.name}.`), pool.name);
}

const standardPool = {
  size: 's',
  slotsPerRunner: 4,
  maxRunners: 2,
  idleSeconds: 60,
  sandboxMode: 'run',
  minTier: null,
} as const satisfies Omit<Schemas['NewPool'], 'name'>;

async function remove(cli: Cli, name: string): Promise<void> {
  await (
    await cli.client()
  ).api.DELETE('/v1/pools/{pool}', {
    params: { path: { pool: name }, query: cli.inEnvironment },
  });
  cli.output.result({ name, deleted: true }, () => cli.output.line(`Deleted the pool ${name}.`), name);
}

async function runners(cli: Cli, name: string): Promise<void> {
  const { output } = cli;
  const found = await collect(
    (await cli.client()).list('/v1/pools/{pool}/runners', { path: { pool: name }, query: cli.inEnvironment }),
  );
  output.result(
    { data: found },
    () =>
      output.table(found, [
        { title: 'ID', value: ({ id }) => id },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'TIER', value: ({ tier }) => tier },
        { title: 'TASKS', value: ({ leases, slots }) => `${leases} of ${slots}`, align: 'right' },
        { title: 'STARTED', value: ({ startedAt }) => moment(startedAt) },
        { title: 'ENDED', value: ({ endedAt, endReason }) => `${moment(endedAt)} ${endReason ?? ''}`.trim() },
      ]),
    found.map(({ id }) => id),
  );
}

async function latency(cli: Cli, name: string, { since }: { readonly since?: string }): Promise<void> {
  const { output } = cli;
  const found = await answer(
    (await cli.client()).api.GET('/v1/pools/{pool}/latency', {
      params: { path: { pool: name }, query: { ...cli.inEnvironment, ...(since === undefined ? {} : { since }) } },
    }),
  );
  const ms = (value: number | null): string => (value === null ? '' : duration(value));
  output.result(found, () => {
    if (found.start.runs === 0) output.line(`No run has begun in ${found.pool} since ${moment(found.since)}.`);
    else {
      output.table(
        [{ ...found.start, way: 'all' }, ...found.ways],
        [
          { title: 'WAY', value: ({ way }) => way },
          { title: 'RUNS', value: ({ runs }) => String(runs), align: 'right' },
          { title: 'P50', value: ({ p50Ms }) => ms(p50Ms), align: 'right' },
          { title: 'P95', value: ({ p95Ms }) => ms(p95Ms), align: 'right' },
        ],
      );
    }
  });
}
