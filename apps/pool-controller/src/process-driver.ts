import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunnerAssignment } from '@millrace/contracts/assignment';
import type { Logger } from '@millrace/platform';
import type { LiveRunner } from '@millrace/pools';
import type { PoolUser } from './pool-user.js';
import { processStartOf } from './process-identity.js';
import type { RunnerDriver, RunnerExit, RunnerOrder, RunnerPlace, RunningRunner } from './runner-driver.js';

export interface ProcessDriverOptions {
  /** Folder with `apps/runner` and its packages. */
  readonly runtime: string;
  /** Node.js program. */
  readonly node: string;
  /** Folder for the runners' home folders. */
  readonly homes: string;
  /** The whole environment of a runner process: nothing secret. */
  readonly env: Readonly<Record<string, string>>;
  readonly gateway: RunnerAssignment['gateway'];
  readonly temporal: RunnerAssignment['temporal'];
  readonly indexes: RunnerAssignment['indexes'];
  readonly userOf: (ordinal: number) => PoolUser | undefined;
  readonly spares: number;
  readonly drainGraceMs: number;
  readonly orphanMs: number;
  readonly log: Logger;
}

/** A spare is made this long after one was taken, so that it does not slow what it was taken for. */
const refillDelayMs = 300;
const adoptedCheckMs = 500;

interface Spare {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<RunnerExit>;
}

/** Runners as processes of this machine, each in a group of its own, begun as spares that belong to nobody. */
export class ProcessDriver implements RunnerDriver {
  readonly host = hostname();
  private readonly spares: Spare[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;
  private refillDelayMs = refillDelayMs;

  constructor(private readonly options: ProcessDriverOptions) {}

  async open(): Promise<void> {
    await mkdir(this.options.homes, { recursive: true });
    // Runners of every pool pass through; nobody but us can look around in it.
    await chmod(this.options.homes, 0o711);
    for (let i = 0; i < this.options.spares; i += 1) this.addSpare();
  }

  async start(order: RunnerOrder, register: (place: RunnerPlace) => Promise<void>): Promise<RunningRunner> {
    const spare = this.takeSpare();
    try {
      const user = this.options.userOf(order.pool.ordinal);
      const home = await this.makeHome(order.runnerId, user);
      await register({
        host: this.host,
        pid: spare.pid,
        processStart: (await processStartOf(spare.pid)) ?? null,
        uid: user?.uid ?? process.getuid?.() ?? null,
        version: process.version,
      });
      await this.assign(spare, this.assignmentOf(order, home, user));
      return this.running(spare.pid, spare.exited);
    } catch (error) {
      spare.child.kill('SIGKILL');
      throw error;
    }
  }

  async adopt(runner: LiveRunner): Promise<RunningRunner | undefined> {
    const { pid, processStart } = runner;
    if (pid === null || processStart === null || (await processStartOf(pid)) !== processStart) return undefined;
    const exited = new Promise<RunnerExit>((resolve) => {
      const timer = setInterval(() => {
        void processStartOf(pid).then((start) => {
          if (start === processStart) return;
          clearInterval(timer);
          this.timers.delete(timer);
          resolve({ code: null, signal: null });
        });
      }, adoptedCheckMs);
      this.timers.add(timer);
    });
    return this.running(pid, exited);
  }

  async clean(runnerId: string): Promise<void> {
    await rm(join(this.options.homes, runnerId), { recursive: true, force: true });
  }

  /** Removes the homes of runners that nobody knows any more. */
  async cleanAllBut(runnerIds: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.options.homes)) if (!runnerIds.has(name)) await this.clean(name);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    const ending = this.spares.splice(0).map((spare) => {
      spare.child.kill('SIGKILL');
      return spare.exited;
    });
    await Promise.all(ending);
  }

  private assignmentOf(order: RunnerOrder, home: string, user: PoolUser | undefined): RunnerAssignment {
    const { pool } = order;
    return {
      format: 1,
      runnerId: order.runnerId,
      poolId: pool.poolId,
      credential: order.credential,
      gateway: this.options.gateway,
      temporal: this.options.temporal,
      taskQueue: pool.taskQueue,
      slots: pool.slotsPerRunner,
      memoryBytes: pool.memoryBytes,
      sandboxMode: pool.sandboxMode,
      home,
      ...(user === undefined ? {} : { user }),
      indexes: this.options.indexes,
      drainGraceMs: this.options.drainGraceMs,
      orphanMs: this.options.orphanMs,
    };
  }

  private async makeHome(runnerId: string, user: PoolUser | undefined): Promise<string> {
    const home = join(this.options.homes, runnerId);
    await mkdir(home, { mode: 0o700 });
    if (user !== undefined) await chown(home, user.uid, user.gid);
    return home;
  }

  private assign({ child }: Spare, assignment: RunnerAssignment): Promise<void> {
    return new Promise((resolve, reject) => {
      const { stdin } = child;
      if (stdin === null) {
        reject(new Error('the runner process has no input'));
        return;
      }
      stdin.once('error', reject);
      stdin.end(`${JSON.stringify(assignment)}\n`, () => resolve());
    });
  }

  private takeSpare(): Spare {
    const ready = this.spares.shift();
    if (this.options.spares > 0) this.refillLater();
    return ready ?? this.spawn();
  }

  private refillLater(): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.closed && this.spares.length < this.options.spares) this.addSpare();
    }, this.refillDelayMs);
    this.timers.add(timer);
  }

  private addSpare(): void {
    const spare = this.spawn();
    this.spares.push(spare);
    void spare.exited.then((exit) => {
      const index = this.spares.indexOf(spare);
      if (index < 0 || this.closed) return;
      // It died on the shelf; whatever killed it may kill the next one, so that one is given more time.
      this.spares.splice(index, 1);
      this.refillDelayMs = Math.min(this.refillDelayMs * 2, 30_000);
      this.options.log.warn({ ...exit, pid: spare.pid }, 'a spare runner process ended before it was needed');
      this.refillLater();
    });
  }

  private spawn(): Spare {
    const { node, runtime, env } = this.options;
    const main = join(runtime, 'apps', 'runner', 'dist', 'main.js');
    // A group (and session) of its own: signals of a terminal do not reach it, and it can be ended as a whole.
    const child = spawn(node, [...frugal.flags, main], {
      cwd: runtime,
      env: { ...frugal.env, ...env },
      detached: true,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const exited = new Promise<RunnerExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', (error) => {
        this.options.log.error({ err: error, node, main }, 'a runner process cannot be started');
        resolve({ code: 1, signal: null });
      });
    });
    child.stdin?.on('error', () => undefined);
    // A runner outlives its controller; nothing of ours waits for it.
    child.unref();
    return { child, pid: child.pid ?? 0, exited };
  }

  private running(pid: number, exited: Promise<RunnerExit>): RunningRunner {
    const signal = (name: NodeJS.Signals, target = pid): void => {
      try {
        process.kill(target, name);
      } catch {
        // It is gone already.
      }
    };
    return {
      exited,
      drain: () => signal('SIGUSR2'),
      stop: () => signal('SIGTERM'),
      kill: () => signal('SIGKILL', -pid),
    };
  }
}

/**
 * A runner is one of many and mostly waits. A young generation of 2 MiB instead of 16 and two heaps of the C library
 * instead of eight for each core take a third off what a waiting one holds; source maps, which Node.js reads for each
 * module in advance, another eighth.
 */
const frugal = { flags: ['--max-semi-space-size=2'], env: { MALLOC_ARENA_MAX: '2' } } as const;
