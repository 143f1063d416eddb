import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isRunning,
  readRecord,
  reap,
  recordProcess,
  signalRecorded,
  waitForEnd,
  writeRecord,
} from './process-record.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-record-'));
});
afterAll(() => rm(folder, { recursive: true }));

function sleeper(): number {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
  if (child.pid === undefined) throw new Error('sleep did not start');
  return child.pid;
}

describe('a process record', () => {
  it('recognises the process that it was made of, until it is gone', async () => {
    const record = await recordProcess(sleeper(), 'sleep');
    expect(await isRunning(record)).toBe(true);

    await signalRecorded(record, 'SIGTERM');

    expect(await waitForEnd(record, 5_000)).toBe(true);
    expect(await isRunning(record)).toBe(false);
  });

  it('never signals a stranger that got the same pid', async () => {
    const record = await recordProcess(sleeper(), 'sleep');
    const older = { ...record, startTime: '1' };
    const other = { ...record, program: 'postgres' };

    expect(await signalRecorded(older, 'SIGKILL')).toBe(false);
    expect(await signalRecorded(other, 'SIGKILL')).toBe(false);
    expect(await isRunning(record)).toBe(true);
    await signalRecorded(record, 'SIGKILL');
  });

  it('is private, and a damaged one counts as none', async () => {
    const file = join(folder, 'a.json');
    await writeRecord(file, { pid: 1, startTime: 'x', program: 'y', port: 5 });
    expect(await readRecord(file)).toEqual({ pid: 1, startTime: 'x', program: 'y', port: 5 });

    await writeRecord(file, { pid: '1' });
    expect(await readRecord(file)).toBeUndefined();
  });

  it('lets a later start end what was left behind, also what does not listen', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const file = join(folder, 'b.json');
    const record = await recordProcess(child.pid ?? 0, 'sh');
    await writeRecord(file, record);

    expect(await reap(file, 'SIGTERM', 200)).toBe(true);

    expect(await isRunning(record)).toBe(false);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    expect(await reap(file, 'SIGTERM')).toBe(false);
  });
});
