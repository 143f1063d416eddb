import { createHmac, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@millrace/kernel';
import { EgressGuard } from './egress/guard.js';
import { Execution, type ExecutionExtras } from './execution.js';
import type { SandboxExecution, SandboxHandlers, SandboxHost, SandboxHostOptions } from './host.js';
import {
  defaultLimits,
  type SandboxBundle,
  type SandboxJob,
  type SandboxLimits,
  type SandboxMode,
  sandboxModes,
} from './job.js';
import { keepDefaults, type KeepLimits } from './keep-limits.js';
import { KeptBoxes } from './kept-boxes.js';
import { Box } from './launch/box.js';
import { findInterpreters } from './launch/interpreters.js';
import type { LaunchPad } from './launch/launch-pad.js';
import { cgroupControllers, findCgroupParent, sweepCgroups } from './launch/cgroup.js';
import { inheritedDescriptors, isExecutable, layOutHostFiles, makeShared, systemRoots } from './launch/host-files.js';
import type { Mount } from './launch/profile.js';
import { Spares } from './spares.js';

const defaultBubblewrap = '/usr/bin/bwrap';
const prlimit = '/usr/bin/prlimit';
const distFile = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

/**
 * Starts a host: prepares its work directory. No sandbox is started before `prepare` or `execute`.
 * @throws DomainError `invalid` where the options do not fit this process (mode, tier, `runAs`), `unavailable` where a
 *   part that the tier needs is missing.
 */
export function startSandboxHost(options: SandboxHostOptions): Promise<SandboxHost> {
  return startLocalHost(options);
}

/** The same for this package's own use: builds need mounts of their own. */
export async function startLocalHost(options: SandboxHostOptions): Promise<LocalSandboxHost> {
  requireMode(options.mode);
  const isolated = requireTier(options.tier);
  requireUser(options.runAs);
  const interpreters = await findInterpreters(options.nodePath ?? process.execPath, options.pythonPath);
  const { nodePath } = interpreters;
  const bubblewrapPath = options.bubblewrapPath ?? defaultBubblewrap;
  for (const path of isolated ? [nodePath, bubblewrapPath, prlimit] : [nodePath]) {
    if (await isExecutable(path)) continue;
    throw new DomainError('unavailable', 'sandbox.program_missing', `${path} is missing or cannot be executed`);
  }
  const { workDir } = options;
  await rm(workDir, { recursive: true, force: true });
  await makeShared(workDir);
  const sources = {
    init: options.initPath ?? distFile('init.cjs'),
    undici: distFile('undici.cjs'),
    bootstrap: distFile('bootstrap.py'),
  };
  const cgroupParent = isolated ? findCgroupParent() : undefined;
  if (cgroupParent !== undefined) sweepCgroups(cgroupParent);
  const pad: LaunchPad = {
    isolated,
    serves: (options.mode ?? 'fresh') === 'fresh' ? 'one' : 'many',
    bubblewrapPath,
    ...interpreters,
    prlimitPath: prlimit,
    files: await layOutHostFiles(workDir, sources, options.builtins ?? {}),
    roots: isolated ? await systemRoots() : [],
    boxesDir: join(workDir, 'boxes'),
    ...(options.runAs === undefined ? {} : { runAs: options.runAs }),
    ...(cgroupParent === undefined ? {} : { cgroupParent }),
    inheritedFds: inheritedDescriptors(),
  };
  await makeShared(pad.boxesDir);
  return new LocalSandboxHost(options, pad);
}

function requireMode(mode: SandboxMode | undefined): void {
  if (mode === undefined || sandboxModes.includes(mode)) return;
  const known = sandboxModes.join(', ');
  throw new DomainError('invalid', 'sandbox.mode_unknown', `there is no sandbox mode "${mode}": use one of ${known}`);
}

function requireTier(tier: SandboxHostOptions['tier']): boolean {
  if (tier === 'standard' || tier === 'none') return tier === 'standard';
  throw new DomainError('invalid', 'sandbox.tier_unsupported', `tier "${tier}" cannot be started on this machine`);
}

/** Started by root, a sandbox would be uid 0 seen from outside; no other process may choose. */
function requireUser(runAs: SandboxHostOptions['runAs']): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && (runAs === undefined || runAs.uid === 0 || runAs.gid === 0)) {
    const message = 'this process is root: name an unprivileged uid and gid for the sandboxes in "runAs"';
    throw new DomainError('invalid', 'sandbox.run_as_required', message);
  }
  if (!isRoot && runAs !== undefined && runAs.uid !== process.getuid?.()) {
    throw new DomainError('invalid', 'sandbox.run_as_refused', 'only root can start sandboxes under another uid');
  }
}

export class LocalSandboxHost implements SandboxHost {
  readonly enforced: readonly string[];

  private readonly limits: SandboxLimits;
  private readonly guard: EgressGuard;
  private readonly spares: Spares;
  private readonly keep: KeepLimits;
  private readonly kept: KeptBoxes;
  /** Makes keys of secrets without keeping the secrets. */
  private readonly keySecret = randomBytes(32);
  private readonly running = new Map<string, Execution>();
  private closed = false;
  private nextExecution = 1;

  constructor(
    private readonly options: SandboxHostOptions,
    private readonly pad: LaunchPad,
  ) {
    this.limits = { ...defaultLimits, ...options.limits };
    this.guard = options.guard ?? new EgressGuard();
    const { logger, spares = 1, warmBundles = 2 } = options;
    this.spares = new Spares(pad, {
      count: spares,
      bundles: warmBundles,
      limits: this.limits,
      isEager: pad.serves === 'one',
      isBusy: () => this.running.size >= availableParallelism(),
      ...(logger === undefined ? {} : { logger }),
    });
    this.keep = { ...keepDefaults, ...options.keep };
    this.kept = new KeptBoxes(this.keep, logger);
    this.enforced = pad.isolated
      ? [
          'namespaces',
          'seccomp',
          'rlimits',
          'tmpfs-size',
          'egress-guard',
          ...cgroupControllers(pad.cgroupParent).map((name) => `cgroup-${name}`),
        ]
      : ['clean-environment', 'time', 'output-size'];
  }

  get keptSandboxes(): number {
    return this.kept.count;
  }

  get readySpares(): number {
    return this.spares.ready;
  }

  async prepare(bundle: SandboxBundle, options: { readonly python?: boolean } = {}): Promise<void> {
    if (options.python === true) this.spares.expectPython(bundle);
    await this.spares.awaitReady(bundle);
  }

  execute(job: SandboxJob, handlers: SandboxHandlers = {}): SandboxExecution {
    return this.executeWith(job, handlers, {});
  }

  /** Executes with more than a tenant's job can ask for. */
  executeWith(job: SandboxJob, handlers: SandboxHandlers, extras: ExecutionExtras): SandboxExecution {
    const limits = this.checkJob(job);
    const fitsSpare = Object.keys(limits).every((name) => {
      const key = name as keyof SandboxLimits;
      return !spawnBound.has(key) || limits[key] === this.limits[key];
    });
    const keepKey = extras.mounts === undefined ? this.keepKey(job, limits) : undefined;
    const execution = new Execution(job, handlers, {
      isolated: this.pad.isolated,
      guard: this.guard,
      limits,
      graceMs: this.options.graceMs ?? 5000,
      artifactsDir: join(this.options.workDir, 'artifacts', String(this.nextExecution++)),
      extras,
      acquire: async () =>
        (keepKey === undefined ? undefined : await this.kept.take(keepKey)) ??
        this.acquire(job, limits, fitsSpare && extras.mounts === undefined, extras.mounts),
      ...(keepKey === undefined ? {} : { keep: (box: Box) => this.keepBox(keepKey, job, box) }),
      ...(this.modeOf(job) === 'run' ? { keptForRun: job.context.runId } : {}),
      onUnderWay: () => this.touchSpares(job),
    });
    this.running.set(job.id, execution);
    void execution.done.then(() => {
      this.running.delete(job.id);
      this.touchSpares(job);
    });
    return execution;
  }

  runEnded(runId: string): void {
    for (const execution of this.running.values()) execution.runEnded(runId);
    this.kept.endRun(runId);
    this.spares.fillNow();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const execution of this.running.values()) execution.cancel('the runner is stopping', { graceMs: 0 });
    await Promise.all([...this.running.values()].map((execution) => execution.done));
    await this.kept.close();
    await this.spares.close();
    await rm(this.options.workDir, { recursive: true, force: true });
  }

  private modeOf(job: SandboxJob): SandboxMode {
    return job.sandbox ?? job.mode ?? this.options.mode ?? 'fresh';
  }

  /**
   * What two attempts must have in common to share a sandbox; undefined where they share none. Secrets and connections
   * count with their values: two tasks may give different secrets the same name.
   */
  private keepKey(job: SandboxJob, limits: SandboxLimits): string | undefined {
    const mode = this.modeOf(job);
    if (mode === 'fresh' || this.pad.serves === 'one') return undefined;
    const { program, bundle, secrets, connections } = job;
    const declared = this.digestOf(Object.entries(secrets ?? {}).sort(), connections ?? []);
    const bound = [...spawnBound].map((name) => limits[name]);
    // Our own programs never share a heap with a tenant's code, nor one language's host with another's.
    const kind = program.kind === 'builtin' ? `builtin ${program.name}` : program.kind;
    const run = mode === 'run' ? job.context.runId : null;
    return JSON.stringify([mode, run, kind, bundle?.key ?? null, bound, declared]);
  }

  private digestOf(secrets: readonly unknown[], connections: readonly unknown[]): string | null {
    if (secrets.length === 0 && connections.length === 0) return null;
    return createHmac('sha256', this.keySecret)
      .update(JSON.stringify([secrets, connections]))
      .digest('base64');
  }

  private keepBox(key: string, job: SandboxJob, box: Box): void {
    const runId = this.modeOf(job) === 'run' ? job.context.runId : undefined;
    const { idleMs, runIdleMs } = this.keep;
    const canServe = job.program.kind !== 'python' || box.servesPython;
    if (canServe) this.kept.put(box, { key, runId, idleMs: runId === undefined ? idleMs : runIdleMs });
    else void box.dispose();
  }

  private async acquire(
    job: SandboxJob,
    limits: SandboxLimits,
    isWarm: boolean,
    mounts: readonly Mount[] | undefined,
  ): Promise<Box> {
    const spare = isWarm ? this.spares.take(job.bundle) : undefined;
    const python = job.program.kind === 'python';
    const box =
      spare ??
      (await Box.launch(this.pad, {
        ...(job.bundle === undefined ? {} : { bundle: job.bundle }),
        ...(mounts === undefined ? {} : { mounts }),
        limits,
        python,
      }));
    try {
      await box.ready;
    } catch (error) {
      await box.dispose();
      throw error;
    }
    return box;
  }

  private touchSpares(job: SandboxJob): void {
    if (job.program.kind === 'python') this.spares.expectPython(job.bundle);
    this.spares.touch(job.bundle);
  }

  /** Refuses what cannot be executed before anything is started; gives the job's limits. */
  private checkJob(job: SandboxJob): SandboxLimits {
    const refuse = (code: string, message: string): never => {
      throw new DomainError('invalid', `sandbox.${code}`, message);
    };
    if (this.closed) throw new DomainError('unavailable', 'sandbox.closed', 'the sandbox host is closed');
    requireMode(job.mode);
    if (this.running.has(job.id)) refuse('duplicate_job', `the job ${job.id} is being executed already`);
    if (!(job.timeoutMs > 0)) refuse('bad_timeout', 'a job needs a time limit above 0 ms');
    const { program } = job;
    if (program.kind === 'builtin' && this.pad.files.builtins[program.name] === undefined) {
      refuse('unknown_builtin', `there is no built-in program "${program.name}"`);
    }
    if (program.kind === 'python' && this.pad.pythonPath === undefined) {
      refuse('no_python', 'this runner has no Python 3');
    }
    const file = 'entry' in program ? program.entry : 'file' in program ? program.file : undefined;
    if (file !== undefined && (!file.startsWith('/bundle/') || file.split('/').includes('..'))) {
      refuse('bad_entry', `${file} is not a file of the bundle (/bundle/…)`);
    }
    const limits = { ...this.limits, ...job.limits };
    for (const [name, value] of Object.entries(limits)) {
      const most = this.limits[name as keyof SandboxLimits];
      if (most !== undefined && value > most) {
        refuse('limit_too_high', `${name} ${value} is above this runner's ${most}`);
      }
    }
    return limits;
  }
}

/** Limits that are set when a sandbox starts: another value needs another sandbox than the warm one. */
const spawnBound: ReadonlySet<keyof SandboxLimits> = new Set(['memoryBytes', 'processes', 'diskBytes', 'openFiles']);
