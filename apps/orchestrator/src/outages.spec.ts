import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openDataSource, TenantDatabase } from '@millrace/database';
import { freePorts, machineCacheFolder, startTemporal, type TemporalServer } from '@millrace/embedded';
import type { RunId } from '@millrace/kernel';
import { VersionCache } from '@millrace/pipelines';
import { logger } from '@millrace/platform';
import { ParamsCheck, StartRun } from '@millrace/runs';
import { connectNative, installRuntime, RenewedWorker } from '@millrace/temporal';
import { resolveTemporalServer } from '@millrace/temporal/server';
import {
  asSuper,
  type SeededOrganization,
  seedOrganization,
  type SeededPipeline,
  seedPipeline,
  seedRunner,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specRunner } from './testing/spec-runner.js';

const log = logger('spec', { level: 'fatal' });
const startRun = new StartRun(new VersionCache(), new ParamsCheck());
const namespace = 'outages';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let folder: string;
let database: TestDatabase;
let tenants: TenantDatabase;
let organization: SeededOrganization;
let chain: SeededPipeline;
let temporal: TemporalServer;
let launchTemporal: () => Promise<TemporalServer>;
let orchestrator: SupervisedOrchestrator;
let stopRunner: () => Promise<void>;
const closes: (() => Promise<unknown>)[] = [];

/** The orchestrator's own program, started again whenever it ends, as every platform does it. */
class SupervisedOrchestrator {
  private child: ChildProcess | undefined;
  private stopped = false;
  readonly exits: (number | string | null)[] = [];

  constructor(private readonly env: Record<string, string>) {}

  start(): void {
    if (this.stopped) return;
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const file = createWriteStream(join(folder, 'orchestrator.log'), { flags: 'a' });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    this.child = child;
    child.once('exit', (code, signal) => {
      file.end();
      this.exits.push(code ?? signal);
      setTimeout(() => this.start(), 100);
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  async stop(): Promise<number | string | null> {
    this.stopped = true;
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return this.exits.at(-1) ?? null;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    return this.exits.at(-1) ?? null;
  }
}

beforeAll(async () => {
  installRuntime({ log });
  folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  database = await testDatabase();
  const found = await resolveTemporalServer({
    binary: process.env['TEMPORAL_BIN'],
    path: process.env['PATH'] ?? '',
    cacheFolder: machineCacheFolder(process.env),
    progress: () => undefined,
    env: process.env,
  });
  if (found.kind !== 'binary') throw new Error('this spec kills its Temporal server: it needs one of its own');
  const [grpc = 0, http = 0, ui = 0, metrics = 0] = await freePorts(4);
  launchTemporal = () =>
    startTemporal({
      binary: found.path,
      user: undefined,
      ports: { grpc, http, ui, metrics },
      namespace,
      storeFile: join(folder, 'temporal', 'store.sqlite'),
      headless: true,
      stateFile: join(folder, 'temporal.json'),
      logFile: join(folder, 'temporal.log'),
    });
  temporal = await launchTemporal();
  const app = await openDataSource({ url: database.appUrl, poolSize: 20, applicationName: 'spec' });
  tenants = new TenantDatabase(app);
  organization = await seedOrganization(database.superuserUrl);
  chain = await seedPipeline(database.superuserUrl, organization, {
    tasks: Array.from({ length: 4 }, (_, at) => ({ id: `t${at}`, plan: { needs: at === 0 ? [] : [`t${at - 1}`] } })),
  });
  orchestrator = new SupervisedOrchestrator({
    MILLRACE_APP_DATABASE_URL: database.appUrl,
    MILLRACE_CONTROL_DATABASE_URL: database.controlUrl,
    MILLRACE_OBJECT_STORE: pathToFileURL(join(folder, 'objects')).href,
    MILLRACE_TEMPORAL_ADDRESS: temporal.address,
    MILLRACE_TEMPORAL_NAMESPACE: namespace,
  });
  orchestrator.start();
  stopRunner = await startRunner();
  closes.push(
    () => orchestrator.stop(),
    () => stopRunner(),
    () => app.destroy(),
    () => temporal.stop(),
    () => database.drop(),
    () => rm(folder, { recursive: true }),
  );
});
afterAll(async () => {
  for (const close of closes) await close();
});

async function startRunner(): Promise<() => Promise<void>> {
  const runnerId = await seedRunner(database.superuserUrl, organization);
  const worker = await RenewedWorker.start({
    log,
    connect: () => connectNative({ address: temporal.address, namespace }),
    create: (connection) =>
      specRunner({
        connection,
        namespace,
        taskQueue: organization.taskQueue,
        tenants,
        runnerId,
        poolId: organization.poolId,
        work: async () => {
          await pause(50);
          return '1';
        },
      }),
  });
  return async () => {
    worker.shutdown();
    await worker.ended.catch(() => undefined);
  };
}

const start = (): Promise<RunId> =>
  tenants.transaction(organization.tenantId, (tx) =>
    startRun.execute(tx, {
      environmentId: organization.environmentId,
      pipeline: chain.pipelineId,
      params: '{}',
      trigger: 'api',
      createdBy: 'usr_spec',
    }),
  );

async function open(): Promise<number> {
  const [row] = await asSuper<{ n: number }>(
    database.superuserUrl,
    `select count(*)::int as n from runs where tenant_id = $1 and state in ('queued', 'running')`,
    [organization.tenantId],
  );
  return row?.n ?? -1;
}

async function allEnd(timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while ((await open()) > 0) {
    if (Date.now() > deadline) throw new Error(`${await open()} runs have not ended`);
    await pause(50);
  }
  const states = await asSuper(
    database.superuserUrl,
    `select state, count(*)::int as n from runs where tenant_id = $1 group by 1`,
    [organization.tenantId],
  );
  expect(states).toHaveLength(1);
  expect(states[0]).toMatchObject({ state: 'succeeded' });
}

async function nothingIsHeldOrDoubled(): Promise<void> {
  expect(await asSuper(database.superuserUrl, 'select 1 from slots')).toEqual([]);
  const doubled = await asSuper(
    database.superuserUrl,
    `select run_id, task_id from attempts where state = 'succeeded' group by 1, 2 having count(*) > 1`,
  );
  expect(doubled).toEqual([]);
  const gaps = await asSuper(
    database.superuserUrl,
    `select run_id from run_events group by run_id having count(*) <> max(seq) + 1`,
  );
  expect(gaps).toEqual([]);
}

describe('an outage', () => {
  it('of the orchestrator, killed again and again, costs no run', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 5; n += 1) await start();
      await pause(200 + 400 * round);
      orchestrator.kill('SIGKILL');
    }
    await allEnd(40_000);
    await nothingIsHeldOrDoubled();
    expect(orchestrator.exits.filter((exit) => exit === 'SIGKILL')).toHaveLength(3);
  }, 90_000);

  it('of Temporal costs no run: what was accepted meanwhile starts when it is back', async () => {
    for (let n = 0; n < 5; n += 1) await start();
    await pause(300);
    process.kill(temporal.pid, 'SIGKILL');
    for (let n = 0; n < 5; n += 1) await start();
    await pause(3_000);
    expect(await open()).toBeGreaterThanOrEqual(5);
    temporal = await launchTemporal();
    const back = performance.now();
    await allEnd(40_000);
    process.stderr.write(`all runs had ended ${Math.round(performance.now() - back)} ms after Temporal was back\n`);
    await nothingIsHeldOrDoubled();
  }, 90_000);

  it('ends cleanly when it is asked to', async () => {
    expect(await orchestrator.stop()).toBe(0);
  });
});
