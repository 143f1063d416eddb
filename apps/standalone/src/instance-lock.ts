import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRunning, type ProcessRecord, recordProcess, signalRecorded, waitForEnd } from '@millrace/embedded';
import { DomainError } from '@millrace/kernel';
import { z } from 'zod';
import { type Say, during } from './progress.js';

const recordSchema = z.object({
  pid: z.number(),
  startTime: z.string(),
  program: z.string(),
  /** The npm that started it, with the process in between; it ends when one of them does. */
  parents: z.array(z.object({ pid: z.number(), startTime: z.string(), program: z.string() })),
});

/** The running platform of an instance folder. */
export type InstanceRecord = z.infer<typeof recordSchema>;

const stopTimeoutMs = 45_000;

function fileIn(stateFolder: string): string {
  return join(stateFolder, 'instance.json');
}

/** The platform that runs on this folder, if one does. */
export async function runningInstance(stateFolder: string): Promise<InstanceRecord | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(fileIn(stateFolder), 'utf8')));
    return (await isRunning(record)) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the instance to stop and waits for it; false when it still runs after 45 s. */
export async function stopInstance(record: ProcessRecord): Promise<boolean> {
  await signalRecorded(record, 'SIGTERM');
  return waitForEnd(record, stopTimeoutMs);
}

async function isAbandoned(record: InstanceRecord): Promise<boolean> {
  const alive = await Promise.all(record.parents.map((parent) => isRunning(parent)));
  return alive.includes(false);
}

/** Removes the file if it still is what was examined; another start may have written its own in the meantime. */
async function removeStale(file: string, examined: string): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => examined);
  if (moved !== examined) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/**
 * Makes this process the one that runs the instance. Where another does, rejects with `standalone.running`, unless the
 * command that started that one was killed: then it is on its way out, and is waited for.
 */
export async function claimInstance(
  stateFolder: string,
  parents: readonly ProcessRecord[],
  say: Say,
): Promise<() => Promise<void>> {
  const file = fileIn(stateFolder);
  const mine = { ...(await recordProcess(process.pid, basename(process.execPath))), parents };
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      // `wx` decides between two starts at the same moment.
      await writeFile(file, `${JSON.stringify(mine, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const examined = await readFile(file, 'utf8').catch(() => '');
    const other = await runningInstance(stateFolder);
    if (other !== undefined && !(await isAbandoned(other))) {
      throw new DomainError(
        'conflict',
        'standalone.running',
        `Millrace already runs here (pid ${other.pid}); stop it with \`npm run stop\``,
      );
    }
    if (other !== undefined) {
      say(`the command that started the platform before was killed; waiting for it to end (pid ${other.pid})`);
      await during('waiting for the earlier platform', () => stopInstance(other));
    }
    await removeStale(file, examined);
  }
  throw new DomainError('conflict', 'standalone.running', 'another start of Millrace is under way here');
}
