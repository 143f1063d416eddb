import { constants } from 'node:os';
import type { SandboxLimits } from './job.js';
import type { CgroupEvents } from './launch/cgroup.js';
import { outputTooLargeCode } from './protocol.js';
import type { SandboxError, SandboxOutcome } from './result.js';

/** Why the host ended an attempt by itself. */
export type StopReason = 'cancelled' | 'timed_out' | 'cpu_time' | 'memory' | 'output_too_large' | 'protocol';

/** What init said about the program's end. */
export interface ProgramReport {
  readonly ok: boolean;
  readonly outputJson?: string;
  readonly error?: SandboxError;
  readonly exitCode?: number;
  readonly signal?: string;
}

/** Everything that is known about an attempt when it is over. */
export interface EndFacts {
  readonly stop?: { readonly reason: StopReason; readonly message: string };
  readonly report?: ProgramReport;
  /** How the sandbox itself ended, where init said nothing. */
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly stderrTail: string;
  readonly kernel: CgroupEvents;
  /** The sandbox was seen with as many processes as it may have. */
  readonly processesAtLimit: boolean;
  readonly limits: SandboxLimits;
}

export interface Verdict {
  readonly outcome: SandboxOutcome;
  readonly error?: SandboxError;
  readonly exitCode?: number;
  readonly signal?: string;
}

const outOfMemory =
  /heap out of memory|process out of memory|allocation failed|bad_alloc|cannot allocate memory|memory exhausted|MemoryError|ENOMEM|ERR_WORKER_OUT_OF_MEMORY/i;
const diskFull = /ENOSPC|EFBIG|EDQUOT|no space left on device|file too large|SIGXFSZ/i;
const tooManyProcesses =
  /spawn\S* .*EAGAIN|fork: retry|cannot fork|can't fork|can't start new thread|resource temporarily unavailable|BlockingIOError/i;

/** Turns what is known into one outcome; the host's own decision comes first, the evidence of limits second. */
export function judge(facts: EndFacts): Verdict {
  if (facts.stop !== undefined) return stopped(facts.stop, facts.report);
  const { report } = facts;
  if (report?.ok === true) return { outcome: 'succeeded' };
  const exit = exitOf(facts);
  if (report?.error?.code === outputTooLargeCode) {
    return { outcome: 'output_too_large', error: { ...report.error, retryable: false } };
  }
  const limit = limitReached(facts);
  if (limit !== undefined) {
    const said = report?.error?.message;
    const message = said === undefined ? limit.message : `${limit.message}: ${said}`;
    const { stack } = report?.error ?? {};
    const error = { name: limit.name, message, code: limit.outcome, ...(stack === undefined ? {} : { stack }) };
    return { outcome: limit.outcome, error, ...exit };
  }
  if (report !== undefined) {
    return { outcome: 'failed', error: report.error ?? { name: 'Error', message: 'the task failed' }, ...exit };
  }
  const how = exit.signal ?? `exit code ${exit.exitCode ?? 'unknown'}`;
  return {
    outcome: 'crashed',
    error: { name: 'Crashed', message: `the task's process ended without a result (${how})`, code: 'crashed' },
    ...exit,
  };
}

function stopped(stop: { reason: StopReason; message: string }, report: ProgramReport | undefined): Verdict {
  const { reason, message } = stop;
  const exit = {
    ...(report?.exitCode === undefined ? {} : { exitCode: report.exitCode }),
    ...(report?.signal === undefined ? {} : { signal: report.signal }),
  };
  const verdict = (outcome: SandboxOutcome, name: string): Verdict => ({
    outcome,
    error: { name, message, code: outcome, ...(outcome === 'output_too_large' ? { retryable: false } : {}) },
    ...exit,
  });
  switch (reason) {
    case 'cancelled':
      return verdict('cancelled', 'Cancelled');
    case 'timed_out':
    case 'cpu_time':
      return verdict('timed_out', 'TimedOut');
    case 'memory':
      return verdict('oom', 'OutOfMemory');
    case 'output_too_large':
      return verdict('output_too_large', 'OutputTooLarge');
    case 'protocol':
      return verdict('crashed', 'Crashed');
  }
}

/** A shell and bubblewrap say 128 + n for a process that ended by signal n. */
function signalOfExitCode(code: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

function exitOf({ report, exit }: EndFacts): Pick<Verdict, 'exitCode' | 'signal'> {
  const code = report === undefined ? (exit?.code ?? undefined) : report.exitCode;
  const signal =
    report?.signal ?? exit?.signal ?? (report === undefined && code !== undefined ? signalOfExitCode(code) : undefined);
  return { ...(code === undefined ? {} : { exitCode: code }), ...(signal == null ? {} : { signal }) };
}

interface LimitReached {
  readonly outcome: 'oom' | 'disk_full' | 'process_limit';
  readonly name: string;
  readonly message: string;
}

function limitReached({ report, stderrTail, kernel, processesAtLimit, limits }: EndFacts): LimitReached | undefined {
  const { error } = report ?? {};
  // Where the program described its own error, other text on stderr proves nothing about this end.
  const described = error !== undefined && error.stack !== undefined;
  const said = `${error?.code ?? ''} ${error?.name ?? ''} ${error?.message ?? ''} ${report?.signal ?? ''}`;
  const evidence = described ? said : `${said}\n${stderrTail}`;
  if (kernel.oomKilled || error?.code === 'oom' || outOfMemory.test(evidence)) {
    return {
      outcome: 'oom',
      name: 'OutOfMemory',
      message: `the memory limit of ${mebibytes(limits.memoryBytes)} was reached`,
    };
  }
  if (diskFull.test(evidence)) {
    return {
      outcome: 'disk_full',
      name: 'DiskFull',
      message: `the disk limit of ${mebibytes(limits.diskBytes)} was reached`,
    };
  }
  if (kernel.processLimitHit || processesAtLimit || tooManyProcesses.test(evidence)) {
    return {
      outcome: 'process_limit',
      name: 'ProcessLimit',
      message: `the limit of ${limits.processes} processes was reached`,
    };
  }
  return undefined;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / (1024 * 1024))} MiB`;
}
