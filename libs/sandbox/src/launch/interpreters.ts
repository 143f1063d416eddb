import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DomainError } from '@millrace/kernel';
import type { LaunchPad } from './launch-pad.js';

/** The real places of Node and Python, and what must be mounted for a Python that is not the system's. */
export async function findInterpreters(
  nodePath: string,
  pythonPath: string | undefined,
): Promise<Pick<LaunchPad, 'nodePath' | 'pythonPath' | 'interpreterMounts'>> {
  const node = await realPath(nodePath);
  if (pythonPath === undefined) return { nodePath: node, interpreterMounts: [] };
  const python = await realPath(pythonPath);
  if (python.startsWith('/usr/')) return { nodePath: node, pythonPath: python, interpreterMounts: [] };
  const prefix = await basePrefix(python);
  return { nodePath: node, pythonPath: python, interpreterMounts: [{ from: prefix, to: prefix }] };
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    const message = `${path} is missing or cannot be executed`;
    throw new DomainError('unavailable', 'sandbox.program_missing', message, { cause });
  });
}

/** Where the interpreter keeps its library. */
async function basePrefix(python: string): Promise<string> {
  const { stdout } = await promisify(execFile)(python, ['-I', '-c', 'import sys; print(sys.base_prefix)'], { env: {} });
  return stdout.trim();
}
