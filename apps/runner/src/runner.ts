import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AttachStretch,
  type BuildDependencies,
  type RunnerActivities,
  runnerTaskQueue,
  type Stretch,
} from '@millrace/contracts';
import { type RunnerAssignment, runnerExitCodes } from '@millrace/contracts/assignment';
import { wireProtocol } from '@millrace/contracts/wire';
import type { Logger } from '@millrace/platform';
import { findPython, keepDefaults, type SandboxHost, startSandboxHost, type TierReport } from '@millrace/sandbox';
import { builtinModules } from '@millrace/tasks/runners';
import { connectNative, RenewedWorker, type TemporalTarget } from '@millrace/temporal';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { makeAttachStretch, makeExecuteStretch } from './activities.js';
import { AttemptDropped } from './attempt.js';
import { AttemptSlots } from './attempt-slots.js';
import { Blobs } from './blobs.js';
import { makeBuildDependencies } from './build.js';
import { BundleCache } from './bundle-cache.js';
import { GatewayClient, type GatewayRefusal } from './gateway-client.js';
import { Stretches } from './stretches.js';
import { temporalTargetOf } from './temporal-target.js';
import { WorkerPair } from './worker-pair.js';

/** Open polls of a pool's queue; the number drives the server's memory, not the throughput of a few slots. */
const maxPolls = 4;
/** Stretches that runs may join at the same time; they hold no slot. */
const maxAttached = 1_000;
const watchMs = 1_000;
/** Longer than any attempt: when running attempts have to go is decided here, not by the worker. */
const workerGraceMs = 14 * 24 * 3_600_000;
/** A runner has no workflows. */
const none = { type: 'fixed-size', numSlots: 1 } as const;
const unused = { workflowTaskSlotSupplier: none, localActivityTaskSlotSupplier: none, nexusTaskSlotSupplier: none };

/** A runner that has its assignment: takes attempts of its pool until it is told to stop. */
export class Runner {
  private readonly gateway: GatewayClient;
  private readonly slots: AttemptSlots;
  private stretches: Stretches | undefined;
  private worker: RenewedWorker | undefined;
  private sandboxes: SandboxHost | undefined;
  private exitCode: number = runnerExitCodes.drained;
  private draining = false;
  private connected = false;

  constructor(
    private readonly assignment: RunnerAssignment,
    private readonly tier: TierReport,
    private readonly log: Logger,
    private readonly buriesLateOffers = true,
  ) {
    this.slots = new AttemptSlots(assignment.slots, () => this.stretches?.grow());
    this.gateway = new GatewayClient({
      address: assignment.gateway,
      log,
      hello: {
        protocol: wireProtocol,
        runnerId: assignment.runnerId,
        poolId: assignment.poolId,
        credential: assignment.credential,
        tier: tier.tier,
        slots: assignment.slots,
        host: hostname(),
        pid: process.pid,
        uid: process.getuid?.() ?? 0,
        version: process.version,
      },
      onCancel: (attemptId, reason) => this.stretches?.cancel(attemptId, reason),
      onOffer: (stretch) => this.stretches?.offered(stretch),
      onRunEnded: (runId) => this.sandboxes?.runEnded(runId),
      onDrain: () => this.drain(undefined),
      onRefused: (refusal) => this.refused(refusal),
    });
  }

  /** Works until it is drained, refused or orphaned; gives the exit code. Rejects when it cannot begin. */
  async run(): Promise<number> {
    const watching = setInterval(() => this.watch(), watchMs);
    try {
      const { home } = this.assignment;
      const spoolFolder = join(home, 'spool');
      const bundleFolder = join(home, 'bundles');
      await Promise.all([mkdir(spoolFolder, { recursive: true }), mkdir(bundleFolder, { recursive: true })]);
      const pythonPath = await findPython();
      const [target, sandboxes] = await Promise.all([
        temporalTargetOf(this.assignment),
        this.startSandboxes(pythonPath),
      ]);
      this.sandboxes = sandboxes;
      const blobs = new Blobs(this.gateway);
      const bundles = new BundleCache(bundleFolder, blobs);
      const parts = { gateway: this.gateway, blobs, bundles, sandboxes, spoolFolder, log: this.log };
      // Before the first connection: with it the first offer may come.
      const stretches = new Stretches(parts, this.slots, this.buriesLateOffers);
      this.stretches = stretches;
      if (!(await this.connectGateway())) return await this.close();
      const build = {
        ...parts,
        tier: this.tier,
        pythonPath,
        indexes: this.assignment.indexes,
        folder: join(home, 'builds'),
      };
      await this.work(target, {
        executeStretch: makeExecuteStretch(stretches, this.slots, this.assignment.runnerId, this.log),
        attachStretch: makeAttachStretch(stretches, this.assignment.runnerId, this.log),
        buildDependencies: makeBuildDependencies(build, this.slots),
      });
      // What was offered may be under way although Temporal was never reached.
      await stretches.idle();
      return await this.close();
    } finally {
      clearInterval(watching);
    }
  }

  private async work(target: TemporalTarget, activities: RunnerActivities): Promise<void> {
    this.worker = await this.startWorker(target, activities);
    if (this.worker === undefined) return;
    const { slots, taskQueue } = this.assignment;
    this.log.info({ taskQueue, slots, tier: this.tier.tier, reason: this.tier.reason }, 'ready');
    // Told to leave while it was still being made.
    if (this.draining) this.worker.shutdown();
    await this.worker.ended;
  }

  private async connectGateway(): Promise<boolean> {
    try {
      await this.gateway.open();
      this.connected = true;
    } catch {
      // Refused, orphaned or told to leave meanwhile: the exit code says which.
    }
    return this.connected;
  }

  /**
   * Takes nothing new and leaves when what runs has ended; attempts that are not over after `graceMs` are handed back
   * (without it, they are waited for).
   */
  drain(graceMs: number | undefined): void {
    if (graceMs !== undefined) {
      setTimeout(() => {
        this.stretches?.dropAll(new AttemptDropped('handed_back', 'the runner stops; the attempt is handed back'));
      }, graceMs).unref();
    }
    if (this.draining) return;
    this.draining = true;
    this.log.info({ running: this.stretches?.count ?? 0 }, 'draining');
    this.stretches?.leave();
    if (!this.connected) this.gateway.close();
    this.stopWorker();
  }

  /** Temporal may be restarting; a runner waits for it as it waits for the gateway. */
  private async startWorker(target: TemporalTarget, activities: RunnerActivities): Promise<RenewedWorker | undefined> {
    const start = (): Promise<RenewedWorker> =>
      RenewedWorker.start({
        log: this.log,
        connect: () => connectNative(target),
        create: (connection) => this.createWorkers(connection, target.namespace, activities),
      });
    for (let waitMs = 100; !this.draining; waitMs = Math.min(waitMs * 2, 2_000)) {
      try {
        return await start();
      } catch (error) {
        this.log.warn({ err: error }, 'Temporal cannot be reached; trying again');
        await delay(waitMs);
        this.watch();
      }
    }
    return undefined;
  }

  private async createWorkers(
    connection: NativeConnection,
    namespace: string,
    activities: RunnerActivities,
  ): Promise<WorkerPair> {
    const { slots, taskQueue, runnerId } = this.assignment;
    const both = {
      connection,
      namespace,
      identity: runnerId,
      // A cancellation arrives with the answer to a heartbeat.
      maxHeartbeatThrottleInterval: 1_000,
      defaultHeartbeatThrottleInterval: 1_000,
      shutdownGraceTime: workerGraceMs,
    };
    const [pool, own] = await Promise.all([
      Worker.create({
        ...both,
        taskQueue,
        activities: {
          executeStretch: (input: Stretch) => activities.executeStretch(input),
          buildDependencies: (input: BuildDependencies) => activities.buildDependencies(input),
        },
        tuner: { ...unused, activityTaskSlotSupplier: this.slots.supplier() },
        activityTaskPollerBehavior: { type: 'simple-maximum', maximum: Math.min(slots, maxPolls) },
      }),
      Worker.create({
        ...both,
        taskQueue: runnerTaskQueue(runnerId),
        activities: { attachStretch: (input: AttachStretch) => activities.attachStretch(input) },
        tuner: { ...unused, activityTaskSlotSupplier: { type: 'fixed-size', numSlots: maxAttached } },
        activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
      }),
    ]);
    // A run must be able to join what goes on here, however long it takes.
    return new WorkerPair(pool, own, () => (this.draining ? this.stretches?.idle() : undefined));
  }

  private stopWorker(): void {
    this.worker?.shutdown();
  }

  private refused(refusal: GatewayRefusal): void {
    const isolation = refusal.code === 'hello.tier_too_low' || refusal.code === 'hello.no_isolation';
    this.leave(isolation ? runnerExitCodes.isolation : runnerExitCodes.refused, refusal.message);
  }

  private watch(): void {
    if (this.gateway.lostForMs > this.assignment.orphanMs) {
      this.leave(runnerExitCodes.orphaned, 'no gateway was found for too long');
    }
  }

  private leave(exitCode: number, reason: string): void {
    if (this.exitCode !== runnerExitCodes.drained) return;
    this.exitCode = exitCode;
    this.log.warn({ reason }, 'leaving');
    this.stretches?.leave();
    this.stretches?.dropAll(new AttemptDropped('given_up', reason));
    this.gateway.close();
    this.draining = true;
    this.stopWorker();
  }

  private async close(): Promise<number> {
    // Told, the platform need not wonder whether the closed connection will come back.
    if (this.gateway.lostForMs === 0) {
      const told = this.gateway.sayDraining().catch(() => undefined);
      await Promise.race([told, delay(1_000)]);
    }
    this.gateway.close();
    await this.sandboxes?.close();
    return this.exitCode;
  }

  private startSandboxes(pythonPath: string | undefined): Promise<SandboxHost> {
    const { home, memoryBytes, sandboxMode, slots } = this.assignment;
    return startSandboxHost({
      tier: this.tier.tier,
      workDir: join(home, 'sandboxes'),
      ...(pythonPath === undefined ? {} : { pythonPath }),
      ...(this.tier.bubblewrap === undefined ? {} : { bubblewrapPath: this.tier.bubblewrap.path }),
      builtins: builtinModules,
      limits: { memoryBytes },
      mode: sandboxMode,
      // As many attempts may begin at once, and each finds one that has booted.
      spares: slots,
      // No more than can work at the same time, and none that has grown to half of what its attempts may use.
      keep: { count: slots, bytesEach: Math.min(keepDefaults.bytesEach, memoryBytes / 2) },
      logger: {
        debug: (message, facts) => this.log.debug(facts ?? {}, message),
        warn: (message, facts) => this.log.warn(facts ?? {}, message),
      },
    });
  }
}
