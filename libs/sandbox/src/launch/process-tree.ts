import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of a sandbox use at one moment, as the kernel counts. */
export interface TreeSample {
  /** CPU time of the live processes and of those that they have waited for. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Resident memory that is not shared with files; pages that forked processes still share are counted in each. */
  readonly privateBytes: number;
  /** Processes and threads, as RLIMIT_NPROC counts them. */
  readonly threads: number;
  readonly pids: readonly number[];
}

const msPerTick = 10;
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
  let ticks = 0;
  let pages = 0;
  let sharedPages = 0;
  let threads = 0;
  const pids = processTree(root);
  for (const pid of pids) {
    let stat: string;
    let memory: string;
    try {
      stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      memory = readFileSync(`/proc/${pid}/statm`, 'latin1');
    } catch {
      continue;
    }
    // Fields are counted after the name in parentheses: utime, stime, cutime, cstime at 11–14.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    ticks += (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0);
    threads += fields[17] ?? 0;
    const [, resident = '0', shared = '0'] = memory.split(' ');
    pages += Number(resident);
    sharedPages += Number(shared);
  }
  return {
    cpuMs: ticks * msPerTick,
    rssBytes: pages * pageBytes,
    privateBytes: (pages - sharedPages) * pageBytes,
    threads,
    pids,
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

/** Threads of a process; 0 where it is gone. */
export function threadsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length;
  } catch {
    return 0;
  }
}

/** Sends a signal and does not mind that the process has gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}
