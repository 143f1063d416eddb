import { parseArgs } from 'node:util';

export const ways = ['queued', 'offered', 'direct'] as const;
export type Way = (typeof ways)[number];

/** What is done to the platform, besides the runners that are killed with work in their hands. */
export const kinds = [
  'stall',
  'api',
  'orchestrator',
  'pool-controller',
  'temporal',
  'postgres',
  'drop-gateway',
  'drop-temporal',
  'drop-postgres',
  'late-offer',
  'lost-offer',
] as const;
export type Kind = (typeof kinds)[number] | 'runner';

export interface FaultOptions {
  readonly quick: boolean;
  readonly seed: number;
  readonly ways: readonly Way[];
  /** Runners that are killed with a live lease, for each way. */
  readonly kills: number;
  /** Strikes of each other kind, for each way. */
  readonly ofEach: number;
  readonly only: readonly Kind[] | undefined;
  readonly plant: Plant | undefined;
}

export const plants = ['no-fence', 'no-tombstone', 'no-outbox-delete'] as const;
export type Plant = (typeof plants)[number];

/** Where a planted fault shows soonest. */
const quickPlants: Readonly<Record<Plant, { readonly way: Way; readonly only: readonly Kind[] }>> = {
  'no-fence': { way: 'queued', only: ['stall'] },
  'no-tombstone': { way: 'offered', only: ['late-offer'] },
  'no-outbox-delete': { way: 'queued', only: ['orchestrator'] },
};

const usage = `npm run check:faults -- [--quick] [--seed N] [--ways LIST] [--kills N] [--of-each N] [--only LIST] [--plant FAULT]
  --ways     ${ways.join(',')}: a storm for each (default all)
  --kills    runners killed with a live lease, for each way (default 50; 2 with --quick)
  --of-each  strikes of every other kind, for each way (default 5; with --quick each kind strikes once, on one of the ways)
  --only     runner,${kinds.join(',')}
  --plant    breaks the platform on purpose: ${plants.join(', ')}`;

/** @throws Error with the usage where an argument is not understood. */
export function readOptions(args: readonly string[]): FaultOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      seed: { type: 'string' },
      ways: { type: 'string' },
      kills: { type: 'string' },
      'of-each': { type: 'string' },
      only: { type: 'string' },
      plant: { type: 'string' },
    },
  });
  const { quick } = values;
  const whole = (name: string, text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number\n${usage}`);
    return value;
  };
  const among = <T extends string>(name: string, text: string, allowed: readonly T[]): T[] =>
    text.split(',').map((word) => {
      const found = allowed.find((one) => one === word);
      if (found === undefined) throw new Error(`--${name} does not know "${word}"\n${usage}`);
      return found;
    });
  const plant = values.plant === undefined ? undefined : among('plant', values.plant, plants)[0];
  const planted = plant === undefined || !quick ? undefined : quickPlants[plant];
  const only = values.only === undefined ? planted?.only : among('only', values.only, ['runner', ...kinds]);
  const ofEach = whole('of-each', values['of-each'] ?? (quick ? '1' : '5'));
  return {
    quick,
    seed: whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
    ways: values.ways === undefined ? (planted === undefined ? ways : [planted.way]) : among('ways', values.ways, ways),
    kills: only !== undefined && !only.includes('runner') ? 0 : whole('kills', values.kills ?? (quick ? '2' : '50')),
    ofEach,
    only,
    plant,
  };
}

/** The strikes of a way's storm: each kind as often as was asked for; in the quick form each on one of the ways. */
export function kindsFor(way: Way, { quick, only, ways: wanted }: FaultOptions): readonly Kind[] {
  const struck = kinds.filter((kind) => only === undefined || only.includes(kind));
  if (!quick) return struck;
  return struck.filter((_, at) => wanted[at % wanted.length] === way);
}
