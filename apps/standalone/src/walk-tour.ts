import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkout, environment, readStandaloneConfig } from './config.js';
import { startDetached } from './detach.js';
import { locateInstance } from './instance.js';
import type { InstanceFolder } from './instance-folder.js';
import { runningInstance, stopInstance } from './instance-lock.js';
import { during } from './progress.js';
import { type PlatformStatus, readStatus } from './status-file.js';

/** Present once a tour of the instance has succeeded. */
export function tourMarker(folder: InstanceFolder): string {
  return join(folder.paths.state, 'toured');
}

/** The program of the tour. */
export const tourProgram = join(fileURLToPath(new URL('.', import.meta.url)), 'tour.js');

export interface TourResult {
  readonly succeeded: boolean;
  /** What the tour printed, where it was asked for JSON; else it went to the terminal. */
  readonly output: string;
}

/** Walks the tour in a process of its own and remembers a success. */
export async function walkTour(
  folder: InstanceFolder,
  apiUrl: string,
  options: { readonly json: boolean; readonly signal?: AbortSignal },
): Promise<TourResult> {
  const args = [tourProgram, '--url', apiUrl, '--home', folder.home, ...(options.json ? ['--json'] : [])];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    stdio: ['ignore', options.json ? 'pipe' : 'inherit', 'inherit'],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (status) => resolve(status ?? 1));
  });
  if (code === 0) await writeFile(tourMarker(folder), new Date().toISOString());
  return { succeeded: code === 0, output };
}

async function readyStatus(folder: InstanceFolder): Promise<PlatformStatus | undefined> {
  for (;;) {
    const record = await runningInstance(folder.paths.state);
    if (record === undefined) return undefined;
    const status = await readStatus(folder.paths.state);
    if (status?.pid === record.pid && status.ready) return status;
    await sleep(100);
  }
}

/** Walks the tour on the running platform, or on one started for as long as it takes; true when all was well. */
export async function tour(options: { readonly json: boolean }): Promise<boolean> {
  const { home } = readStandaloneConfig(environment);
  const folder = await locateInstance(home);
  // Ctrl-C ends the tour, which shares our terminal; what we started for it still has to be stopped.
  process.on('SIGINT', () => undefined);
  const present = await during('waiting for the platform', () => readyStatus(folder));
  if (present === undefined) await startDetached(['--no-tour']);
  const status = present ?? (await readyStatus(folder));
  if (status === undefined) throw new Error('the platform ended before the tour began');
  const result = await walkTour(folder, status.urls.local, options);
  if (present === undefined) {
    const record = await runningInstance(folder.paths.state);
    if (record !== undefined) await during('stopping the platform', () => stopInstance(record));
  }
  process.stdout.write(result.output);
  return result.succeeded;
}
