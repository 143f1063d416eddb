import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { InitConfig } from '../protocol.js';

// Held before any code of a task could put something else in their place.
const resources = process.getActiveResourcesInfo.bind(process);
const umask = process.umask.bind(process);
const chdir = process.chdir.bind(process);
const turn = setImmediate;

/** Sockets that were closed, and reads that were under way, take a few turns to disappear. */
const maxTurns = 50;

/** Brings this process back to what it was before a job, as far as a process can be. */
export class Cleaner {
  private readonly environment = { ...process.env };
  private readonly mask = umask();
  private readonly before = new Map<string, number>();
  private readonly undo: (() => void | Promise<void>)[] = [];

  constructor(private readonly config: InitConfig) {}

  /** Everything that is active now is ours. */
  remember(): void {
    for (const [kind, count] of counted()) this.before.set(kind, count);
  }

  /** Notes what is to be undone after the job. */
  add(undo: () => void | Promise<void>): void {
    this.undo.push(undo);
  }

  /** Gives the kinds of what the job left behind; empty where nothing is known to be left. */
  async clean(): Promise<readonly string[]> {
    for (const undo of this.undo.splice(0)) await undo();
    for (const name of Object.keys(process.env)) if (!(name in this.environment)) delete process.env[name];
    Object.assign(process.env, this.environment);
    umask(this.mask);
    const { task, tmp, shm } = this.config.paths;
    chdir(task);
    for (const directory of [task, tmp, ...(shm === undefined ? [] : [shm])]) emptyDirectory(directory);
    let left = this.left();
    for (let turns = 0; left.length > 0 && turns < maxTurns; turns += 1) {
      await new Promise((resolve) => turn(resolve));
      left = this.left();
    }
    return left;
  }

  private left(): string[] {
    // The turn that this very check waits for.
    const ignored = new Set(['Immediate', 'TickObject']);
    return [...counted()]
      .filter(([kind, count]) => !ignored.has(kind) && count > (this.before.get(kind) ?? 0))
      .map(([kind]) => kind);
  }
}

function counted(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of resources()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function emptyDirectory(directory: string): void {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
}
