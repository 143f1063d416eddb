import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type AttemptOutcome, type PlanTask, type RunPlan, type RunResult } from '@millrace/contracts';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { type TemporalForTest, testTemporal } from '@millrace/testing';
import { Context } from '@temporalio/activity';
import { type Client, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakePlatform, planTask, succeeded } from '../testing/fake-platform.js';
import { type RunInput } from './run.workflow.js';

const quiet = (): void => undefined;
const silent = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

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

/** A workflow worker, a runner and a run between them. */
class Stage {
  readonly platform: FakePlatform;
  private readonly workers: { readonly worker: Worker; readonly ended: Promise<void> }[] = [];
  readonly runId = `run_${randomBytes(8).toString('hex')}`;
  readonly queue = server.taskQueue('orchestrator');

  constructor(
    tasks: readonly PlanTask[],
    private readonly runnerQueue = server.taskQueue('pool'),
    maxParallel = 500,
  ) {
    const plan: RunPlan = { format: 1, pipeline: 'spec', tasks, maxParallel };
    this.platform = new FakePlatform(plan, runnerQueue);
  }

  async orchestrator(): Promise<Worker> {
    const worker = await Worker.create({
      connection,
      namespace: server.namespace,
      taskQueue: this.queue,
      workflowBundle,
      activities: this.platform.control,
      enableNonLocalActivities: false,
      maxCachedWorkflows: 50,
    });
    this.keep(worker);
    return worker;
  }

  async runner(): Promise<Worker> {
    const worker = await Worker.create({
      connection,
      namespace: server.namespace,
      taskQueue: this.runnerQueue,
      activities: this.platform.runner,
      maxHeartbeatThrottleInterval: 200,
    });
    this.keep(worker);
    return worker;
  }

  async start(): Promise<WorkflowHandle> {
    await this.orchestrator();
    await this.runner();
    return this.launch();
  }

  launch(): Promise<WorkflowHandle> {
    const input: RunInput = { tenantId: 'org_1', runId: this.runId };
    return client.workflow.start('run', {
      workflowId: this.runId,
      taskQueue: this.queue,
      args: [input],
      workflowTaskTimeout: '2 seconds',
      requestEagerStart: true,
    });
  }

  async end(worker: Worker): Promise<void> {
    const kept = this.workers.find((one) => one.worker === worker);
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await kept?.ended;
  }

  async close(): Promise<void> {
    for (const { worker } of this.workers) await this.end(worker);
  }

  private keep(worker: Worker): void {
    this.workers.push({ worker, ended: worker.run() });
  }
}

const stages: Stage[] = [];
function stage(...args: ConstructorParameters<typeof Stage>): Stage {
  const made = new Stage(...args);
  stages.push(made);
  return made;
}
afterAll(async () => {
  for (const one of stages) await one.close();
});

async function until(condition: () => boolean, what: string, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it never came that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** An attempt that runs until it is cancelled, heartbeating as a runner does. */
async function untilCancelled(): Promise<AttemptOutcome> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 100);
  try {
    await context.cancelled;
    throw new Error('unreachable');
  } catch {
    return { state: 'cancelled', retryable: false, fence: 1 };
  } finally {
    clearInterval(beat);
  }
}

const resultOf = async (handle: WorkflowHandle): Promise<RunResult> => (await handle.result()) as RunResult;

describe('the bundle', () => {
  it('holds deterministic code only: no schema library, no client, nothing of Node', () => {
    const modules = [...workflowBundle.code.matchAll(/!\*\*\* (\S+) \*\*\*!/g)].map(([, path = '']) => path);
    const packages = modules.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'ours');
    const allowed = ['ours', '@temporalio/workflow', '@temporalio/common', 'nexus-rpc', 'long', 'ms'];

    expect(packages.length).toBeGreaterThan(20);
    expect(packages.filter((name) => !allowed.includes(name))).toEqual([]);
    expect(modules.filter((path) => /libs\/(?!workflows|contracts|kernel)/.test(path))).toEqual([]);
  });
});

describe('the run workflow', () => {
  it('runs a chain, projects every state in order, and does not project between two tasks', async () => {
    const scene = stage(Array.from({ length: 40 }, (_, at) => planTask(`t${at}`, at === 0 ? [] : [`t${at - 1}`])));
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.states('t39')).toEqual(['queued', 'succeeded']);
    expect(scene.platform.runState).toBe('succeeded');
    expect(scene.platform.batches.length).toBeLessThan(40);
  });

  it('runs 200 mapped instances and only then, with their length projected, what needs them', async () => {
    const scene = stage([
      planTask('list'),
      planTask('each', ['list'], { map: { maxConcurrency: 200 } }),
      planTask('sum', ['each']),
    ]);
    scene.platform.decide = () => ({ run: true, mapLength: 200 });
    let projectedBefore: unknown;
    scene.platform.execute = (input) => {
      if (input.taskId === 'sum') projectedBefore = scene.platform.states('each');
      return Promise.resolve(succeeded);
    };
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.filter((one) => one.taskId === 'each')).toHaveLength(200);
    expect(projectedBefore).toEqual(['running', 'succeeded']);
  });

  it('goes on where it was on another worker', async () => {
    const scene = stage([planTask('a'), planTask('b', ['a']), planTask('c', ['b'])]);
    let release: () => void = quiet;
    scene.platform.execute = ({ taskId }) =>
      taskId === 'b' ? new Promise((resolve) => (release = () => resolve(succeeded))) : Promise.resolve(succeeded);
    await scene.runner();
    const first = await scene.orchestrator();
    const handle = await scene.launch();
    await until(() => scene.platform.dispatched.some((one) => one.taskId === 'b'), 'b is running');
    await scene.end(first);
    release();
    await scene.orchestrator();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.map((one) => one.taskId)).toEqual(['a', 'b', 'c']);
  });

  it('begins the next dispatch at once when a runner is lost, without waiting for its heartbeat', async () => {
    const scene = stage([planTask('a')]);
    // It neither heartbeats nor answers; only the end of its worker ends it.
    scene.platform.execute = ({ dispatch }) =>
      dispatch === 1 ? Context.current().cancelled : Promise.resolve(succeeded);
    const handle = await scene.start();
    await until(() => scene.platform.dispatched.length === 1, 'a is running');
    const signalled = performance.now();
    await handle.signal('runnerLost', { runnerId: 'rnr_1', leases: [{ taskId: 'a', mapIndex: -1, dispatch: 1 }] });

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(performance.now() - signalled).toBeLessThan(5_000);
    expect(scene.platform.dispatched.map((one) => [one.dispatch, one.try])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('settles an attempt that failed without an answer', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.settle = () => succeeded;
    scene.platform.execute = () => Promise.reject(new Error('the stream broke off'));
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched).toHaveLength(1);
  });

  it('cancels: what runs is stopped and waited for, what waits on a retry timer ends', async () => {
    const retry = { maxAttempts: 3, delayMs: 3_600_000, factor: 1, maxDelayMs: 3_600_000, jitter: 'none' as const };
    const scene = stage([planTask('runs'), planTask('retries', [], { retry }), planTask('later', ['runs'])]);
    scene.platform.execute = ({ taskId }) =>
      taskId === 'runs'
        ? untilCancelled()
        : Promise.resolve({ state: 'failed', retryable: true, reason: 'exit_code', fence: 1 });
    const handle = await scene.start();
    await until(() => scene.platform.states('retries').includes('up_for_retry'), 'a retry waits');
    await handle.signal('cancel', { by: 'usr_1', reason: 'spec' });

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    const { platform } = scene;
    expect([platform.states('runs').at(-1), platform.states('retries').at(-1), platform.states('later')]).toEqual([
      'cancelled',
      'cancelled',
      ['cancelled'],
    ]);
  });

  it('cancels a dispatch that no runner ever took', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.settle = () => ({ state: 'lost', retryable: true, reason: 'never_begun', fence: 1 });
    await scene.orchestrator();
    const handle = await scene.launch();
    await until(() => scene.platform.states('a').includes('queued'), 'a waits for a runner');
    await handle.signal('cancel', { by: 'usr_1', reason: 'spec' });

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
  });

  it('ends at once a run whose cancellation came before its workflow', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.cancelRequested = true;
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    expect(scene.platform.states('a').at(-1)).toBe('cancelled');
  });

  it('takes the cancellation of the workflow itself for that of the run', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.execute = () => untilCancelled();
    const handle = await scene.start();
    await until(() => scene.platform.dispatched.length === 1, 'a is running');
    await handle.cancel();

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
  });

  it('retries after its delay and sleeps as long as it should', async () => {
    const retry = { maxAttempts: 2, delayMs: 300, factor: 1, maxDelayMs: 300, jitter: 'none' as const };
    const scene = stage([planTask('w', [], { kind: 'wait' }), planTask('a', ['w'], { retry })]);
    scene.platform.decide = () => ({ run: true, waitMs: 400 });
    const started = performance.now();
    const times: number[] = [];
    scene.platform.execute = ({ try: number }) => {
      times.push(performance.now() - started);
      return Promise.resolve(number === 1 ? { state: 'timed_out', retryable: true, fence: 1 } : succeeded);
    };
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    const [first = 0, second = 0] = times;
    expect(first).toBeGreaterThan(400);
    expect(second - first).toBeGreaterThan(290);
    expect(scene.platform.states('w')).toEqual(['sleeping', 'succeeded']);
    expect(scene.platform.states('a')).toEqual(['queued', 'up_for_retry', 'queued', 'succeeded']);
  });

  it('continues as new when its history has grown long, and loses nothing on the way', async () => {
    const scene = stage([
      planTask('each', [], { map: { maxConcurrency: 500 } }),
      planTask('w', ['each'], { kind: 'wait' }),
      planTask('end', ['w']),
    ]);
    scene.platform.decide = () => ({ run: true, mapLength: 1_500, waitMs: 500 });
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    const { events } = await handle.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).not.toBe('');
    expect(scene.platform.dispatched).toHaveLength(1_501);
    expect(scene.platform.states('w')).toEqual(['sleeping', 'succeeded']);
    const { transitions } = scene.platform;
    expect(transitions.map(({ seq }) => seq)).toEqual(transitions.map((_, at) => at + 1));
  }, 90_000);

  it('waits for the database and goes on', async () => {
    const scene = stage([planTask('a'), planTask('b', ['a'])]);
    let away = true;
    scene.platform.beforeProject = () => (away ? Promise.reject(new Error('Postgres is away')) : Promise.resolve());
    const handle = await scene.start();
    setTimeout(() => (away = false), 1_500);

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.runState).toBe('succeeded');
  });
});
