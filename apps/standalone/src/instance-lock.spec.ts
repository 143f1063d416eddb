import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordProcess, signalRecorded, waitForEnd } from '@millrace/embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimInstance, runningInstance } from './instance-lock.js';

const quiet = (): void => undefined;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

function sleeper(): number {
  return spawn('sleep', ['60'], { stdio: 'ignore' }).pid ?? 0;
}

describe('claimInstance', () => {
  it('lets one process run an instance, until it releases it', async () => {
    const release = await claimInstance(folder, [], quiet);
    expect((await runningInstance(folder))?.pid).toBe(process.pid);
    await expect(claimInstance(folder, [], quiet)).rejects.toMatchObject({ code: 'standalone.running' });

    await release();

    expect(await runningInstance(folder)).toBeUndefined();
    await (
      await claimInstance(folder, [], quiet)
    )();
  });

  it('takes over from a process that is gone, even where a stranger has its pid now', async () => {
    const stranger = sleeper();
    const stale = { pid: stranger, startTime: '1', program: 'node', parents: [] };
    await writeFile(join(folder, 'instance.json'), JSON.stringify(stale));

    const release = await claimInstance(folder, [], quiet);

    expect((await runningInstance(folder))?.pid).toBe(process.pid);
    process.kill(stranger, 0);
    process.kill(stranger, 'SIGKILL');
    await release();
  });

  it('ends a platform whose npm was killed, and takes over', async () => {
    const old = await recordProcess(sleeper(), 'sleep');
    const npm = await recordProcess(sleeper(), 'sleep');
    await signalRecorded(npm, 'SIGKILL');
    await waitForEnd(npm, 5_000);
    await writeFile(join(folder, 'instance.json'), JSON.stringify({ ...old, parents: [npm] }));

    const release = await claimInstance(folder, [], quiet);

    expect(await waitForEnd(old, 0)).toBe(true);
    await release();
  });

  it('lets only one of several starts at the same moment through', async () => {
    const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimInstance(folder, [], quiet)));
    const won = claims.filter((claim) => claim.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]?.value();
  });
});
