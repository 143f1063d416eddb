import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openDataSource, TenantDatabase } from '@millrace/database';
import { freePorts, machineCacheFolder, startTemporal, type TemporalServer } from '@millrace/embedded';
import type { RunId } from '@millrace/kernel';
import { VersionCache } from '@millrace/pipelines';
import { logger } from '@millrace/platform';
import { CancelRun, ParamsCheck, StartRun } from '@millrace/runs';
import { connectNative, RenewedWorker } from '@millrace/temporal';
import { resolveTemporalServer } from '@millrace/temporal/server';
import {
  asSuper,
  type SeededOrganization,
  seedOrganization,
  seedRunner,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { type SpecAttempt, specRunner } from './spec-runner.js';

const log = logger('spec', { level: 'fatal' });
const startRun = new StartRun(new VersionCache(), new ParamsCheck());
const namespace = 'outages';

/** The orchestrator's own program, started again whenever it ends, as every platform does it. */
class SupervisedOrchestrator {
  private child: ChildProcess | undefined;
  private stopped = false;
  readonly exits: (number | string | null)[] = [];

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly logFile: string,
  ) {}

  start(): void {
    if (this.stopped) return;
    const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const file = createWriteStream(this.logFile, { flags: 'a' });
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

/** A platform whose servers and programs a spec may kill: a Temporal server, an orchestrator and a runner of its own. */
export class OutagePlatform {
  temporal!: TemporalServer;
  readonly orchestrator: SupervisedOrchestrator;
  private readonly orchestratorLog: string;
  private readonly closes: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly organization: SeededOrganization,
    private readonly tenants: TenantDatabase,
    /** Starts Temporal on the given store: a new name is a store that knows nothing. */
    private readonly launch: (store: string) => Promise<TemporalServer>,
    address: string,
    folder: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.orchestratorLog = join(folder, 'orchestrator.log');
    this.orchestrator = new SupervisedOrchestrator(
      {
        ...env,
        MILLRACE_APP_DATABASE_URL: database.appUrl,
        MILLRACE_CONTROL_DATABASE_URL: database.controlUrl,
        MILLRACE_OBJECT_STORE: pathToFileURL(join(folder, 'objects')).href,
        MILLRACE_TEMPORAL_ADDRESS: address,
        MILLRACE_TEMPORAL_NAMESPACE: namespace,
        MILLRACE_MASTER_KEY_FILE: join(folder, 'master.key'),
      },
      this.orchestratorLog,
    );
  }

  static async start(work: (input: SpecAttempt) => Promise<string>, env: NodeJS.ProcessEnv): Promise<OutagePlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    await writeFile(join(folder, 'master.key'), randomBytes(32).toString('base64'), { mode: 0o600 });
    const database = await testDatabase();
    const found = await resolveTemporalServer({
      binary: env['TEMPORAL_BIN'],
      path: env['PATH'] ?? '',
      cacheFolder: machineCacheFolder(env),
      progress: () => undefined,
      env,
    });
    if (found.kind !== 'binary') throw new Error('this spec kills its Temporal server: it needs one of its own');
    const [grpc = 0, http = 0, ui = 0, metrics = 0] = await freePorts(4);
    const launch = (store: string): Promise<TemporalServer> =>
      startTemporal({
        binary: found.path,
        user: undefined,
        ports: { grpc, http, ui, metrics },
        namespace,
        storeFile: join(folder, 'temporal', `${store}.sqlite`),
        headless: true,
        stateFile: join(folder, 'temporal.json'),
        logFile: join(folder, 'temporal.log'),
      });
    const app = await openDataSource({ url: database.appUrl, poolSize: 20, applicationName: 'spec' });
    const organization = await seedOrganization(database.superuserUrl);
    const tenants = new TenantDatabase(app);
    const platform = new OutagePlatform(database, organization, tenants, launch, `127.0.0.1:${grpc}`, folder, env);
    await platform.startTemporal('first');
    platform.orchestrator.start();
    const stopRunner = await platform.startRunner(work);
    platform.closes.push(
      () => platform.orchestrator.stop(),
      stopRunner,
      () => app.destroy(),
      () => platform.temporal.stop(),
      () => database.drop(),
      () => rm(folder, { recursive: true }),
    );
    return platform;
  }

  async startTemporal(store: string): Promise<void> {
    this.temporal = await this.launch(store);
  }

  killTemporal(): void {
    process.kill(this.temporal.pid, 'SIGKILL');
  }

  async close(): Promise<void> {
    for (const close of this.closes) await close();
  }

  startRun(pipelineId: string): Promise<RunId> {
    return this.tenants.transaction(this.organization.tenantId, (tx) =>
      startRun.execute(tx, {
        environmentId: this.organization.environmentId,
        pipeline: pipelineId,
        params: '{}',
        trigger: 'api',
        createdBy: 'usr_spec',
      }),
    );
  }

  cancelRun(runId: RunId): Promise<void> {
    return this.tenants.transaction(this.organization.tenantId, (tx) =>
      new CancelRun().execute(tx, { runId, by: 'usr_spec' }),
    );
  }

  rows<R extends object = Record<string, unknown>>(sql: string, ...more: unknown[]): Promise<R[]> {
    return asSuper<R>(this.database.superuserUrl, sql, [this.organization.tenantId, ...more]);
  }

  async openRuns(): Promise<number> {
    const [row] = await this.rows<{ n: number }>(
      `select count(*)::int as n from runs where tenant_id = $1 and state in ('queued', 'running')`,
    );
    return row?.n ?? -1;
  }

  async allEnd(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (let open = await this.openRuns(); open > 0; open = await this.openRuns()) {
      if (Date.now() > deadline) throw new Error(`${open} runs have not ended`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Lines of the orchestrator's log with this text. */
  async logged(text: string): Promise<readonly Record<string, unknown>[]> {
    const lines = (await readFile(this.orchestratorLog, 'utf8')).split('\n').filter((line) => line.includes(text));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** What must hold once all runs have ended: a sentence for each breach. */
  async breaches(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { attempt_id: id } of await this.rows<{ attempt_id: string }>(
      'select attempt_id from slots where tenant_id = $1',
    )) {
      found.push(`attempt ${id} holds a slot`);
    }
    for (const one of await this.rows<{ run_id: string; task_id: string; map_index: number }>(
      `select run_id, task_id, map_index from attempts where tenant_id = $1 and state = 'succeeded'
       group by 1, 2, 3 having count(*) > 1`,
    )) {
      found.push(`${one.task_id}[${one.map_index}] of ${one.run_id} succeeded twice`);
    }
    for (const { run_id: id } of await this.rows<{ run_id: string }>(
      `select run_id from run_events where tenant_id = $1 group by run_id having count(*) <> max(seq) + 1`,
    )) {
      found.push(`the events of ${id} have a gap`);
    }
    return found;
  }

  private async startRunner(work: (input: SpecAttempt) => Promise<string>): Promise<() => Promise<void>> {
    const { organization, tenants, database } = this;
    const runnerId = await seedRunner(database.superuserUrl, organization);
    const worker = await RenewedWorker.start({
      log,
      connect: () => connectNative({ address: this.temporal.address, namespace }),
      create: (connection) =>
        specRunner({
          connection,
          namespace,
          taskQueue: organization.taskQueue,
          tenants,
          runnerId,
          poolId: organization.poolId,
          work,
        }),
    });
    return async () => {
      worker.shutdown();
      await worker.ended.catch(() => undefined);
    };
  }
}
