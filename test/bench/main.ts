/** The program behind `npm run bench`: see options.ts for its command line. Rows on stdout, progress on stderr. */
import { fileURLToPath } from 'node:url';
import { Platform } from '../platform/platform.js';
import { measureApi } from './api-side.js';
import { writeBenchmarks } from './benchmarks-page.js';
import { type Shape, shapes } from './bundle.js';
import { DelayedPostgres } from './delayed-postgres.js';
import { countFsyncs } from './fsync-count.js';
import { addHops, emptyHops, meansOf } from './hops.js';
import { platformMemory } from './idle-memory.js';
import { describeMachine, type Machine } from './machine.js';
import { type BenchOptions, type Mode, readOptions, type Way, type Workload } from './options.js';
import { type PlainRound, PlainSide } from './plain-side.js';
import { type DatabaseRole, PlatformSide, type RoundResult, type Variant } from './platform-side.js';
import { type Measured, type Row, type Summary, toHopTable, toRow, toTable } from './rows.js';
import { generator, shuffled } from './statistics.js';
import { addTaken, type Stage, stagesOf, waysOf } from './ways.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const began = Date.now();

/** After so long there is no further round to warm up. */
const warmMs = 4_000;
/** Between two rounds of which only the beginning counts. */
const tidyMs = 250;

function progress(text: string): void {
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
}

class Bench {
  readonly rows: Row[] = [];
  machine: Machine | undefined;
  idlePssMib: number | undefined;
  private readonly random: () => number;

  constructor(private readonly options: BenchOptions) {
    this.random = generator(options.seed);
  }

  /** A platform for each stage; what no way changes is measured on the first. */
  async run(): Promise<void> {
    for (const [index, stage] of stagesOf(this.options.ways).entries()) await this.stage(stage, index === 0);
  }

  private async stage(stage: Stage, first: boolean): Promise<void> {
    const { fsyncDelayMs } = this.options;
    const delayed = fsyncDelayMs > 0 ? await DelayedPostgres.start(fsyncDelayMs) : undefined;
    progress(`starting a platform of its own, with the ways ${stage.setting}`);
    const platform = await Platform.prepare({
      root,
      egressOpen: [],
      environment: {
        MILLRACE_WAYS: stage.setting,
        // A limit that is there for the fairness among many is counted like any other, and not used up.
        MILLRACE_API_RATE: '10000000',
        ...delayed?.environment,
      },
    });
    const remove = async (): Promise<void> => {
      await platform.remove();
      await delayed?.remove();
    };
    // Whoever interrupts it shall not have to look for what it started.
    const leave = (): void => {
      progress('interrupted: stopping the platform');
      void remove().finally(() => process.exit(130));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
    try {
      await platform.start();
      await this.measure(platform, stage, first, delayed);
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, leave);
      await remove();
    }
  }

  private async measure(
    platform: Platform,
    stage: Stage,
    first: boolean,
    delayed: DelayedPostgres | undefined,
  ): Promise<void> {
    this.machine ??= {
      ...describeMachine(platform.home),
      ...(delayed === undefined ? {} : { fsync_delay_ms: this.options.fsyncDelayMs, commit_ms: delayed.commitMs }),
    };
    if (first && this.wants('idle')) await this.rest(platform);
    const { processes } = await platform.status();
    const port = processes.find(({ name }) => name === 'temporal')?.port ?? 0;
    const temporal = { address: `127.0.0.1:${port}`, namespace: 'millrace' };
    const databaseUrl = delayed === undefined ? undefined : (role: DatabaseRole) => Promise.resolve(delayed.url(role));
    const ours = await PlatformSide.open(platform, this.options, temporal, databaseUrl);
    try {
      await this.shapes(stage, ours, await PlainSide.start({ ...temporal, slots: this.options.slots }));
      if (first && this.wants('cold')) await this.cold(ours);
      if (first && this.wants('api')) {
        for (const measured of await measureApi(ours, this.options, progress)) this.add(measured);
      }
    } finally {
      await ours.close();
    }
  }

  private async shapes(stage: Stage, ours: PlatformSide, plain: PlainSide): Promise<void> {
    try {
      for (const name of this.options.only) {
        if (!(name in shapes)) continue;
        const shape = name as Shape;
        const ways = waysOf(shape, stage.ways);
        if (ways.length > 0) await this.shape(shape, ways, ours, plain);
      }
    } finally {
      await plain.close();
    }
  }

  /** What the platform takes before anybody has used it, when what its start needed has been given back. */
  private async rest(platform: Platform): Promise<void> {
    const settleMs = this.options.quick ? 2_000 : 20_000;
    progress(`idle: waiting ${settleMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const { pssBytes } = await platformMemory((await platform.status()).pid);
    this.idlePssMib = Math.round(pssBytes / 2 ** 20);
  }

  private wants(workload: Workload): boolean {
    return this.options.only.includes(workload);
  }

  /** Plain and every variant once a round, in an order that changes. */
  private async shape(shape: Shape, ways: readonly Way[], ours: PlatformSide, plain: PlainSide): Promise<void> {
    const { rounds, modes } = this.options;
    const variants = modes
      .flatMap((mode) => ways.map((way) => ({ mode, way, rounds: [] as RoundResult[] })))
      .filter(({ mode, way }) => this.measures(mode, way));
    if (variants.length === 0) return;
    const plainRounds: PlainRound[] = [];
    // How often Postgres is made to write has nothing to do with the mode.
    const counted = modes.find((mode) => mode === 'run') ?? modes[0];
    // What is loaded, started and compiled once is not the workload's: services run for days.
    for (const variant of variants) await this.warmUp(() => ours.round(shape, variant, true));
    await this.warmUp(() => plain.round(shape));
    for (let round = 1; round <= rounds; round += 1) {
      for (const variant of shuffled([...variants, undefined], this.random)) {
        // What the round before has left to be tidied up is not a part of how soon something begins.
        if (shape === 'trigger') await new Promise((resolve) => setTimeout(resolve, tidyMs));
        if (variant === undefined) plainRounds.push(await plain.round(shape));
        else variant.rounds.push(await ours.round(shape, variant));
      }
      progress(`${shape} ${ways.join(', ')}: round ${round} of ${rounds}`);
    }
    for (const variant of variants) {
      const { mode, way, rounds: own } = variant;
      const taken = own.map((each) => each.taken).reduce(addTaken);
      const hops = emptyHops();
      for (const { attempts, calledAt } of own) for (const each of attempts) addHops(hops, each, calledAt);
      const base = { mode, way, tier: ours.tier, taken, hops: meansOf(hops) };
      const row = { ...base, workload: shape, ours: own.map(({ ms }) => ms), plain: plainRounds.map(({ ms }) => ms) };
      const counts = shape === 'chain40' && mode === counted && way === 'fused';
      const fsyncsPerTask = counts ? await this.fsyncs(ours, variant) : undefined;
      this.add({ ...row, work: own.map(({ workMs }) => workMs), fsyncsPerTask });
      if (shape !== 'burst50') continue;
      this.add({
        ...base,
        workload: `${shape} work`,
        ours: own.map(({ workDoneMs }) => workDoneMs),
        plain: plainRounds.map(({ workDoneMs }) => workDoneMs),
      });
    }
  }

  /** A round that takes long by itself warms up more. */
  private async warmUp(round: () => Promise<unknown>): Promise<void> {
    const began = Date.now();
    for (let done = 0; done < this.options.warmUps && Date.now() - began < warmMs; done += 1) await round();
  }

  /** In the mode `fresh` the processes cost so much that the ways make no difference: it stands beside the others once. */
  private measures(mode: Mode, way: Way): boolean {
    return mode !== 'fresh' || this.options.modes.length === 1 || way === 'direct' || way === 'fused';
  }

  private async fsyncs(ours: PlatformSide, variant: Variant): Promise<number> {
    const chains = this.options.quick ? 2 : 20;
    progress(`counting the fsyncs of ${chains} runs of chain40 ${variant.way}`);
    const count = await countFsyncs(await ours.databaseUrl('postgres'), () => ours.chains(chains, variant));
    return count / (chains * shapes.chain40.tasks);
  }

  private async cold(ours: PlatformSide): Promise<void> {
    const [mode = 'fresh'] = this.options.modes;
    const times: number[] = [];
    for (let round = 1; round <= this.options.rounds; round += 1) {
      times.push(await ours.coldRound(mode));
      progress(`cold: round ${round} of ${this.options.rounds}`);
    }
    this.add({ workload: 'cold', mode: 'run', way: null, tier: ours.tier, ours: times, plain: [] });
  }

  private add(measured: Measured): void {
    if (this.machine === undefined) throw new Error('the machine was not looked at');
    const row = toRow(measured, this.machine, this.options);
    this.rows.push(row);
    if (this.options.json) process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if ('help' in options) {
    process.stdout.write(`${options.help}\n`);
    return;
  }
  const bench = new Bench(options);
  let error: string | undefined;
  try {
    await bench.run();
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.exitCode = 1;
  }
  const { only, modes, ways, rounds, warmUps, slots, seed, quick, listedRuns, fsyncDelayMs } = options;
  const summary: Summary = {
    complete: error === undefined,
    ...(error === undefined ? {} : { error }),
    ...(bench.machine === undefined ? {} : { machine: bench.machine }),
    ...(bench.idlePssMib === undefined ? {} : { idle_pss_mib: bench.idlePssMib }),
    parameters: { only, modes, ways, rounds, warmUps, slots, seed, quick, listedRuns, fsyncDelayMs },
    seconds: Math.round((Date.now() - began) / 1000),
  };
  if (!options.json) process.stdout.write(`${toTable(bench.rows)}\n\n${toHopTable(bench.rows)}\n`);
  if (options.writeDocs && error === undefined) await writeBenchmarks(root, bench.rows, summary);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

await main();
