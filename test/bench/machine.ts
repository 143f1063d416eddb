import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { median, rounded } from './statistics.js';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memory_gib: number;
  readonly kernel: string;
  readonly architecture: string;
  readonly node: string;
  /** Of a block of 4 KiB, on the disk that the platform's data lie on. */
  readonly fsync_ms: number;
  /** What was added to each fdatasync of Postgres, and how long a commit of one row then took; absent where nothing was. */
  readonly fsync_delay_ms?: number;
  readonly commit_ms?: number;
  /** Of the last minute, before the first measurement: other work makes every figure worse. */
  readonly load: number;
}

/** What was measured on, with the latency of the disk below the folder. */
export function describeMachine(folder: string): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memory_gib: rounded(totalmem() / 2 ** 30),
    kernel: release(),
    architecture: arch(),
    node: process.version,
    fsync_ms: fsyncLatency(folder),
    load: rounded(loadavg()[0] ?? 0),
  };
}

function fsyncLatency(folder: string): number {
  const own = mkdtempSync(join(folder, 'fsync-'));
  const file = openSync(join(own, 'probe'), 'w');
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  for (let index = 0; index < 200; index += 1) {
    writeSync(file, block);
    const began = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - began);
  }
  closeSync(file);
  rmSync(own, { recursive: true });
  return rounded(median(times));
}
