import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { CompileRequest, CompileResult } from './compile-bundle.js';

// Named from the package's root, so that it is the built program also where this module runs from its source.
const program = fileURLToPath(new URL('../../dist/compile/compiler-process.js', import.meta.url));

/** From the request to its forced end. */
export const compileTimeoutMs = 60_000;
const memoryMiB = 512;
const stderrBytes = 4096;

/** How a compilation ended: with a result, by the clock, or with the end of its process. */
export type CompileOutcome =
  { readonly result: CompileResult } | { readonly end: 'late' | 'died'; readonly stderr: string };

/** A process that compiles one bundle and ends. */
export class CompilerChild {
  private readonly child: ChildProcess;
  private stderr = '';
  private hasEnded = false;
  private isUsed = false;

  constructor() {
    this.child = fork(program, [], {
      env: {},
      execArgv: [`--max-old-space-size=${memoryMiB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own, so that the code compiler's process ends with it.
      detached: true,
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      if (this.stderr.length < stderrBytes) {
        this.stderr += chunk.toString('utf8').slice(0, stderrBytes - this.stderr.length);
      }
    });
    this.child.once('close', () => {
      this.hasEnded = true;
    });
    // A process that cannot even be started has no end of its own.
    this.child.once('error', () => {
      this.hasEnded = true;
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isAlive(): boolean {
    return !this.hasEnded && this.child.connected;
  }

  /** Stands ready; this process may end without it. */
  wait(ended: () => void): void {
    this.hold(false);
    this.child.once('close', ended);
    this.child.once('error', ended);
  }

  /** Takes the one request. Rejects only where the process could not be started. */
  run(request: CompileRequest): Promise<CompileOutcome> {
    if (this.isUsed) throw new Error('a compiler process is used once');
    this.isUsed = true;
    this.hold(true);
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.kill();
      }, compileTimeoutMs);
      this.child.once('message', (message: { readonly result: CompileResult }) => {
        clearTimeout(timer);
        resolve(message);
        // It has nothing more to say; its own end would only cost time.
        this.kill();
      });
      this.child.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      this.child.once('close', () => {
        clearTimeout(timer);
        resolve({ end: isLate ? 'late' : 'died', stderr: this.stderr });
      });
      // A child that died before it could read says so by its end.
      this.child.send(request, () => undefined);
    });
  }

  kill(): void {
    const { pid } = this.child;
    if (pid === undefined || this.hasEnded) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }

  /** Whether this process stays up for the sake of the child. */
  private hold(isHeld: boolean): void {
    const handles = [this.child, this.child.channel, this.child.stderr as Socket | null];
    for (const handle of handles) {
      if (isHeld) handle?.ref();
      else handle?.unref();
    }
  }
}
