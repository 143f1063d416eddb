/** Workloads in the order in which they are measured. */
export const workloads = ['chain40', 'long10', 'fan200', 'burst50', 'trigger', 'cold', 'api', 'idle'] as const;
export type Workload = (typeof workloads)[number];

export const modes = ['fresh', 'run', 'reuse'] as const;
export type Mode = (typeof modes)[number];

/** Faults that the bench makes by itself, to show that it would notice them. */
export const plants = ['lost-log'] as const;
export type Plant = (typeof plants)[number];

export interface BenchOptions {
  readonly json: boolean;
  readonly quick: boolean;
  readonly only: readonly Workload[];
  readonly modes: readonly Mode[];
  readonly rounds: number;
  readonly slots: number;
  readonly seed: number;
  /** Runs in the table that `api` lists from. */
  readonly listedRuns: number;
  readonly plant: Plant | undefined;
  /** Writes docs/benchmarks.md from what was measured. */
  readonly writeDocs: boolean;
}

const usage = `usage: npm run bench -- [--quick] [--json] [--only chain40,fan200] [--modes fresh,run,reuse] [--rounds 9]
       [--slots 4] [--seed 1] [--write-docs] [--plant ${plants.join('|')}]`;

/** Reads the command line. Throws what is wrong with it, with the usage. */
export function readOptions(args: readonly string[]): BenchOptions {
  const given = new Map<string, string>();
  const flags = ['json', 'quick', 'write-docs'];
  const valued = ['only', 'modes', 'rounds', 'slots', 'seed', 'plant'];
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at]?.replace(/^--/, '') ?? '';
    if (flags.includes(name)) given.set(name, '');
    else if (valued.includes(name) && args[at + 1] !== undefined) given.set(name, args[(at += 1)] ?? '');
    else throw new Error(`"${args[at] ?? ''}" is not understood\n${usage}`);
  }
  const quick = given.has('quick');
  return {
    json: given.has('json'),
    quick,
    // What takes long in `fresh` is left out where it has to be quick.
    only: listOf(given.get('only'), quick ? workloads.filter((name) => name !== 'long10') : workloads),
    modes: listOf(given.get('modes'), quick ? ['run', 'reuse'] : modes),
    rounds: wholeNumber('rounds', given.get('rounds'), quick ? 1 : 9),
    slots: wholeNumber('slots', given.get('slots'), 4),
    seed: wholeNumber('seed', given.get('seed'), 1),
    listedRuns: quick ? 2_000 : 100_000,
    plant: listOf(given.get('plant') ?? '', plants)[0],
    writeDocs: given.has('write-docs'),
  };
}

function listOf<T extends string>(text: string | undefined, known: readonly T[]): readonly T[] {
  if (text === undefined) return known;
  if (text === '') return [];
  return text.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new Error(`"${name}" is none of ${known.join(', ')}\n${usage}`);
    return found;
  });
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number from 1\n${usage}`);
  return value;
}
