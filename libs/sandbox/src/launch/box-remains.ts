import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HeldFile } from './held-file.js';
import { processTree, processUse, type ProcessUse, sumOf, type TreeSample } from './process-tree.js';
import { inside } from './profile.js';

/** A process of the sandbox's own, whose figures are read after every job. */
interface OwnProcess {
  readonly pid: number;
  readonly stat: HeldFile;
  readonly statm: HeldFile;
}

/**
 * Looks from outside at what a job has left in its sandbox. Init shares its memory with the job's code and may have
 * been talked into anything, so nothing here asks it.
 */
export class BoxRemains {
  /** Processes that were there before any job: init first, without the namespace's own pid 1. */
  readonly own: readonly number[];

  /** Their numbers in the sandbox's own namespace, with its pid 1; undefined where there is none. */
  private readonly namesBefore: ReadonlySet<string> | undefined;
  private readonly scratch: readonly string[];
  private readonly processes: readonly OwnProcess[];
  private readonly threadsBefore: number;

  /** Made when init is ready and has had no job yet. */
  constructor(
    private readonly rootPid: number,
    private readonly isolated: boolean,
    directory: string,
  ) {
    this.own = this.pids();
    // Only these directories themselves are ever read: they are mounts.
    this.scratch = isolated
      ? [inside.task, inside.tmp, '/dev/shm'].map((path) => this.placeInside(path))
      : [join(directory, 'task'), join(directory, 'tmp')];
    this.namesBefore = isolated ? new Set(this.namesInside()) : undefined;
    this.processes = (isolated ? [rootPid, ...this.own] : this.own).map((pid) => ({
      pid,
      stat: new HeldFile(`/proc/${pid}/stat`),
      statm: new HeldFile(`/proc/${pid}/statm`),
    }));
    this.threadsBefore = this.initUse()?.threads ?? 0;
  }

  /** Host pids of processes that a job has left. */
  strangers(): readonly number[] {
    return this.pids().filter((pid) => !this.own.includes(pid));
  }

  /** True where there are others than the sandbox's own. */
  hasStrangers(): boolean {
    if (this.namesBefore === undefined) return this.strangers().length > 0;
    // The namespace's own list of processes is one directory; the tree would be a file for every thread.
    const names = this.namesInside();
    return names.length === 0 || !names.every((name) => this.namesBefore?.has(name));
  }

  /** Why the sandbox cannot serve another job, or what it uses now that it is clean. */
  judge(): string | TreeSample {
    try {
      if (this.scratch.some((path) => readdirSync(path).length > 0)) return 'files are left';
    } catch (error) {
      return `its files cannot be looked at: ${(error as Error).message}`;
    }
    const init = this.initUse();
    if (init === undefined) return 'it ended';
    if (init.threads > this.threadsBefore) return 'threads are left';
    return this.sample();
  }

  /** What the sandbox's own processes use. */
  sample(): TreeSample {
    const uses = this.processes.flatMap((one) => useOf(one) ?? []);
    return { ...sumOf(uses), pids: this.processes.map(({ pid }) => pid) };
  }

  close(): void {
    for (const { stat, statm } of this.processes) {
      stat.close();
      statm.close();
    }
  }

  private pids(): readonly number[] {
    const tree = processTree(this.rootPid);
    return this.isolated ? tree.slice(1) : tree;
  }

  private initUse(): ProcessUse | undefined {
    const init = this.processes[this.isolated ? 1 : 0];
    return init === undefined ? undefined : useOf(init);
  }

  private placeInside(path: string): string {
    return `/proc/${this.own[0] ?? 0}/root${path}`;
  }

  /** The sandbox's own /proc, as the kernel shows it. */
  private namesInside(): string[] {
    try {
      return readdirSync(this.placeInside('/proc')).filter((name) => name >= '0' && name < ':');
    } catch {
      return [];
    }
  }
}

function useOf({ stat, statm }: OwnProcess): ProcessUse | undefined {
  const [facts, memory] = [stat.read(), statm.read()];
  return facts === undefined || memory === undefined || facts === '' ? undefined : processUse(facts, memory);
}
