/**
 * A storm for each way in which attempts reach their runners: kills, stops and cuts everything while mixed runs are in
 * flight, then holds what the platform reports against what the driver and an outside recorder saw.
 * Usage: npm run check:faults -- --help
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpClient } from '@millrace/clients';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';
import { Driver, sleep, until } from './driver.js';
import { type Evidence, gather } from './evidence.js';
import { Deeds } from './field.js';
import { GatewayLink } from './gateway-link.js';
import { type FaultOptions, kindsFor, readOptions, type Way } from './options.js';
import { Random } from './random.js';
import { Recorder } from './recorder.js';
import { Rows } from './rows.js';
import { Servers } from './servers.js';
import { storm } from './storm.js';
import { judge, type Verdict } from './verdict.js';
import { expectations, faultBundle } from './workload.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const organization = 'faults';
const options = readOptions(process.argv.slice(2));
const startedAt = Date.now();
const settings: Readonly<Record<Way, string>> = {
  queued: 'queued',
  offered: 'offered,queued',
  direct: 'direct,offered,queued',
};
/** Runs in flight: fewer than the runners have slots for, so that there is somewhere to go on. */
const inFlight = 6;
const pool = { slotsPerRunner: 4, maxRunners: 4, idleSeconds: 3600 };

function say(line: string): void {
  process.stdout.write(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${line}\n`);
}

/** What is needed for all storms and started once. */
class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'millrace-faults-log-'));
  private client: HttpClient | undefined;

  private constructor(
    readonly recorder: Recorder,
    readonly recorderPort: number,
    readonly servers: Servers,
    readonly platform: Platform,
    readonly rows: Rows,
  ) {}

  static async set(): Promise<Scene> {
    const recorder = new Recorder();
    const recorderPort = await recorder.open();
    const servers = await Servers.start(root);
    const platform = await Platform.prepare({
      root,
      egressOpen: [{ organization, host: '127.0.0.1', port: recorderPort }],
      environment: {
        ...servers.environment,
        MILLRACE_API_RATE: '10000000',
        ...(options.plant === undefined ? {} : { MILLRACE_TEST_FAULT: options.plant }),
      },
    });
    return new Scene(recorder, recorderPort, servers, platform, new Rows(servers.superuserUrl));
  }

  /** The organization with its pipelines, made with the first storm. */
  async customer(): Promise<HttpClient> {
    if (this.client !== undefined) return this.client;
    const client = await signUp(this.platform.url, organization);
    await this.rows.giveRoom();
    await client.raw('PATCH', '/v1/pools/default', { json: pool });
    await client.put('/v1/connections/recorder', {
      type: 'http',
      host: '127.0.0.1',
      port: this.recorderPort,
      tls: 'disable',
    });
    await client.post('/v1/deployments', faultBundle());
    this.client = client;
    return client;
  }

  async clear(): Promise<void> {
    await this.platform.remove();
    await this.rows.close();
    await this.servers.remove();
    await this.recorder.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Outcome {
  readonly ok: boolean;
  readonly report: Readonly<Record<string, unknown>>;
}

async function stormOf(way: Way, scene: Scene): Promise<Outcome> {
  say(`${way}: starting the platform with the ways ${settings[way]}`);
  const platform = scene.platform.with({ MILLRACE_WAYS: settings[way] });
  const gateway = new GatewayLink(join(platform.home, 'run', 'gateway.sock'));
  await platform.start();
  try {
    await gateway.adopt();
    const client = await scene.customer();
    const random = new Random(options.seed + ['queued', 'offered', 'direct'].indexOf(way));
    const recorderUrl = `http://127.0.0.1:${scene.recorderPort}`;
    const driver = new Driver(client, random, recorderUrl, join(scene.folder, `${way}.jsonl`));
    const deeds = new Deeds();
    const { rows, servers, recorder } = scene;
    await warmUp(driver, rows);
    driver.start(inFlight);
    const hands = { way, home: platform.home, client, servers, rows, gateway, driver, recorder, random, deeds };
    await storm({ ...hands, say: (line) => say(`${way}: ${line}`) }, options);
    await driver.stop();
    // What a stalled runner says late arrives after its task was done.
    await sleep(1000);
    say(`${way}: the storm is over: ${driver.acknowledged.length} runs acknowledged; waiting for their ends`);
    await driver.drained(options.plant !== undefined ? 20_000 : options.quick ? 60_000 : 180_000);
    const verdict = await judge(client, driver.acknowledged, deeds.givenUp, recorder.entries);
    const runIds = driver.acknowledged.map(({ runId }) => runId);
    const evidence = await gather(rows, way, deeds, runIds, recorder.entries, options.quick);
    return outcomeOf(way, deeds, verdict, evidence, driver.acknowledged.length);
  } finally {
    await gateway.release();
    await platform.stop();
  }
}

/** More than one runner, each with what it executes at hand. */
async function warmUp(driver: Driver, rows: Rows): Promise<void> {
  for (const pipeline of [...Object.keys(expectations), 'long', 'long', 'fan']) await driver.trigger(pipeline);
  await until(30_000, async () => ((await rows.runners()).length > 1 ? true : undefined));
  await driver.drained(30_000);
}

function outcomeOf(way: Way, deeds: Deeds, verdict: Verdict, evidence: Evidence, runs: number): Outcome {
  const findings = [...verdict.findings, ...evidence.findings];
  const kinds = kindsFor(way, options);
  const { counts } = deeds;
  if ((counts['runner'] ?? 0) < options.kills) findings.push(`${counts['runner'] ?? 0} kills hit a live lease`);
  for (const kind of kinds) {
    if ((counts[kind] ?? 0) < options.ofEach) findings.push(`${counts[kind] ?? 0} strikes of ${kind}`);
  }
  for (const finding of findings.slice(0, 50)) say(`${way}: FOUND ${finding}`);
  const sums = verdict.lost + verdict.doubled + verdict.unreported + verdict.repeated + verdict.slotsHeld;
  const ok = findings.length === 0 && sums === 0 && verdict.ledgerEqual;
  const report = {
    way,
    runs,
    ways: evidence.ways,
    strikes: counts,
    runners_killed: deeds.victims.length,
    lost_to_kills: evidence.lostToKills,
    dropped: deeds.dropped,
    late_offers: deeds.late.length,
    recovery_ms: evidence.recoveryMs,
    settled_ms: evidence.settledMs,
    recovered_by: evidence.recoveredBy,
    moved_after_temporal_ms: evidence.movedMs,
    refusals: evidence.refusals,
    lost: verdict.lost,
    doubled: verdict.doubled,
    repeated: verdict.repeated,
    unreported: verdict.unreported,
    ghosts: evidence.ghosts,
    debts: evidence.debts,
    ledger_equal: verdict.ledgerEqual,
    slots_held: verdict.slotsHeld,
    findings: findings.length,
    ok,
  };
  say(`${way}: ${JSON.stringify(report)}`);
  return { ok, report };
}

function sumOf(outcomes: readonly Outcome[], name: string): number {
  return outcomes.reduce((sum, { report }) => sum + Number(report[name] ?? 0), 0);
}

function summary(outcomes: readonly Outcome[], { quick, seed, ways, kills, ofEach, only, plant }: FaultOptions) {
  return {
    check: 'faults',
    runs: sumOf(outcomes, 'runs'),
    lost: sumOf(outcomes, 'lost'),
    doubled: sumOf(outcomes, 'doubled'),
    repeated: sumOf(outcomes, 'repeated'),
    unreported: sumOf(outcomes, 'unreported'),
    ghosts: sumOf(outcomes, 'ghosts'),
    debts: sumOf(outcomes, 'debts'),
    ledger_equal: outcomes.every(({ report }) => report['ledger_equal'] === true),
    slots_held: sumOf(outcomes, 'slots_held'),
    storms: outcomes.map(({ report }) => report),
    parameters: { seed, quick, ways, kills, of_each: ofEach, only: only ?? null, in_flight: inFlight, pool },
    planted: plant ?? null,
    seconds: Math.round((Date.now() - startedAt) / 1000),
    machine: { cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), node: process.version },
    ok: outcomes.every(({ ok }) => ok),
    complete: true,
  };
}

async function main(): Promise<boolean> {
  say(
    `seed ${options.seed}, ${options.kills} runners and ${options.ofEach} of each other kind` +
      (options.plant === undefined ? '' : `, planted: ${options.plant}`),
  );
  const scene = await Scene.set();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void scene.clear().finally(() => process.exit(130)));
  }
  const outcomes: Outcome[] = [];
  try {
    for (const way of options.ways) outcomes.push(await stormOf(way, scene));
  } finally {
    await scene.clear();
  }
  const report = summary(outcomes, options);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok;
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
