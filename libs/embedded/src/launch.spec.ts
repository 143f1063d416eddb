import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isRunning, recordProcess, waitForEnd } from './process-record.js';

it.runIf(process.platform === 'linux')('takes its processes along when the parent is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-launch-'));
  const program = `
    import { launch } from ${JSON.stringify(new URL('../dist/launch.js', import.meta.url).href)};
    const child = launch({ program: '/bin/sleep', args: ['60'], env: process.env, logFile: ${JSON.stringify(join(folder, 'log'))} });
    process.stdout.write(String(child.pid) + '\\n');
    setInterval(() => undefined, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
  });
  const child = await recordProcess(pid, 'sleep');
  expect(await isRunning(child)).toBe(true);

  parent.kill('SIGKILL');

  expect(await waitForEnd(child, 5_000)).toBe(true);
  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('');
  await rm(folder, { recursive: true });
});
