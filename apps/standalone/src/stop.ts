import { environment, readStandaloneConfig } from './config.js';
import { locateInstance, reapLeftovers } from './instance.js';
import { runningInstance, stopInstance } from './instance-lock.js';
import { during } from './progress.js';

/** Stops the platform of this checkout and whatever a dead one left behind. */
export async function stop(): Promise<void> {
  const { home } = readStandaloneConfig(environment);
  const folder = await locateInstance(home);
  const record = await runningInstance(folder.paths.state);
  if (record !== undefined && !(await during('stopping', () => stopInstance(record)))) {
    throw new Error(
      `the platform (pid ${record.pid}) has not stopped within 45 s; see the logs in ${folder.paths.logs}`,
    );
  }
  const leftovers = await reapLeftovers(folder);
  const nothing = record === undefined && !leftovers;
  process.stdout.write(nothing ? 'Millrace is not running here.\n' : 'Millrace is stopped.\n');
}
