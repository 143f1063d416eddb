import { randomBytes } from 'node:crypto';
import { runnerExitCodes } from '@millrace/contracts/assignment';
import type { ControlDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import type { Logger } from '@millrace/platform';
import {
  BackOff,
  endRunner,
  type LiveRunner,
  markDraining,
  type PoolState,
  readActivePools,
  readLeasesByRunner,
  readLiveRunners,
  registerRunner,
  scale,
  wantedRunners,
} from '@millrace/pools';
import type { ControllerMetrics } from './controller-metrics.js';
import type { RunnerDriver, RunnerExit, RunningRunner } from './runner-driver.js';

export interface PoolControllerParts {
  readonly control: ControlDatabase;
  readonly driver: RunnerDriver;
  readonly metrics: ControllerMetrics;
  readonly log: Logger;
}

export interface PoolControllerTimes {
  /** Between two looks while anything is live; 1,000 ms. */
  readonly tickMs?: number;
  /** Between two looks while nothing is: only for what no notification told of; 30,000 ms. */
  readonly restMs?: number;
  /** How long runners may take to leave when the controller stops; 6,000 ms. */
  readonly stopMs?: number;
}

interface Managed {
  readonly runnerId: string;
  readonly poolId: string;
  readonly sandboxMode: LiveRunner['sandboxMode'];
  readonly running: RunningRunner;
  readonly startedAtMs: number;
  /** When it last held a lease, or was as much as its pool needs. */
  busyAtMs: number;
  /** Set once it was asked to leave. */
  drainingSinceMs: number | undefined;
}

/** A drained runner without leases that has not left after this long hangs; a build of dependencies takes less. */
const hungAfterMs = 25 * 60_000;

/**
 * Brings the number of runners of each pool to what its demand wants. Everything it knows is in the tables and in the
 * processes: a controller that is killed loses nothing, the next one goes on.
 */
export class PoolController {
  private readonly runners = new Map<string, Managed>();
  private readonly backOffs = new Map<string, BackOff>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(
    private readonly parts: PoolControllerParts,
    private readonly times: PoolControllerTimes = {},
  ) {}

  /** Takes over what runs and begins to look. */
  async open(): Promise<void> {
    await this.adopt();
    this.wake();
  }

  /** Looks at once, or once more after the look that is under way. */
  wake(): void {
    if (this.closed) return;
    if (this.looking !== undefined) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.looking = this.look()
      .catch((error: unknown) => {
        this.parts.log.error({ err: error }, 'the pools could not be looked at; trying again');
        return true;
      })
      .then((live) => {
        this.looking = undefined;
        if (this.closed) return;
        const { tickMs = 1_000, restMs = 30_000 } = this.times;
        if (this.again) {
          this.again = false;
          this.wake();
        } else this.timer = setTimeout(() => this.wake(), live ? tickMs : restMs);
      });
  }

  /** Stops every runner: what has not ended within the grace is handed back, and nothing is left running. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.looking;
    const managed = [...this.runners.values()];
    for (const { running } of managed) running.stop();
    const gone = Promise.all(managed.map(({ running }) => running.exited));
    const late = new Promise<'late'>((resolve) => {
      setTimeout(() => resolve('late'), this.times.stopMs ?? 6_000).unref();
    });
    if ((await Promise.race([gone, late])) === 'late') {
      for (const { running } of this.runners.values()) running.kill();
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
    }
    await this.parts.driver.close();
    await Promise.all(managed.map(({ runnerId }) => this.settleRow(runnerId, 'the pool controller stopped')));
  }

  private async adopt(): Promise<void> {
    const { control, driver, log } = this.parts;
    const rows = await control.transaction((tx) => readLiveRunners(tx, driver.host));
    for (const row of rows) {
      const running = await driver.adopt(row);
      if (running === undefined) {
        await control.transaction((tx) => endRunner(tx, row.runnerId, 'its process was gone'));
        await driver.clean(row.runnerId);
      } else this.manage(row, running, row.state === 'draining');
    }
    if (rows.length > 0)
      log.info({ found: rows.length, adopted: this.runners.size }, 'runners of an earlier controller');
  }

  /** One look at everything that is live; true while there is any. */
  private async look(): Promise<boolean> {
    const { control, metrics } = this.parts;
    const { pools, leases } = await control.transaction(async (tx) => ({
      pools: await readActivePools(tx),
      leases: await readLeasesByRunner(tx),
    }));
    metrics.observe(pools, this.runners.size);
    for (const pool of pools) {
      if (this.closed) return false;
      await this.adjust(pool, leases).catch((error: unknown) => {
        this.parts.log.error({ err: error, poolId: pool.poolId }, 'a pool could not be brought to its size');
        this.backOff(pool.poolId).failed(Date.now(), 0, 'it could not be started');
      });
    }
    return pools.length > 0 || this.runners.size > 0;
  }

  private async adjust(pool: PoolState, leases: ReadonlyMap<string, number>): Promise<void> {
    const nowMs = Date.now();
    const mine = [...this.runners.values()].filter(({ poolId }) => poolId === pool.poolId);
    await this.drain(
      mine.filter((runner) => hasOtherMode(runner, pool)).map(({ runnerId }) => runnerId),
      'another sandbox mode',
    );
    const wanted = wantedRunners(pool);
    const needed = mine.filter(({ drainingSinceMs }) => drainingSinceMs === undefined).length <= wanted;
    for (const runner of mine) {
      const held = leases.get(runner.runnerId) ?? 0;
      if (held > 0) this.backOff(pool.poolId).succeeded();
      if (held > 0 || needed) runner.busyAtMs = nowMs;
      if (held === 0 && nowMs - (runner.drainingSinceMs ?? nowMs) > hungAfterMs) runner.running.kill();
    }
    const loads = mine.map((runner) => ({
      id: runner.runnerId,
      draining: runner.drainingSinceMs !== undefined,
      leases: leases.get(runner.runnerId) ?? 0,
      idleMs: nowMs - runner.busyAtMs,
    }));
    const { start, drain } = scale(wanted, loads, pool.idleSeconds * 1_000);
    await this.drain(drain, 'idle');
    const waitMs = this.backOff(pool.poolId).remainingMs(nowMs);
    if (start > 0 && waitMs > 0) setTimeout(() => this.wake(), waitMs).unref();
    else for (let i = 0; i < start && !this.closed; i += 1) await this.start(pool);
  }

  private async drain(runnerIds: readonly string[], why: string): Promise<void> {
    if (runnerIds.length === 0) return;
    await this.parts.control.transaction((tx) => markDraining(tx, runnerIds));
    for (const id of runnerIds) {
      const runner = this.runners.get(id);
      if (runner === undefined) continue;
      runner.drainingSinceMs = Date.now();
      runner.running.drain();
    }
    this.parts.log.info({ runnerIds, why }, 'runners leave');
  }

  private async start(pool: PoolState): Promise<void> {
    const { control, driver, log, metrics } = this.parts;
    const runnerId = newId('runner');
    const credential = randomBytes(32).toString('base64url');
    const running = await driver.start({ runnerId, credential, pool }, (place) =>
      control.transaction((tx) =>
        registerRunner(tx, {
          ...place,
          tenantId: pool.tenantId,
          poolId: pool.poolId,
          runnerId,
          slots: pool.slotsPerRunner,
          sandboxMode: pool.sandboxMode,
          credential,
        }),
      ),
    );
    metrics.started.inc();
    log.info({ runnerId, poolId: pool.poolId, demand: pool.demand }, 'runner started');
    this.manage({ runnerId, poolId: pool.poolId, sandboxMode: pool.sandboxMode }, running, false);
  }

  private manage(
    row: Pick<LiveRunner, 'runnerId' | 'poolId' | 'sandboxMode'>,
    running: RunningRunner,
    draining: boolean,
  ): void {
    const nowMs = Date.now();
    const managed: Managed = {
      runnerId: row.runnerId,
      poolId: row.poolId,
      sandboxMode: row.sandboxMode,
      running,
      startedAtMs: nowMs,
      busyAtMs: nowMs,
      drainingSinceMs: draining ? nowMs : undefined,
    };
    this.runners.set(row.runnerId, managed);
    void running.exited.then((exit) => this.gone(managed, exit));
  }

  private async gone(managed: Managed, exit: RunnerExit): Promise<void> {
    const { runnerId, poolId } = managed;
    this.runners.delete(runnerId);
    const reason = reasonOf(exit);
    const asked = managed.drainingSinceMs !== undefined || this.closed;
    this.parts.metrics.ended.inc({ reason: asked ? 'drained' : reason.kind });
    this.parts.log[asked || reason.kind === 'drained' ? 'info' : 'warn'](
      { runnerId, poolId, ...exit },
      `runner ended: ${reason.text}`,
    );
    if (!asked) {
      const backOff = this.backOff(poolId);
      if (reason.kind === 'isolation') backOff.refused(Date.now(), reason.text);
      else if (reason.kind !== 'drained') backOff.failed(Date.now(), Date.now() - managed.startedAtMs, reason.text);
    }
    await this.settleRow(runnerId, reason.text);
    this.wake();
  }

  private async settleRow(runnerId: string, reason: string): Promise<void> {
    const { control, driver, log } = this.parts;
    try {
      await control.transaction((tx) => endRunner(tx, runnerId, reason));
      await driver.clean(runnerId);
    } catch (error) {
      // The next controller finds the row and no process, and ends it.
      log.warn({ err: error, runnerId }, 'the end of a runner was not noted');
    }
  }

  private backOff(poolId: string): BackOff {
    const known = this.backOffs.get(poolId) ?? new BackOff();
    this.backOffs.set(poolId, known);
    return known;
  }
}

/** It serves its attempts to their end; those that wait get runners of the pool's own mode. */
function hasOtherMode(runner: Managed, pool: PoolState): boolean {
  return runner.drainingSinceMs === undefined && runner.sandboxMode !== pool.sandboxMode;
}

function reasonOf({ code, signal }: RunnerExit): { readonly kind: string; readonly text: string } {
  switch (code) {
    case runnerExitCodes.drained:
      return { kind: 'drained', text: 'drained' };
    case runnerExitCodes.refused:
      return { kind: 'refused', text: 'the gateway refused it' };
    case runnerExitCodes.isolation:
      return { kind: 'isolation', text: 'this machine isolates tasks less than the pool or the platform demands' };
    case runnerExitCodes.orphaned:
      return { kind: 'orphaned', text: 'it found no gateway for too long' };
    default:
      return {
        kind: 'failed',
        text: signal !== null ? `killed by ${signal}` : code === null ? 'gone' : `exit code ${code}`,
      };
  }
}
