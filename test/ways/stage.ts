import { ApiError, type HttpClient } from '@millrace/clients';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';
import { embeddedDatabaseUrl, giveRoom } from '../platform/roomy-plan.js';
import { readRun, type RunView, type Told } from './answer.js';
import { definitionOf, pipelineOf, type RandomPlan } from './random-plan.js';
import { taskCode, taskFile } from './task-code.js';

/** A run has to have ended so long after it was asked for, or to be stopped. */
const runLimitMs = 60_000;
export const cancelLimitMs = 30_000;
/** One runner with room for all that is run side by side. */
const pool = { slotsPerRunner: 16, maxRunners: 1, idleSeconds: 3600 };
/** Pipelines of one deployment. */
const bundleSize = 100;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface PoolView {
  readonly name: string;
  readonly slotsInUse: number;
  readonly slotsLeaked: number;
}

export interface StageOptions {
  readonly root: string;
  /** `MILLRACE_WAYS` */
  readonly setting: string;
  readonly plant: string | undefined;
  readonly plans: readonly RandomPlan[];
}

/** A platform on which certain ways are open, with the pipelines of all plans. */
export class Stage {
  private constructor(
    private readonly platform: Platform,
    private readonly client: HttpClient,
  ) {}

  static async open(options: StageOptions): Promise<Stage> {
    const platform = await Platform.start({
      root: options.root,
      egressOpen: [],
      environment: {
        MILLRACE_WAYS: options.setting,
        // A limit that is there for the fairness among many is counted like any other, and not used up.
        MILLRACE_API_RATE: '10000000',
        ...(options.plant === undefined ? {} : { MILLRACE_TEST_FAULT: options.plant }),
      },
    });
    try {
      const client = await signUp(platform.url, 'ways');
      await giveRoom(await embeddedDatabaseUrl(platform));
      const stage = new Stage(platform, client);
      await client.raw('PATCH', '/v1/pools/default', { json: pool });
      await stage.deploy(options.plans);
      await stage.warmUp();
      return stage;
    } catch (error) {
      await platform.remove();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.platform.remove();
  }

  /** Starts a run of the plan; gives its id. */
  async trigger(plan: RandomPlan, fused: boolean, slow = 1): Promise<string> {
    const path = `/v1/pipelines/${pipelineOf(plan.index, fused)}/runs`;
    return (await this.client.post<{ id: string }>(path, { params: { ...plan.params, slow } })).id;
  }

  async cancel(runId: string): Promise<void> {
    try {
      await this.client.post(`/v1/runs/${runId}:cancel`, {});
    } catch (error) {
      // It has ended already.
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
    }
  }

  /** Waits for the end and reads everything. @throws Error where it does not end in time. */
  async toTheEnd(runId: string, limitMs = runLimitMs): Promise<Told> {
    const until = Date.now() + limitMs;
    for (;;) {
      const run = await this.client.get<RunView>(`/v1/runs/${runId}`);
      if (run.state !== 'queued' && run.state !== 'running') return readRun(this.client, runId);
      if (Date.now() > until) throw new Error(`${runId} is still ${run.state} after ${limitMs / 1000} s`);
      await sleep(25);
    }
  }

  /** What is wrong with the pools once nothing is under way. */
  async heldSlots(): Promise<string[]> {
    const { data } = await this.client.get<{ data: PoolView[] }>('/v1/pools');
    return data
      .filter(({ slotsInUse, slotsLeaked }) => slotsInUse > 0 || slotsLeaked > 0)
      .map(({ name, slotsInUse, slotsLeaked }) => `pool ${name}: ${slotsInUse} slots in use, ${slotsLeaked} leaked`);
  }

  /** What is started and loaded once is not a plan's. */
  private async warmUp(): Promise<void> {
    await this.client.post('/v1/deployments', {
      files: { [taskFile]: taskCode },
      pipelines: [{ pipeline: 'warm', tasks: { one: { type: 'node', entry: taskFile, export: 'work', input: {} } } }],
    });
    for (let n = 0; n < 3; n += 1) {
      await this.toTheEnd((await this.client.post<{ id: string }>('/v1/pipelines/warm/runs', { params: {} })).id);
    }
  }

  private async deploy(plans: readonly RandomPlan[]): Promise<void> {
    const definitions = plans.flatMap((plan) => [true, false].map((fused) => definitionOf(plan, fused)));
    for (let at = 0; at < definitions.length; at += bundleSize) {
      const bundle = { files: { [taskFile]: taskCode }, pipelines: definitions.slice(at, at + bundleSize) };
      const made = await this.client.post<{ id: string; state: string }>('/v1/deployments', bundle);
      let { state } = made;
      while (state !== 'ready') {
        if (state === 'failed') throw new Error(`the bundle was refused: ${JSON.stringify(made)}`);
        await sleep(50);
        ({ state } = await this.client.get<{ state: string }>(`/v1/deployments/${made.id}`));
      }
    }
  }
}
