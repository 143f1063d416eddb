import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpClient } from '@millrace/clients';
import pg from 'pg';
import { signUpWithKey } from '../platform/organization.js';
import type { Platform } from '../platform/platform.js';
import { benchBundle, coldPool, monotonicMs, paramsOf, pipelineName, poolName, type Shape, shapes } from './bundle.js';
import { ClosedWorkflows, type TemporalPlace } from './closed-workflows.js';
import type { BenchOptions, Mode, Plant, Way } from './options.js';
import { checkSteps, ReadBackError, type Step } from './read-back.js';
import { type AttemptView, checkWay, countTaken, type Taken } from './ways.js';

interface RunView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}
interface OutputView {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly text: string | null;
}
interface LogPage {
  readonly data: readonly { readonly taskId?: string; readonly mapIndex?: number; readonly text?: string }[];
  readonly complete: boolean;
  readonly nextCursor: string | null;
}
interface PoolView {
  readonly runners: { readonly ready: number; readonly starting: number; readonly draining: number };
}
interface RunnerView {
  readonly tier: string;
}
/** What was read back of a task, with what it said of itself. */
interface OwnStep extends Step {
  readonly at: number;
  readonly cpuMs: number;
}

/** A variant of a workload. */
export interface Variant {
  readonly mode: Mode;
  readonly way: Way;
}

export interface RoundResult {
  readonly ms: number;
  /** Until the code of the last task has begun; that of the shape `burst50` does nothing else. */
  readonly workDoneMs: number;
  readonly taken: Taken;
  /** Of each run, with the moment (of the clock) at which it was asked for. */
  readonly calledAt: number;
  readonly attempts: readonly (readonly AttemptView[])[];
  /** CPU time that the tasks themselves used, where they measured it; else 0. */
  readonly workMs: number;
}

/** Where the platform's database is found by those who look behind the API. */
export type DatabaseUrl = (role: DatabaseRole) => Promise<string>;
export type DatabaseRole = 'postgres' | 'app' | 'control';

/** The plan with the most requests a minute. */
const roomyPlan = 'enterprise';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The platform, driven by its public API alone. */
export class PlatformSide {
  /** Of the runners that work, as they were found to be. */
  tier = 'unknown';
  private planted = false;

  private constructor(
    private readonly platform: Platform,
    readonly client: HttpClient,
    /** API key that the client uses. */
    readonly key: string,
    private readonly plant: Plant | undefined,
    /** For `postgres` the superuser, else the role of that name. */
    readonly databaseUrl: DatabaseUrl,
    private readonly workflows: ClosedWorkflows,
  ) {}

  /** Signs up, makes a pool for each mode, pushes the bundle. */
  static async open(
    platform: Platform,
    options: BenchOptions,
    temporal: TemporalPlace,
    databaseUrl: DatabaseUrl = (role) => embeddedUrl(platform, role),
  ): Promise<PlatformSide> {
    const { client, key } = await signUpWithKey(platform.url, 'bench');
    await raisePlan(await databaseUrl('postgres'));
    const settings = { slotsPerRunner: options.slots, maxRunners: 1, size: 's' };
    for (const mode of options.modes) {
      await client.post('/v1/pools', { ...settings, name: poolName(mode), sandboxMode: mode, idleSeconds: 3600 });
    }
    await client.post('/v1/pools', { ...settings, name: coldPool, idleSeconds: 1 });
    const made = await client.post<{ id: string; state: string }>('/v1/deployments', benchBundle(options.modes));
    for (let { state } = made; state !== 'ready';) {
      if (state === 'failed') throw new Error(`the bundle was refused: ${JSON.stringify(made)}`);
      await sleep(50);
      ({ state } = await client.get<{ state: string }>(`/v1/deployments/${made.id}`));
    }
    return new PlatformSide(platform, client, key, options.plant, databaseUrl, await ClosedWorkflows.open(temporal));
  }

  close(): Promise<void> {
    return this.workflows.close();
  }

  get url(): string {
    return this.platform.url;
  }

  /** One round of the shape, read back; for `trigger` until the first line of the user's code. */
  async round(shape: Shape, { mode, way }: Variant, isWarmUp = false): Promise<RoundResult> {
    const { runs } = shapes[shape];
    const pipeline = pipelineName(shape, mode, way === 'fused');
    const calledAt = Date.now();
    const began = monotonicMs();
    const ended = await Promise.all(Array.from({ length: runs }, () => this.toTheEnd(shape, pipeline)));
    const took = monotonicMs() - began;
    const steps = await this.readBack(shape, ended);
    const attempts = await this.readAttempts(ended);
    // Before the pool has a runner nothing can be handed to one.
    if (!isWarmUp) checkWay(shape, way, attempts.flat(), mode);
    if (this.tier === 'unknown') this.tier = await this.readTier(poolName(mode));
    return {
      ms: shape === 'trigger' ? (steps[0]?.at ?? 0) - began : took,
      workDoneMs: Math.max(...steps.map(({ at }) => at)) - began,
      taken: countTaken(attempts.flat()),
      calledAt,
      attempts,
      workMs: steps.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    };
  }

  /** Runs of a chain one behind the other, without looking at what became of them but their states. */
  async chains(count: number, { mode, way }: Variant): Promise<void> {
    for (let n = 0; n < count; n += 1) await this.run('chain40', pipelineName('chain40', mode, way === 'fused'));
  }

  /** A trigger while the pool has no runner. */
  async coldRound(mode: Mode): Promise<number> {
    for (;;) {
      const { runners } = await this.client.get<PoolView>(`/v1/pools/${coldPool}`);
      if (runners.ready + runners.starting + runners.draining === 0) break;
      await sleep(100);
    }
    // The process that the last round took from the shelf is being replaced.
    await sleep(1_000);
    const began = monotonicMs();
    const run = await this.run('trigger', pipelineName('cold', mode));
    const steps = await this.readBack('trigger', [run]);
    return (steps[0]?.at ?? 0) - began;
  }

  /** Resolves when no run is under way. */
  async settle(): Promise<void> {
    for (;;) {
      const states = ['queued', 'running'].map((state) =>
        this.client.get<{ data: readonly unknown[] }>('/v1/runs', { query: { state, limit: 1 } }),
      );
      if ((await Promise.all(states)).every(({ data }) => data.length === 0)) return;
      await sleep(100);
    }
  }

  /** A connection to the platform's own database, for what no API should offer. The caller ends it. */
  async database(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: await this.databaseUrl('postgres') });
    await client.connect();
    return client;
  }

  /** What plain Temporal calls the end of many: nothing of them is left to do, in the engine neither. */
  private async toTheEnd(shape: Shape, pipeline: string): Promise<RunView> {
    const run = await this.run(shape, pipeline);
    if (shape === 'burst50') await this.workflows.wait(run.id);
    return run;
  }

  private async run(shape: Shape, pipeline: string): Promise<RunView> {
    const query = { wait: '60s' };
    let run = await this.client.post<RunView>(`/v1/pipelines/${pipeline}/runs`, { params: paramsOf(shape) }, { query });
    while (['queued', 'running'].includes(run.state)) {
      run = await this.client.get<RunView>(`/v1/runs/${run.id}`, { query });
    }
    if (run.state !== 'succeeded') throw new Error(`${pipeline}: the run ${run.id} ${run.state} (${run.reason ?? ''})`);
    return run;
  }

  private async readBack(shape: Shape, runs: readonly RunView[]): Promise<OwnStep[]> {
    const all: OwnStep[] = [];
    for (const { id } of runs) {
      await this.plantFault(id);
      const steps = await this.readRun(id);
      checkSteps(shape, steps);
      all.push(...steps);
    }
    return all;
  }

  private async readRun(id: string): Promise<OwnStep[]> {
    const lines = await this.readLines(id);
    const steps: OwnStep[] = [];
    for await (const { taskId, mapIndex, text } of this.client.list<OutputView>(`/v1/runs/${id}/outputs`)) {
      const output = JSON.parse(text ?? 'null') as { n?: number; at?: number; cpuMs?: number } | null;
      const own = lines.get(`${taskId} ${mapIndex}`) ?? [];
      steps.push({ task: taskId, mapIndex, n: output?.n, at: output?.at ?? 0, cpuMs: output?.cpuMs ?? 0, lines: own });
    }
    return steps;
  }

  private async readLines(id: string): Promise<Map<string, string[]>> {
    const lines = new Map<string, string[]>();
    let cursor: string | null = null;
    for (;;) {
      const page: LogPage = await this.client.get(`/v1/runs/${id}/logs`, {
        query: { limit: 1000, ...(cursor === null ? {} : { cursor }) },
      });
      for (const { taskId, mapIndex, text } of page.data) {
        if (text === undefined) throw new ReadBackError(`the run ${id} misses lines of ${taskId ?? 'a task'}`);
        const key = `${taskId ?? ''} ${mapIndex ?? -1}`;
        lines.set(key, [...(lines.get(key) ?? []), text]);
      }
      if (page.nextCursor === null || page.nextCursor === cursor || page.complete) return lines;
      cursor = page.nextCursor;
    }
  }

  private async readAttempts(runs: readonly RunView[]): Promise<AttemptView[][]> {
    const all: AttemptView[][] = [];
    for (const { id } of runs) {
      const own: AttemptView[] = [];
      const list = this.client.list<AttemptView>(`/v1/runs/${id}/attempts`, { query: { limit: 200 } });
      for await (const attempt of list) own.push(attempt);
      all.push(own);
    }
    return all;
  }

  private async readTier(pool: string): Promise<string> {
    const { data } = await this.client.get<{ data: RunnerView[] }>(`/v1/pools/${pool}/runners`);
    return data[0]?.tier ?? 'unknown';
  }

  /** Breaks what the next reading must notice, behind the platform's back. */
  private async plantFault(runId: string): Promise<void> {
    if (this.plant === undefined || this.planted) return;
    this.planted = true;
    const database = await this.database();
    try {
      const { rowCount } = await database.query(
        'delete from log_chunks where attempt_id = (select id from attempts where run_id = $1 order by id limit 1)',
        [runId],
      );
      if (rowCount === 0) throw new Error('the fault could not be planted');
    } finally {
      await database.end();
    }
  }
}

/** Of the Postgres that the platform has started itself. */
async function embeddedUrl(platform: Platform, role: DatabaseRole): Promise<string> {
  const { processes, home } = await platform.status();
  const port = processes.find(({ name }) => name === 'postgres')?.port;
  const file = await readFile(join(home, 'passwords', 'passwords.json'), 'utf8');
  const passwords = JSON.parse(file) as Record<string, string>;
  const user = role === 'postgres' ? role : `millrace_${role}`;
  return `postgres://${user}:${passwords[role] ?? ''}@127.0.0.1:${port ?? 0}/millrace`;
}

/**
 * What an operator does for a customer who needs more: the organization's requests are counted against its plan as ever,
 * which this load does not use up.
 */
async function raisePlan(superuserUrl: string): Promise<void> {
  const database = new pg.Client({ connectionString: superuserUrl });
  await database.connect();
  try {
    await database.query('update organizations set plan = $1', [roomyPlan]);
  } finally {
    await database.end();
  }
}
