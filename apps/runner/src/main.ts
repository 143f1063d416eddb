import { runnerExitCodes } from '@millrace/contracts/assignment';
import { logger } from '@millrace/platform';
import { detectTier } from '@millrace/sandbox';
import { installRuntime } from '@millrace/temporal';
import { becomeUser } from './become-user.js';
import { moveHome, readRunnerConfig } from './config.js';
import { readAssignment } from './read-assignment.js';
import { Runner } from './runner.js';

async function start(): Promise<number> {
  const config = readRunnerConfig();
  const log = logger('runner', { level: config.logLevel });
  // Whoever read this process's output may be gone while it still works.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  // A spare belongs to nobody yet; whoever stops it stops it at once.
  const leave = (): void => process.exit(runnerExitCodes.drained);
  process.on('SIGTERM', leave);
  process.on('SIGUSR2', leave);
  // What this machine can isolate is found out while nobody waits for it.
  const tierFound = detectTier();
  const assignment = await readAssignment(process.stdin);
  if (assignment === undefined) return runnerExitCodes.drained;
  const tier = await tierFound;

  const { user, home, drainGraceMs } = assignment;
  // Before anything is connected to: whatever this process does from here on, it does as the pool's user.
  if (user !== undefined) becomeUser(user);
  process.umask(0o077);
  process.chdir(home);
  moveHome(home);
  const named = log.child({ runnerId: assignment.runnerId, poolId: assignment.poolId });
  installRuntime({ log: named });
  const runner = new Runner(assignment, tier, named, config.buriesLateOffers);
  process.off('SIGTERM', leave);
  process.off('SIGUSR2', leave);
  process.on('SIGTERM', () => runner.drain(drainGraceMs));
  process.on('SIGUSR2', () => runner.drain(undefined));
  process.on('SIGINT', () => undefined);
  return runner.run();
}

start().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `the runner cannot go on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(runnerExitCodes.failed);
  },
);
