import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reap, unprivilegedUser } from '@millrace/embedded';
import { checkout } from './config.js';
import { type InstanceFolder, instanceFolder } from './instance-folder.js';

/** Everything that one instance runs, in the order in which it is stopped; inner lists side by side. */
export const stopOrder: readonly (readonly string[])[] = [
  ['pool-controller'],
  ['api', 'orchestrator'],
  ['temporal', 'postgres', 'warehouse'],
];

/** The instance folder that a start with this `MILLRACE_HOME` uses. */
export async function locateInstance(home: string | undefined): Promise<InstanceFolder> {
  return instanceFolder(checkout, home, await unprivilegedUser());
}

/** Ends what a platform that died left behind in its folder; true when there was something. */
export async function reapLeftovers(folder: InstanceFolder): Promise<boolean> {
  let found = false;
  for (const names of stopOrder) {
    const ended = await Promise.all(
      names.map((name) =>
        reap(join(folder.paths.state, `${name}.json`), ['postgres', 'warehouse'].includes(name) ? 'SIGINT' : 'SIGTERM'),
      ),
    );
    found ||= ended.includes(true);
  }
  return found;
}

/** Deletes everything that the instance keeps but its backups. */
export async function deleteData(folder: InstanceFolder): Promise<void> {
  const { backups, ...rest } = folder.paths;
  for (const path of Object.values(rest)) if (path !== backups) await rm(path, { recursive: true, force: true });
}
