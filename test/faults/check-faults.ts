/**
 * Kills every kind of process while mixed runs are in flight, then holds what the platform reports against what the
 * driver and an outside recorder saw. Usage: npm run check:faults -- [--quick] [--seed N] [--kills N] [--only KIND] [--plant no-fence]
 */
import { appendFileSync, mkdtempSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { HttpClient } from '@millrace/clients';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';
import { Random } from './random.js';
import { Recorder } from './recorder.js';
import { type Acknowledged, judge, type Verdict } from './verdict.js';
import { expectations, faultBundle } from './workload.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const organization = 'faults';

/** `stall` stops a runner until its work was done elsewhere and lets it go on: its late results must be refused. */
const kinds = ['runner', 'orchestrator', 'api', 'pool-controller', 'temporal', 'postgres', 'stall'] as const;
type Kind = (typeof kinds)[number];
/** The gateway takes a runner that is silent for 30 s for gone; until then it may come back with its late results. */
const stallLimitMs = 28_000;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string' },
    kills: { type: 'string' },
    only: { type: 'string' },
    plant: { type: 'string' },
  },
});
const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
const killsOfEach = Number(options.kills ?? (options.quick ? 1 : 10));
if (!Number.isInteger(seed) || !Number.isInteger(killsOfEach) || killsOfEach < 0) {
  throw new Error('--seed and --kills take whole numbers');
}
/** The kinds that are struck; all of them unless `--only` names one. */
const struck = kinds.filter((kind) => options.only === undefined || options.only === kind);
const inFlight = options.quick ? 6 : 10;
const random = new Random(seed);
if (struck.length === 0) throw new Error(`--only takes one of ${kinds.join(', ')}`);
const startedAt = Date.now();

function say(line: string): void {
  process.stdout.write(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts runs, keeps about `inFlight` of them going, and writes each acknowledged one down at once. */
class Driver {
  readonly acknowledged: Acknowledged[] = [];
  /** Attempts that were seen as lost while their runner was stopped: nothing may change them any more. */
  readonly givenUp: string[] = [];
  private readonly log = join(mkdtempSync(join(tmpdir(), 'millrace-faults-')), 'acknowledged.jsonl');
  private stopped = false;
  private failure: unknown;
  private readonly lanes: Promise<void>[] = [];

  constructor(private readonly client: HttpClient) {}

  start(): void {
    for (let lane = 0; lane < inFlight; lane += 1) {
      this.lanes.push(
        this.lane().catch((error: unknown) => {
          this.failure ??= error;
        }),
      );
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.lanes);
    if (this.failure !== undefined) throw this.failure as Error;
  }

  private async lane(): Promise<void> {
    while (!this.stopped) {
      const runId = await this.trigger(random.pick(Object.keys(expectations)));
      await this.ended(runId, () => this.stopped);
    }
  }

  /** Triggers a run and writes it down once it is acknowledged. */
  async trigger(pipeline: string): Promise<string> {
    const run = await this.client.post<{ id: string }>(`/v1/pipelines/${pipeline}/runs`, { params: {} });
    this.acknowledged.push({ runId: run.id, pipeline });
    appendFileSync(this.log, `${JSON.stringify({ runId: run.id, pipeline })}\n`, { flush: true });
    return run.id;
  }

  /** Waits for the end of a run, or until told to give up. */
  private async ended(runId: string, giveUp: () => boolean): Promise<boolean> {
    while (!giveUp()) {
      const run = await this.client.get<{ state: string }>(`/v1/runs/${runId}`);
      if (!['queued', 'running'].includes(run.state)) return true;
      await sleep(250);
    }
    return false;
  }

  /** Waits until every acknowledged run has ended, at most this long. */
  async drained(limitMs: number): Promise<void> {
    const until = Date.now() + limitMs;
    for (const run of this.acknowledged) await this.ended(run.runId, () => Date.now() > until);
  }
}

interface RunnerView {
  readonly id: string;
  readonly pid: number | null;
  readonly state: string;
}

interface AttemptView {
  readonly id: string;
  readonly taskId: string;
  readonly state: string;
  readonly runnerId: string | null;
}

async function runners(client: HttpClient): Promise<(RunnerView & { pid: number })[]> {
  const page = await client.get<{ data: RunnerView[] }>('/v1/pools/default/runners');
  return page.data.filter(
    (runner): runner is RunnerView & { pid: number } => runner.state === 'ready' && runner.pid !== null,
  );
}

/** Kills one process of the kind; false where there is none at the moment. */
async function kill(platform: Platform, client: HttpClient, kind: Kind): Promise<boolean> {
  const live = kind === 'runner' ? await runners(client) : [];
  const pid =
    kind === 'runner'
      ? live.length === 0
        ? undefined
        : random.pick(live).pid
      : ((await platform.status()).processes.find((process) => process.name === kind)?.pid ?? undefined);
  if (pid === undefined) return false;
  say(`kill -9 ${kind} (${pid})`);
  return signal(pid, 'SIGKILL');
}

/** False where the process ended by itself between the look and the signal. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

async function until<T>(limitMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(200);
  }
  return undefined;
}

/**
 * Stops a runner that surely holds a live lease until the lease has been given up and the task has succeeded elsewhere,
 * then lets it go on: what it says late must be refused.
 */
async function stall(client: HttpClient, driver: Driver): Promise<boolean> {
  const runId = await driver.trigger('long');
  const attempts = async (): Promise<AttemptView[]> =>
    (await client.get<{ data: AttemptView[] }>(`/v1/runs/${runId}/attempts`)).data.filter(
      (attempt) => attempt.taskId === 'work',
    );
  const victim = await until(20_000, async () => {
    const holder = (await attempts()).find((attempt) => attempt.state === 'leased')?.runnerId;
    return (await runners(client)).find((runner) => runner.id === holder);
  });
  if (victim === undefined || !signal(victim.pid, 'SIGSTOP')) return false;
  say(`stop runner (${victim.pid}) with a live lease`);
  const moved = await until(stallLimitMs, async () => {
    const all = await attempts();
    const lost = all.find((attempt) => attempt.runnerId === victim.id && attempt.state === 'lost');
    if (lost === undefined || !all.some((attempt) => attempt.state === 'succeeded')) return undefined;
    driver.givenUp.push(lost.id);
    return true;
  });
  say(`let it go on${moved === true ? ': its task has succeeded elsewhere' : ''}`);
  return signal(victim.pid, 'SIGCONT') && moved === true;
}

async function storm(platform: Platform, client: HttpClient, driver: Driver): Promise<Record<Kind, number>> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  const schedule = random.shuffled(struck.flatMap((kind) => Array.from({ length: killsOfEach }, () => kind)));
  for (const kind of schedule) {
    await sleep(random.between(800, 3500));
    // A victim may be missing for a moment (a cold pool, a process being restarted): look again.
    for (let look = 0; look < 60 && counts[kind] < killsOfEach; look += 1) {
      if (kind === 'stall' ? await stall(client, driver) : await kill(platform, client, kind)) {
        counts[kind] += 1;
        break;
      }
      await sleep(500);
    }
  }
  return counts;
}

function sound(verdict: Verdict, kills: Record<Kind, number>): boolean {
  return (
    verdict.lost === 0 &&
    verdict.doubled === 0 &&
    verdict.unreported === 0 &&
    verdict.ledgerEqual &&
    verdict.slotsHeld === 0 &&
    struck.every((kind) => kills[kind] >= killsOfEach)
  );
}

async function main(): Promise<boolean> {
  say(
    `seed ${seed}, ${killsOfEach} of each kind, ${inFlight} runs in flight${options.plant ? `, planted: ${options.plant}` : ''}`,
  );
  const recorder = new Recorder();
  const recorderPort = await recorder.open();
  const platform = await Platform.start({
    root,
    egressOpen: [{ organization, host: '127.0.0.1', port: recorderPort }],
    ...(options.plant === undefined ? {} : { environment: { MILLRACE_TEST_FAULT: options.plant } }),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void platform.remove().finally(() => process.exit(130)));
  }
  try {
    const client = await signUp(platform.url, organization);
    await client.put('/v1/connections/recorder', {
      type: 'http',
      host: '127.0.0.1',
      port: recorderPort,
      tls: 'disable',
    });
    await client.post('/v1/deployments', faultBundle());
    const driver = new Driver(client);
    driver.start();
    const kills = await storm(platform, client, driver);
    await driver.stop();
    // What a stalled runner says late arrives after its task was done.
    await sleep(2000);
    say(`the storm is over: ${driver.acknowledged.length} runs acknowledged; waiting for their ends`);
    await driver.drained(options.quick ? 60_000 : 180_000);
    const verdict = await judge(client, driver.acknowledged, driver.givenUp, recorder.entries);
    for (const finding of verdict.findings.slice(0, 50)) say(`FOUND ${finding}`);
    const ok = sound(verdict, kills);
    process.stdout.write(
      `${JSON.stringify({
        check: 'faults',
        runs: driver.acknowledged.length,
        attempts_recorded: recorder.entries.length,
        kills,
        lost: verdict.lost,
        doubled: verdict.doubled,
        unreported: verdict.unreported,
        ledger_equal: verdict.ledgerEqual,
        slots_held: verdict.slotsHeld,
        seed,
        quick: options.quick,
        planted: options.plant ?? null,
        seconds: Math.round((Date.now() - startedAt) / 1000),
        machine: { cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), node: process.version },
        ok,
        complete: true,
      })}\n`,
    );
    return ok;
  } finally {
    await platform.remove();
    await recorder.close();
  }
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(
      `check:faults could not finish: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(2);
  },
);
