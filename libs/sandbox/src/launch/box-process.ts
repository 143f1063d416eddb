import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import type { InitConfig } from '../protocol.js';
import { bundleMounts, nodeInside, ownMounts, searchPath } from './box-layout.js';
import type { BoxSpec, LaunchPad } from './launch-pad.js';
import { baseEnvironment, bubblewrapFlags, inside, nodeFlags, resourceLimits } from './profile.js';

const fd = { control: 4, args: 5, seccomp: 6, info: 7 } as const;

/** The processes of a sandbox as they were started. */
export interface BoxProcess {
  readonly child: ChildProcess;
  /** Where frames are exchanged with init. */
  readonly control: Duplex;
  /** Host pid of the namespace's pid 1 (of init itself where there is no namespace); undefined until it is known. */
  readonly rootPid: () => number | undefined;
}

/** Starts init: in namespaces of its own, or where the host does not isolate, in a process group. */
export function startBoxProcess(pad: LaunchPad, spec: BoxSpec, directory: string): BoxProcess {
  return pad.isolated ? startIsolated(pad, spec) : startPlain(pad, spec, directory);
}

function startIsolated(pad: LaunchPad, spec: BoxSpec): BoxProcess {
  const flags = bubblewrapFlags({
    limits: spec.limits,
    mounts: [...ownMounts(pad), ...bundleMounts(spec.bundle), ...(spec.mounts ?? [])],
    etc: pad.files.etc,
    environment: { ...baseEnvironment, PATH: searchPath(pad), ...spec.environment },
    seccompFd: fd.seccomp,
    infoFd: fd.info,
    roots: pad.roots,
  });
  const command = [
    ...[pad.prlimitPath, ...resourceLimits(spec.limits, pad.nodeDataBytes), '--'],
    ...[nodeInside(pad.nodePath), ...nodeFlags(spec.limits), inside.init, JSON.stringify(isolatedConfig(pad, spec))],
  ];
  const seccomp = openSync(pad.files.seccomp, 'r');
  const child = spawn(pad.bubblewrapPath, ['--args', String(fd.args), '--', ...command], {
    env: {},
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe', seccomp, 'pipe'],
    ...(pad.runAs ?? {}),
  });
  closeSync(seccomp);
  // The types of `stdio` end at the fifth.
  const streams: readonly unknown[] = child.stdio;
  const args = streams[fd.args] as Duplex;
  args.on('error', () => undefined);
  // Unread, a stream never closes, and the child would never be seen to have.
  args.resume();
  args.end(flags.map((flag) => `${flag}\0`).join(''));
  let info = '';
  let rootPid: number | undefined;
  (streams[fd.info] as Readable).on('data', (chunk: Buffer) => {
    info += chunk.toString('utf8');
    rootPid ??= childPid(info);
  });
  return { child, control: child.stdio[fd.control] as Duplex, rootPid: () => rootPid };
}

function childPid(info: string): number | undefined {
  const match = /"child-pid":\s*(\d+)/.exec(info);
  return match === null ? undefined : Number(match[1]);
}

function startPlain(pad: LaunchPad, spec: BoxSpec, directory: string): BoxProcess {
  const task = join(directory, 'task');
  const tmp = join(directory, 'tmp');
  const flags = [...nodeFlags(spec.limits), '--preserve-symlinks', '--preserve-symlinks-main'];
  const child = spawn(pad.nodePath, [...flags, pad.files.init, JSON.stringify(plainConfig(pad, spec, directory))], {
    env: { ...baseEnvironment, PATH: searchPath(pad), HOME: task, TMPDIR: tmp, ...spec.environment },
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    ...(pad.runAs ?? {}),
  });
  return { child, control: child.stdio[fd.control] as Duplex, rootPid: () => child.pid };
}

function commonConfig(pad: LaunchPad, spec: BoxSpec) {
  return {
    ...(pad.pythonPath === undefined ? {} : { pythonPath: pad.pythonPath }),
    closeFds: pad.inheritedFds.filter((inherited) => inherited > fd.info),
    serves: pad.serves,
    warmPython: spec.python,
  };
}

function isolatedConfig(pad: LaunchPad, spec: BoxSpec): InitConfig {
  return {
    ...commonConfig(pad, spec),
    bootstrapPath: inside.bootstrap,
    undiciPath: inside.undici,
    builtins: Object.fromEntries(Object.keys(pad.files.builtins).map((name) => [name, inside.builtin(name)])),
    paths: {
      bundle: inside.bundle,
      ...(spec.bundle?.pipDir === undefined ? {} : { pip: inside.pip }),
      task: inside.task,
      tmp: inside.tmp,
      shm: '/dev/shm',
    },
  };
}

function plainConfig(pad: LaunchPad, spec: BoxSpec, directory: string): InitConfig {
  return {
    ...commonConfig(pad, spec),
    bootstrapPath: pad.files.bootstrap,
    undiciPath: pad.files.undici,
    builtins: pad.files.builtins,
    paths: {
      bundle: join(directory, 'bundle'),
      ...(spec.bundle?.pipDir === undefined ? {} : { pip: spec.bundle.pipDir }),
      task: join(directory, 'task'),
      tmp: join(directory, 'tmp'),
    },
  };
}
