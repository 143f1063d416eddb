import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@millrace/kernel';
import type { CompileRequest, CompileResult } from './compile-bundle.js';

// Named from the package's root, so that it is the built program also where this module runs from its source.
const program = fileURLToPath(new URL('../../dist/compile/compiler-process.js', import.meta.url));

const timeoutMs = 60_000;
const memoryMiB = 512;
const stderrBytes = 4096;

/**
 * Compiles bundles, each in a process of its own with an empty environment, bounded memory and bounded time. Definitions
 * and code are a tenant's: a source nested a million deep ends the compiler's process, and nothing but that.
 */
export class BundleCompiler {
  /** Throws `bundle.too_complex` and `bundle.uncompilable`. */
  compile(request: CompileRequest): Promise<CompileResult> {
    return runCompiler(request);
  }
}

function runCompiler(request: CompileRequest): Promise<CompileResult> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [], {
      env: {},
      execArgv: [`--max-old-space-size=${memoryMiB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own, so that the code compiler's process ends with it.
      detached: true,
    });
    let stderr = '';
    let isLate = false;
    let result: CompileResult | undefined;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child.pid);
    }, timeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < stderrBytes) stderr += chunk.toString('utf8').slice(0, stderrBytes - stderr.length);
    });
    child.on('message', (message: { readonly result: CompileResult }) => {
      ({ result } = message);
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      if (result !== undefined) resolve(result);
      else reject(isLate ? tooComplex() : uncompilable(stderr));
    });
    // A child that died before it could read says so by its end.
    child.send(request, () => undefined);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function tooComplex(): DomainError {
  return new DomainError(
    'too_large',
    'bundle.too_complex',
    `compiling the bundle takes longer than ${timeoutMs / 1000} s; split it`,
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
