import { closeSync, mkdirSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Frame } from '../frames.js';
import { type InitConfig, type JobHeader, outputTooLargeCode } from '../protocol.js';
import { collectArtifacts, sendArtifacts } from './artifacts.js';
import { ControlChannel } from './channel.js';
import { artifactsDirectory, type TaskConnection, taskConnection, taskContext } from './context.js';
import { channelClosed, listenForHost } from './listeners.js';
import type { ProgramEnd, ProgramHooks } from './program-end.js';
import { proxyEnvironment, useProxy } from './proxy-agents.js';
import { ownCpuMs, peakRssBytes, volunteerForOomKiller } from './resources.js';
import { applyEnvironment, runNode } from './run-node.js';
import { PythonProcess } from './run-python.js';
import { runShell } from './run-shell.js';

/**
 * The one program that every sandbox runs. It boots without knowing for whom, hands its proxy port to the host, takes
 * one job, runs it, hands over the result and the artifacts, and waits to be killed.
 */
class Init {
  private readonly channel: ControlChannel;
  private readonly abort = new AbortController();
  private python: PythonProcess | undefined;
  private proxyPort = 0;
  private taken = false;
  private ended = false;

  constructor(private readonly config: InitConfig) {
    this.channel = new ControlChannel((frame) => this.take(frame));
  }

  async boot(): Promise<void> {
    for (const descriptor of this.config.closeFds) closeQuietly(descriptor);
    volunteerForOomKiller(writeFileSync);
    mkdirSync(artifactsDirectory(this.config), { recursive: true });
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
    await this.channel.send({ type: 'ready' });
  }

  private take({ header, body }: Frame): void {
    if (this.taken) throw new Error('a sandbox takes one job');
    this.taken = true;
    void this.execute(header as JobHeader, body);
  }

  private async execute(job: JobHeader, inputJson: Buffer): Promise<void> {
    const connections = await this.connect(job);
    await channelClosed();
    const cpuBefore = ownCpuMs();
    const declaredTypes: Record<string, string> = {};
    const hooks: ProgramHooks = {
      started: () => this.channel.sendSync({ type: 'started' }),
      signal: this.abort.signal,
      declaredTypes,
    };
    process.on('exit', (code) => this.reportExit(code, cpuBefore));
    const end = bounded(await this.run(job, inputJson, connections, hooks), job.limits.outputBytes);
    this.ended = true;
    this.channel.ref();
    await flushed();
    await this.report(end, job, declaredTypes, ownCpuMs() - cpuBefore);
  }

  private async connect(job: JobHeader): Promise<TaskConnection[]> {
    return Promise.all(
      job.connections.map(async (declared, index) =>
        taskConnection(declared, await listenForHost({ listener: 'connection', index })),
      ),
    );
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
      const python = this.python ?? new PythonProcess(this.config);
      return python.run(program, job, inputJson, environment, connections, hooks);
    }
    this.python?.discard();
    applyEnvironment(job, environment);
    if (program.kind === 'shell') return runShell(program, job, inputJson, this.config, connections, hooks);
    useProxy(this.proxyUrl(job), this.config.undiciPath);
    const context = taskContext(job, this.config, connections, hooks.declaredTypes, hooks.signal);
    this.channel.unref();
    if (program.kind === 'node') return runNode(program, JSON.parse(inputJson.toString('utf8')), context, hooks);
    const entry = this.config.builtins[program.name];
    if (entry === undefined) throw new Error(`there is no built-in program "${program.name}"`);
    return runNode({ entry, export: 'run' }, program.config, context, hooks);
  }

  private async report(
    end: ProgramEnd,
    job: JobHeader,
    declaredTypes: Record<string, string>,
    cpuMs: number,
  ): Promise<void> {
    const directory = artifactsDirectory(this.config);
    const { files, problem } = await collectArtifacts(directory, declaredTypes, job.limits.artifactBytes);
    const usage = { cpuMs, peakRssBytes: Math.max(peakRssBytes(), end.peakRssBytes ?? 0) };
    if (end.ok && problem !== undefined) {
      const error = { name: 'ArtifactError', ...problem, retryable: false };
      await this.channel.send({ type: 'result', ok: false, error, ...usage });
    } else if (end.ok) {
      await this.channel.send({ type: 'result', ok: true, ...usage }, Buffer.from(end.output, 'utf8'));
    } else {
      const { error, exitCode, signal } = end;
      const facts = { ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
      await this.channel.send({ type: 'result', ok: false, error, ...facts, ...usage });
    }
    await sendArtifacts(files, (header, body) => this.channel.send(header, body));
    await this.channel.send({ type: 'done' });
  }

  /** The code called process.exit: its code is the answer, 0 means null. */
  private reportExit(exitCode: number, cpuBefore: number): void {
    if (this.ended) return;
    const usage = { cpuMs: ownCpuMs() - cpuBefore, peakRssBytes: peakRssBytes() };
    if (exitCode === 0) {
      this.channel.sendSync({ type: 'result', ok: true, ...usage }, Buffer.from('null'));
    } else {
      const error = { name: 'ExitError', message: `the code called process.exit(${exitCode})` };
      this.channel.sendSync({ type: 'result', ok: false, error, exitCode, ...usage });
    }
    this.channel.sendSync({ type: 'done' });
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It did not come through.
  }
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

async function flushed(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
  );
}

const config = JSON.parse(process.argv[2] ?? '{}') as InitConfig;
void new Init(config).boot();
