/**
 * Records histories of the run workflow for the replay check: one file for each scenario, named by the release. Run it
 * when a release changes what workflows do, and keep the files of earlier releases: runs that they began go on.
 *
 * `node test/dist/replay/record-histories.js <host:port of Temporal> <release> [name of one file, without the release]`
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AttemptOutcome, type PlanTask, type RunRecord, runnerTaskQueue } from '@millrace/contracts';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { type FakeAttempt, FakePlatform, fusedTask, planTask, succeeded } from '@millrace/workflows/testing';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import protos from '@temporalio/proto';
import { bundleWorkflowCode, type NativeConnection, Worker } from '@temporalio/worker';

interface Scenario {
  readonly name: string;
  readonly tasks: readonly PlanTask[];
  /** True where it goes on from rows. */
  readonly restarted?: boolean;
  readonly setUp?: (platform: FakePlatform) => void;
  /** Disturbs the run while it is under way. */
  readonly disturb?: (handle: WorkflowHandle, platform: FakePlatform) => Promise<void>;
}

const failed: AttemptOutcome = { state: 'failed', retryable: true, reason: 'exit_code', fence: 1 };
const retry = { maxAttempts: 3, delayMs: 100, factor: 2, maxDelayMs: 1_000, jitter: 'full' as const };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10);
}

function untilStopped({ signal }: FakeAttempt): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ state: 'cancelled', retryable: false, fence: 1 }));
  });
}

/** Nobody hears of it any more. */
function hang({ signal }: FakeAttempt): Promise<AttemptOutcome> {
  const gone = Object.assign(new Error('it is gone'), { stack: '' });
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(gone)));
}

const noRoom = (): boolean => false;

const scenarios: readonly Scenario[] = [
  {
    name: 'chain',
    tasks: Array.from({ length: 12 }, (_, at) => planTask(`t${at}`, at === 0 ? [] : [`t${at - 1}`])),
  },
  {
    name: 'fused',
    tasks: Array.from({ length: 12 }, (_, at) => fusedTask(`t${at}`, at === 0 ? [] : [`t${at - 1}`])),
  },
  {
    name: 'queued',
    tasks: [...['a', 'b', 'c'].map((id) => fusedTask(id)), fusedTask('d', ['a']), planTask('e', ['a', 'b', 'c', 'd'])],
    setUp: (platform) => (platform.work.hasRoom = noRoom),
  },
  {
    name: 'attached',
    tasks: [fusedTask('long'), fusedTask('short'), planTask('next', ['short']), fusedTask('follows', ['long'])],
    setUp: (platform) =>
      (platform.execute = ({ taskId }) =>
        pause(taskId === 'long' ? 4_000 : taskId === 'short' ? 1_300 : 0).then(() => succeeded)),
  },
  {
    name: 'returned',
    tasks: Array.from({ length: 5 }, (_, at) => fusedTask(`t${at}`)),
    setUp: (platform) => (platform.work.begins = ({ taskId, dispatch }) => dispatch > 1 || taskId < 't2'),
  },
  {
    name: 'branches',
    tasks: [
      planTask('start'),
      planTask('yes', ['start'], { conditional: true }),
      planTask('no', ['start'], { conditional: true }),
      planTask('join', ['yes', 'no'], { trigger: 'none_failed_min_one_success' }),
      planTask('strict', ['yes', 'no']),
    ],
    setUp: (platform) => (platform.decide = (taskId) => ({ run: taskId === 'yes' })),
  },
  {
    name: 'map',
    tasks: [
      planTask('list'),
      planTask('each', ['list'], { map: { maxConcurrency: 5 } }),
      planTask('none', ['list'], { map: { maxConcurrency: 5 } }),
      planTask('sum', ['each', 'none'], { trigger: 'none_failed' }),
    ],
    setUp: (platform) => (platform.decide = (taskId) => ({ run: true, mapLength: taskId === 'each' ? 25 : 0 })),
  },
  {
    name: 'early',
    tasks: Array.from({ length: 24 }, (_, at) => fusedTask(`t${at}`)),
    setUp: (platform) => {
      platform.work.hasRoom = ({ heads }) => heads.length > 1;
      platform.work.tellsAfterMs = 200;
      platform.work.begins = ({ taskId, dispatch }) => dispatch > 1 || taskId < 't2';
      platform.execute = ({ taskId }) => pause(taskId === 't0' ? 3_500 : 0).then(() => succeeded);
    },
  },
  {
    name: 'retries',
    tasks: [planTask('mends', [], { retry }), planTask('fails', [], { retry }), planTask('after', ['fails'])],
    setUp: (platform) =>
      (platform.execute = ({ taskId, try: number }) =>
        Promise.resolve(taskId === 'mends' && number === 2 ? succeeded : failed)),
  },
  {
    name: 'wait',
    tasks: [planTask('sleep', [], { kind: 'wait' }), planTask('side'), planTask('end', ['sleep', 'side'])],
    setUp: (platform) => (platform.decide = () => ({ run: true, waitMs: 300 })),
  },
  {
    name: 'cancel',
    tasks: [
      planTask('runs'),
      planTask('retries', [], { retry: { ...retry, delayMs: 60_000, maxDelayMs: 60_000, jitter: 'none' } }),
      planTask('later', ['runs']),
    ],
    setUp: (platform) =>
      (platform.execute = (attempt) => (attempt.taskId === 'runs' ? untilStopped(attempt) : Promise.resolve(failed))),
    disturb: async (handle, platform) => {
      await until(() => platform.states('retries').includes('up_for_retry'));
      await handle.signal('cancel', { by: 'usr_1', reason: 'recorded' });
    },
  },
  {
    name: 'cancel-fused',
    tasks: Array.from({ length: 6 }, (_, at) => fusedTask(`t${at}`, at === 0 ? [] : [`t${at - 1}`])),
    setUp: (platform) => {
      platform.work.hasRoom = noRoom;
      platform.execute = (attempt) => (attempt.taskId === 't3' ? untilStopped(attempt) : Promise.resolve(succeeded));
    },
    disturb: async (handle, platform) => {
      await until(() => platform.dispatched.length === 4);
      await handle.signal('cancel', { by: 'usr_1', reason: 'recorded' });
    },
  },
  {
    name: 'losses',
    tasks: [...['a', 'b', 'c', 'd'].map((id) => planTask(id)), planTask('join', ['a', 'b', 'c', 'd'])],
    setUp: (platform) => {
      platform.work.hasRoom = noRoom;
      platform.execute = (attempt) =>
        attempt.dispatch === 1 && attempt.taskId !== 'join' ? hang(attempt) : Promise.resolve(succeeded);
    },
    disturb: async (handle, platform) => {
      await until(() => platform.dispatched.length === 4);
      const leases = platform.dispatched.map(({ taskId, mapIndex, dispatch }) => ({ taskId, mapIndex, dispatch }));
      await handle.signal('runnerLost', { runnerId: 'rnr_1', leases });
    },
  },
  {
    name: 'unanswered',
    tasks: [...['a', 'b', 'c', 'd'].map((id) => planTask(id)), planTask('join', ['a', 'b', 'c', 'd'])],
    setUp: (platform) => {
      platform.work.hasRoom = noRoom;
      platform.settle = () => succeeded;
      platform.execute = ({ taskId }) =>
        taskId === 'join'
          ? Promise.resolve(succeeded)
          : Promise.reject(Object.assign(new Error('the stream broke off'), { stack: '' }));
    },
  },
  {
    name: 'restarted',
    tasks: [
      planTask('done'),
      planTask('runs', ['done']),
      planTask('sleeps', ['done'], { kind: 'wait' }),
      planTask('each', ['done'], { map: { maxConcurrency: 2 } }),
      planTask('end', ['runs', 'sleeps', 'each']),
    ],
    restarted: true,
  },
];

/** A run that a lost workflow had brought half way: something ended, something was under way, something sleeps. */
const restarted: RunRecord = {
  restarts: 1,
  seq: 20,
  running: true,
  tasks: [
    { taskId: 'done', state: 'succeeded', ends: { succeeded: 1 }, open: [] },
    {
      taskId: 'runs',
      state: 'queued',
      ends: {},
      open: [
        {
          ...{ mapIndex: -1, state: 'queued', tries: 1, dispatch: 1, losses: 0, unbegun: 0 },
          attempt: { state: 'leased', dispatch: 1, try: 1 },
        },
      ],
    },
    {
      taskId: 'sleeps',
      state: 'sleeping',
      ends: {},
      open: [
        {
          ...{ mapIndex: -1, state: 'sleeping', tries: 0, dispatch: 0, losses: 0, unbegun: 0 },
          dueMs: Date.now() + 500,
        },
      ],
    },
    {
      taskId: 'each',
      state: 'running',
      mapLength: 8,
      ends: { succeeded: 3 },
      open: [{ mapIndex: 3, state: 'queued', tries: 1, dispatch: 1, losses: 0, unbegun: 0 }],
    },
  ],
};

async function record(scenario: Scenario, client: Client, connection: NativeConnection, bundle: { code: string }) {
  const namespace = client.options.namespace;
  const id = randomBytes(6).toString('hex');
  const [taskQueue, runnerQueue] = [`record-${id}`, `record-pool-${id}`];
  const platform = new FakePlatform(
    { format: 1, pipeline: scenario.name, tasks: scenario.tasks, maxParallel: 100 },
    runnerQueue,
    'rnr_recorder',
  );
  platform.work.heartbeat = () => Context.current().heartbeat();
  platform.work.cancelled = () => Context.current().cancelled;
  scenario.setUp?.(platform);
  if (scenario.restarted === true) platform.record = restarted;
  const orchestrator = await Worker.create({
    connection,
    namespace,
    identity: 'recorder',
    taskQueue,
    workflowBundle: bundle,
    activities: platform.control,
    enableNonLocalActivities: false,
  });
  const runners = await Promise.all(
    [runnerQueue, runnerTaskQueue(platform.runnerId)].map((taskQueue) =>
      Worker.create({
        connection,
        namespace,
        identity: 'recorder',
        taskQueue,
        activities: platform.runner,
        maxHeartbeatThrottleInterval: 200,
      }),
    ),
  );
  const ended = [orchestrator, ...runners].map((worker) => worker.run());
  const handle = await client.workflow.start('run', {
    workflowId: `run_${id}`,
    taskQueue,
    args: [{ tenantId: 'org_1', runId: `run_${id}`, ...(scenario.restarted === true ? { restarts: 1 } : {}) }],
  });
  await scenario.disturb?.(handle, platform);
  await handle.result();
  platform.work.stopAll();
  for (const worker of [orchestrator, ...runners]) worker.shutdown();
  await Promise.all(ended);
  const { History } = protos.temporal.api.history.v1;
  return History.toObject(History.fromObject(await handle.fetchHistory()), { longs: String, bytes: String });
}

/** A delivery whose first two attempts fail: the activity itself says when the next one is due. */
async function recordDelivery(client: Client, connection: NativeConnection, bundle: { code: string }) {
  const namespace = client.options.namespace;
  const id = randomBytes(6).toString('hex');
  const [workflows, deliveries] = [`record-${id}`, `record-deliveries-${id}`];
  const common = { connection, namespace, identity: 'recorder' };
  const deliver = (): Promise<void> => {
    if (Context.current().info.attempt > 2) return Promise.resolve();
    const error = ApplicationFailure.create({ type: 'delivery.not_yet', message: 'not yet', nextRetryDelay: 200 });
    return Promise.reject(Object.assign(error, { stack: '' }));
  };
  const worker = await Worker.create({ ...common, taskQueue: workflows, workflowBundle: bundle });
  const carrier = await Worker.create({ ...common, taskQueue: deliveries, activities: { deliver } });
  const ended = [worker.run(), carrier.run()];
  const handle = await client.workflow.start('delivery', {
    workflowId: `dlv_${id}`,
    taskQueue: workflows,
    args: [{ tenantId: 'org_1', deliveryId: `dlv_${id}`, taskQueue: deliveries }],
  });
  await handle.result();
  worker.shutdown();
  carrier.shutdown();
  await Promise.all(ended);
  const { History } = protos.temporal.api.history.v1;
  return History.toObject(History.fromObject(await handle.fetchHistory()), { longs: String, bytes: String });
}

const [address, release, only] = process.argv.slice(2);
if (address === undefined || release === undefined) throw new Error('give the address of Temporal and the release');
const quiet = (): void => undefined;
const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
installRuntime({ log: silent });
const target = { address, namespace: 'default' };
const connection = await connectNative(target);
const client = await connectClient(target, connection);
const bundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(import.meta.resolve('@millrace/workflows/workflows')),
  logger: silent,
});
async function write(name: string, make: () => Promise<object>): Promise<void> {
  if (only !== undefined && only !== name) return;
  // Compiled to test/dist/replay: the histories stand beside the source.
  const file = fileURLToPath(new URL(`../../replay/${name}-${release ?? ''}.json`, import.meta.url));
  const text = JSON.stringify(await make());
  await writeFile(file, `${text.replaceAll(client.options.identity, 'recorder')}\n`);
}

for (const scenario of scenarios) {
  await write(`run-${scenario.name}`, () => record(scenario, client, connection, bundle));
}
await write('delivery', () => recordDelivery(client, connection, bundle));
await connection.close();
