import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameReader } from '../frames.js';
import type { InitConfig, JobHeader } from '../protocol.js';
import type { SandboxError } from '../result.js';
import { artifactsDirectory, type TaskConnection } from './context.js';
import { describeError, type ProgramEnd, type ProgramHooks } from './program-end.js';

type PythonProgram = Extract<JobHeader['program'], { kind: 'python' }>;

interface BootstrapResult {
  readonly ok: boolean;
  readonly error?: SandboxError;
  readonly exitCode?: number;
  readonly cpuMs?: number;
  readonly peakRssBytes?: number;
  readonly artifactTypes?: Readonly<Record<string, string>>;
}

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null } | Error;

/** What the parent of forked jobs says when one has ended. */
interface ExitedHeader {
  readonly exited: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
}

/**
 * A Python interpreter that has loaded what every task needs. Where the sandbox serves one job it runs it itself; where
 * it serves many, it stays as it is and forks for each, so that no job finds anything of another in its memory.
 */
export class PythonProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<Exit>;
  private readonly closed: Promise<void>;
  private answer: { readonly result: BootstrapResult; readonly output: string } | undefined;
  private forkEnded: ((exit: Exit) => void) | undefined;

  constructor(private readonly config: InitConfig) {
    // -I: neither the environment nor the user's directory; -S: nor the machine's own packages. The bundle's only.
    const args = ['-I', '-S', '-B', '-X', 'utf8', config.bootstrapPath, config.serves];
    this.child = spawn(config.pythonPath ?? 'python3', args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    this.exited = new Promise((resolve) => {
      this.child.once('error', resolve);
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.channel.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.channel.once('close', resolve));
    const reader = new FrameReader(
      { headerBytes: 16 * 1024 * 1024, bodyBytes: 0xffff_fff0 },
      ({ header, body }) => this.take(header as BootstrapResult | ExitedHeader, body),
      () => undefined,
    );
    this.channel.on('data', (chunk: Buffer) => reader.push(chunk));
    this.child.unref();
    (this.channel as Duplex & { unref(): void }).unref();
  }

  private get channel(): Duplex {
    return this.child.stdio[3] as Duplex;
  }

  /** The job is not for Python: the interpreter must not stay beside it. */
  discard(): void {
    this.child.kill('SIGKILL');
  }

  async run(
    program: PythonProgram,
    job: JobHeader,
    inputJson: Uint8Array,
    environment: Readonly<Record<string, string>>,
    connections: readonly TaskConnection[],
    hooks: ProgramHooks,
  ): Promise<ProgramEnd> {
    this.takeAnswer();
    this.child.ref();
    const forkEnded = new Promise<Exit>((resolve) => {
      this.forkEnded = resolve;
    });
    hooks.started();
    for (const part of encodeFrame(this.header(program, job, environment, connections), inputJson)) {
      this.channel.write(part);
    }
    const end = await Promise.race([
      this.exited.then((exit) => ({ exit, last: true })),
      forkEnded.then((exit) => ({ exit, last: false })),
    ]);
    if (end.exit instanceof Error) return { ok: false, error: describeError(end.exit) };
    if (end.last) {
      // What the interpreter wrote last may still be on its way.
      this.channel.end();
      await Promise.race([this.closed, new Promise((resolve) => setTimeout(resolve, 1000))]);
    } else this.child.unref();
    const answer = this.takeAnswer();
    if (answer === undefined) return unanswered(end.exit);
    const { result, output } = answer;
    Object.assign(hooks.declaredTypes, result.artifactTypes);
    const usage = { peakRssBytes: result.peakRssBytes ?? 0 };
    if (result.ok) return { ok: true, output, ...usage };
    const error = result.error ?? { name: 'Error', message: 'the Python code failed' };
    return { ok: false, error, ...usage, ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }) };
  }

  private takeAnswer(): typeof this.answer {
    const { answer } = this;
    this.answer = undefined;
    return answer;
  }

  private take(header: BootstrapResult | ExitedHeader, body: Buffer): void {
    if ('exited' in header) this.forkEnded?.(header.exited);
    else this.answer = { result: header, output: body.toString('utf8') };
  }

  private header(
    program: PythonProgram,
    job: JobHeader,
    environment: Readonly<Record<string, string>>,
    connections: readonly TaskConnection[],
  ): object {
    const { paths } = this.config;
    return {
      entry: program.entry,
      function: program.function,
      context: job.context,
      secrets: job.secrets,
      env: { ...environment, ...job.env },
      connections: Object.fromEntries(connections.map((entry) => [entry.name, entry])),
      paths: [paths.bundle, ...(paths.pip === undefined ? [] : [paths.pip])],
      pip: paths.pip ?? null,
      artifacts: artifactsDirectory(this.config),
      memoryBytes: job.limits.memoryBytes,
      outputBytes: job.limits.outputBytes,
    };
  }
}

function unanswered({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }): ProgramEnd {
  if (signal !== null) {
    return { ok: false, error: { name: 'PythonError', message: `Python was ended by ${signal}` }, signal };
  }
  const exitCode = code ?? 1;
  const message = `Python ended with exit code ${exitCode} before the function returned`;
  return { ok: false, error: { name: 'PythonError', message }, exitCode };
}
