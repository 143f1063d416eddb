import { answer, type Schemas } from '@millrace/clients';
import { type Command, Option } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure } from '../failure.js';
import { moment } from '../terminal/format.js';
import { wholeNumber } from '../terminal/options.js';
import { collect } from './listing.js';

interface PoolOptions {
  readonly size?: Schemas['NewPool']['size'];
  readonly slots?: number;
  readonly maxRunners?: number;
  readonly idleSeconds?: number;
  readonly sandbox?: Schemas['NewPool']['sandboxMode'];
}

/** `pools list|set|rm|runners`. */
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
  sandboxMode: 'fresh',
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
