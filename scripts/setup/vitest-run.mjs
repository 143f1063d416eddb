import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reachableCheckout, reachableNode } from './reachable.mjs';

/**
 * Runs vitest with its output on the terminal. Gives what passed and failed; a run that ended without counting has
 * failed once.
 */
export async function runVitest(args, env) {
  const { folder, release } = await reachableCheckout();
  try {
    return await runIn(folder, args, env);
  } finally {
    release();
  }
}

async function runIn(folder, args, env) {
  const cache = join(folder, 'node_modules', '.cache');
  const counts = join(cache, 'vitest-counts.json');
  mkdirSync(cache, { recursive: true });
  rmSync(counts, { force: true });
  const reporter = join(folder, 'scripts', 'setup', 'counting-reporter.mjs');
  const entry = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(await reachableNode(), [entry, 'run', '--reporter=default', `--reporter=${reporter}`, ...args], {
    cwd: folder,
    env: { ...env, VITEST_COUNTS_FILE: counts },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (status) => resolve(status ?? 1));
  });
  if (!existsSync(counts)) return { passed: 0, failed: 1 };
  const { passed, failed } = JSON.parse(readFileSync(counts, 'utf8'));
  // An error outside of any test shows in the exit code only.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}
