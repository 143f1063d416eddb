import { readFileSync } from 'node:fs';

/** Kernel clock ticks are 100 a second on every architecture that Linux reports them for. */
const msPerTick = 10;

/** CPU time of one job after the other: of this process and of the children that it has waited for, in milliseconds. */
export class CpuAccount {
  private childrenBefore = waitedChildrenCpuMs();
  private ownBefore = ownMs();
  private startedAt = performance.now();

  /** A job begins. */
  start(): void {
    this.ownBefore = ownMs();
    this.startedAt = performance.now();
  }

  /** Since the start of the job. */
  spent(): number {
    // Children are counted in whole ticks of the kernel's clock; a shorter job is not worth the look.
    const children = performance.now() - this.startedAt < msPerTick ? 0 : waitedChildrenCpuMs() - this.childrenBefore;
    return ownMs() - this.ownBefore + children;
  }

  /** Between two jobs, when there is time. */
  rest(): void {
    this.childrenBefore = waitedChildrenCpuMs();
  }
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function waitedChildrenCpuMs(): number {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return 0;
  }
  // The name in parentheses may hold spaces; fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * msPerTick;
}

/** Highest resident memory of this process so far, in bytes. */
export function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Of a machine short of memory, tasks are to go first. */
export function volunteerForOomKiller(write: (path: string, text: string) => void): void {
  try {
    write('/proc/self/oom_score_adj', '800');
  } catch {
    // Not Linux, or not ours to change.
  }
}
