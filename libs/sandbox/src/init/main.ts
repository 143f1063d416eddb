import { closeSync, mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from '../frames.js';
import {
  type CleanHeader,
  type InitConfig,
  type InitHeader,
  type JobHeader,
  outputTooLargeCode,
  type RefusedHeader,
} from '../protocol.js';
import { collectArtifacts, type Collection, sendArtifacts } from './artifacts.js';
import { ControlChannel } from './channel.js';
import { artifactsDirectory, type TaskConnection, taskConnection, taskContext } from './context.js';
import { Cleaner } from './cleaner.js';
import { channelClosed, listenForHost } from './listeners.js';
import type { ProgramEnd, ProgramHooks } from './program-end.js';
import { proxyEnvironment, useProxy } from './proxy-agents.js';
import { CpuAccount, peakRssBytes, volunteerForOomKiller } from './resources.js';
import { applyEnvironment, runNode } from './run-node.js';
import { SocketErrors } from './socket-errors.js';
import { PythonProcess } from './run-python.js';
import { runShell } from './run-shell.js';

/**
 * The one program that every sandbox runs. It boots without knowing for whom, hands its proxy port to the host, takes
 * a job, runs it, hands over the result and the artifacts, and waits to be killed, or cleaned for its next job.
 */
class Init {
  private readonly channel: ControlChannel;
  private readonly cleaner: Cleaner;
  private readonly sockets = new SocketErrors();
  private readonly cpu = new CpuAccount();
  private abort = new AbortController();
  private python: PythonProcess | undefined;
  private proxyPort = 0;
  private connectionPorts: Promise<readonly number[]> | undefined;
  private taken = false;
  private isRehearsal = false;

  constructor(private readonly config: InitConfig) {
    this.channel = new ControlChannel((frame) => this.take(frame));
    this.cleaner = new Cleaner(config);
  }

  async boot(): Promise<void> {
    for (const descriptor of this.config.closeFds) closeQuietly(descriptor);
    volunteerForOomKiller(writeFileSync);
    process.chdir(this.config.paths.task);
    blockOnFullPipes();
    process.on('SIGTERM', () => this.abort.abort(new Error('the attempt was stopped')));
    if (this.config.warmPython) this.python = new PythonProcess(this.config);
    process.setSourceMapsEnabled(true);
    // The loader of ES modules is set up by its first use.
    const nothing: string = 'data:text/javascript,';
    await import(nothing);
    // libuv starts its threads at the first use of a file; at the limit of processes it would abort.
    await stat(this.config.paths.task);
    this.proxyPort = await listenForHost({ listener: 'proxy' });
    this.cleaner.remember();
    await this.rehearse();
    await this.channel.send({ type: 'ready' });
  }

  /** Takes a job of its own that does nothing: all that comes around the code of a job is faster the second time. */
  private async rehearse(): Promise<void> {
    const entry = join(this.config.paths.tmp, 'nothing.mjs');
    writeFileSync(entry, 'export default () => null;');
    this.isRehearsal = true;
    this.channel.mute(true);
    await this.execute(nothingToDo(entry), Buffer.from('null'));
    await this.clean();
    this.channel.mute(false);
    this.isRehearsal = false;
    this.connectionPorts = undefined;
  }

  private take({ header, body }: Frame): void {
    const frame = header as JobHeader | CleanHeader | RefusedHeader;
    if (frame.type === 'refused') {
      this.sockets.noteRefusal(frame);
      return;
    }
    if (frame.type === 'clean') {
      void this.clean();
      return;
    }
    if (this.taken) throw new Error('a sandbox takes one job at a time');
    this.taken = true;
    void this.execute(frame, body);
  }

  private async clean(): Promise<void> {
    const left = await this.cleaner.clean();
    this.abort = new AbortController();
    this.taken = false;
    this.cpu.rest();
    await this.channel.send({ type: 'cleaned', left });
  }

  private async execute(job: JobHeader, inputJson: Buffer): Promise<void> {
    mkdirSync(artifactsDirectory(this.config), { recursive: true });
    const connections = await this.connect(job);
    if (!this.isRehearsal) await channelClosed();
    this.cpu.start();
    const declaredTypes: Record<string, string> = {};
    const hooks: ProgramHooks = {
      started: () => this.channel.sendSync({ type: 'started' }),
      signal: this.abort.signal,
      onClean: (undo) => this.cleaner.add(undo),
      declaredTypes,
    };
    const onExit = (code: number): void => this.reportExit(code);
    process.on('exit', onExit);
    const end = bounded(await this.run(job, inputJson, connections, hooks), job.limits.outputBytes);
    process.off('exit', onExit);
    this.channel.ref();
    await flushed();
    if (job.endMark !== undefined) for (const descriptor of [1, 2]) writeAll(descriptor, job.endMark);
    await this.report(end, job, declaredTypes);
    // The host asks again where it found processes; usually this saves it the asking.
    if (job.endMark !== undefined && end.ok) setImmediate(() => void this.clean());
  }

  private async connect(job: JobHeader): Promise<TaskConnection[]> {
    // Every job of this sandbox declares the same ones.
    this.connectionPorts ??= Promise.all(
      job.connections.map((_, index) => listenForHost({ listener: 'connection', index })),
    );
    const ports = await this.connectionPorts;
    return job.connections.map((declared, index) => taskConnection(declared, ports[index] ?? 0));
  }

  private proxyUrl(job: JobHeader): string {
    const credentials = job.proxyToken === undefined ? '' : `millrace:${job.proxyToken}@`;
    return `http://${credentials}127.0.0.1:${this.proxyPort}`;
  }

  private async run(
    job: JobHeader,
    inputJson: Buffer,
    connections: readonly TaskConnection[],
    hooks: ProgramHooks,
  ): Promise<ProgramEnd> {
    const { program } = job;
    const environment = proxyEnvironment(this.proxyUrl(job));
    if (program.kind === 'python') {
      this.python ??= new PythonProcess(this.config);
      return this.python.run(program, job, inputJson, environment, connections, hooks);
    }
    if (!this.isRehearsal) {
      this.python?.discard();
      this.python = undefined;
    }
    applyEnvironment(job, environment);
    if (program.kind === 'shell') return runShell(program, job, inputJson, this.config, connections, hooks);
    this.sockets.explain(connections, job.proxyToken === undefined);
    this.cleaner.add(useProxy(this.proxyUrl(job), this.config.undiciPath));
    const context = taskContext(job, this.config, connections, hooks.declaredTypes, hooks.signal);
    this.channel.unref();
    if (program.kind === 'node') return runNode(program, JSON.parse(inputJson.toString('utf8')), context, hooks);
    const entry = this.config.builtins[program.name];
    if (entry === undefined) throw new Error(`there is no built-in program "${program.name}"`);
    return runNode({ entry, export: 'run' }, program.config, context, hooks);
  }

  private async report(end: ProgramEnd, job: JobHeader, declaredTypes: Record<string, string>): Promise<void> {
    const directory = artifactsDirectory(this.config);
    const { files, problem } = await collectArtifacts(directory, declaredTypes, job.limits.artifactBytes);
    const usage = { cpuMs: this.cpu.spent(), peakRssBytes: Math.max(peakRssBytes(), end.peakRssBytes ?? 0) };
    const result: InitHeader = resultOf(end, problem, usage);
    const body = result.type === 'result' && result.ok && end.ok ? Buffer.from(end.output, 'utf8') : undefined;
    // Files wait for the host; where there are none, everything goes out at once.
    if (files.length === 0) {
      await this.channel.sendTogether([result, body], [{ type: 'done' }]);
      return;
    }
    await this.channel.send(result, body);
    await sendArtifacts(files, (header, part) => this.channel.send(header, part));
    await this.channel.send({ type: 'done' });
  }

  /** The code called process.exit: its code is the answer, 0 means null. */
  private reportExit(exitCode: number): void {
    const usage = { cpuMs: this.cpu.spent(), peakRssBytes: peakRssBytes() };
    if (exitCode === 0) {
      this.channel.sendSync({ type: 'result', ok: true, ...usage }, Buffer.from('null'));
    } else {
      const error = { name: 'ExitError', message: `the code called process.exit(${exitCode})` };
      this.channel.sendSync({ type: 'result', ok: false, error, exitCode, ...usage });
    }
    this.channel.sendSync({ type: 'done' });
  }
}

function nothingToDo(entry: string): JobHeader {
  return {
    type: 'job',
    program: { kind: 'node', entry },
    context: { runId: '', taskId: '', mapIndex: null, attempt: 1 },
    env: {},
    secrets: {},
    connections: [],
    limits: { outputBytes: 1024, artifactBytes: 0, memoryBytes: 0 },
  };
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It did not come through.
  }
}

function resultOf(
  end: ProgramEnd,
  problem: Collection['problem'],
  usage: { readonly cpuMs: number; readonly peakRssBytes: number },
): InitHeader {
  if (!end.ok) {
    const { error, exitCode, signal } = end;
    const facts = { ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
    return { type: 'result', ok: false, error, ...facts, ...usage };
  }
  if (problem === undefined) return { type: 'result', ok: true, ...usage };
  return { type: 'result', ok: false, error: { name: 'ArtifactError', ...problem, retryable: false }, ...usage };
}

function bounded(end: ProgramEnd, outputBytes: number): ProgramEnd {
  if (!end.ok) return end;
  const size = Buffer.byteLength(end.output);
  if (size <= outputBytes) return end;
  const message = `the output has ${size} bytes; the limit is ${outputBytes}`;
  return { ok: false, error: { name: 'OutputTooLarge', message, code: outputTooLargeCode, retryable: false } };
}

interface BlockingHandle {
  readonly _handle?: { setBlocking?(blocking: boolean): void };
}

/** A full pipe makes the writer wait, as a terminal would; otherwise what is queued at an exit would be lost. */
function blockOnFullPipes(): void {
  for (const stream of [process.stdout, process.stderr]) (stream as BlockingHandle)._handle?.setBlocking?.(true);
}

/** The pipes block; one that has been closed takes nothing, and the host sees that no mark has come. */
function writeAll(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text, null, 'latin1');
  } catch {
    // The host does not keep this sandbox then.
  }
}

async function flushed(): Promise<void> {
  // What a blocking pipe has taken is written; only what a stream still holds back is waited for.
  const holding = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0);
  await Promise.all(holding.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
}

const config = JSON.parse(process.argv[2] ?? '{}') as InitConfig;
void new Init(config).boot();
