import { constants } from 'node:fs';
import { access, chown, lstat, opendir, readFile, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { EgressGuard } from '../egress/guard.js';
import type { SandboxHostOptions } from '../host.js';
import type { SandboxConnection, SandboxJob } from '../job.js';
import { makeShared } from '../launch/host-files.js';
import type { Mount } from '../launch/profile.js';
import type { SandboxResult } from '../result.js';
import { startLocalHost } from '../start-host.js';
import { OriginServer } from './origin-server.js';
import type { PackageIndexes } from './package-indexes.js';
import { npmScript, pipScript } from './scripts.js';

export interface BuildOptions extends Pick<
  SandboxHostOptions,
  'tier' | 'workDir' | 'nodePath' | 'pythonPath' | 'bubblewrapPath' | 'runAs' | 'guard'
> {
  readonly kind: 'npm' | 'pip';
  /** Holds `package.json` (and a lock) or `requirements.txt`. */
  readonly bundleDir: string;
  /** Made by the build, in a directory that the sandboxes' uid can enter; afterwards `node_modules/` or the packages. */
  readonly outDir: string;
  readonly indexes: PackageIndexes;
  /** Run the install scripts of packages and build from source. */
  readonly allowScripts?: boolean;
  /** 600,000 where left out. */
  readonly timeoutMs?: number;
  /** Of the result and all that lies beside it meanwhile; 1 GiB where left out. */
  readonly maxBytes?: number;
  readonly memoryBytes?: number;
  /** Called with what npm or pip print, as they do. */
  readonly onLog?: (bytes: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

export interface BuildResult {
  readonly ok: boolean;
  /** What the build printed, shortened in the middle. */
  readonly log: string;
  /** The resolved lock where the bundle had none: package-lock.json, or requirements with hashes. */
  readonly lock?: string;
  /** Size of the result on disk. */
  readonly sizeBytes: number;
  /** Why it failed, in a sentence. */
  readonly error?: string;
}

const MiB = 1024 * 1024;
const maxLogChars = 256 * 1024;
const watchMs = 1000;

/**
 * Installs the dependencies of a bundle in a sandbox that reaches the package indexes and nothing else.
 * A build that fails is a result; only what cannot be started throws.
 * @throws DomainError `unavailable` where npm or pip are missing on this host.
 */
export async function runBuild(options: BuildOptions): Promise<BuildResult> {
  const { outDir, runAs } = options;
  await rm(outDir, { recursive: true, force: true });
  await makeShared(outDir);
  if (runAs !== undefined) await chown(outDir, runAs.uid, runAs.gid);
  const plan = await planBuild(options);
  const host = await startLocalHost({
    ...options,
    spares: 0,
    limits: {
      memoryBytes: options.memoryBytes ?? 2048 * MiB,
      processes: 256,
      openFiles: 4096,
      diskBytes: 1024 * MiB,
      artifactBytes: 64 * MiB,
    },
  });
  try {
    return await executeBuild(host, plan, options);
  } finally {
    await host.close();
  }
}

interface BuildPlan {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** The origins that the build may reach, by the number that the script knows them by. */
  readonly origins: readonly string[];
}

async function planBuild(options: BuildOptions): Promise<BuildPlan> {
  const isolated = options.tier !== 'none';
  const nodePath = options.nodePath ?? process.execPath;
  const origins: string[] = [];
  const numberOf = (url: string): number => {
    const { origin } = new URL(url);
    if (!origins.includes(origin)) origins.push(origin);
    return origins.indexOf(origin);
  };
  const shared = {
    BUILD_OUT: isolated ? '/out' : options.outDir,
    BUILD_IGNORE_SCRIPTS: String(options.allowScripts !== true),
  };
  const out: Mount = { from: options.outDir, to: '/out', writable: true };
  if (options.kind === 'npm') {
    const { registry, scopes } = options.indexes.npm;
    const local = (url: string): string => `{origin-${numberOf(url)}}${new URL(url).pathname}`;
    const lines = [
      `registry=${local(registry)}`,
      ...Object.entries(scopes).map(([scope, url]) => `${scope}:registry=${local(url)}`),
    ];
    const npm = await findNpm(nodePath);
    const isMounted = isolated && !npm.startsWith('/usr/');
    options.indexes.fileOrigins.forEach(numberOf);
    return {
      script: npmScript,
      origins,
      mounts: [out, ...(isMounted ? [{ from: npm, to: '/millrace/npm' }] : [])],
      environment: {
        ...shared,
        BUILD_NPMRC: lines.join('\n'),
        BUILD_ORIGINS: origins.join(' '),
        BUILD_NODE: isolated && !nodePath.startsWith('/usr/') ? '/millrace/node' : nodePath,
        BUILD_NPM: join(isMounted ? '/millrace/npm' : npm, 'bin', 'npm-cli.js'),
      },
    };
  }
  if (options.pythonPath === undefined)
    throw new DomainError('unavailable', 'sandbox.no_python', 'this runner has no Python 3');
  const { indexUrl, extraIndexUrls, findLinks } = options.indexes.pip;
  const entries = [indexUrl, ...extraIndexUrls].map((url) => `${numberOf(url)}=${new URL(url).pathname}`);
  options.indexes.fileOrigins.forEach(numberOf);
  const present = await Promise.all(findLinks.map(async (path) => ((await isReadable(path)) ? [path] : [])));
  const links = present.flat().map((from, index) => ({ from, to: `/links/${index}` }));
  return {
    script: pipScript,
    origins,
    mounts: [out, ...links],
    environment: {
      ...shared,
      BUILD_PYTHON: options.pythonPath,
      BUILD_INDEXES: entries.join(' '),
      BUILD_FIND_LINKS: links.map((link) => (isolated ? link.to : link.from)).join(' '),
    },
  };
}

async function executeBuild(
  host: Awaited<ReturnType<typeof startLocalHost>>,
  plan: BuildPlan,
  options: BuildOptions,
): Promise<BuildResult> {
  const log = new BuildLog(options.onLog);
  const guard = options.guard ?? new EgressGuard();
  const job: SandboxJob = {
    id: 'build',
    bundle: { key: 'build', bundleDir: options.bundleDir },
    program: { kind: 'shell', script: plan.script },
    inputJson: 'null',
    context: { runId: 'build', taskId: options.kind, mapIndex: null, attempt: 1 },
    env: plan.environment,
    connections: plan.origins.map((origin, index): SandboxConnection => ({
      name: `origin_${index}`,
      type: 'http',
      host: origin,
      port: 1,
    })),
    timeoutMs: options.timeoutMs ?? 600_000,
    // Beside the indexes nothing is reached, not even public addresses.
    egress: { open: [], allowPorts: [] },
  };
  const execution = host.executeWith(
    job,
    {
      onLog: (_stream, bytes) => log.push(bytes),
      onEgressRefused: (refusal) => log.push(Buffer.from(`${refusal.message}\n`)),
    },
    {
      mounts: plan.mounts,
      serveConnections: (servers) =>
        new OriginServer({
          guard,
          routes: servers.map((server, index) => ({ origin: plan.origins[index] ?? '', server })),
          credentials: options.indexes.credentials,
          ...(options.indexes.extraCa === undefined ? {} : { extraCa: options.indexes.extraCa }),
          onProblem: (message) => log.push(Buffer.from(`${message}\n`)),
        }),
    },
  );
  const cancel = (): void => execution.cancel('the deployment was cancelled');
  options.signal?.addEventListener('abort', cancel, { once: true });
  const maxBytes = options.maxBytes ?? 1024 * MiB;
  let tooLarge = false;
  const watch = setInterval(() => {
    void sizeOf(options.outDir, maxBytes).then((size) => {
      if (size <= maxBytes || tooLarge) return;
      tooLarge = true;
      execution.cancel('too large', { graceMs: 0 });
    });
  }, watchMs);
  const result = await execution.done;
  clearInterval(watch);
  options.signal?.removeEventListener('abort', cancel);
  const sizeBytes = await sizeOf(options.outDir, maxBytes);
  const lock = await readLock(result, options.kind);
  await execution.release();
  if (tooLarge || sizeBytes > maxBytes) {
    return {
      ok: false,
      log: log.text,
      sizeBytes,
      error: `the dependencies are over the limit of ${Math.round(maxBytes / MiB)} MiB`,
    };
  }
  if (result.outcome !== 'succeeded') {
    return { ok: false, log: log.text, sizeBytes, error: failureOf(result, options.kind) };
  }
  return { ok: true, log: log.text, sizeBytes, ...(lock === undefined ? {} : { lock }) };
}

function failureOf({ outcome, error }: SandboxResult, kind: 'npm' | 'pip'): string {
  if (outcome === 'failed') return `${kind} could not install the dependencies (see the log)`;
  return error?.message ?? outcome;
}

/** What was printed, its beginning and its end. */
class BuildLog {
  private head = '';
  private tail = '';
  private left = 0;

  constructor(private readonly onLog: ((bytes: Uint8Array) => void) | undefined) {}

  push(bytes: Uint8Array): void {
    this.onLog?.(bytes);
    const text = Buffer.from(bytes).toString('utf8');
    if (this.head.length < maxLogChars / 2) {
      this.head += text;
      return;
    }
    this.tail += text;
    const over = this.tail.length - maxLogChars / 2;
    if (over <= 0) return;
    this.tail = this.tail.slice(over);
    this.left += over;
  }

  get text(): string {
    return this.left === 0 ? this.head + this.tail : `${this.head}\n… ${this.left} characters left out …\n${this.tail}`;
  }
}

interface PipReport {
  readonly install?: readonly {
    readonly metadata?: { readonly name?: string; readonly version?: string };
    readonly download_info?: { readonly archive_info?: { readonly hashes?: Readonly<Record<string, string>> } };
  }[];
}

async function readLock(result: SandboxResult, kind: 'npm' | 'pip'): Promise<string | undefined> {
  const artifact = result.artifacts.find((candidate) => candidate.name === 'lock');
  if (artifact === undefined) return undefined;
  const text = await readFile(artifact.path, 'utf8');
  if (kind === 'npm') return text;
  const report = JSON.parse(text) as PipReport;
  const lines = (report.install ?? []).flatMap(({ metadata, download_info: download }) => {
    if (metadata?.name === undefined || metadata.version === undefined) return [];
    const hashes = Object.entries(download?.archive_info?.hashes ?? {}).map(
      ([name, value]) => ` --hash=${name}:${value}`,
    );
    return [`${metadata.name}==${metadata.version}${hashes.join('')}`];
  });
  return `${lines.sort().join('\n')}\n`;
}

/** Bytes of the files below, or a little more than the limit where they are more. */
async function sizeOf(directory: string, limit: number): Promise<number> {
  let total = 0;
  const queue = [directory];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const entries = await opendir(next).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) queue.push(path);
      else total += (await lstat(path).catch(() => undefined))?.size ?? 0;
      if (total > limit) return total;
    }
  }
  return total;
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** npm comes with Node, beside it; distributions keep it elsewhere. */
async function findNpm(nodePath: string): Promise<string> {
  const prefix = dirname(dirname(await realpath(nodePath)));
  const places = [
    join(prefix, 'lib', 'node_modules', 'npm'),
    '/usr/lib/node_modules/npm',
    '/usr/local/lib/node_modules/npm',
    '/usr/share/nodejs/npm',
  ];
  for (const place of places) if (await isReadable(join(place, 'bin', 'npm-cli.js'))) return place;
  throw new DomainError(
    'unavailable',
    'sandbox.no_npm',
    `npm was not found beside ${nodePath}: install the npm that belongs to it`,
  );
}
