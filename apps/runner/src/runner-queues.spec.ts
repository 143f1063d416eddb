import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Head, runnerTaskQueue, type Stretch, type StretchReport } from '@millrace/contracts';
import { runnerExitCodes } from '@millrace/contracts/assignment';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { type TemporalForTest, testTemporal } from '@millrace/testing';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { attach, dispatch } from './spec-dispatch.workflow.js';
import { SpecGateway } from './spec-gateway.js';
import { bundleOf, taskFiles, until } from './spec-platform.js';
import { assignmentLine, poolUser, startProcess } from './spec-process.js';

const isRoot = process.getuid?.() === 0;
const head = (taskId: string): Head => ({ taskId, mapIndex: -1, dispatch: 1, try: 1 });

/** A runner's whole process between a real Temporal and a gateway of the spec's. */
describe('a runner on its two queues', () => {
  const workflowQueue = `spec-${randomBytes(4).toString('hex')}`;
  let temporal: TemporalForTest;
  let native: NativeConnection;
  let client: Client;
  let worker: Worker;
  let workerDone: Promise<void>;
  let folder: string;
  let gateway: SpecGateway;
  let runner: ReturnType<typeof startProcess>;
  let taskQueue: string;
  let runnerId: string;

  beforeAll(async () => {
    temporal = await testTemporal();
    const quiet = (): void => undefined;
    installRuntime({ log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } });
    native = await connectNative(temporal);
    client = await connectClient(temporal, native);
    worker = await Worker.create({
      connection: native,
      namespace: temporal.namespace,
      taskQueue: workflowQueue,
      workflowsPath: fileURLToPath(new URL('../dist/spec-dispatch.workflow.js', import.meta.url)),
    });
    workerDone = worker.run();
  });
  afterAll(async () => {
    worker.shutdown();
    await workerDone;
    await native.close();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    await chmod(folder, 0o711);
    const home = join(folder, 'home');
    await mkdir(home, { mode: 0o700 });
    gateway = new SpecGateway(join(folder, 'g.sock'), await bundleOf(taskFiles));
    await gateway.listen();
    if (isRoot) {
      await chown(home, poolUser.uid, poolUser.gid);
      await chmod(gateway.path, 0o777);
    }
    runnerId = `rnr_${randomBytes(4).toString('hex')}`;
    taskQueue = temporal.taskQueue('pool');
    runner = startProcess(process.env['PATH']);
    const { address, namespace } = temporal;
    runner.child.stdin.write(
      assignmentLine(home, {
        runnerId,
        gateway: { kind: 'unix', path: gateway.path },
        temporal: { address, namespace, tls: false },
        taskQueue,
        slots: 2,
        sandboxMode: 'run',
        drainGraceMs: 60_000,
      }),
    );
    await runner.said('ready');
  });
  afterEach(async () => {
    runner.child.kill('SIGKILL');
    await runner.ended;
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  const queue = (heads: readonly Head[], fused = true) => {
    const stretch: Stretch = { tenantId: 'ten_1', runId: 'run_1', heads, fused, firstDispatch: 1 };
    return client.workflow.start<typeof dispatch>('dispatch', {
      taskQueue: workflowQueue,
      workflowId: `${runnerId}-${randomBytes(4).toString('hex')}`,
      args: [taskQueue, stretch],
    });
  };
  const joinIn = (attemptId: string) =>
    client.workflow.start<typeof attach>('attach', {
      taskQueue: workflowQueue,
      workflowId: `${runnerId}-${randomBytes(4).toString('hex')}`,
      args: [runnerTaskQueue(runnerId), { tenantId: 'ten_1', runId: 'run_1', runnerId, attemptId }],
    });
  const started = (count: number) => until(async () => Promise.resolve(gateway.frames('started').length === count));
  /** Whether the workflow's activity has reached a worker: 2 is the state `started`. */
  const isTaken = async (handle: WorkflowHandle): Promise<boolean> =>
    Number((await handle.describe()).raw.pendingActivities?.[0]?.state) === 2;
  const tasks = (report: unknown) => (report as { ends: { taskId: string; state: string }[] }).ends;

  it('executes a stretch of the pool: the report tells of heads and of what followed', async () => {
    gateway.followers = [{ taskId: 'b', needs: ['a'] }];
    gateway.entryOf = (taskId) => (taskId === 'x' ? 'failing.mjs' : 'quick.mjs');
    const report = tasks(await (await queue([head('a'), head('x')])).result());
    expect(report.find(({ taskId }) => taskId === 'x')).toMatchObject({
      state: 'failed',
      reason: 'exception',
      fence: 1,
    });
    expect(report.filter(({ state }) => state === 'succeeded').map(({ taskId }) => taskId)).toEqual(['a', 'b']);
    const [begin] = gateway.frames('begin');
    expect(begin?.scheduledAtMs).toBeGreaterThan(Date.now() - 60_000);
    gateway.onEnd = () => false;
    expect(await (await queue([head('a')])).result()).toBe('stale: the lease was over before the attempt ended');
    gateway.onLease = () => ({ outcome: 'superseded' });
    expect(await (await queue([head('a')])).result()).toBe('superseded: a newer dispatch exists, or the run is over');
  });

  it('is joined in what it was offered, during it and after it, and refuses to be joined in what it never had', async () => {
    gateway.entryOf = () => 'short.mjs';
    const id = gateway.offer(head('a'), [], [{ taskId: 'b', needs: ['a'] }]);
    await started(1);
    const joined = await joinIn(id);
    expect(tasks(await joined.result()).map(({ taskId }) => taskId)).toEqual(['a', 'b']);
    expect(tasks(await (await joinIn(id)).result())).toHaveLength(2);
    expect(await (await joinIn('att_unknown')).result()).toBe('unknown_stretch: this runner has no such attempt');
  });

  it('stops what it was offered when the join is cancelled', async () => {
    gateway.entryOf = () => 'sleeper.mjs';
    const id = gateway.offer(head('a'), [head('b')], [{ taskId: 'c', needs: ['a'] }]);
    await started(2);
    const joined = await joinIn(id);
    await until(() => isTaken(joined));
    await joined.signal('stop');
    const ends = tasks(await joined.result());
    expect(ends.map(({ taskId, state }) => `${taskId} ${state}`).sort()).toEqual(['a cancelled', 'b cancelled']);
  });

  it('answers early with what it leaves to the run, and is joined again for the rest', async () => {
    gateway.entryOf = () => 'longer.mjs';
    const first = await (await queue(['a', 'b', 'c'].map(head))).result();
    const { live } = first as StretchReport;
    expect(live).toMatchObject({ runnerId, returned: [{ taskId: 'c', mapIndex: -1, dispatch: 1 }] });
    const rest = tasks(await (await joinIn(live?.attemptId ?? '')).result());
    expect(rest.map(({ taskId }) => taskId).sort()).toEqual(['a', 'b']);
  });

  it('runs no more than its slots, however the work came, and begins what waited when one is free', async () => {
    gateway.entryOf = (taskId) => (taskId === 'q' ? 'quick.mjs' : 'sleeper.mjs');
    const ids = [gateway.offer(head('a')), gateway.offer(head('b'))];
    await started(2);
    // A poll of the pool's queue was open before the slots were taken: it brings the stretch here.
    const queued = await queue([head('q')]);
    await until(() => isTaken(queued));
    expect(gateway.frames('begin')).toHaveLength(0);
    gateway.push({ type: 'cancel', attemptId: ids[0], reason: 'enough' });
    expect(tasks(await queued.result())).toHaveLength(1);
    expect(gateway.underWay).toEqual(['b']);
  });

  it('finishes what it has when it is drained, can be joined until then, and hands back what has not begun', async () => {
    gateway.entryOf = (taskId) => (taskId === 'a' ? 'short.mjs' : 'sleeper.mjs');
    const id = gateway.offer(head('a'), [], [{ taskId: 'after-a', needs: ['a'] }]);
    const other = gateway.offer(head('b'));
    await started(2);
    const queued = await queue([head('q')]);
    await until(() => isTaken(queued));
    runner.child.kill('SIGTERM');
    expect(await queued.result()).toBe('handed_back: the runner stops; nothing of the stretch has begun');
    const joined = await Promise.all([joinIn(id), joinIn(other)]);
    expect(tasks(await joined[0].result()).map(({ taskId }) => taskId)).toEqual(['a']);
    await joined[1].signal('stop');
    expect(tasks(await joined[1].result())).toMatchObject([{ taskId: 'b', state: 'cancelled' }]);
    expect((await runner.ended).code).toBe(runnerExitCodes.drained);
    expect(gateway.frames('drain')).toHaveLength(1);
    expect(gateway.underWay).toEqual([]);
  });
});
