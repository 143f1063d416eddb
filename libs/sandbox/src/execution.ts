import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ArtifactRuleError, ArtifactSink } from './artifact-sink.js';
import type { Server } from 'node:net';
import type { EgressGuard } from './egress/guard.js';
import { EgressSession } from './egress/session.js';
import type { Frame, FrameError } from './frames.js';
import type { SandboxExecution, SandboxHandlers } from './host.js';
import type { SandboxJob, SandboxLimits } from './job.js';
import type { Box, BoxExit } from './launch/box.js';
import type { CgroupEvents } from './launch/cgroup.js';
import { msPerTick, proportionalBytes, sampleTree, type TreeSample } from './launch/process-tree.js';
import { type Mount, ownThreads } from './launch/profile.js';
import { judge, type ProgramReport, type StopReason } from './outcome.js';
import type { JobHeader } from './protocol.js';
import type { SandboxError, SandboxResult } from './result.js';

/** What an execution needs of its host. */
export interface ExecutionSetting {
  readonly isolated: boolean;
  readonly guard: EgressGuard;
  readonly limits: SandboxLimits;
  readonly graceMs: number;
  readonly artifactsDir: string;
  readonly extras: ExecutionExtras;
  /** Gives a sandbox for this job, while it lasts. */
  acquire(): Promise<Box>;
  /** Takes the sandbox back after a job that ended well, to be cleaned and used again. Absent: it ends with the job. */
  readonly keep?: (box: Box) => void;
  /** The run that the sandbox is kept for; absent where it may serve any. */
  readonly keptForRun?: string;
  /** The job is under way. */
  onUnderWay(): void;
}

/** What builds need beyond a job. */
export interface ExecutionExtras {
  readonly mounts?: readonly Mount[];
  /** Serves the connections' listening sockets in place of the plain joining of bytes. */
  readonly serveConnections?: (servers: readonly Server[]) => { close(): void };
}

const tailBytes = 8192;
const pollMs = 150;
const longestTimerMs = 2_147_483_647;
const noEvents: CgroupEvents = { oomKilled: false, processLimitHit: false };

/** One attempt from the hand-over to the last trace of its sandbox. */
export class Execution implements SandboxExecution {
  readonly done: Promise<SandboxResult>;

  private readonly sink: ArtifactSink;
  private box: Box | undefined;
  private stop: { reason: StopReason; message: string } | undefined;
  private report: (ProgramReport & { cpuMs: number; peakRssBytes: number }) | undefined;
  private startedAtMs = Date.now();
  private startedMark = performance.now();
  private wallMs: number | undefined;
  private hasStarted = false;
  private stderrTail = '';
  private baseline: TreeSample | undefined;
  private peakRssBytes = 0;
  private cpuMs = 0;
  private processesAtLimit = false;
  private finish: () => void = () => undefined;
  private readonly finished = new Promise<void>((resolve) => {
    this.finish = resolve;
  });
  private served: { close(): void } | undefined;
  private isLastOfRun = false;
  private graceTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly job: SandboxJob,
    private readonly handlers: SandboxHandlers,
    private readonly setting: ExecutionSetting,
  ) {
    this.sink = new ArtifactSink(setting.artifactsDir, setting.limits.artifactBytes);
    this.done = this.run().catch((error: unknown) => this.broken(error));
  }

  /** The run is over: a sandbox that serves this run alone ends with this attempt. */
  runEnded(runId: string): void {
    if (this.setting.keptForRun === runId) this.isLastOfRun = true;
  }

  cancel(reason: string, options: { readonly graceMs?: number } = {}): void {
    this.end('cancelled', reason, options.graceMs);
  }

  async release(): Promise<void> {
    await this.done;
    // The directory is made for the first file.
    if (this.sink.isEmpty) return;
    await rm(this.setting.artifactsDir, { recursive: true, force: true });
  }

  private async run(): Promise<SandboxResult> {
    const box = await this.setting.acquire();
    this.box = box;
    if (this.stop !== undefined) {
      clearTimeout(this.graceTimer);
      await box.dispose();
      return this.result(undefined, noEvents);
    }
    const token = this.setting.isolated ? undefined : randomBytes(16).toString('hex');
    const session = this.openSession(box, token);
    if (box.proxyServer !== undefined) session.serveProxy(box.proxyServer);
    const timers = this.startTimers(box);
    let exit: BoxExit | undefined;
    let kept = false;
    try {
      await this.handOver(box, session, token);
      this.setting.onUnderWay();
      exit = await Promise.race([this.finished.then(() => undefined), box.exited]);
      this.wallMs = performance.now() - this.startedMark;
      // The kernel counts CPU time in ticks; of what was shorter, init's own account is as good.
      if (exit !== undefined || this.wallMs >= msPerTick) this.sample();
      kept = await this.mayKeep(box, exit);
    } finally {
      this.wallMs ??= performance.now() - this.startedMark;
      for (const timer of timers) clearTimeout(timer);
      clearTimeout(this.graceTimer);
      if (!kept) await box.dispose();
      session.close({ keepListening: kept });
      this.served?.close();
      if (kept) this.setting.keep?.(box);
    }
    return this.result(exit, kept ? noEvents : box.kernelEvents);
  }

  /** Only after a success, and only when everything that the code wrote has arrived. */
  private async mayKeep(box: Box, exit: BoxExit | undefined): Promise<boolean> {
    if (this.setting.keep === undefined || exit !== undefined || this.report?.ok !== true) return false;
    return this.canGoOn(box) && (await box.isDrained()) && this.canGoOn(box);
  }

  private canGoOn(box: Box): boolean {
    return this.stop === undefined && !this.isLastOfRun && !box.hasExited;
  }

  private openSession(box: Box, token: string | undefined): EgressSession {
    const { egress, connections } = this.job;
    const policy = egress ?? { open: [] };
    const allowPorts = [...(policy.allowPorts ?? [80, 443]), ...(connections ?? []).map((entry) => entry.port)];
    const onRefused = this.handlers.onEgressRefused?.bind(this.handlers);
    return new EgressSession(this.setting.guard, {
      policy: { open: policy.open, allowPorts },
      onConnectionRefused: (connection, { message }) => box.tell({ type: 'refused', connection, message }),
      ...(onRefused === undefined ? {} : { onRefused }),
      ...(token === undefined ? {} : { token }),
    });
  }

  private startTimers(box: Box): NodeJS.Timeout[] {
    if (box.root !== undefined) {
      // Nothing has run in a sandbox since it was found clean.
      this.baseline = box.cleanSample ?? sampleTree(box.root);
      box.bootBytes ??= this.baseline.privateBytes;
    }
    const { timeoutMs } = this.job;
    const timeout = setTimeout(
      () => this.end('timed_out', `the time limit of ${timeoutMs} ms was reached`),
      Math.min(timeoutMs, longestTimerMs),
    );
    return [timeout, setInterval(() => this.sample(), pollMs)];
  }

  private async handOver(box: Box, session: EgressSession, proxyToken: string | undefined): Promise<void> {
    const { job } = this;
    const connections = job.connections ?? [];
    const { outputBytes, artifactBytes, memoryBytes } = this.setting.limits;
    const header: JobHeader = {
      type: 'job',
      program: box.placeProgram(job.program),
      context: job.context,
      env: job.env ?? {},
      secrets: job.secrets ?? {},
      connections: connections.map(({ host, port: _port, tls, options, ...rest }) => ({
        ...rest,
        serverName: host,
        tls: tls ?? 'disable',
        options: options ?? {},
      })),
      ...(proxyToken === undefined ? {} : { proxyToken }),
      ...(this.setting.keep === undefined ? {} : { endMark: newMark() }),
      limits: { outputBytes, artifactBytes, memoryBytes },
    };
    const servers = await box.give(header, Buffer.from(job.inputJson, 'utf8'), {
      onFrame: (frame) => this.take(frame),
      onFrameError: (error) => this.misframed(error),
      onLog: (stream, bytes) => this.log(stream, bytes),
    });
    const { serveConnections } = this.setting.extras;
    if (serveConnections !== undefined) {
      this.served = serveConnections(servers);
      return;
    }
    servers.forEach((server, index) => {
      const target = connections[index];
      if (target !== undefined) session.serveConnection(server, target, index);
    });
  }

  private take({ header, body }: Frame): void {
    const frame = (typeof header === 'object' && header !== null ? header : {}) as Record<string, unknown>;
    try {
      switch (frame['type']) {
        case 'started':
          this.started();
          return;
        case 'result':
          if (body.length > this.setting.limits.outputBytes) this.refuseOutput();
          else this.report ??= readReport(frame, body);
          return;
        case 'artifact':
          this.sink.begin(frame['name'], frame['sizeBytes'], frame['contentType']);
          return;
        case 'chunk':
          this.sink.write(body);
          return;
        case 'done':
          this.finish();
          return;
        default:
          throw new ArtifactRuleError('the sandbox said something that has no meaning');
      }
    } catch (error) {
      this.end('protocol', (error as Error).message, 0);
    }
  }

  private started(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.startedAtMs = Date.now();
    this.startedMark = performance.now();
    this.handlers.onStarted?.();
  }

  private misframed(error: FrameError): void {
    if (error.reason === 'body_too_large') this.refuseOutput();
    else this.end('protocol', error.message, 0);
  }

  private refuseOutput(): void {
    this.end('output_too_large', `the output is over the limit of ${this.setting.limits.outputBytes} bytes`, 0);
  }

  private log(stream: 'stdout' | 'stderr', bytes: Buffer): void | Promise<void> {
    if (stream === 'stderr') this.stderrTail = (this.stderrTail + bytes.toString('utf8')).slice(-tailBytes);
    return this.handlers.onLog?.(stream, bytes, Date.now());
  }

  /** Looks at what the sandbox uses, for the account and for the limits that the kernel does not hold by itself. */
  private sample(): void {
    const { box, baseline } = this;
    if (box?.root === undefined || baseline === undefined) return;
    const now = sampleTree(box.root);
    if (now.pids.length === 0) return;
    const { limits } = this.setting;
    this.peakRssBytes = Math.max(this.peakRssBytes, now.rssBytes);
    this.cpuMs = Math.max(this.cpuMs, now.cpuMs - baseline.cpuMs);
    if (this.setting.isolated && now.threads >= limits.processes + ownThreads - 1) this.processesAtLimit = true;
    if (this.isOverMemory(now, box.bootBytes ?? 0)) {
      this.end('memory', `the task's processes used more than ${limits.memoryBytes} bytes of memory together`, 0);
    }
    if (limits.cpuMs !== undefined && this.cpuMs > limits.cpuMs) {
      this.end('cpu_time', `the limit of ${limits.cpuMs} ms of CPU time was reached`);
    }
  }

  /** The cheap sum can only be too high; only above the limit is the exact one worth its price. */
  private isOverMemory(now: TreeSample, bootBytes: number): boolean {
    const limit = this.setting.limits.memoryBytes + bootBytes;
    return now.privateBytes > limit && (proportionalBytes(now.pids) ?? 0) > limit;
  }

  private end(reason: StopReason, message: string, graceMs = this.setting.graceMs): void {
    if (this.stop !== undefined) {
      // Who has lost patience may cut the grace short; the reason stays the first one.
      if (graceMs <= 0) this.finish();
      return;
    }
    this.stop = { reason, message };
    if (graceMs <= 0) {
      this.finish();
      return;
    }
    this.sample();
    this.box?.terminate();
    this.graceTimer = setTimeout(() => this.finish(), graceMs);
  }

  private result(exit: BoxExit | undefined, kernel: CgroupEvents): SandboxResult {
    this.sink.finish();
    const verdict = judge({
      ...(this.stop === undefined ? {} : { stop: this.stop }),
      ...(this.report === undefined ? {} : { report: this.report }),
      ...(exit === undefined ? {} : { exit }),
      stderrTail: this.stderrTail,
      kernel,
      processesAtLimit: this.processesAtLimit,
      limits: this.setting.limits,
    });
    const output = verdict.outcome === 'succeeded' ? { outputJson: this.report?.outputJson ?? 'null' } : {};
    return { ...verdict, ...output, artifacts: this.sink.artifacts, ...this.timesAndUsage() };
  }

  private broken(error: unknown): SandboxResult {
    const { message } = error as Error;
    const crash: SandboxError = { name: 'SandboxError', message, code: 'crashed' };
    return { outcome: 'crashed', error: crash, artifacts: [], ...this.timesAndUsage() };
  }

  private timesAndUsage(): Pick<SandboxResult, 'usage' | 'startedAtMs' | 'endedAtMs'> {
    const wallMs = this.wallMs ?? performance.now() - this.startedMark;
    return {
      usage: {
        wallMs,
        cpuMs: Math.max(this.cpuMs, this.report?.cpuMs ?? 0),
        peakRssBytes: Math.max(this.peakRssBytes, this.report?.peakRssBytes ?? 0),
      },
      startedAtMs: this.startedAtMs,
      endedAtMs: Math.round(this.startedAtMs + wallMs),
    };
  }
}

/** Random bytes are dear to ask for one by one. */
let randomness = Buffer.alloc(0);
const markBytes = 16;

/** Nothing that a job writes can be taken for it. */
function newMark(): string {
  if (randomness.length < markBytes) randomness = randomBytes(64 * markBytes);
  const mark = randomness.toString('hex', 0, markBytes);
  randomness = randomness.subarray(markBytes);
  return `\0${mark}\0`;
}

/** Reads a result that the task's own code might have written. */
function readReport(
  frame: Record<string, unknown>,
  body: Buffer,
): ProgramReport & { cpuMs: number; peakRssBytes: number } {
  const usage = { cpuMs: amount(frame['cpuMs']), peakRssBytes: amount(frame['peakRssBytes']) };
  if (frame['ok'] === true) {
    const outputJson = body.toString('utf8');
    // It is stored and sent on as JSON by others, who trust that it is.
    JSON.parse(outputJson);
    return { ok: true, outputJson, ...usage };
  }
  const exitCode = frame['exitCode'];
  const signal = frame['signal'];
  return {
    ok: false,
    error: readError(frame['error']),
    ...(typeof exitCode === 'number' ? { exitCode } : {}),
    ...(typeof signal === 'string' && /^SIG[A-Z0-9+]{1,12}$/.test(signal) ? { signal } : {}),
    ...usage,
  };
}

function readError(value: unknown): SandboxError {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (name: string): string | undefined => {
    const field = fields[name];
    return typeof field === 'string' ? field.slice(0, 20_000) : undefined;
  };
  const stack = text('stack');
  const code = text('code');
  const { retryable } = fields;
  return {
    name: text('name') ?? 'Error',
    message: text('message') ?? 'the task failed',
    ...(stack === undefined ? {} : { stack }),
    ...(code === undefined ? {} : { code }),
    ...(typeof retryable === 'boolean' ? { retryable } : {}),
  };
}

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
