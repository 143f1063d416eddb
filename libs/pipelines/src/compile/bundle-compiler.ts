import { DomainError } from '@millrace/kernel';
import { freemem } from 'node:os';
import type { CompileRequest, CompileResult } from './compile-bundle.js';
import { CompilerChild, compileTimeoutMs } from './compiler-child.js';

export interface SpareOptions {
  /** A spare process that nobody has used for this long is ended. */
  readonly idleMs: number;
  /** Less free memory than this on the machine: no spare is kept. */
  readonly minFreeBytes: number;
}

const standardSpare: SpareOptions = { idleMs: 5 * 60_000, minFreeBytes: 512 * 1024 * 1024 };

/**
 * Compiles bundles, each in a process of its own with an empty environment, bounded memory and bounded time. Definitions
 * and code are a tenant's: a source nested a million deep ends the compiler's process, and nothing but that.
 *
 * The start of such a process takes longer than most compilations, so from the first one on a spare stands ready. It too
 * is used once: no two bundles ever meet in a process.
 */
export class BundleCompiler {
  private spare: CompilerChild | undefined;
  private idle: NodeJS.Timeout | undefined;
  private running = 0;
  private isClosed = false;

  constructor(private readonly options: SpareOptions = standardSpare) {}

  /** Throws `bundle.too_complex` and `bundle.uncompilable`. */
  async compile(request: CompileRequest): Promise<CompileResult> {
    const child = this.take() ?? new CompilerChild();
    this.running += 1;
    try {
      const outcome = await child.run(request);
      if ('result' in outcome) return outcome.result;
      throw outcome.end === 'late' ? tooComplex() : uncompilable(outcome.stderr);
    } finally {
      this.running -= 1;
      this.prepare();
    }
  }

  /** Ends the spare process; compilations that are under way go on. */
  close(): void {
    this.isClosed = true;
    this.dropSpare();
  }

  /** Process id of the spare, where there is one. */
  get sparePid(): number | undefined {
    return this.spare?.pid;
  }

  private take(): CompilerChild | undefined {
    const { spare } = this;
    clearTimeout(this.idle);
    this.spare = undefined;
    return spare?.isAlive === true ? spare : undefined;
  }

  /** Not while others compile: its start would take their time. */
  private prepare(): void {
    if (this.isClosed || this.running > 0 || this.spare !== undefined) return;
    if (freemem() < this.options.minFreeBytes) return;
    const spare = new CompilerChild();
    this.spare = spare;
    spare.wait(() => {
      if (this.spare === spare) this.spare = undefined;
    });
    this.idle = setTimeout(() => this.dropSpare(), this.options.idleMs).unref();
  }

  private dropSpare(): void {
    clearTimeout(this.idle);
    this.spare?.kill();
    this.spare = undefined;
  }
}

function tooComplex(): DomainError {
  return new DomainError(
    'too_large',
    'bundle.too_complex',
    `compiling the bundle takes longer than ${compileTimeoutMs / 1000} s; split it`,
  );
}

function uncompilable(stderr: string): DomainError {
  return new DomainError(
    'invalid',
    'bundle.uncompilable',
    'the bundle exhausts the compiler: its code or its definitions are nested too deeply or too large',
    { cause: new Error(stderr) },
  );
}
