import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeldFile } from './held-file.js';
import type { SandboxLimits } from '../job.js';

/** What the kernel can hold the whole sandbox to, where this process may write control groups. */
export type CgroupController = 'memory' | 'pids' | 'cpu';

/** Where new groups can be made: one directory for version 2, one per controller for version 1. */
export type CgroupParent =
  | { readonly version: 2; readonly directory: string; readonly controllers: readonly CgroupController[] }
  | { readonly version: 1; readonly directories: Readonly<Partial<Record<CgroupController, string>>> };

/** What the kernel's counters say happened to a sandbox. */
export interface CgroupEvents {
  readonly oomKilled: boolean;
  readonly processLimitHit: boolean;
}

/** tmpfs pages count as the group's memory, so the group must hold both disks beside the task's memory. */
function memoryOfGroup(limits: SandboxLimits): number {
  const ownBytes = 128 * 1024 * 1024;
  return limits.memoryBytes + 2 * limits.diskBytes + ownBytes;
}

/** Looks for a place where this process may make groups; undefined where there is none, which is usual. */
export function findCgroupParent(): CgroupParent | undefined {
  let own: readonly string[];
  try {
    own = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n');
  } catch {
    return undefined;
  }
  return existsSync('/sys/fs/cgroup/cgroup.controllers') ? findVersion2(own) : findVersion1(own);
}

function findVersion2(own: readonly string[]): CgroupParent | undefined {
  const path = own.find((line) => line.startsWith('0::'))?.slice(3);
  if (path === undefined) return undefined;
  const directory = join('/sys/fs/cgroup', path);
  if (!isWritable(directory)) return undefined;
  const delegated = read(join(directory, 'cgroup.subtree_control')).trim().split(' ');
  const controllers = (['memory', 'pids', 'cpu'] as const).filter((name) => delegated.includes(name));
  return controllers.length === 0 ? undefined : { version: 2, directory, controllers };
}

function findVersion1(own: readonly string[]): CgroupParent | undefined {
  const directories: Partial<Record<CgroupController, string>> = {};
  for (const line of own) {
    const [, names = '', path = ''] = line.split(':');
    for (const name of ['memory', 'pids', 'cpu'] as const) {
      const directory = join('/sys/fs/cgroup', name, path);
      if (names.split(',').includes(name) && isWritable(directory)) directories[name] = directory;
    }
  }
  return Object.keys(directories).length === 0 ? undefined : { version: 1, directories };
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    // A read-only mount can look writable to root.
    const probe = join(directory, `millrace-probe-${process.pid}`);
    mkdirSync(probe);
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** Groups that a killed runner left behind: it could not remove them any more. */
export function sweepCgroups(parent: CgroupParent): void {
  const directories = parent.version === 2 ? [parent.directory] : Object.values(parent.directories);
  for (const directory of directories) {
    for (const name of readdirSync(directory)) {
      const pid = /^millrace-(\d+)-/.exec(name)?.[1];
      if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
      try {
        rmdirSync(join(directory, name));
      } catch {
        // Still in use, or gone already.
      }
    }
  }
}

/** Which of the controllers the parent gives. */
export function cgroupControllers(parent: CgroupParent | undefined): readonly CgroupController[] {
  if (parent === undefined) return [];
  return parent.version === 2 ? parent.controllers : (Object.keys(parent.directories) as CgroupController[]);
}

/** The control group of one sandbox: made before its job, removed after its end. */
export class SandboxCgroup {
  private readonly directories: readonly string[];
  private memoryEvents: HeldFile | undefined;
  private pidsEvents: HeldFile | undefined;

  private constructor(
    private readonly byController: Readonly<Partial<Record<CgroupController, string>>>,
    private readonly version: 1 | 2,
  ) {
    this.directories = [...new Set(Object.values(byController))];
  }

  /** Makes the group; undefined where that does not work after all, since it is one fence among several. */
  static create(
    parent: CgroupParent,
    name: string,
    limits: SandboxLimits,
    ownThreads: number,
  ): SandboxCgroup | undefined {
    const controllers = cgroupControllers(parent);
    const byController = Object.fromEntries(
      controllers.map((controller) => [
        controller,
        join(parent.version === 2 ? parent.directory : (parent.directories[controller] ?? ''), name),
      ]),
    ) as Partial<Record<CgroupController, string>>;
    const group = new SandboxCgroup(byController, parent.version);
    try {
      for (const directory of group.directories) mkdirSync(directory);
      const memory = String(memoryOfGroup(limits));
      group.write('memory', parent.version === 2 ? 'memory.max' : 'memory.limit_in_bytes', memory);
      // One below RLIMIT_NPROC, so that it is this limit that is met: it counts how often.
      group.write('pids', 'pids.max', String(limits.processes + ownThreads - 1));
      group.watch();
      // The processor's share is left as it is: a group counts as one however many processes are in it.
      return group;
    } catch {
      group.remove();
      return undefined;
    }
  }

  /** Moves processes in; their children are born there. The kernel lets the writer wait, so it is another thread. */
  async add(pids: readonly number[]): Promise<void> {
    for (const directory of this.directories) {
      for (const pid of pids) {
        // It ended, or may not be moved; the other limits hold it.
        await writeFile(join(directory, 'cgroup.procs'), String(pid)).catch(() => undefined);
      }
    }
  }

  events(): CgroupEvents {
    return {
      oomKilled: counter(this.memoryEvents?.read() ?? '', 'oom_kill') > 0,
      processLimitHit: counter(this.pidsEvents?.read() ?? '', 'max') > 0,
    };
  }

  close(): void {
    this.memoryEvents?.close();
    this.pidsEvents?.close();
  }

  /** Removes the group; false while the kernel still counts processes in it. */
  remove(): boolean {
    let gone = true;
    for (const directory of this.directories) {
      try {
        rmdirSync(directory);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') gone = false;
      }
    }
    return gone;
  }

  private watch(): void {
    const { memory, pids } = this.byController;
    const events = this.version === 2 ? 'memory.events' : 'memory.oom_control';
    if (memory !== undefined) this.memoryEvents = new HeldFile(join(memory, events));
    if (pids !== undefined) this.pidsEvents = new HeldFile(join(pids, 'pids.events'));
  }

  private write(controller: CgroupController, file: string, text: string): void {
    const directory = this.byController[controller];
    if (directory !== undefined) writeFileSync(join(directory, file), text);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function counter(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}
