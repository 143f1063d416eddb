import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canUse, type UnprivilegedUser } from '@millrace/embedded';

/** The folder of one instance and what is where in it. */
export interface InstanceFolder {
  readonly home: string;
  /** The user for everything that need not be root; `undefined` when the platform was not started by root. */
  readonly user: UnprivilegedUser | undefined;
  /** Set when the data could not be kept where they were asked for. */
  readonly insteadOf?: string;
  readonly paths: InstancePaths;
}

export interface InstancePaths {
  readonly postgres: string;
  readonly warehouse: string;
  readonly temporal: string;
  readonly objects: string;
  readonly logs: string;
  /** Records of processes, ports and progress. */
  readonly state: string;
  /** Passwords of the embedded servers; for this program only. */
  readonly passwords: string;
  /** The master key. */
  readonly keys: string;
  /** The gateway's socket. */
  readonly run: string;
  /** Home folder of the programs that run as the unprivileged user. */
  readonly scratch: string;
  /** Generated configuration without secrets. */
  readonly config: string;
  /** Copies of programs for users that cannot read the checkout. */
  readonly runtime: string;
  readonly pools: string;
  readonly backups: string;
}

function pathsIn(home: string): InstancePaths {
  const at = (name: string): string => join(home, name);
  return {
    postgres: at('postgres'),
    warehouse: at('warehouse'),
    temporal: at('temporal'),
    objects: at('objects'),
    logs: at('logs'),
    state: at('state'),
    passwords: at('passwords'),
    keys: at('keys'),
    run: at('run'),
    scratch: at('scratch'),
    config: at('config'),
    runtime: at('runtime'),
    pools: at('pools'),
    backups: at('backups'),
  };
}

/** The nearest folder on the way up that exists. */
async function existingAncestor(path: string): Promise<string> {
  return realpath(path).catch(() => existingAncestor(dirname(path)));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/**
 * Where the instance lives: `MILLRACE_HOME`, else `.millrace` in the checkout. Started by root, its servers run as a
 * user without rights, who must be able to enter the folder; under a home folder such as root's that is not so, and
 * the instance lives in `/var/lib/millrace` under a name made from the path.
 */
export async function instanceFolder(
  checkout: string,
  wanted: string | undefined,
  user: UnprivilegedUser | undefined,
): Promise<InstanceFolder> {
  const home = wanted ?? join(checkout, '.millrace');
  if (user === undefined) return { home, user, paths: pathsIn(home) };
  // The folder itself is made enterable; what is above it is not ours to change.
  const above = await existingAncestor(dirname(home));
  if (await canUse(user, [above])) return { home, user, paths: pathsIn(home) };
  const elsewhere = join('/var/lib/millrace', shortHash(home));
  return { home: elsewhere, user, insteadOf: home, paths: pathsIn(elsewhere) };
}

/** Makes the folders with the owners and modes that their readers need. */
export async function makeFolders(folder: InstanceFolder): Promise<void> {
  const { home, paths, user } = folder;
  const make = async (path: string, mode: number, owner?: UnprivilegedUser): Promise<void> => {
    await mkdir(path, { recursive: true });
    await chmod(path, mode);
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  };
  // Without a second user nobody else has any business in here.
  const enterable = user === undefined ? 0o700 : 0o711;
  await make(home, enterable);
  await make(paths.logs, 0o700);
  await make(paths.state, 0o700);
  await make(paths.passwords, 0o700);
  await make(paths.backups, 0o700);
  await make(paths.postgres, enterable);
  await make(paths.warehouse, enterable);
  await make(paths.pools, enterable);
  await make(paths.runtime, user === undefined ? 0o700 : 0o755);
  await make(paths.config, user === undefined ? 0o700 : 0o755);
  await make(paths.temporal, 0o700, user);
  await make(paths.objects, 0o700, user);
  await make(paths.keys, 0o700, user);
  await make(paths.scratch, 0o700, user);
  await make(paths.run, enterable, user);
}
