/** The program behind `npm run bench`: see options.ts for its command line. Rows on stdout, progress on stderr. */
import { fileURLToPath } from 'node:url';
import { Platform } from '../platform/platform.js';
import { measureApi } from './api-side.js';
import { writeBenchmarks } from './benchmarks-page.js';
import { type Shape, shapes } from './bundle.js';
import { platformMemory } from './idle-memory.js';
import { describeMachine, type Machine } from './machine.js';
import { type BenchOptions, type Mode, readOptions, type Workload } from './options.js';
import { PlainSide } from './plain-side.js';
import { PlatformSide } from './platform-side.js';
import { type Measured, type Row, type Summary, toRow, toTable } from './rows.js';
import { generator, shuffled } from './statistics.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const began = Date.now();

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

  async run(): Promise<void> {
    progress('starting a platform of its own');
    const platform = await Platform.start({
      root,
      egressOpen: [],
      // A limit that is there for the fairness among many is not what is measured.
      environment: { MILLRACE_API_RATE: '10000000' },
    });
    // Whoever interrupts it shall not have to look for what it started.
    const leave = (): void => {
      progress('interrupted: stopping the platform');
      void platform.remove().finally(() => process.exit(130));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
    try {
      await this.measure(platform);
    } finally {
      await platform.remove();
    }
  }

  private async measure(platform: Platform): Promise<void> {
    this.machine = describeMachine(platform.home);
    if (this.wants('idle')) await this.rest(platform);
    const ours = await PlatformSide.open(platform, this.options);
    const { processes } = await platform.status();
    const port = processes.find(({ name }) => name === 'temporal')?.port ?? 0;
    const plain = await PlainSide.start({
      address: `127.0.0.1:${port}`,
      namespace: 'millrace',
      slots: this.options.slots,
    });
    try {
      for (const workload of this.options.only)
        if (workload in shapes) await this.shape(workload as Shape, ours, plain);
    } finally {
      await plain.close();
    }
    if (this.wants('cold')) await this.cold(ours);
    if (this.wants('api')) {
      for (const measured of await measureApi(ours, this.options, progress)) this.add(measured);
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

  /** Plain and every mode once a round, in an order that changes. */
  private async shape(shape: Shape, ours: PlatformSide, plain: PlainSide): Promise<void> {
    const { rounds, modes } = this.options;
    const times = new Map<Mode | 'plain', number[]>([...modes, 'plain' as const].map((side) => [side, []]));
    const once = (side: Mode | 'plain'): Promise<number> =>
      side === 'plain' ? plain.round(shape) : ours.round(shape, side);
    // What is loaded and started once is not the workload's.
    for (const side of times.keys()) await once(side);
    for (let round = 1; round <= rounds; round += 1) {
      for (const side of shuffled([...times.keys()], this.random)) times.get(side)?.push(await once(side));
      progress(`${shape}: round ${round} of ${rounds}`);
    }
    for (const mode of modes) {
      this.add({
        workload: shape,
        mode,
        tier: ours.tier,
        ours: times.get(mode) ?? [],
        plain: times.get('plain') ?? [],
      });
    }
  }

  private async cold(ours: PlatformSide): Promise<void> {
    const [mode = 'fresh'] = this.options.modes;
    const times: number[] = [];
    for (let round = 1; round <= this.options.rounds; round += 1) {
      times.push(await ours.coldRound(mode));
      progress(`cold: round ${round} of ${this.options.rounds}`);
    }
    this.add({ workload: 'cold', mode: 'fresh', tier: ours.tier, ours: times, plain: [] });
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
  const bench = new Bench(options);
  let error: string | undefined;
  try {
    await bench.run();
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    process.exitCode = 1;
  }
  const { only, modes, rounds, slots, seed, quick, listedRuns } = options;
  const summary: Summary = {
    complete: error === undefined,
    ...(error === undefined ? {} : { error }),
    ...(bench.machine === undefined ? {} : { machine: bench.machine }),
    ...(bench.idlePssMib === undefined ? {} : { idle_pss_mib: bench.idlePssMib }),
    parameters: { only, modes, rounds, slots, seed, quick, listedRuns },
    seconds: Math.round((Date.now() - began) / 1000),
  };
  if (!options.json) process.stdout.write(`${toTable(bench.rows)}\n`);
  if (options.writeDocs && error === undefined) await writeBenchmarks(root, bench.rows, summary);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

await main();
