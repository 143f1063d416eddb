import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@millrace/kernel';
import { environment, readStandaloneConfig } from './config.js';
import { locateInstance } from './instance.js';
import { readStatus } from './status-file.js';

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (facts) => facts.size,
    () => 0,
  );
}

/** Copies what was appended to the file since `from` to standard output; gives the new end. */
async function relay(file: string, from: number): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, from);
    process.stdout.write(buffer.subarray(0, bytesRead));
    return from + bytesRead;
  } finally {
    await handle.close();
  }
}

/** Starts the platform as a process that outlives this one, shows its progress, and resolves when it is ready. */
export async function startDetached(flags: readonly string[]): Promise<void> {
  const { home } = readStandaloneConfig(environment);
  const folder = await locateInstance(home);
  // `--reset` deletes the logs of the instance; this one, just opened, must not be among them.
  await mkdir(folder.home, { recursive: true });
  const logFile = join(folder.home, 'standalone.log');
  const output = openSync(logFile, 'a', 0o600);
  let shown = await sizeOf(logFile);
  const program = join(fileURLToPath(new URL('.', import.meta.url)), 'main.js');
  const child = spawn(process.execPath, [program, 'start', '--background', ...flags], {
    cwd: '/',
    env: environment,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended: number | undefined;
  child.once('exit', (code) => (ended = code ?? 1));
  for (;;) {
    const status = await readStatus(folder.paths.state);
    const ready = status?.pid === child.pid && status?.ready === true;
    shown = await relay(logFile, shown);
    if (ended !== undefined) {
      throw new DomainError(
        'unavailable',
        'standalone.start_failed',
        `the platform did not start; its log: ${logFile}`,
      );
    }
    if (ready && status !== undefined) {
      process.stdout.write(`\nMillrace runs in the background (pid ${status.pid}).\n`);
      process.stdout.write(`  API       ${status.urls.api}\n  API docs  ${status.urls.docs}\n`);
      if (status.urls.temporalUi !== null) process.stdout.write(`  Temporal  ${status.urls.temporalUi}\n`);
      process.stdout.write(`  log       ${logFile}\n  Stop it with \`npm run stop\`.\n`);
      child.unref();
      return;
    }
    await sleep(50);
  }
}
