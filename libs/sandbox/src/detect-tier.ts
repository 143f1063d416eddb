import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxHostOptions } from './host.js';
import { isExecutable } from './launch/host-files.js';
import { seccompArch } from './seccomp/filter.js';
import { startSandboxHost } from './start-host.js';
import type { TierReport } from './tier.js';

export type DetectTierOptions = Pick<SandboxHostOptions, 'nodePath' | 'bubblewrapPath' | 'initPath' | 'runAs'> & {
  /** Where the probe's files may lie; readable by `runAs`. The system's temporary directory where left out. */
  readonly parentDir?: string;
};

const bubblewrapPlaces = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'];
const pythonPlaces = ['/usr/bin/python3', '/usr/local/bin/python3'];
/** Root may probe without having chosen a uid: the one that owns nothing. */
const nobody = { uid: 65534, gid: 65534 };

/** What a sandbox must be able to say of itself; each line that comes back is a fence that does not stand. */
const probe = `
[ "$(id -u)" = 65534 ] || echo "the uid inside is not 65534"
grep -q '^Seccomp:[[:space:]]*2$' /proc/self/status || echo "no seccomp filter is in force"
grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status || echo "new privileges can be gained"
grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status || echo "capabilities are left"
[ "$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ')" = lo ] || echo "the network is not its own"
[ "$(ls -d /proc/[0-9]* | wc -l)" -lt 20 ] || echo "processes of the host can be seen"
if touch /probe 2>/dev/null; then echo "the root can be written"; fi
if unshare -U true 2>/dev/null; then echo "user namespaces can be made"; fi
:
`;

/**
 * Finds out how well this machine can isolate a task by starting a sandbox and looking from inside it.
 * Never throws: what does not work is the `reason` of a lower tier.
 */
export async function detectTier(options: DetectTierOptions = {}): Promise<TierReport> {
  const path = options.bubblewrapPath ?? (await firstExecutable(bubblewrapPlaces));
  if (process.platform !== 'linux') return none(`sandboxes need Linux; this is ${process.platform}`);
  if (path === undefined) return none('bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)');
  if (seccompArch(process.arch) === undefined) return none(`there is no system call filter for ${process.arch}`);
  const bubblewrap = { path, version: await versionOf(path) };
  const workDir = await mkdtemp(join(options.parentDir ?? tmpdir(), 'millrace-tier-'));
  try {
    // The sandbox's own uid must get through.
    await chmod(workDir, 0o755);
    const complaint = await lookFromInside({ ...options, bubblewrapPath: path }, join(workDir, 'probe'));
    return complaint === undefined ? { tier: 'standard', bubblewrap } : { ...none(complaint), bubblewrap };
  } catch (error) {
    return { ...none((error as Error).message), bubblewrap };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** The system's Python 3, which a sandbox can see; undefined where there is none. */
export function findPython(): Promise<string | undefined> {
  return firstExecutable(pythonPlaces);
}

async function lookFromInside(options: DetectTierOptions, workDir: string): Promise<string | undefined> {
  const { parentDir: _parentDir, runAs, ...rest } = options;
  const chosen = runAs ?? (process.getuid?.() === 0 ? nobody : undefined);
  const host = await startSandboxHost({
    ...rest,
    ...(chosen === undefined ? {} : { runAs: chosen }),
    tier: 'standard',
    workDir,
    spares: 0,
  });
  try {
    let said = '';
    const execution = host.execute(
      {
        id: 'probe',
        program: { kind: 'shell', script: probe },
        inputJson: 'null',
        context: { runId: 'probe', taskId: 'probe', mapIndex: null, attempt: 1 },
        timeoutMs: 10_000,
      },
      { onLog: (stream, bytes) => void (stream === 'stdout' && (said += Buffer.from(bytes).toString('utf8'))) },
    );
    const { outcome, error } = await execution.done;
    if (outcome !== 'succeeded') return `a sandbox could not be started: ${error?.message ?? outcome}`;
    return said === '' ? undefined : `the sandbox is not tight: ${said.trim().replaceAll('\n', '; ')}`;
  } finally {
    await host.close();
  }
}

function none(reason: string): TierReport {
  return { tier: 'none', reason };
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function versionOf(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { env: {} }).catch(() => ({ stdout: '' }));
  return /\d+(\.\d+)*/.exec(stdout)?.[0] ?? 'unknown';
}
