import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpClient } from '@millrace/clients';
import type { Driver } from './driver.js';
import type { GatewayLink } from './gateway-link.js';
import type { Way } from './options.js';
import type { Random } from './random.js';
import type { Recorder } from './recorder.js';
import type { AttemptRow, Rows, RunnerRow } from './rows.js';
import type { Servers } from './servers.js';

/** A runner that was killed, with what it held a moment before. */
export interface Victim {
  readonly runner: RunnerRow;
  readonly leases: readonly AttemptRow[];
  readonly killedMs: number;
  /** True where other runners had room for all that it held and all that waited, and nothing else was being broken. */
  readonly canRecover: boolean;
}

/** What was done, for the verdict. */
export class Deeds {
  readonly counts: Record<string, number> = {};
  /** Connections that were closed or held up, by who spoke with whom. */
  readonly dropped: Record<string, number> = {};
  readonly victims: Victim[] = [];
  /** Attempts that were seen as lost while their runner was stopped: nothing may change them any more. */
  readonly givenUp: string[] = [];
  /** Attempts whose offer reached its runner only after their lease had ended. */
  readonly late: { readonly attemptId: string; readonly deliveredMs: number }[] = [];
  /** From a restarted Temporal's being ready until each run in flight had ended or moved on. */
  readonly movedMs: number[] = [];
  readonly stuck: string[] = [];

  add(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  addDropped(link: string, connections: number): void {
    this.dropped[link] = (this.dropped[link] ?? 0) + connections;
  }
}

/** The platform under the storm of one way, and the hands on it. */
export interface Field {
  readonly way: Way;
  readonly home: string;
  readonly client: HttpClient;
  readonly servers: Servers;
  readonly rows: Rows;
  readonly gateway: GatewayLink;
  readonly driver: Driver;
  readonly recorder: Recorder;
  readonly random: Random;
  readonly deeds: Deeds;
  readonly say: (line: string) => void;
}

interface StatusFile {
  readonly processes: readonly { readonly name: string; readonly state: string; readonly pid: number | null }[];
}

/** Processes that the platform keeps running, by name; those that are being started are left out. */
export async function programPids({ home }: Field): Promise<ReadonlyMap<string, number>> {
  const status = JSON.parse(await readFile(join(home, 'state', 'status.json'), 'utf8')) as StatusFile;
  const running = status.processes.flatMap(({ name, state, pid }): [string, number][] =>
    state === 'running' && pid !== null ? [[name, pid]] : [],
  );
  return new Map(running);
}

/** False where the process ended by itself between the look and the signal. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
