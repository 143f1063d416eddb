import { runnerExitCodes } from '@millrace/contracts/assignment';
import { ControlDatabase, openDataSource } from '@millrace/database';
import { logger } from '@millrace/platform';
import type { LiveRunner } from '@millrace/pools';
import {
  asSuper,
  type SeededOrganization,
  seedOrganization,
  type SeedOptions,
  seedRun,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControllerMetrics } from './controller-metrics.js';
import { PoolController } from './pool-controller.js';
import type { RunnerDriver, RunnerExit, RunnerOrder, RunnerPlace, RunningRunner } from './runner-driver.js';

class FakeRunner implements RunningRunner {
  readonly told: string[] = [];
  end: (exit: RunnerExit) => void = () => undefined;
  readonly exited = new Promise<RunnerExit>((resolve) => {
    this.end = resolve;
  });
  /** What it does when it is asked to leave. */
  obedient = true;

  drain(): void {
    this.told.push('drain');
    if (this.obedient) this.end({ code: 0, signal: null });
  }
  stop(): void {
    this.told.push('stop');
    if (this.obedient) this.end({ code: 0, signal: null });
  }
  kill(): void {
    this.told.push('kill');
    this.end({ code: null, signal: 'SIGKILL' });
  }
}

class FakeDriver implements RunnerDriver {
  readonly host = 'spec';
  readonly started = new Map<string, FakeRunner>();
  readonly adopted: string[] = [];
  readonly cleaned: string[] = [];
  onStart: (runner: FakeRunner) => void = () => undefined;
  alive = new Set<string>();

  open = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();

  async start(order: RunnerOrder, register: (place: RunnerPlace) => Promise<void>): Promise<RunningRunner> {
    await register({ host: this.host, pid: 1, processStart: 'x', uid: 1, version: 'v' });
    const runner = new FakeRunner();
    this.started.set(order.runnerId, runner);
    this.onStart(runner);
    return runner;
  }
  adopt(live: LiveRunner): Promise<RunningRunner | undefined> {
    if (!this.alive.has(live.runnerId)) return Promise.resolve(undefined);
    this.adopted.push(live.runnerId);
    const runner = new FakeRunner();
    this.started.set(live.runnerId, runner);
    return Promise.resolve(runner);
  }
  clean(runnerId: string): Promise<void> {
    this.cleaned.push(runnerId);
    return Promise.resolve();
  }
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const settle = (ms = 250): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the pool controller', () => {
  let database: TestDatabase;
  let control: ControlDatabase;
  let close: () => Promise<void>;
  let driver: FakeDriver;
  let controller: PoolController;
  let organization: SeededOrganization;

  beforeAll(async () => {
    database = await testDatabase();
    const source = await openDataSource({ url: database.controlUrl, poolSize: 4, applicationName: 'spec' });
    close = () => source.destroy();
    control = new ControlDatabase(source);
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });
  beforeEach(() => {
    driver = new FakeDriver();
    controller = make();
  });
  afterEach(async () => {
    await controller.close();
    await asSuper(database.superuserUrl, `update task_instances set state = 'succeeded'`);
    await asSuper(database.superuserUrl, `update attempts set state = 'succeeded'`);
    await asSuper(database.superuserUrl, `update runners set state = 'ended'`);
    await asSuper(database.superuserUrl, `update deployments set state = 'ready'`);
  });

  const make = (): PoolController =>
    new PoolController(
      { control, driver, metrics: new ControllerMetrics(new Registry()), log: logger('spec', { level: 'fatal' }) },
      { tickMs: 50, restMs: 60_000, stopMs: 300 },
    );
  const seed = async (tasks: number, options: SeedOptions = {}): Promise<void> => {
    organization = await seedOrganization(database.superuserUrl, { idleSeconds: 1, ...options });
    await seedRun(database.superuserUrl, organization, {
      tasks: Array.from({ length: tasks }, (_, index) => ({ id: `t${index}` })),
    });
  };
  const rows = <R extends object = Record<string, unknown>>(sql: string): Promise<R[]> =>
    asSuper<R>(database.superuserUrl, sql, [organization.tenantId]);
  const lease = (runnerId: string, task: string): Promise<unknown> =>
    rows(
      `insert into attempts (tenant_id, id, run_id, task_id, fence, dispatch, try, state, pool_id, runner_id, size)
       select tenant_id, 'att_' || '${task}' || run_id, run_id, '${task}', 1, 1, 1, 'leased', pool_id, '${runnerId}', 's'
       from task_instances where tenant_id = $1 and task_id = '${task}'`,
    );
  const done = () => rows(`update task_instances set state = 'succeeded' where tenant_id = $1`);

  it('replaces the runners of a pool whose sandbox mode was changed, when their attempts have ended', async () => {
    await seed(1);
    await controller.open();
    await until(() => driver.started.size === 1);
    const [first] = [...driver.started.keys()];
    if (first === undefined) throw new Error('there is no runner');
    await lease(first, 't0');
    const old = driver.started.get(first);
    if (old !== undefined) old.obedient = false;
    await settle();
    expect(old?.told).toEqual([]);
    await rows(`update pools set sandbox_mode = 'reuse' where tenant_id = $1`);
    controller.wake();

    await until(() => driver.started.size === 2);
    expect(old?.told).toEqual(['drain']);
    const modes = await rows<{ state: string; sandbox_mode: string }>(
      `select state, sandbox_mode from runners where tenant_id = $1 order by id`,
    );
    expect(modes).toEqual([
      { state: 'draining', sandbox_mode: 'run' },
      { state: 'starting', sandbox_mode: 'reuse' },
    ]);
    await settle();
    expect(driver.started.size).toBe(2);
  });

  it('starts as many runners as the demand needs, and registers each before it is told whose it is', async () => {
    await seed(9);
    await controller.open();
    await until(() => driver.started.size === 2);
    await settle();
    expect(driver.started.size).toBe(2);
    const runners = await rows(
      'select id, state, slots, host, octet_length(credential_hash) as hash from runners where tenant_id = $1',
    );
    expect(runners).toHaveLength(2);
    expect(runners[0]).toMatchObject({ state: 'starting', slots: 4, host: 'spec', hash: 32 });
  });

  it('starts no more than the plan allows', async () => {
    await seed(40, { plan: 'free', maxRunners: 10 });
    await controller.open();
    await until(() => driver.started.size === 3);
    await settle();
    expect(driver.started.size).toBe(3);
  });

  it('starts a runner for dependencies that are being built', async () => {
    await seed(0);
    await rows(
      `insert into deployments (tenant_id, id, environment_id, bundle_digest, state, created_by)
       select $1, 'dep_' || b.tenant_id, e.id, b.digest, 'building', 'usr_spec'
       from bundles b join environments e on e.tenant_id = b.tenant_id where b.tenant_id = $1`,
    );
    await controller.open();
    await until(() => driver.started.size === 1);
  });

  it('costs nothing while nothing is to be done, and reacts to a call', async () => {
    await seed(1);
    await done();
    await controller.open();
    await settle();
    expect(driver.started.size).toBe(0);
    await rows(`update task_instances set state = 'queued' where tenant_id = $1`);
    controller.wake();
    await until(() => driver.started.size === 1);
  });

  it('lets idle runners go after the idle time, and never one that holds a lease', async () => {
    await seed(8);
    await controller.open();
    await until(() => driver.started.size === 2);
    const [busy = '', idle = ''] = [...driver.started.keys()];
    await lease(busy, 't0');
    await done();
    await until(() => driver.started.get(idle)?.told.includes('drain') === true);
    await settle(1_500);
    expect(driver.started.get(busy)?.told).toEqual([]);
    await rows(`update attempts set state = 'succeeded' where tenant_id = $1`);
    await until(() => driver.started.get(busy)?.told.includes('drain') === true);
    await until(
      async () => (await rows(`select 1 from runners where tenant_id = $1 and state <> 'ended'`)).length === 0,
    );
    expect(driver.cleaned.sort()).toEqual([busy, idle].sort());
  });

  it('replaces a runner that dies, later each time it dies at once', async () => {
    await seed(1);
    const starts: number[] = [];
    driver.onStart = (runner) => {
      starts.push(Date.now());
      setTimeout(() => runner.end({ code: 1, signal: null }), 10);
    };
    await controller.open();
    await until(() => starts.length === 3);
    const [first = 0, second = 0, third = 0] = starts;
    expect(second - first).toBeGreaterThanOrEqual(500);
    expect(third - second).toBeGreaterThanOrEqual(1_000);
    const ended = await rows(`select end_reason from runners where tenant_id = $1 and state = 'ended'`);
    expect(ended[0]).toEqual({ end_reason: 'exit code 1' });
  });

  it('does not go on starting runners where this machine isolates too little', async () => {
    await seed(1);
    driver.onStart = (runner) => runner.end({ code: runnerExitCodes.isolation, signal: null });
    await controller.open();
    await until(() => driver.started.size === 1);
    await settle(800);
    expect(driver.started.size).toBe(1);
  });

  it('adopts what runs and ends the rows of what does not', async () => {
    await seed(1);
    await controller.open();
    await until(() => driver.started.size === 1);
    const [runnerId = ''] = [...driver.started.keys()];
    const before = driver;
    driver = new FakeDriver();
    driver.alive.add(runnerId);
    const next = make();
    await next.open();
    await settle();
    expect(driver.adopted).toEqual([runnerId]);
    expect(driver.started.size).toBe(1);
    await next.close();

    driver = new FakeDriver();
    await rows(`update runners set state = 'ready' where tenant_id = $1`);
    const last = make();
    await last.open();
    await until(() => driver.started.size === 1);
    const [gone] = await rows(`select end_reason from runners where tenant_id = $1 and id = '${runnerId}'`);
    expect(gone).toEqual({ end_reason: 'its process was gone' });
    await last.close();
    driver = before;
  });

  it('kills what does not leave when it is stopped itself, and ends every row', async () => {
    await seed(1);
    driver.onStart = (runner) => {
      runner.obedient = false;
    };
    await controller.open();
    await until(() => driver.started.size === 1);
    await controller.close();
    const [runner] = [...driver.started.values()];
    expect(runner?.told).toEqual(['stop', 'kill']);
    expect(await rows(`select 1 from runners where tenant_id = $1 and state <> 'ended'`)).toHaveLength(0);
  });
});
