import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AttemptOutcome, type PlanTask, type RunPlan, runnerTaskQueue } from '@millrace/contracts';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { type TemporalForTest, testTemporal } from '@millrace/testing';
import { Context } from '@temporalio/activity';
import { type Client, type WorkflowHandle } from '@temporalio/client';
import protos from '@temporalio/proto';
import { bundleWorkflowCode, type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePlatform, fusedTask, planTask, succeeded } from '../testing/fake-platform.js';

const quiet = (): void => undefined;
const silent = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
const corpus = fileURLToPath(new URL('../../../../test/replay/', import.meta.url));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let server: TemporalForTest;
let connection: NativeConnection;
let client: Client;
let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  installRuntime({ log: silent });
  server = await testTemporal();
  connection = await connectNative(server);
  client = await connectClient(server, connection);
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../dist/workflows.js', import.meta.url)),
    logger: { log: quiet, ...silent },
  });
});
afterAll(() => connection.close());

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function pick<T>(random: () => number, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** Branches, joins, maps, waits and retries, and parts that one runner executes back to back. */
function randomTasks(random: () => number): PlanTask[] {
  const retry = { maxAttempts: 3, delayMs: 150, factor: 2, maxDelayMs: 500, jitter: 'full' as const };
  const tasks: PlanTask[] = [];
  for (let at = 0; at < 10; at += 1) {
    const needs = tasks.filter(() => random() < 0.3).map((one) => one.id);
    const fused = tasks.filter(({ id, fuse }) => needs.includes(id) && fuse !== undefined);
    const retried = random() < 0.5 ? { retry } : {};
    if (random() < 0.5 && fused.length === needs.length) {
      tasks.push(fusedTask(`t${at}`, needs, retried));
      continue;
    }
    tasks.push(
      planTask(`t${at}`, needs, {
        trigger: pick(random, ['all_done', 'all_success', 'none_failed', 'one_done', 'one_failed']),
        conditional: random() < 0.3,
        ...retried,
        ...(random() < 0.3 ? { map: { maxConcurrency: 4 } } : {}),
        ...(random() < 0.15 ? { kind: 'wait' as const } : {}),
      }),
    );
  }
  return tasks;
}

/** A platform on which everything may take long or go wrong; local activities outlive their workflow task. */
function troubled(plan: RunPlan, runnerQueue: string, random: () => number): FakePlatform {
  const platform = new FakePlatform(plan, runnerQueue, `rnr_${randomBytes(8).toString('hex')}`);
  const { work } = platform;
  work.heartbeat = () => Context.current().heartbeat();
  work.cancelled = () => Context.current().cancelled;
  work.lanes = 3;
  work.tellsAfterMs = 700;
  work.hasRoom = () => random() < 0.6;
  work.begins = () => random() < 0.9;
  const sometimesLong = (): Promise<void> => pause(random() < 0.08 ? 2_600 : random() * 25);
  const { control } = platform;
  platform.beforeProject = sometimesLong;
  platform.decide = () => ({ run: random() < 0.8, mapLength: Math.floor(random() * 6), waitMs: random() * 400 });
  const decide = control.decideTask.bind(control);
  const settle = control.settleStretch.bind(control);
  const offer = control.offerStretches.bind(control);
  Object.assign(control, {
    decideTask: async (ref: Parameters<typeof decide>[0]) => {
      await sometimesLong();
      return decide(ref);
    },
    offerStretches: async (round: Parameters<typeof offer>[0]) => {
      await sometimesLong();
      return offer(round);
    },
    settleStretch: async (stretch: Parameters<typeof settle>[0]) => {
      await sometimesLong();
      return settle(stretch);
    },
  });
  platform.settle = () =>
    random() < 0.5 ? succeeded : { state: 'lost', retryable: true, reason: 'worker_lost', fence: 1 };
  platform.execute = async ({ signal }): Promise<AttemptOutcome> => {
    await pause(random() < 0.1 ? 1_500 : random() * 120);
    if (signal.aborted) return { state: 'cancelled', retryable: false, fence: 1 };
    const luck = random();
    if (luck < 0.15) throw new Error('the stream broke off');
    if (luck < 0.3) return { state: 'failed', retryable: true, reason: 'exit_code', fence: 1 };
    return succeeded;
  };
  return platform;
}

async function disturb(handle: WorkflowHandle, platform: FakePlatform, random: () => number): Promise<void> {
  for (let n = 0; n < 6; n += 1) {
    await pause(random() * 500);
    const leases = platform.dispatched.filter(() => random() < 0.2);
    const signal = leases.map(({ taskId, mapIndex, dispatch }) => ({ taskId, mapIndex, dispatch }));
    await handle.signal('runnerLost', { runnerId: platform.runnerId, leases: signal }).catch(quiet);
  }
  if (random() < 0.5) {
    platform.work.stopAll();
    await handle.signal('cancel', { by: 'usr_1', reason: 'spec' }).catch(quiet);
  }
}

async function troubledRun(seed: number): Promise<WorkflowHandle> {
  const random = generator(seed);
  const [queue, runnerQueue] = [server.taskQueue('orchestrator'), server.taskQueue('pool')];
  const plan: RunPlan = { format: 1, pipeline: 'spec', tasks: randomTasks(random), maxParallel: 6 };
  const platform = troubled(plan, runnerQueue, random);
  const common = { connection, namespace: server.namespace };
  const orchestrator = await Worker.create({
    ...common,
    taskQueue: queue,
    workflowBundle,
    activities: platform.control,
    enableNonLocalActivities: false,
    maxCachedWorkflows: 50,
  });
  const runners = await Promise.all(
    [runnerQueue, runnerTaskQueue(platform.runnerId)].map((taskQueue) =>
      Worker.create({ ...common, taskQueue, activities: platform.runner, maxHeartbeatThrottleInterval: 200 }),
    ),
  );
  const ended = [orchestrator, ...runners].map((worker) => worker.run());
  const runId = `run_${randomBytes(8).toString('hex')}`;
  const handle = await client.workflow.start('run', {
    workflowId: runId,
    taskQueue: queue,
    args: [{ tenantId: 'org_1', runId }],
    // Local activities heartbeat at 80 % of it.
    workflowTaskTimeout: '2 seconds',
  });
  await Promise.all([disturb(handle, platform, random), handle.result()]);
  for (const worker of [orchestrator, ...runners]) worker.shutdown();
  await Promise.all(ended);
  return handle;
}

describe('a replay', () => {
  it('repeats runs in which everything was late, lost or in doubt', async () => {
    const seeds = Array.from({ length: 8 }, (_, at) => at + 1);
    const handles = await Promise.all(seeds.map(troubledRun));
    for (const [at, handle] of handles.entries()) {
      const history = await handle.fetchHistory();
      const replayed = Worker.runReplayHistory({ workflowBundle }, history, handle.workflowId);
      await expect(replayed, `seed ${seeds[at]}`).resolves.toBeUndefined();
    }
  }, 120_000);

  it('repeats the histories that earlier releases recorded', async () => {
    const names = (await readdir(corpus)).filter((name) => name.endsWith('.json'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const recorded = JSON.parse(await readFile(`${corpus}${name}`, 'utf8')) as Record<string, unknown>;
      const history = protos.temporal.api.history.v1.History.fromObject(recorded);
      const replayed = Worker.runReplayHistory({ workflowBundle }, history, name.replace('.json', ''));
      await expect(replayed, name).resolves.toBeUndefined();
    }
  }, 60_000);
});
