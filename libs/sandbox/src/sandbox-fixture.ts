import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxHandlers, SandboxHost, SandboxHostOptions } from './host.js';
import type { SandboxBundle, SandboxJob, SandboxProgram } from './job.js';
import type { SandboxResult } from './result.js';
import { startSandboxHost } from './start-host.js';
import { findPython } from './detect-tier.js';

/** For specs: hosts and bundles below one directory that disappears with the fixture. */
export interface SandboxFixture {
  readonly directory: string;
  /** The uid of the sandboxes as seen from outside. */
  readonly uid: number;
  host(options?: Partial<SandboxHostOptions>): Promise<SandboxHost>;
  bundle(files: Readonly<Record<string, string>>): Promise<SandboxBundle>;
  close(): Promise<void>;
}

/** What an attempt left for a spec to look at. */
export interface Observed {
  readonly result: SandboxResult;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: unknown;
}

/** As root the sandboxes need a uid of their own; any that nobody has will do. */
const someUid = 62_001;
const isRoot = process.getuid?.() === 0;

export async function sandboxFixture(): Promise<SandboxFixture> {
  bundleInit();
  const directory = await mkdtemp(join(tmpdir(), 'millrace-sandbox-'));
  await chmod(directory, 0o755);
  const hosts: SandboxHost[] = [];
  const pythonPath = await findPython();
  let bundles = 0;
  return {
    directory,
    uid: isRoot ? someUid : (process.getuid?.() ?? 0),
    async host(options = {}) {
      const host = await startSandboxHost({
        tier: 'standard',
        workDir: join(directory, `work-${hosts.length}`),
        graceMs: 500,
        ...(pythonPath === undefined ? {} : { pythonPath }),
        ...(isRoot ? { runAs: { uid: someUid, gid: someUid } } : {}),
        ...options,
      });
      hosts.push(host);
      return host;
    },
    async bundle(files) {
      bundles += 1;
      const bundleDir = join(directory, `bundle-${bundles}`);
      await mkdir(bundleDir, { recursive: true });
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(bundleDir, name)), { recursive: true });
        await writeFile(join(bundleDir, name), text);
      }
      return { key: `bundle-${bundles}`, bundleDir };
    },
    async close() {
      await Promise.all(hosts.map((host) => host.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

let jobs = 0;

/** A job with everything that a spec does not care about. */
export function job(program: SandboxProgram, more: Partial<SandboxJob> = {}): SandboxJob {
  jobs += 1;
  return {
    id: `job-${jobs}`,
    program,
    inputJson: 'null',
    context: { runId: 'run_1', taskId: 'task', mapIndex: null, attempt: 1 },
    timeoutMs: 20_000,
    ...more,
  };
}

/** Executes one job to its end and keeps what it printed. */
export async function observe(
  host: SandboxHost,
  program: SandboxProgram,
  more: Partial<SandboxJob> = {},
  handlers: SandboxHandlers = {},
): Promise<Observed> {
  const printed = { stdout: '', stderr: '' };
  const execution = host.execute(job(program, more), {
    ...handlers,
    onLog: (stream, bytes) => {
      printed[stream] += Buffer.from(bytes).toString('utf8');
    },
  });
  const result = await execution.done;
  const output = result.outputJson === undefined ? undefined : (JSON.parse(result.outputJson) as unknown);
  return { result, ...printed, output };
}

/** The package's own files, made when a spec is run from a fresh or changed source tree. */
function bundleInit(): void {
  const packageDir = fileURLToPath(new URL('..', import.meta.url));
  const bundled = join(packageDir, 'dist', 'undici.cjs');
  const sources = ['src', 'src/init'].flatMap((folder) =>
    readdirSync(join(packageDir, folder)).map((name) => statSync(join(packageDir, folder, name)).mtimeMs),
  );
  if (existsSync(bundled) && statSync(bundled).mtimeMs >= Math.max(...sources)) return;
  execFileSync(process.execPath, [join(packageDir, 'build.mjs')], { stdio: 'inherit' });
}

export interface SeenProcess {
  readonly pid: number;
  /** As seen from outside any sandbox. */
  readonly uid: number;
  readonly commandLine: string;
}

/** Host pids in a pid namespace, by what `/proc/self/ns/pid` of one of its processes says. */
export function processesIn(namespace: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readlinkSync(`/proc/${name}/ns/pid`) === namespace;
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Processes of this machine whose command line holds the text. */
export function processesWith(text: string): SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        if (!commandLine.includes(text)) return [];
        return [{ pid: Number(name), uid: statSync(`/proc/${name}`).uid, commandLine }];
      } catch {
        return [];
      }
    });
}
