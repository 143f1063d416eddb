import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type AttemptOutcome, type PlanTask, type RunPlan, type RunResult, runnerTaskQueue } from '@millrace/contracts';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { type TemporalForTest, testTemporal } from '@millrace/testing';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { type Client, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAttempt, FakePlatform, fusedTask, planTask, succeeded } from '../testing/fake-platform.js';
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
    this.platform = new FakePlatform(plan, runnerQueue, `rnr_${randomBytes(8).toString('hex')}`);
    this.platform.work.heartbeat = () => Context.current().heartbeat();
    this.platform.work.cancelled = () => Context.current().cancelled;
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
    await this.take(runnerTaskQueue(this.platform.runnerId));
    return this.take(this.runnerQueue);
  }

  private async take(taskQueue: string): Promise<Worker> {
    const worker = await Worker.create({
      connection,
      namespace: server.namespace,
      taskQueue,
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
      workflowTaskTimeout: '10 seconds',
      requestEagerStart: true,
    });
  }

  async end(worker: Worker): Promise<void> {
    const kept = this.workers.find((one) => one.worker === worker);
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await kept?.ended;
  }

  async close(): Promise<void> {
    this.platform.work.stopAll();
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

/** An attempt that runs until it is stopped. */
function untilStopped({ signal }: FakeAttempt): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ state: 'cancelled', retryable: false, fence: 1 }));
  });
}

/** An attempt of which nobody hears any more. */
function hang({ signal }: Pick<FakeAttempt, 'signal'>): Promise<AttemptOutcome> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('it is gone'))));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Cancels as the API does: the rows say so, the gateway stops what is under way, the workflow is told. */
async function cancel(scene: Stage, handle: WorkflowHandle): Promise<void> {
  scene.platform.work.stopAll();
  await handle.signal('cancel', { by: 'usr_1', reason: 'spec' });
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

const chainOf = (length: number, task: typeof planTask): PlanTask[] =>
  Array.from({ length }, (_, at) => task(`t${at}`, at === 0 ? [] : [`t${at - 1}`]));

describe('the run workflow', () => {
  it('runs a fused chain of 40 in one round and tells of it in one projection, all in the first workflow task', async () => {
    const scene = stage(chainOf(40, fusedTask));
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.calls).toEqual(['loadRun', 'offerStretches', 'project']);
    expect(scene.platform.states('t39')).toEqual(['queued', 'succeeded']);
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowTaskStartedEventAttributes != null)).toHaveLength(1);
    expect(events?.filter((event) => event.timerStartedEventAttributes != null)).toHaveLength(0);
  });

  it('watches what was started directly, and takes all that is known of it', async () => {
    const scene = stage(chainOf(40, fusedTask));
    scene.platform.work.startDirectly([{ taskId: 't0', mapIndex: -1, dispatch: 1, try: 1 }]);
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched).toHaveLength(40);
    expect(scene.platform.calls).toEqual(['loadRun', 'offerStretches', 'project']);
  });

  it('hands 200 fused heads over as one stretch', async () => {
    const heads = Array.from({ length: 200 }, (_, at) => fusedTask(`t${at}`));
    const scene = stage([
      ...heads,
      planTask(
        'join',
        heads.map(({ id }) => id),
      ),
    ]);
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    const { rounds } = scene.platform.work;
    expect(rounds.map(({ stretches }) => stretches.map(({ heads, fused }) => [heads.length, fused]))).toEqual([
      [[200, true]],
      [[1, false]],
    ]);
    expect(scene.platform.count('project')).toBe(1);
  });

  it('offers tasks that are not fused one by one', async () => {
    const scene = stage([planTask('a'), planTask('b', ['a']), planTask('c', ['b'])]);
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.calls).toEqual(['loadRun', 'offerStretches', 'offerStretches', 'offerStretches', 'project']);
  });

  it('is told in between of what was projected and cancelled, however many rounds follow each other', async () => {
    const scene = stage(chainOf(100, planTask));
    scene.platform.execute = () => pause(100).then(() => succeeded);
    const handle = await scene.start();
    await until(() => scene.platform.states('t3').at(-1) === 'succeeded', 'the record follows');
    await handle.signal('cancel', { by: 'usr_1', reason: 'spec' });

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    expect(scene.platform.dispatched.length).toBeLessThan(50);
  });

  it('joins a stretch that takes longer at its runner, and hears the end there', async () => {
    const scene = stage([planTask('a'), planTask('b', ['a'])]);
    scene.platform.execute = ({ taskId }) => pause(taskId === 'a' ? 1_700 : 0).then(() => succeeded);
    const handle = await scene.start();
    await until(() => scene.platform.calls.includes('attachStretch'), 'the runner is joined');
    await until(() => scene.platform.states('a').includes('queued'), 'the record shows what is under way');

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.map(({ taskId }) => taskId)).toEqual(['a', 'b']);
    expect(scene.platform.count('settleStretch')).toBe(0);
  });

  it('settles a stretch whose runner cannot be joined', async () => {
    const scene = stage([fusedTask('a'), fusedTask('b', ['a'])]);
    scene.platform.execute = ({ taskId, dispatch }) =>
      taskId === 'b' && dispatch === 1 ? new Promise(quiet) : Promise.resolve(succeeded);
    await scene.orchestrator();
    // Nobody listens to the queue of the runner.
    const handle = await scene.launch();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.map(({ taskId, dispatch, try: number }) => [taskId, dispatch, number])).toEqual([
      ['a', 1, 1],
      ['b', 1, 1],
      ['b', 2, 1],
    ]);
    expect([scene.platform.count('attachStretch'), scene.platform.count('settleStretch')]).toEqual([0, 1]);
  });

  it('puts into the queue what finds no room, heads that are fused in parts', async () => {
    const heads = Array.from({ length: 20 }, (_, at) => fusedTask(`t${at}`));
    const scene = stage([...heads, planTask('single'), fusedTask('follows', ['t0'])]);
    scene.platform.work.hasRoom = () => false;
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    const { executed, rounds } = scene.platform.work;
    expect(executed.map((one) => one.heads.length).sort((a, b) => b - a)).toEqual([3, 3, 3, 3, 3, 3, 2, 1]);
    expect(executed.filter(({ fused }) => !fused).map(({ heads: [head] }) => head?.taskId)).toEqual(['single']);
    expect([scene.platform.dispatched.length, rounds.length]).toEqual([22, 1]);
  });

  it('orders heads anew, one by one, that a runner gave back because the others take long', async () => {
    const heads = Array.from({ length: 6 }, (_, at) => fusedTask(`t${at}`));
    const scene = stage(heads);
    scene.platform.work.begins = ({ taskId, dispatch }) => dispatch > 1 || taskId < 't2';
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.map((one) => [one.taskId, one.dispatch, one.try])).toEqual([
      ['t0', 1, 1],
      ['t1', 1, 1],
      ...['t2', 't3', 't4', 't5'].map((id) => [id, 2, 1]),
    ]);
    const { rounds } = scene.platform.work;
    expect(rounds.map(({ stretches }) => stretches.map((one) => one.heads.length))).toEqual([[6], [1, 1, 1, 1]]);
  });

  it.each([
    ['offered', true],
    ['queued', false],
  ])('orders anew what a stretch that is %s leaves to the run, before it is over', async (_, hasRoom) => {
    const scene = stage(Array.from({ length: 24 }, (_, at) => fusedTask(`t${at}`)));
    const { work } = scene.platform;
    work.tellsAfterMs = 200;
    work.begins = ({ taskId, dispatch }) => dispatch > 1 || Number(taskId.slice(1)) % 3 === 0;
    work.hasRoom = () => hasRoom;
    let release: () => void = quiet;
    scene.platform.execute = ({ taskId }) =>
      taskId === 't0' ? new Promise((resolve) => (release = () => resolve(succeeded))) : Promise.resolve(succeeded);
    const handle = await scene.start();
    await until(
      () => ['t1', 't2', 't23'].every((id) => scene.platform.states(id).at(-1) === 'succeeded'),
      'the others have ended',
    );
    release();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched).toHaveLength(24);
    expect(scene.platform.count('settleStretch')).toBe(0);
  });

  it('hears of one branch of a stretch while another takes long', async () => {
    const scene = stage([fusedTask('long'), fusedTask('short'), planTask('next', ['short'])]);
    let release: () => void = quiet;
    scene.platform.execute = ({ taskId }) => {
      if (taskId === 'long') return new Promise((resolve) => (release = () => resolve(succeeded)));
      return pause(taskId === 'short' ? 1_200 : 0).then(() => succeeded);
    };
    const handle = await scene.start();
    await until(() => scene.platform.dispatched.some(({ taskId }) => taskId === 'next'), 'the short branch goes on');
    release();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
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
    await until(() => scene.platform.calls.includes('attachStretch'), 'b is running');
    await scene.end(first);
    release();
    await scene.orchestrator();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.map((one) => one.taskId)).toEqual(['a', 'b', 'c']);
  });

  it('begins the next dispatch at once when a runner is lost, without waiting for its heartbeat', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.work.hasRoom = () => false;
    // It neither heartbeats nor answers; only the end of its worker ends it.
    scene.platform.work.heartbeat = quiet;
    scene.platform.execute = ({ dispatch, signal }) => (dispatch === 1 ? hang({ signal }) : Promise.resolve(succeeded));
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

  it('begins a follower anew whose runner is lost, though it was not ordered yet', async () => {
    const scene = stage(chainOf(4, fusedTask));
    scene.platform.work.hasRoom = ({ heads: [head] }) => head?.taskId !== 't0';
    scene.platform.execute = (attempt) =>
      attempt.taskId === 't2' && attempt.dispatch === 1 ? hang(attempt) : Promise.resolve(succeeded);
    const handle = await scene.start();
    await until(() => scene.platform.dispatched.length === 3, 't2 is running');
    const leases = [{ taskId: 't2', mapIndex: -1, dispatch: 1 }];
    await handle.signal('runnerLost', { runnerId: scene.platform.runnerId, leases });

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched.map(({ taskId, dispatch }) => `${taskId}/${dispatch}`)).toEqual([
      ...['t0/1', 't1/1', 't2/1', 't2/2', 't3/1'],
    ]);
    expect(scene.platform.states('t2')).toEqual(['queued', 'queued', 'succeeded']);
  });

  it('settles an attempt that failed without an answer', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.work.hasRoom = () => false;
    scene.platform.settle = () => succeeded;
    scene.platform.execute = () => Promise.reject(new Error('the stream broke off'));
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.dispatched).toHaveLength(1);
  });

  it('uses the queues where offers are refused', async () => {
    const scene = stage([planTask('a'), fusedTask('b'), fusedTask('c', ['b'])]);
    const refuse = (): never => {
      throw ApplicationFailure.create({ message: 'no', nonRetryable: true });
    };
    Object.assign(scene.platform.control, { offerStretches: refuse });
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'succeeded' });
    expect(scene.platform.count('executeStretch')).toBe(2);
  });

  it('cancels: what runs is stopped and waited for, what waits on a retry timer ends', async () => {
    const retry = { maxAttempts: 3, delayMs: 3_600_000, factor: 1, maxDelayMs: 3_600_000, jitter: 'none' as const };
    const scene = stage([planTask('runs'), planTask('retries', [], { retry }), planTask('later', ['runs'])]);
    scene.platform.execute = (attempt) =>
      attempt.taskId === 'runs'
        ? untilStopped(attempt)
        : Promise.resolve({ state: 'failed', retryable: true, reason: 'exit_code', fence: 1 });
    const handle = await scene.start();
    await until(() => scene.platform.states('retries').includes('up_for_retry'), 'a retry waits');
    await cancel(scene, handle);

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    const { platform } = scene;
    expect([platform.states('runs').at(-1), platform.states('retries').at(-1), platform.states('later')]).toEqual([
      'cancelled',
      'cancelled',
      ['cancelled'],
    ]);
  });

  it.each([
    ['while it is offered', true],
    ['while it is in the queue', false],
  ])('cancels in the middle of a fused chain %s: what had ended by then counts', async (_, hasRoom) => {
    const scene = stage(chainOf(6, fusedTask));
    scene.platform.work.hasRoom = () => hasRoom;
    scene.platform.execute = (attempt) =>
      attempt.taskId === 't3' ? untilStopped(attempt) : Promise.resolve(succeeded);
    const handle = await scene.start();
    await until(() => scene.platform.dispatched.length === 4, 't3 is running');
    if (hasRoom) scene.platform.work.stopAll();
    await handle.signal('cancel', { by: 'usr_1', reason: 'spec' });

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    const last = ['t0', 't1', 't2', 't3', 't4', 't5'].map((id) => scene.platform.states(id).at(-1));
    expect(last).toEqual(['succeeded', 'succeeded', 'succeeded', 'cancelled', 'cancelled', 'cancelled']);
    expect(scene.platform.dispatched).toHaveLength(4);
  });

  it('cancels a dispatch that no runner ever took', async () => {
    const scene = stage([planTask('a'), planTask('b'), planTask('c'), fusedTask('d')]);
    scene.platform.work.hasRoom = () => false;
    await scene.orchestrator();
    const handle = await scene.launch();
    await until(() => scene.platform.states('a').includes('queued'), 'a waits for a runner');
    await cancel(scene, handle);

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    expect(scene.platform.dispatched).toEqual([]);
    // One for the fused one, one for the three others.
    expect(scene.platform.count('settleStretch')).toBe(2);
  });

  it('ends at once a run whose cancellation came before its workflow', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.cancelRequested = true;
    const handle = await scene.start();

    expect(await resultOf(handle)).toEqual({ state: 'cancelled' });
    expect(scene.platform.states('a').at(-1)).toBe('cancelled');
    expect(scene.platform.dispatched).toEqual([]);
  });

  it('takes the cancellation of the workflow itself for that of the run', async () => {
    const scene = stage([planTask('a')]);
    scene.platform.execute = untilStopped;
    const handle = await scene.start();
    await until(() => scene.platform.calls.includes('attachStretch'), 'a is running');
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
    scene.platform.work.hasRoom = () => false;
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
