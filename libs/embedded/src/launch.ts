import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, closeSync, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { UnprivilegedUser } from './unprivileged-user.js';

export interface LaunchOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Run as this user instead of the present one. */
  readonly user?: UnprivilegedUser | undefined;
  /** File that standard output and error are appended to. */
  readonly logFile: string;
  /** What the process gets when this one dies without a word (Linux); default SIGTERM. */
  readonly orphanSignal?: 'TERM' | 'INT';
}

/** Folders that hold system programs also where PATH does not say so. */
const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

function findSetpriv(path: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return [...path.split(delimiter), ...systemFolders]
    .map((folder) => join(folder, 'setpriv'))
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function throughSetpriv(setpriv: string, options: LaunchOptions): { command: string; args: string[] } {
  const { user, orphanSignal = 'TERM' } = options;
  const identity =
    user === undefined ? [] : ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  return {
    command: setpriv,
    args: [...identity, '--pdeathsig', orphanSignal, '--', options.program, ...options.args],
  };
}

/**
 * Starts a process that leads a session of its own, so that Ctrl-C in the terminal does not reach it and its end stays
 * in our hands. On Linux it is signalled when this process dies, however that happens.
 */
export function launch(options: LaunchOptions): ChildProcess {
  const { env, cwd, user } = options;
  const output = openSync(options.logFile, 'a', 0o600);
  try {
    const base = { env, cwd, detached: true, stdio: ['ignore', output, output] as ['ignore', number, number] };
    const setpriv = findSetpriv(env['PATH'] ?? '');
    if (setpriv !== undefined) {
      const { command, args } = throughSetpriv(setpriv, options);
      return spawn(command, args, base);
    }
    const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
    return spawn(options.program, [...options.args], { ...base, ...identity });
  } finally {
    closeSync(output);
  }
}
