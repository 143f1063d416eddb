import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StretchEnd, StretchReport } from '@millrace/contracts';
import { openDataSource, TenantDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import { FileObjectStore } from '@millrace/object-store';
import { FileKeyWrapper, readMasterKey, SecretVault } from '@millrace/tenancy';
import {
  asSuper,
  type SeededOrganization,
  type SeededRun,
  type SeededTask,
  seedOrganization,
  seedRun,
  type SeedOptions,
  type TemporalForTest,
  type TestDatabase,
  testDatabase,
  testTemporal,
} from '@millrace/testing';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import type { Client } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { buildOne, dispatch } from './spec-dispatch.workflow.js';
import { bundleOf, freePort, isAlive, Program, taskFiles, until } from './spec-platform.js';

const isRoot = process.getuid?.() === 0;
const poolUidBase = 2_000_000;

/** A history as one would read it: its payloads are bytes. */
function decoded(history: object): string {
  return JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
}

describe('a pool of real runners', () => {
  let database: TestDatabase;
  let temporal: TemporalForTest;
  let client: Client;
  let native: NativeConnection;
  let worker: Worker;
  let workerDone: Promise<void>;
  let home: string;
  let objects: FileObjectStore;
  let env: Record<string, string>;
  let api: Program;
  let controller: Program;
  let bundleDigest: string;
  let organization: SeededOrganization;
  let run: SeededRun;
  const workflowQueue = `spec-${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    [database, temporal] = await Promise.all([testDatabase(), testTemporal()]);
    home = await mkdtemp(join(tmpdir(), 'millrace-'));
    await chmod(home, 0o711);
    const keyFile = join(home, 'master.key');
    await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    objects = await FileObjectStore.open(join(home, 'objects'));
    env = {
      PATH: process.env['PATH'] ?? '',
      MILLRACE_HOME: home,
      MILLRACE_LOG_LEVEL: 'info',
      MILLRACE_PORT: String(await freePort()),
      MILLRACE_APP_DATABASE_URL: database.appUrl,
      MILLRACE_CONTROL_DATABASE_URL: database.controlUrl,
      MILLRACE_OBJECT_STORE: pathToFileURL(join(home, 'objects')).href,
      MILLRACE_GATEWAY: `unix:${join(home, 'gateway.sock')}`,
      MILLRACE_MASTER_KEY_FILE: keyFile,
      MILLRACE_TEMPORAL_ADDRESS: temporal.address,
      MILLRACE_TEMPORAL_NAMESPACE: temporal.namespace,
      MILLRACE_ALLOW_NO_ISOLATION: '1',
      MILLRACE_POOL_UID_BASE: String(poolUidBase),
    };
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
    api = Program.start('api', env);
    controller = Program.start('pool-controller', env);
  }, 60_000);

  afterAll(async () => {
    await controller.stop();
    await api.stop();
    worker.shutdown();
    await workerDone;
    await native.close();
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  const prepare = async (tasks: readonly SeededTask[], options: SeedOptions = {}): Promise<void> => {
    organization = await seedOrganization(database.superuserUrl, {
      taskQueue: temporal.taskQueue('pool'),
      idleSeconds: 1,
      ...options,
    });
    const bundle = await bundleOf(taskFiles);
    ({ digest: bundleDigest } = await objects.put(organization.tenantId, bundle));
    run = await seedRun(database.superuserUrl, organization, { tasks, bundleDigest });
    await wake();
  };
  const wake = () => asSuper(database.superuserUrl, 'select pg_notify($1, $2)', ['pool_demand', organization.poolId]);
  const node = (entry: string, extra: Partial<SeededTask['spec']> = {}) => ({
    type: 'node',
    config: { entry, export: 'default' },
    ...extra,
  });
  const begin = (taskId = 'a', number = 1, fused = false) =>
    client.workflow.start<typeof dispatch>('dispatch', {
      taskQueue: workflowQueue,
      workflowId: `${run.runId}-${taskId}-${number}`,
      args: [
        organization.taskQueue,
        {
          tenantId: organization.tenantId,
          runId: run.runId,
          heads: [{ taskId, mapIndex: -1, dispatch: number, try: 1 }],
          fused,
          firstDispatch: 1,
        },
      ],
    });
  /** The end of the one attempt, or what the workflow said. */
  const endOf = async (handle: { result(): Promise<StretchReport | string> }): Promise<StretchEnd | string> => {
    const report = await handle.result();
    if (typeof report === 'string') return report;
    expect(report.ends).toHaveLength(1);
    return report.ends[0] ?? 'no end';
  };
  const rows = <R extends object = Record<string, unknown>>(sql: string): Promise<R[]> =>
    asSuper<R>(database.superuserUrl, sql, [organization.tenantId]);
  const runners = () =>
    rows('select id, state, pid, uid, tier, end_reason from runners where tenant_id = $1 order by started_at');
  const finish = () => rows(`update task_instances set state = 'succeeded' where tenant_id = $1`);
  const logOf = async (): Promise<string> => {
    const chunks = await rows<{ lines: string | null; object_digest: string }>(
      'select lines, object_digest from log_chunks where tenant_id = $1 order by first_seq',
    );
    const texts = await Promise.all(
      chunks.map(
        async (chunk) => chunk.lines ?? (await objects.get(organization.tenantId, chunk.object_digest)).toString(),
      ),
    );
    return texts.join('');
  };

  afterEach(async () => {
    await finish();
    await wake();
  });

  it('starts a runner when there is work, executes it in a sandbox, and goes back to zero', async () => {
    await prepare([{ id: 'a', spec: node('hello.mjs', { input: 'me' }) }]);
    const outcome = await endOf(await begin());
    expect(outcome).toEqual({ taskId: 'a', mapIndex: -1, dispatch: 1, state: 'succeeded', retryable: false, fence: 1 });
    const [attempt] = await rows(
      'select state, output, log_last_seq::int as last, started_at, tier from attempts where tenant_id = $1',
    );
    expect(attempt).toMatchObject({ state: 'succeeded', last: 2 });
    expect(JSON.parse(String(attempt?.['output']))).toMatchObject({ input: 'me' });
    expect(attempt?.['started_at']).not.toBeNull();
    const log = await logOf();
    expect(log).toContain('hello from me in run_');
    expect(log).toContain('"stream":"stderr","text":"to stderr"');

    const [runner] = await runners();
    const pid = Number(runner?.['pid']);
    if (isRoot) {
      const [pool] = await rows('select ordinal::int as ordinal from pools where tenant_id = $1');
      const uid = poolUidBase + Number(pool?.['ordinal']);
      expect(runner?.['uid']).toBe(uid);
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).toContain(`Uid:\t${uid}\t${uid}\t${uid}\t${uid}`);
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/postgres|credential|KEY/i);
    }
    await finish();
    await wake();
    await until(async () => (await runners()).every((one) => one['state'] === 'ended'));
    await until(async () => !isAlive(pid));
    await until(async () => (await readdir(join(home, 'pools'))).length === 0);
    expect(await rows('select 1 from slots where tenant_id = $1')).toHaveLength(0);
  });

  it('takes secrets out of logs and errors, keeps the artifacts of failed attempts, and heeds retryable: false', async () => {
    await prepare([{ id: 'a', maxAttempts: 3, spec: node('leaky.mjs', { secrets: ['KEY'] }) }]);
    const secret = 'correct-horse-battery';
    const actor = { tenantId: organization.tenantId, actor: 'usr_spec', requestId: newId('request') };
    const source = await openDataSource({ url: database.appUrl, poolSize: 2, applicationName: 'spec' });
    const vault = new SecretVault(new FileKeyWrapper(await readMasterKey(join(home, 'master.key'))));
    await new TenantDatabase(source).transaction(organization.tenantId, (tx) =>
      vault.set(tx, actor, organization.environmentId, 'KEY', secret),
    );
    await source.destroy();
    expect(await endOf(await begin())).toMatchObject({ state: 'failed', reason: 'exception', retryable: false });
    const log = await logOf();
    expect(log).toContain('half [redacted] done');
    const stored = JSON.stringify([
      log,
      await rows('select * from attempts where tenant_id = $1'),
      api.output,
      controller.output,
    ]);
    expect(stored).toContain('it was [redacted]');
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(`x${secret}`).toString('base64').slice(4, -4));
    expect(await rows('select name, size_bytes::int as bytes from artifacts where tenant_id = $1')).toEqual([
      { name: 'report.txt', bytes: 8 },
    ]);
    expect(await rows('select secret_name from secret_reads where tenant_id = $1')).toEqual([{ secret_name: 'KEY' }]);
    expect(await rows('select category from ledger_entries where tenant_id = $1')).toEqual([
      { category: 'failed' },
      { category: 'failed' },
    ]);
  });

  it('builds dependencies, and the next attempt has them', async () => {
    await prepare([]);
    const files = {
      'package.json': '{ "name": "marker-7f3a", "dependencies": {} }',
      'hello.mjs': taskFiles['hello.mjs'] ?? '',
    };
    const { digest } = await objects.put(organization.tenantId, await bundleOf(files));
    const deploymentId = newId('deployment');
    const inputDigest = `sha256:${'0'.repeat(64)}`;
    await asSuper(
      database.superuserUrl,
      `insert into bundles (tenant_id, digest, size_bytes, file_count) values ($1, $2, 1, 1)`,
      [organization.tenantId, digest],
    );
    await asSuper(
      database.superuserUrl,
      `insert into deployments (tenant_id, id, environment_id, bundle_digest, state, created_by)
       values ($1, $2, $3, $4, 'building', 'usr_spec')`,
      [organization.tenantId, deploymentId, organization.environmentId, digest],
    );
    await asSuper(database.superuserUrl, 'select pg_notify($1, $2)', ['deployments', deploymentId]);
    const input = {
      tenantId: organization.tenantId,
      deploymentId,
      kind: 'npm' as const,
      bundleDigest: digest,
      inputDigest,
    };
    const outcome = await client.workflow.execute<typeof buildOne>('buildOne', {
      taskQueue: workflowQueue,
      workflowId: deploymentId,
      args: [organization.taskQueue, input],
    });
    expect(outcome).toMatchObject({ ok: true });
    expect(await objects.has(organization.tenantId, outcome.objectDigest ?? '')).toBe(true);
    const texts = [outcome.logDigest ?? '', outcome.lockDigest ?? ''];
    const [log, lock] = await Promise.all(texts.map((one) => objects.get(organization.tenantId, one)));
    expect(log?.toString()).not.toBe('');
    expect(lock?.toString()).toContain('marker-7f3a');
    const history = decoded(await client.workflow.getHandle(deploymentId).fetchHistory());
    expect(history).toContain(outcome.lockDigest);
    expect(history).not.toContain('marker-7f3a');
    await rows(`update deployments set state = 'ready' where tenant_id = $1`);
    const npm = outcome.objectDigest ?? '';
    run = await seedRun(database.superuserUrl, organization, {
      tasks: [{ id: 'a', spec: node('hello.mjs') }],
      bundleDigest: digest,
      dependencies: { npm },
    });
    await wake();
    expect(await endOf(await begin())).toMatchObject({ state: 'succeeded' });
  }, 60_000);

  it('stores a large output by digest, and every line of a long log', async () => {
    await prepare([
      { id: 'a', spec: node('large.mjs') },
      { id: 'b', spec: node('talker.mjs') },
    ]);
    const [first, second] = await Promise.all([begin('a'), begin('b')]);
    expect(await endOf(first)).toMatchObject({ state: 'succeeded' });
    expect(await endOf(second)).toMatchObject({ state: 'succeeded' });
    const [output] = await rows(
      `select output, output_digest, output_bytes::int as bytes from attempts where tenant_id = $1 and task_id = 'a'`,
    );
    expect(output).toMatchObject({ output: null, bytes: 400_002 });
    expect((await objects.get(organization.tenantId, String(output?.['output_digest']))).length).toBe(400_002);
    const [log] = await rows(
      `select log_lines::int as lines, log_last_seq::int as last from attempts where tenant_id = $1 and task_id = 'b'`,
    );
    expect(log).toEqual({ lines: 20_000, last: 20_000 });
  });

  it('stops the process when its run is cancelled', async () => {
    await prepare([{ id: 'a', spec: node('sleeper.mjs') }]);
    const handle = await begin();
    await until(async () => (await logOf()).includes('sleeping'));
    const before = Date.now();
    await handle.signal('stop');
    expect(await endOf(handle)).toMatchObject({ state: 'cancelled', retryable: false });
    expect(Date.now() - before).toBeLessThan(8_000);
    expect(await rows('select category from ledger_entries where tenant_id = $1')).toContainEqual({
      category: 'cancelled',
    });
  });

  it('survives the death of the gateway in the middle of an attempt', async () => {
    await prepare([{ id: 'a', spec: node('talker.mjs') }]);
    const handle = await begin();
    await until(async () => (await rows('select 1 from log_chunks where tenant_id = $1')).length > 0);
    await api.stop('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    api = Program.start('api', env);
    expect(await endOf(handle)).toMatchObject({ state: 'succeeded', fence: 1 });
    const [log] = await rows(
      'select log_lines::int as lines, log_last_seq::int as last from attempts where tenant_id = $1',
    );
    expect(log).toEqual({ lines: 20_000, last: 20_000 });
    expect(await rows('select 1 from refusals where tenant_id = $1')).toHaveLength(0);
  });

  it('executes a chain on one lane through the death of the gateway: each task once, and nothing of it is lost', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `t${index}`);
    await prepare(
      ids.map((id, index) => ({
        id,
        needs: ids.slice(index - 1, index),
        fuse: index === 0 ? ('begins' as const) : ('follows' as const),
        spec: node('paced.mjs', { input: index === 0 ? 'start' : `\${{ tasks.t${index - 1}.output }}` }),
      })),
    );
    const handle = await begin('t0', 1, true);
    await until(
      async () => (await rows(`select 1 from attempts where tenant_id = $1 and state = 'succeeded'`)).length > 5,
    );
    await api.stop('SIGKILL');
    api = Program.start('api', env);
    const report = await handle.result();
    if (typeof report === 'string') throw new Error(report);
    expect(report.ends.map(({ taskId, state }) => `${taskId} ${state}`)).toEqual(ids.map((id) => `${id} succeeded`));
    const [count] = await rows(
      `select count(*)::int as attempts, count(distinct task_id)::int as tasks, sum(log_last_seq)::int as lines,
              count(distinct stretch_id)::int as stretches, max(fence)::int as fence from attempts where tenant_id = $1`,
    );
    expect(count).toEqual({ attempts: 40, tasks: 40, lines: 40, stretches: 1, fence: 1 });
    expect(await logOf()).toContain('given t38');
    expect(await rows('select 1 from slots where tenant_id = $1')).toHaveLength(0);
    expect(await rows('select 1 from refusals where tenant_id = $1')).toHaveLength(0);
  });

  it('tells the run when a runner is killed, and the next dispatch succeeds under a new fence', async () => {
    await prepare(
      [
        { id: 'a', spec: node('sleeper.mjs') },
        { id: 'b', spec: node('hello.mjs') },
      ],
      { maxRunners: 1 },
    );
    const handle = await begin();
    await until(async () => (await logOf()).includes('sleeping'));
    const [victim] = await runners();
    process.kill(Number(victim?.['pid']), 'SIGKILL');
    const owed = await until(
      async () => (await rows(`select payload from outbox where tenant_id = $1 and kind = 'runner_lost'`))[0],
    );
    expect(owed['payload']).toMatchObject({ leases: [{ taskId: 'a', mapIndex: -1, dispatch: 1 }] });
    const other = await begin('b');
    expect(await endOf(other)).toMatchObject({ state: 'succeeded' });
    await handle.terminate();
  });

  it('reports late what a stopped runner had finished, and the fence refuses it', async () => {
    await prepare([{ id: 'a', spec: node('short.mjs') }]);
    const handle = await begin();
    await until(async () => (await logOf()).includes('working'));
    const pid = Number((await runners())[0]?.['pid']);
    process.kill(pid, 'SIGSTOP');
    // What settling does once Temporal has missed the heartbeats; the task goes on and ends meanwhile.
    await rows(`update attempts set state = 'lost', ended_at = now() where tenant_id = $1`);
    await rows('delete from slots where tenant_id = $1');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    process.kill(pid, 'SIGCONT');
    expect(await endOf(handle)).toBe('stale: the lease was over before the attempt ended');
    const [attempt] = await rows('select state, output from attempts where tenant_id = $1');
    expect(attempt).toEqual({ state: 'lost', output: null });
    expect(await rows('select operation, reason from refusals where tenant_id = $1')).toContainEqual({
      operation: 'end',
      reason: 'ended as succeeded, but the attempt is lost',
    });
  });

  it('goes on after the death of its controller, and is found again by the next one', async () => {
    await prepare([
      { id: 'a', spec: node('sleeper.mjs') },
      { id: 'b', spec: node('hello.mjs') },
    ]);
    const handle = await begin();
    await until(async () => (await logOf()).includes('sleeping'));
    const [runner] = await runners();
    await controller.stop('SIGKILL');
    const other = await begin('b');
    expect(await endOf(other)).toMatchObject({ state: 'succeeded' });
    controller = Program.start('pool-controller', env);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await runners()).map((one) => [one['id'], one['state']])).toEqual([[runner?.['id'], 'ready']]);
    await handle.signal('stop');
    expect(await endOf(handle)).toMatchObject({ state: 'cancelled' });
    await finish();
    await wake();
    await until(async () => (await runners()).every((one) => one['state'] === 'ended'));
  });

  it('stops with its controller, and hands back what it had not finished', async () => {
    await prepare([{ id: 'a', spec: node('sleeper.mjs') }]);
    const handle = await begin();
    await until(async () => (await logOf()).includes('sleeping'));
    const [runner] = await runners();
    const before = Date.now();
    await controller.stop('SIGTERM');
    expect(Date.now() - before).toBeLessThan(7_500);
    expect(isAlive(Number(runner?.['pid']))).toBe(false);
    expect(await endOf(handle)).toBe('handed_back: the runner stops; the attempt is handed back');
    expect((await runners())[0]).toMatchObject({ state: 'ended' });
    controller = Program.start('pool-controller', env);
  });

  it('does not start a runner where the pool demands more isolation than there is', async () => {
    await prepare([{ id: 'a', spec: node('hello.mjs') }]);
    await rows(`update pools set min_tier = 'strong' where tenant_id = $1`);
    await until(async () => (await runners()).some((one) => String(one['end_reason']).includes('isolates')));
    expect((await runners()).length).toBeLessThan(3);
  });

  it('executes many attempts at once on its slots, and never more than the pool allows', async () => {
    const ids = Array.from({ length: 24 }, (_, index) => `t${index}`);
    await prepare(
      ids.map((id) => ({ id, spec: node('hello.mjs') })),
      { maxRunners: 2, slotsPerRunner: 4 },
    );
    const handles = await Promise.all(ids.map((id) => begin(id)));
    const outcomes = await Promise.all(handles.map(endOf));
    expect(outcomes.map((one) => (typeof one === 'string' ? one : one.state))).toEqual(ids.map(() => 'succeeded'));
    expect((await runners()).length).toBe(2);
    expect(await rows('select 1 from slots where tenant_id = $1')).toHaveLength(0);
  }, 60_000);
});
