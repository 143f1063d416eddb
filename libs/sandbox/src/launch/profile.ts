import type { SandboxLimits } from '../job.js';

/** A host path and where it appears inside. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  /** Read-only where left out. */
  readonly writable?: boolean;
}

/** Fixed places inside a sandbox. */
export const inside = {
  init: '/millrace/init.cjs',
  undici: '/millrace/undici.cjs',
  bootstrap: '/millrace/bootstrap.py',
  node: '/millrace/node',
  builtin: (name: string): string => `/millrace/builtin/${name}.mjs`,
  bundle: '/bundle',
  npm: '/deps/npm',
  pip: '/deps/pip',
  task: '/task',
  tmp: '/tmp',
} as const;

export interface ProfileInput {
  readonly limits: SandboxLimits;
  /** Bundle, dependencies, init and its files, interpreters outside /usr. */
  readonly mounts: readonly Mount[];
  /** Made-up files of /etc, by name, as host paths. */
  readonly etc: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly seccompFd: number;
  readonly infoFd: number;
  /** Top-level entries of the host that lead into /usr, or are directories of their own on hosts without merged /usr. */
  readonly roots: readonly { readonly path: string; readonly link?: string }[];
}

const shmBytes = 64 * 1024 * 1024;
/** The uid and gid inside; from outside it is the uid that bubblewrap was started under. */
export const insideUid = 65534;

/** Real parts of /etc that libraries need; nothing else of it is visible. */
const etcParts = [
  'ssl/certs',
  'ssl/openssl.cnf',
  'alternatives',
  'ld.so.cache',
  'pki/tls/certs',
  'pki/ca-trust/extracted',
];

/** The flags of `bwrap`, for `--args`: on the command line they would show in /proc, in an environment they would stay. */
export function bubblewrapFlags(input: ProfileInput): readonly string[] {
  const { limits } = input;
  const sized = (bytes: number, perms: string, path: string): string[] => [
    ...['--perms', perms, '--size', String(Math.max(bytes, 4096)), '--tmpfs', path],
  ];
  const bind = (mount: Mount): string[] => [mount.writable === true ? '--bind' : '--ro-bind', mount.from, mount.to];
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session'],
    ...['--cap-drop', 'ALL', '--uid', String(insideUid), '--gid', String(insideUid), '--hostname', 'sandbox'],
    ...input.roots.flatMap(({ path, link }) =>
      link === undefined ? ['--ro-bind-try', path, path] : ['--symlink', link, path],
    ),
    ...etcParts.flatMap((part) => ['--ro-bind-try', `/etc/${part}`, `/etc/${part}`]),
    ...input.etc.flatMap(bind),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...sized(Math.min(shmBytes, limits.diskBytes), '1777', '/dev/shm'),
    ...sized(limits.diskBytes, '1777', inside.tmp),
    ...sized(limits.diskBytes, '0700', inside.task),
    ...['--dir', inside.bundle, '--symlink', `${inside.npm.slice(1)}/node_modules`, '/node_modules'],
    ...input.mounts.flatMap(bind),
    ...Object.entries(input.environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', inside.task, '--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--seccomp', String(input.seccompFd), '--info-fd', String(input.infoFd)],
  ];
}

/** Stacks of the threads that Node starts when they are needed. */
const laterThreadBytes = 48 * 1024 * 1024;
/** Threads of init and the sandbox's own pid 1: RLIMIT_NPROC counts threads. */
export const ownThreads = 24;

/**
 * `prlimit` flags: run inside, where the limits count this user namespace's processes only. RLIMIT_DATA counts address
 * space: without room for what Node itself maps, the limit would stop Node before the task.
 */
export function resourceLimits(limits: SandboxLimits, nodeDataBytes: number): readonly string[] {
  const both = (name: string, value: number): string => `--${name}=${value}:${value}`;
  return [
    both('data', limits.memoryBytes + nodeDataBytes + laterThreadBytes),
    both('nproc', limits.processes + ownThreads),
    both('nofile', limits.openFiles),
    both('fsize', limits.diskBytes),
    both('core', 0),
    both('memlock', 64 * 1024),
    both('msgqueue', 0),
  ];
}

/** V8's own limit below the kernel's, so that running out says so instead of failing somewhere. */
export function nodeFlags(limits: SandboxLimits): readonly string[] {
  const heapMiB = Math.max(32, Math.floor(limits.memoryBytes / (1024 * 1024)) - 24);
  return [`--max-old-space-size=${heapMiB}`, '--no-global-search-paths'];
}

/** What every sandbox's environment holds before its job is known. */
export const baseEnvironment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: inside.task,
  TMPDIR: inside.tmp,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  MILLRACE: '1',
} as const;
