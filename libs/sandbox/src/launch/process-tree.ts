import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of a sandbox use at one moment, as the kernel counts. */
export interface TreeSample extends ProcessUse {
  readonly pids: readonly number[];
}

/** The kernel's clock tick, in which it counts CPU time. */
export const msPerTick = 10;
const pageBytes = 4096;

/**
 * The process and all its descendants. Orphans of a pid namespace are children of its pid 1, so nobody escapes this
 * by daemonising. Empty where there is no /proc.
 */
export function processTree(root: number): readonly number[] {
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    found.push(pid);
    queue.push(...childrenOf(pid));
  }
  return found;
}

function childrenOf(pid: number): number[] {
  let tasks: string[];
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return tasks.flatMap((task) => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    } catch {
      return [];
    }
  });
}

/** Adds up what the process and its descendants use. */
export function sampleTree(root: number): TreeSample {
  const pids = processTree(root);
  const uses = pids.flatMap((pid) => {
    try {
      return processUse(readFileSync(`/proc/${pid}/stat`, 'latin1'), readFileSync(`/proc/${pid}/statm`, 'latin1'));
    } catch {
      return [];
    }
  });
  return { ...sumOf(uses), pids };
}

/** What one process uses, or several together. */
export interface ProcessUse {
  /** CPU time of the live processes and of those that they have waited for. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Resident memory that is not shared with files; pages that forked processes still share are counted in each. */
  readonly privateBytes: number;
  /** Processes and threads, as RLIMIT_NPROC counts them. */
  readonly threads: number;
}

/** Reads it from the kernel's files `stat` and `statm` of the process. */
export function processUse(stat: string, statm: string): ProcessUse {
  // Fields are counted after the name in parentheses: utime, stime, cutime, cstime at 11–14, threads at 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 18);
  const [, resident = '0', shared = '0'] = statm.split(' ', 3);
  const ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
  return {
    cpuMs: ticks * msPerTick,
    rssBytes: Number(resident) * pageBytes,
    privateBytes: (Number(resident) - Number(shared)) * pageBytes,
    threads: Number(fields[17]),
  };
}

/** All of them together. */
export function sumOf(uses: readonly ProcessUse[]): ProcessUse {
  const total = (of: (use: ProcessUse) => number): number => uses.reduce((sum, use) => sum + of(use), 0);
  return {
    cpuMs: total((use) => use.cpuMs),
    rssBytes: total((use) => use.rssBytes),
    privateBytes: total((use) => use.privateBytes),
    threads: total((use) => use.threads),
  };
}

/**
 * Memory of the processes with shared pages counted once, in bytes: exact, and too dear to be read often.
 * @returns undefined where the kernel does not tell.
 */
export function proportionalBytes(pids: readonly number[]): number | undefined {
  let kibibytes = 0;
  for (const pid of pids) {
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    } catch (error) {
      // ESRCH and ENOENT: it has ended meanwhile.
      if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      continue;
    }
    kibibytes += Number(/^Pss_Anon:\s*(\d+) kB/m.exec(text)?.[1] ?? 0);
  }
  return kibibytes * 1024;
}

/** Sends a signal and does not mind that the process has gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
