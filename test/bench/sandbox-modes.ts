/**
 * What a sandbox mode costs: chains of twenty JavaScript tasks that do nothing, each attempt hop by hop, without a
 * platform around. The modes take turns, round after round, so that whatever else the machine does meets all of them.
 *
 * `node test/dist/bench/sandbox-modes.js [rounds]` prints a table; Linux with bubblewrap, as root with a uid to spare.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxBundle, type SandboxHost, type SandboxMode, startSandboxHost } from '@millrace/sandbox';
import { median, quantile } from './statistics.js';

const chainLength = 20;
/** Between two attempts of a chain: what the platform takes to commit one and to lease the next. */
const gapMs = 2;
const restMs = 300;
/** An unprivileged uid that nobody has. */
const someUid = 62_002;

interface Setting {
  readonly name: string;
  readonly mode: SandboxMode;
  readonly spares: number;
}

const settings: readonly Setting[] = [
  { name: 'fresh', mode: 'fresh', spares: 1 },
  { name: 'run', mode: 'run', spares: 1 },
  { name: 'run, no spare', mode: 'run', spares: 0 },
  { name: 'reuse', mode: 'reuse', spares: 1 },
];

/** Milliseconds of one attempt, by the clock that host and task share. */
interface Hops {
  /** From the call to the word that the code starts. */
  readonly toStart: number;
  /** From the last instruction of the code to the result. */
  readonly toResult: number;
}

interface Measured {
  readonly first: Hops[];
  readonly next: Hops[];
  /** Of whole chains, without the gaps. */
  readonly chains: number[];
}

function nothingYet(): Measured {
  return { first: [], next: [], chains: [] };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function attempt(host: SandboxHost, bundle: SandboxBundle, runId: string, index: number): Promise<Hops> {
  let started = Number.NaN;
  const called = now();
  const execution = host.execute(
    {
      id: `${runId}-${index}`,
      bundle,
      program: { kind: 'node', entry: '/bundle/task.mjs' },
      inputJson: 'null',
      context: { runId, taskId: `task-${index}`, mapIndex: null, attempt: 1 },
      timeoutMs: 60_000,
    },
    { onStarted: () => (started = now()) },
  );
  const result = await execution.done;
  const ended = now();
  if (result.outcome !== 'succeeded') throw new Error(`an attempt ended as ${result.outcome}`);
  return { toStart: started - called, toResult: ended - Number(result.outputJson) };
}

async function chain(host: SandboxHost, bundle: SandboxBundle, runId: string, into: Measured): Promise<void> {
  let sum = 0;
  for (let index = 0; index < chainLength; index += 1) {
    const began = now();
    const hops = await attempt(host, bundle, runId, index);
    sum += now() - began;
    (index === 0 ? into.first : into.next).push(hops);
    await pause(gapMs);
  }
  host.runEnded(runId);
  into.chains.push(sum);
}

const [loadBefore = 0] = loadavg();

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 15);
  const directory = await mkdtemp(join(tmpdir(), 'millrace-modes-'));
  await chmod(directory, 0o755);
  const bundle = { key: 'nothing', bundleDir: join(directory, 'bundle') };
  await mkdir(bundle.bundleDir);
  await writeFile(
    join(bundle.bundleDir, 'task.mjs'),
    'export default () => performance.timeOrigin + performance.now();',
  );
  const runAs = process.getuid?.() === 0 ? { runAs: { uid: someUid, gid: someUid } } : {};
  const measured = new Map<Setting, Measured>();
  const hosts = new Map<Setting, SandboxHost>();
  try {
    for (const setting of settings) {
      const { mode, spares } = setting;
      const workDir = join(directory, `host-${hosts.size}`);
      const host = await startSandboxHost({ tier: 'standard', workDir, mode, spares, ...runAs });
      hosts.set(setting, host);
      measured.set(setting, nothingYet());
      if (spares > 0) await host.prepare(bundle);
    }
    // The first round warms this process.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [setting, host] of hosts) {
        const into = round === 0 ? nothingYet() : (measured.get(setting) ?? nothingYet());
        await chain(host, bundle, `run-${round}`, into);
        await pause(restMs);
      }
    }
  } finally {
    for (const host of hosts.values()) await host.close();
    await rm(directory, { recursive: true, force: true });
  }
  print(measured, rounds);
}

function print(measured: ReadonlyMap<Setting, Measured>, rounds: number): void {
  const shown = (values: readonly number[]): string =>
    `${median(values).toFixed(2)} (${quantile(values, 0.95).toFixed(2)})`;
  const lines = [...measured].map(([{ name }, { first, next, chains }]) =>
    [
      name,
      shown(first.map(({ toStart }) => toStart)),
      shown(next.map(({ toStart }) => toStart)),
      shown(next.map(({ toResult }) => toResult)),
      shown(chains),
    ].join(' | '),
  );
  const head = 'mode | first attempt of a run: to its code | the next: to its code | from its code to the result';
  process.stdout.write(
    [
      `${rounds} chains of ${chainLength}, ${availableParallelism()} processors, Node.js ${process.version}, load before ${loadBefore.toFixed(1)}; p50 (p95) in ms`,
      `${head} | the chain`,
      ...lines,
      '',
    ].join('\n'),
  );
}

await main();
