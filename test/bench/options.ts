/** Workloads in the order in which they are measured. */
export const workloads = ['chain40', 'long10', 'fan200', 'burst50', 'trigger', 'cold', 'api', 'idle'] as const;
export type Workload = (typeof workloads)[number];

export const modes = ['fresh', 'run', 'reuse'] as const;
export type Mode = (typeof modes)[number];

/**
 * Ways that a row may be of. `fused`: what follows a task is executed by the same runner in the same stretch; the other
 * three are without stretches, each attempt on its own.
 */
export const ways = ['direct', 'offered', 'queued', 'fused'] as const;
export type Way = (typeof ways)[number];

/** Faults that the bench makes by itself, to show that it would notice them. */
export const plants = ['lost-log'] as const;
export type Plant = (typeof plants)[number];

export interface BenchOptions {
  readonly json: boolean;
  readonly quick: boolean;
  readonly only: readonly Workload[];
  readonly modes: readonly Mode[];
  readonly ways: readonly Way[];
  readonly rounds: number;
  /** Rounds of each, on both sides, before the first that counts. */
  readonly warmUps: number;
  readonly slots: number;
  readonly seed: number;
  /** Runs in the table that `api` lists from. */
  readonly listedRuns: number;
  /** What is added to each fdatasync of Postgres; 0: nothing. */
  readonly fsyncDelayMs: number;
  readonly plant: Plant | undefined;
  /** Writes docs/benchmarks.md from what was measured. */
  readonly writeDocs: boolean;
}

const usage = `usage: npm run bench -- [options]

  --quick              few rounds and small tables: whether it works, not how fast
  --json               rows as JSON lines
  --only a,b           workloads: ${workloads.join(', ')}
  --modes a,b          sandbox modes: ${modes.join(', ')} (fresh beside others: in the ways direct and fused alone)
  --ways a,b           ways to the runner: ${ways.join(', ')}
  --rounds N           rounds of each (9)
  --warm-ups N         rounds of each, on both sides, before those, as long as they are short (4)
  --slots N            tasks at once (4)
  --seed N             order of the variants within a round (1)
  --fsync-delay-ms N   makes each fdatasync of Postgres take so much longer (needs cc)
  --write-docs         writes docs/benchmarks.md
  --plant NAME         breaks something on purpose: ${plants.join(', ')}
  -h, --help           prints this`;

/** Reads the command line; `help` where that was asked for. Throws what is wrong with it, with the usage. */
export function readOptions(args: readonly string[]): BenchOptions | { readonly help: string } {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return { help: usage };
  const given = new Map<string, string>();
  const flags = ['json', 'quick', 'write-docs'];
  const valued = ['only', 'modes', 'ways', 'rounds', 'warm-ups', 'slots', 'seed', 'plant', 'fsync-delay-ms'];
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at]?.replace(/^--/, '') ?? '';
    if (flags.includes(name)) given.set(name, '');
    else if (valued.includes(name) && args[at + 1] !== undefined) given.set(name, args[(at += 1)] ?? '');
    else throw new Error(`"${args[at] ?? ''}" is not understood\n${usage}`);
  }
  const quick = given.has('quick');
  const delay = given.get('fsync-delay-ms');
  const delayed = delay !== undefined;
  return {
    json: given.has('json'),
    quick,
    // What takes long in `fresh` is left out where it has to be quick; what has nothing to do with the disk, where that is slow.
    only: listOf(
      given.get('only'),
      workloads.filter((name) => !(quick && name === 'long10') && !(delayed && (name === 'idle' || name === 'api'))),
    ),
    modes: listOf(given.get('modes'), quick ? ['run', 'reuse'] : modes),
    ways: listOf(given.get('ways'), ways),
    rounds: wholeNumber('rounds', given.get('rounds'), quick ? 1 : 9),
    warmUps: wholeNumber('warm-ups', given.get('warm-ups'), quick ? 1 : 4),
    slots: wholeNumber('slots', given.get('slots'), 4),
    seed: wholeNumber('seed', given.get('seed'), 1),
    listedRuns: quick ? 2_000 : 100_000,
    fsyncDelayMs: delayed ? wholeNumber('fsync-delay-ms', delay, 1) : 0,
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
