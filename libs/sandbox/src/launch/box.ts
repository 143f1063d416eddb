import { randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { encodeFrame, type Frame, type FrameError, FrameReader } from '../frames.js';
import type { SandboxProgram } from '../job.js';
import { chunkBytes, type CleanHeader, type JobHeader, maxHeaderBytes, type RefusedHeader } from '../protocol.js';
import { BoxLogs, type LogSink } from './box-logs.js';
import { type BoxProcess, startBoxProcess } from './box-process.js';
import { BoxRemains } from './box-remains.js';
import { layOutPlain } from './box-layout.js';
import { type CgroupEvents, SandboxCgroup } from './cgroup.js';
import { makeShared } from './host-files.js';
import type { BoxSpec, LaunchPad } from './launch-pad.js';
import { processTree, signalProcess, type TreeSample } from './process-tree.js';
import { ownThreads } from './profile.js';

export interface BoxExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Who listens to a box once it has its job. */
export interface BoxListener {
  onFrame(frame: Frame): void;
  onFrameError(error: FrameError): void;
  readonly onLog: LogSink;
}

/** What init says about its cleaning has to come within this time. */
const cleanMs = 2_000;

let nextBox = 1;

/** One started sandbox with its init program, from the launch to the last trace. It serves one job at a time. */
export class Box {
  readonly directory: string;
  /** Resolves when init waits for its job; rejects with what the sandbox said where it ended before. */
  readonly ready: Promise<void>;
  readonly exited: Promise<BoxExit>;
  /** Where the proxy's connections are accepted, handed out by init. */
  proxyServer: Server | undefined;
  isReady = false;
  hasExited = false;
  /** Jobs that it was given. */
  uses = 0;
  /** Private memory before its first job. */
  bootBytes: number | undefined;
  /** What it used when it was last found clean, for the account of the next job. */
  cleanSample: TreeSample | undefined;

  private readonly process: BoxProcess;
  private readonly logs: BoxLogs;
  private readonly closed: Promise<unknown>;
  private readonly connectionServers: Server[] = [];
  private listener: BoxListener | undefined;
  private settleReady: { resolve(): void; reject(error: Error): void } = { resolve: noop, reject: noop };
  private cgroup: SandboxCgroup | undefined;
  private events: CgroupEvents | undefined;
  private remains: BoxRemains | undefined;
  private onConnections: (() => void) | undefined;
  /** Init has said that the job is over; what comes after it is about the cleaning. */
  private isJobOver = false;
  private cleaned: readonly string[] | undefined;
  private onCleaned: ((left: readonly string[]) => void) | undefined;
  private readonly bundleInode: number | undefined;

  private constructor(
    private readonly pad: LaunchPad,
    private readonly spec: BoxSpec,
    directory: string,
  ) {
    this.directory = directory;
    this.bundleInode = inodeOf(spec.bundle?.bundleDir);
    this.ready = new Promise<void>((resolve, reject) => {
      this.settleReady = { resolve, reject };
    });
    // A spare that dies while nobody waits for it is no unhandled rejection.
    this.ready.catch(noop);
    this.process = startBoxProcess(pad, spec, directory);
    const { child } = this;
    this.logs = new BoxLogs({ stdout: child.stdout, stderr: child.stderr }, () => this.isReady);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => this.afterExit({ code, signal }, resolve));
      child.once('error', (error) => {
        this.logs.early += error.message;
        this.afterExit({ code: null, signal: null }, resolve);
      });
    });
    // Not the child's own `close` event: it never comes where the parent closed the process channel first.
    this.closed = Promise.all([child.stdout, child.stderr, this.control].map(closeOf));
    this.listen();
  }

  /** Starts a sandbox; it boots by itself. */
  static async launch(pad: LaunchPad, spec: BoxSpec): Promise<Box> {
    const directory = join(pad.boxesDir, String(nextBox++));
    await makeShared(directory);
    if (!pad.isolated) await layOutPlain(directory, spec.bundle, pad.runAs);
    return new Box(pad, spec, directory);
  }

  /** The program as init finds it: `/bundle/…` is where the bundle is for this box. */
  placeProgram(program: SandboxProgram): SandboxProgram {
    if (this.pad.isolated) return program;
    const place = (path: string): string => join(this.directory, path.slice(1));
    if ('entry' in program) return { ...program, entry: place(program.entry) };
    if ('file' in program) return { ...program, file: place(program.file) };
    return program;
  }

  /** A Python job needs one that was started with an interpreter, if it is to be kept. */
  get servesPython(): boolean {
    return this.spec.python;
  }

  /** False where the bundle's directory was removed since the launch: what is mounted is an empty place then. */
  hasItsBundle(): boolean {
    return inodeOf(this.spec.bundle?.bundleDir) === this.bundleInode;
  }

  /** Hands over a job. Resolves when the connections' listening sockets have arrived and the host has let go. */
  async give(header: JobHeader, inputJson: Uint8Array, listener: BoxListener): Promise<readonly Server[]> {
    this.listener = listener;
    this.logs.sink = listener.onLog;
    this.logs.expectMark(header.endMark);
    this.uses += 1;
    this.isJobOver = false;
    this.cleaned = undefined;
    const hasAll = (): boolean => this.connectionServers.filter(Boolean).length === header.connections.length;
    if (hasAll()) this.letGo();
    this.write(header, inputJson);
    if (!hasAll()) await this.connected(hasAll);
    this.letGo();
    return this.connectionServers;
  }

  /** Nothing that the task's code writes may ever reach Node's own channel of this process. */
  private letGo(): void {
    if (this.child.connected) this.child.disconnect();
  }

  /** Says something to init while it has a job. */
  tell(header: RefusedHeader): void {
    if (!this.hasExited) this.write(header);
  }

  /** Resolves when everything that the job wrote has been handed on; false where that cannot be known. */
  isDrained(): Promise<boolean> {
    return this.logs.isDrained();
  }

  /**
   * Removes what a job left: its processes, its files, its environment. Init began with its part when the job was
   * over; the host ends the processes, and looks itself whether all is gone.
   * @returns why the sandbox cannot serve another job; undefined where it can.
   */
  async clean(maxBytes: number): Promise<string | undefined> {
    this.listener = undefined;
    this.logs.sink = undefined;
    this.logs.expectMark(undefined);
    const { remains } = this;
    if (remains === undefined) return 'it ended';
    let left = await this.awaitCleaned();
    if (left.length === 0 && remains.hasStrangers()) {
      if (!(await this.endStrangers(remains))) return 'its processes do not end';
      // While they lived they may have written again.
      const header: CleanHeader = { type: 'clean' };
      this.write(header);
      left = await this.awaitCleaned();
    }
    if (left.length > 0) return `left behind: ${left.join(', ')}`;
    if (this.hasExited) return 'it ended';
    const { oomKilled, processLimitHit } = this.kernelEvents;
    // The kernel's counters cannot be set back: the next job's end would be taken for it.
    if (oomKilled || processLimitHit) return 'it has met a limit';
    const found = remains.judge();
    if (typeof found === 'string') return found;
    this.cleanSample = found;
    return found.privateBytes > maxBytes ? `it has grown to ${found.privateBytes} bytes` : undefined;
  }

  /** Pids of everything inside without the namespace's own pid 1; the init program first. */
  get pids(): readonly number[] {
    const { root } = this;
    if (root === undefined) return [];
    const tree = processTree(root);
    return this.pad.isolated ? tree.slice(1) : tree;
  }

  get root(): number | undefined {
    return this.hasExited ? undefined : this.process.rootPid();
  }

  /** TERM to every process inside. */
  terminate(): void {
    for (const pid of this.pids) signalProcess(pid, 'SIGTERM');
  }

  /** KILL of everything: with the namespace's pid 1 the kernel ends all that is in it. */
  kill(): void {
    if (this.hasExited) return;
    const { child, root } = this;
    if (!this.pad.isolated) {
      for (const pid of this.pids) signalProcess(pid, 'SIGKILL');
      if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
    } else if (root !== undefined) {
      signalProcess(root, 'SIGKILL');
    }
    child.kill('SIGKILL');
  }

  /** Kills, drains what was written, and removes every trace on the host. */
  async dispose(): Promise<void> {
    this.kill();
    await this.exited;
    // Without a namespace a daemonised process may hold the pipes open for ever.
    const patience = new Promise<void>((resolve) => setTimeout(resolve, this.pad.isolated ? 5000 : 300).unref());
    await Promise.race([this.closed, patience]);
    for (const stream of this.child.stdio) stream?.destroy();
    if (this.cgroup !== undefined) {
      this.events = this.cgroup.events();
      this.cgroup.close();
      removeSoon(this.cgroup);
    }
    this.remains?.close();
    for (const server of [this.proxyServer, ...this.connectionServers]) server?.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** What the kernel counted; asked after the end. */
  get kernelEvents(): CgroupEvents {
    return this.events ?? this.cgroup?.events() ?? { oomKilled: false, processLimitHit: false };
  }

  private get child(): ChildProcess {
    return this.process.child;
  }

  private get control(): Duplex {
    return this.process.control;
  }

  /** Resolves when the connections' listening sockets are there, or will not come any more. */
  private async connected(hasAll: () => boolean): Promise<void> {
    const arrived = new Promise<void>((resolve) => {
      this.onConnections = (): void => {
        if (hasAll()) resolve();
      };
    });
    await Promise.race([arrived, this.exited]);
  }

  private write(header: JobHeader | RefusedHeader | CleanHeader, body?: Uint8Array): void {
    const parts = encodeFrame(header, body);
    // One piece wakes the other side once; a large body is not worth the copy.
    if ((body?.length ?? 0) < chunkBytes) this.control.write(Buffer.concat(parts));
    else for (const part of parts) this.control.write(part);
  }

  private async awaitCleaned(): Promise<readonly string[]> {
    if (this.cleaned === undefined) {
      let timer: NodeJS.Timeout | undefined;
      const said = new Promise<readonly string[]>((resolve) => {
        this.onCleaned = resolve;
        timer = setTimeout(() => resolve(['no answer']), cleanMs).unref();
      });
      this.cleaned = await Promise.race([said, this.exited.then(() => ['nothing: it ended'])]);
      clearTimeout(timer);
      this.onCleaned = undefined;
    }
    const { cleaned } = this;
    this.cleaned = undefined;
    return cleaned;
  }

  /** False where that does not work. */
  private async endStrangers(remains: BoxRemains): Promise<boolean> {
    for (let tries = 0; tries < 100; tries += 1) {
      if (!remains.hasStrangers()) return true;
      for (const pid of remains.strangers()) signalProcess(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, tries < 10 ? 1 : 10));
    }
    return false;
  }

  private async enterCgroup(pids: readonly number[]): Promise<void> {
    const { cgroupParent } = this.pad;
    if (cgroupParent === undefined) return;
    const name = `millrace-${process.pid}-${randomBytes(4).toString('hex')}`;
    this.cgroup = SandboxCgroup.create(cgroupParent, name, this.spec.limits, ownThreads);
    await this.cgroup?.add(pids);
  }

  private listen(): void {
    this.child.on('message', (message, handle) => {
      const { listener, index } = message as { listener?: string; index?: number };
      if (handle === undefined) return;
      // Between two jobs nobody is to be reached.
      (handle as Server).on('connection', (socket: Socket) => {
        if (this.listener === undefined) socket.destroy();
      });
      if (listener === 'proxy') this.proxyServer = handle as Server;
      if (listener === 'connection' && index !== undefined) {
        this.connectionServers[index] = handle as Server;
        this.onConnections?.();
      }
    });
    const limits = { headerBytes: maxHeaderBytes, bodyBytes: Math.max(this.spec.limits.outputBytes, chunkBytes) };
    const reader = new FrameReader(
      limits,
      (frame) => this.frame(frame),
      (error) => this.listener?.onFrameError(error),
    );
    this.control.on('data', (chunk: Buffer) => reader.push(chunk));
    this.control.on('error', noop);
  }

  private frame(frame: Frame): void {
    if (!this.isReady) {
      void this.becomeReady();
      return;
    }
    const { type } = (frame.header ?? {}) as { readonly type?: unknown };
    if (this.listener === undefined || (this.isJobOver && type === 'cleaned')) {
      this.takeCleaned(frame);
      return;
    }
    this.listener.onFrame(frame);
    if (type === 'done') this.isJobOver = true;
  }

  private async becomeReady(): Promise<void> {
    this.isReady = true;
    const { root } = this;
    if (root !== undefined) {
      this.remains = new BoxRemains(root, this.pad.isolated, this.directory);
      // Moving processes between groups can take the kernel milliseconds: before the job, not after.
      await this.enterCgroup(this.remains.own);
      // An interpreter that is still starting is not to be charged to the first job.
      if (!this.spec.python && !this.hasExited) this.cleanSample = this.remains.sample();
    }
    this.settleReady.resolve();
  }

  /** Between two jobs init says one thing only; anything else comes from a job that is over. */
  private takeCleaned({ header }: Frame): void {
    const { type, left } = (header ?? {}) as { type?: unknown; left?: unknown };
    if (type !== 'cleaned' || !Array.isArray(left) || this.cleaned !== undefined) {
      this.kill();
      return;
    }
    this.cleaned = left.map(String).slice(0, 20);
    this.onCleaned?.(this.cleaned);
  }

  private afterExit(exit: BoxExit, resolve: (exit: BoxExit) => void): void {
    this.hasExited = true;
    if (!this.isReady) {
      const how = exit.signal ?? `exit code ${exit.code ?? 'unknown'}`;
      this.settleReady.reject(new Error(`the sandbox did not start (${how}): ${this.logs.early.trim()}`));
    }
    resolve(exit);
  }
}

function inodeOf(path: string | undefined): number | undefined {
  return path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.ino;
}

function closeOf(stream: Readable | null): Promise<void> {
  return new Promise((resolve) => {
    if (stream === null || stream.closed) resolve();
    else stream.once('close', () => resolve());
  });
}

/** The kernel takes a moment to forget the processes of a group. */
function removeSoon(cgroup: SandboxCgroup, tries = 20): void {
  if (cgroup.remove() || tries === 0) return;
  setTimeout(() => removeSoon(cgroup, tries - 1), 50);
}

function noop(): void {
  // Nothing to do.
}
