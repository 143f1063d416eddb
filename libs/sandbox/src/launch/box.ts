import { randomBytes } from 'node:crypto';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { encodeFrame, type Frame, type FrameError, FrameReader } from '../frames.js';
import { LogMark } from '../log-marks.js';
import type { SandboxProgram } from '../job.js';
import {
  chunkBytes,
  type CleanHeader,
  type InitConfig,
  type JobHeader,
  maxHeaderBytes,
  type RefusedHeader,
} from '../protocol.js';
import { type CgroupEvents, SandboxCgroup } from './cgroup.js';
import { bundleMounts, layOutPlain, nodeInside, ownMounts, searchPath } from './box-layout.js';
import { makeShared } from './host-files.js';
import type { BoxSpec, LaunchPad } from './launch-pad.js';
import { processTree, sampleTree, signalProcess, threadsOf, type TreeSample } from './process-tree.js';
import { baseEnvironment, bubblewrapFlags, inside, nodeFlags, ownThreads, resourceLimits } from './profile.js';

export interface BoxExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Who listens to a box once it has its job. */
export interface BoxListener {
  onFrame(frame: Frame): void;
  onFrameError(error: FrameError): void;
  onLog(stream: 'stdout' | 'stderr', bytes: Buffer): void | Promise<void>;
}

/** What init answers to `clean` has to come within this time. */
const cleanMs = 2_000;

const fd = { control: 4, args: 5, seccomp: 6, info: 7 } as const;
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

  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  /** Host pid of the namespace's pid 1 (of init itself where there is no namespace). */
  private rootPid: number | undefined;
  private readonly connectionServers: Server[] = [];
  private listener: BoxListener | undefined;
  private earlyErrors = '';
  private settleReady: { resolve(): void; reject(error: Error): void } = { resolve: noop, reject: noop };
  private cgroup: SandboxCgroup | undefined;
  private events: CgroupEvents | undefined;
  private onConnections: (() => void) | undefined;
  private onCleaned: ((left: readonly string[]) => void) | undefined;
  private marks: Readonly<Record<'stdout' | 'stderr', LogMark>> | undefined;
  /** Of the processes that were there before any job, with the threads of init. */
  private own: { readonly init: number | undefined; readonly pids: ReadonlySet<number>; readonly initThreads: number } =
    {
      init: undefined,
      pids: new Set(),
      initThreads: 0,
    };
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
    this.child = pad.isolated ? this.startIsolated() : this.startPlain();
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => this.afterExit({ code, signal }, resolve));
      this.child.once('error', (error) => {
        this.earlyErrors += error.message;
        this.afterExit({ code: null, signal: null }, resolve);
      });
    });
    // Not the child's own `close` event: it never comes where the parent closed the process channel first.
    this.closed = Promise.all([this.child.stdout, this.child.stderr, this.control].map(closeOf));
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
    this.uses += 1;
    const { endMark } = header;
    if (endMark !== undefined) {
      const mark = Buffer.from(endMark, 'latin1');
      this.marks = { stdout: new LogMark(mark), stderr: new LogMark(mark) };
    }
    const connected = new Promise<void>((resolve) => {
      this.onConnections = (): void => {
        if (this.connectionServers.filter(Boolean).length === header.connections.length) resolve();
      };
      this.onConnections();
    });
    for (const part of encodeFrame(header, inputJson)) this.control.write(part);
    await Promise.race([connected, this.exited]);
    // Nothing that the task's code writes may ever reach Node's own channel of this process.
    if (this.child.connected) this.child.disconnect();
    return this.connectionServers;
  }

  /** Says something to init while it has a job. */
  tell(header: RefusedHeader): void {
    if (!this.hasExited) for (const part of encodeFrame(header)) this.control.write(part);
  }

  /** Resolves when everything that the job wrote has been handed on; false where that cannot be known. */
  async isDrained(): Promise<boolean> {
    const { marks } = this;
    if (marks === undefined) return false;
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1_000).unref());
    return Promise.race([
      Promise.all([marks.stdout.seen, marks.stderr.seen]).then((seen) => seen.every(Boolean)),
      late,
    ]);
  }

  /**
   * Removes what a job left: its processes, its files, its environment. The host looks itself whether they are gone.
   * @returns why the sandbox cannot serve another job; undefined where it can.
   */
  async clean(maxBytes: number): Promise<string | undefined> {
    this.listener = undefined;
    this.marks = undefined;
    for (let tries = 0; ; tries += 1) {
      const strangers = this.pids.filter((pid) => !this.own.pids.has(pid));
      if (strangers.length === 0) break;
      if (tries === 100) return 'its processes do not end';
      for (const pid of strangers) signalProcess(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, tries < 10 ? 1 : 10));
    }
    const cleaned = new Promise<readonly string[]>((resolve) => {
      this.onCleaned = resolve;
    });
    const header: CleanHeader = { type: 'clean' };
    for (const part of encodeFrame(header)) this.control.write(part);
    const late = new Promise<readonly string[]>((resolve) => {
      setTimeout(() => resolve(['no answer']), cleanMs).unref();
    });
    const left = await Promise.race([cleaned, late, this.exited.then(() => ['nothing: it ended'])]);
    this.onCleaned = undefined;
    if (left.length > 0) return `left behind: ${left.join(', ')}`;
    return this.lookAround(maxBytes);
  }

  /** Pids of everything inside without the namespace's own pid 1; the init program first. */
  get pids(): readonly number[] {
    if (this.rootPid === undefined || this.hasExited) return [];
    const tree = processTree(this.rootPid);
    return this.pad.isolated ? tree.slice(1) : tree;
  }

  get root(): number | undefined {
    return this.hasExited ? undefined : this.rootPid;
  }

  /** TERM to every process inside. */
  terminate(): void {
    for (const pid of this.pids) signalProcess(pid, 'SIGTERM');
  }

  /** KILL of everything: with the namespace's pid 1 the kernel ends all that is in it. */
  kill(): void {
    if (this.hasExited) return;
    if (!this.pad.isolated) {
      for (const pid of this.pids) signalProcess(pid, 'SIGKILL');
      if (this.child.pid !== undefined) signalProcess(-this.child.pid, 'SIGKILL');
    } else if (this.rootPid !== undefined) {
      signalProcess(this.rootPid, 'SIGKILL');
    }
    this.child.kill('SIGKILL');
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
      removeSoon(this.cgroup);
    }
    for (const server of [this.proxyServer, ...this.connectionServers]) server?.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Init may have been talked into anything by the job's code: what can be seen from outside is looked at from there. */
  private lookAround(maxBytes: number): string | undefined {
    const { init: initPid } = this.own;
    if (initPid === undefined || this.root === undefined) return 'it ended';
    const files = this.scratch(initPid).filter((path) => readdirSync(path).length > 0);
    if (files.length > 0) return 'files are left';
    if (threadsOf(initPid) > this.own.initThreads) return 'threads are left';
    const sample = sampleTree(this.root);
    const { privateBytes, pids } = sample;
    if (pids.slice(this.pad.isolated ? 1 : 0).some((pid) => !this.own.pids.has(pid))) return 'processes are left';
    this.cleanSample = sample;
    return privateBytes > maxBytes ? `it has grown to ${privateBytes} bytes` : undefined;
  }

  /** Where jobs can write, as seen from the host. Only these directories themselves are ever read: they are mounts. */
  private scratch(initPid: number): string[] {
    if (!this.pad.isolated) return [join(this.directory, 'task'), join(this.directory, 'tmp')];
    return [inside.task, inside.tmp, '/dev/shm'].map((path) => `/proc/${initPid}/root${path}`);
  }

  private get control(): Duplex {
    return this.child.stdio[fd.control] as Duplex;
  }

  /** What the kernel counted; asked after the end. */
  get kernelEvents(): CgroupEvents {
    return this.events ?? this.cgroup?.events() ?? { oomKilled: false, processLimitHit: false };
  }

  private enterCgroup(): void {
    const { cgroupParent } = this.pad;
    if (cgroupParent === undefined) return;
    const name = `millrace-${process.pid}-${randomBytes(4).toString('hex')}`;
    this.cgroup = SandboxCgroup.create(cgroupParent, name, this.spec.limits, ownThreads);
    this.cgroup?.add(this.pids);
  }

  private startIsolated(): ChildProcess {
    const { pad, spec } = this;
    const flags = bubblewrapFlags({
      limits: spec.limits,
      mounts: [...ownMounts(pad), ...bundleMounts(spec.bundle), ...(spec.mounts ?? [])],
      etc: pad.files.etc,
      environment: { ...baseEnvironment, PATH: searchPath(pad), ...spec.environment },
      seccompFd: fd.seccomp,
      infoFd: fd.info,
      roots: pad.roots,
    });
    const command = [
      ...[pad.prlimitPath, ...resourceLimits(spec.limits, pad.nodeDataBytes), '--'],
      ...[nodeInside(pad.nodePath), ...nodeFlags(spec.limits), inside.init, JSON.stringify(this.initConfig())],
    ];
    const seccomp = openSync(pad.files.seccomp, 'r');
    const child = spawn(pad.bubblewrapPath, ['--args', String(fd.args), '--', ...command], {
      env: {},
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe', seccomp, 'pipe'],
      ...(pad.runAs ?? {}),
    });
    closeSync(seccomp);
    // The types of `stdio` end at the fifth.
    const streams: readonly unknown[] = child.stdio;
    const args = streams[fd.args] as Duplex;
    args.on('error', noop);
    // Unread, a stream never closes, and the child would never be seen to have.
    args.resume();
    args.end(flags.map((flag) => `${flag}\0`).join(''));
    let info = '';
    (streams[fd.info] as Readable).on('data', (chunk: Buffer) => {
      info += chunk.toString('utf8');
      this.rootPid ??= childPid(info);
    });
    return child;
  }

  private startPlain(): ChildProcess {
    const { pad, spec } = this;
    const task = join(this.directory, 'task');
    const tmp = join(this.directory, 'tmp');
    const flags = [...nodeFlags(spec.limits), '--preserve-symlinks', '--preserve-symlinks-main'];
    const child = spawn(pad.nodePath, [...flags, pad.files.init, JSON.stringify(this.initConfig())], {
      env: { ...baseEnvironment, PATH: searchPath(pad), HOME: task, TMPDIR: tmp, ...spec.environment },
      cwd: this.directory,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      ...(pad.runAs ?? {}),
    });
    this.rootPid = child.pid;
    return child;
  }

  private initConfig(): InitConfig {
    const { pad, spec } = this;
    const python = pad.pythonPath === undefined ? {} : { pythonPath: pad.pythonPath };
    const closeFds = pad.inheritedFds.filter((inherited) => inherited > fd.info);
    if (pad.isolated) {
      return {
        ...python,
        closeFds,
        bootstrapPath: inside.bootstrap,
        undiciPath: inside.undici,
        serves: pad.serves,
        warmPython: spec.python,
        builtins: Object.fromEntries(Object.keys(pad.files.builtins).map((name) => [name, inside.builtin(name)])),
        paths: {
          bundle: inside.bundle,
          ...(spec.bundle?.pipDir === undefined ? {} : { pip: inside.pip }),
          task: inside.task,
          tmp: inside.tmp,
          shm: '/dev/shm',
        },
      };
    }
    return {
      ...python,
      closeFds,
      bootstrapPath: pad.files.bootstrap,
      undiciPath: pad.files.undici,
      serves: pad.serves,
      warmPython: spec.python,
      builtins: pad.files.builtins,
      paths: {
        bundle: join(this.directory, 'bundle'),
        ...(spec.bundle?.pipDir === undefined ? {} : { pip: spec.bundle.pipDir }),
        task: join(this.directory, 'task'),
        tmp: join(this.directory, 'tmp'),
      },
    };
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
    this.forwardLog('stdout', this.child.stdout);
    this.forwardLog('stderr', this.child.stderr);
  }

  private frame(frame: Frame): void {
    if (this.isReady) {
      if (this.listener === undefined) this.takeCleaned(frame);
      else this.listener.onFrame(frame);
      return;
    }
    this.isReady = true;
    const { pids } = this;
    const [init] = pids;
    this.own = { init, pids: new Set(pids), initThreads: init === undefined ? 0 : threadsOf(init) };
    // Moving processes between groups can take the kernel milliseconds: before the job, not after.
    this.enterCgroup();
    this.settleReady.resolve();
  }

  /** Between two jobs init says one thing only; anything else comes from a job that is over. */
  private takeCleaned({ header }: Frame): void {
    const { type, left } = (header ?? {}) as { type?: unknown; left?: unknown };
    const { onCleaned } = this;
    if (type === 'cleaned' && Array.isArray(left) && onCleaned !== undefined) onCleaned(left.map(String).slice(0, 20));
    else this.kill();
  }

  private forwardLog(name: 'stdout' | 'stderr', stream: Readable | null): void {
    stream?.on('error', noop);
    stream?.once('close', () => {
      const rest = this.marks?.[name].end();
      if (rest !== undefined && rest.length > 0) void this.listener?.onLog(name, rest);
    });
    stream?.on('data', (chunk: Buffer) => {
      if (this.listener === undefined) {
        if (!this.isReady) this.earlyErrors = (this.earlyErrors + chunk.toString('utf8')).slice(-4096);
        return;
      }
      const bytes = this.marks === undefined ? chunk : this.marks[name].take(chunk);
      if (bytes.length === 0) return;
      const taken = this.listener.onLog(name, bytes);
      if (!(taken instanceof Promise)) return;
      // A full pipe makes the task wait: that is how a slow log store slows what it must keep.
      stream.pause();
      void taken.finally(() => stream.resume());
    });
  }

  private afterExit(exit: BoxExit, resolve: (exit: BoxExit) => void): void {
    this.hasExited = true;
    if (!this.isReady) {
      const how = exit.signal ?? `exit code ${exit.code ?? 'unknown'}`;
      this.settleReady.reject(new Error(`the sandbox did not start (${how}): ${this.earlyErrors.trim()}`));
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

function childPid(info: string): number | undefined {
  const match = /"child-pid":\s*(\d+)/.exec(info);
  return match === null ? undefined : Number(match[1]);
}
