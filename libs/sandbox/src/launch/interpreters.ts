import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DomainError } from '@millrace/kernel';
import type { LaunchPad } from './launch-pad.js';

/** The real places of Node and Python, and what must be mounted for a Python that is not the system's. */
export async function findInterpreters(
  nodePath: string,
  pythonPath: string | undefined,
): Promise<Pick<LaunchPad, 'nodePath' | 'nodeDataBytes' | 'pythonPath' | 'interpreterMounts'>> {
  const node = await realPath(nodePath);
  const forNode = { nodePath: node, nodeDataBytes: await dataBytes(node) };
  if (pythonPath === undefined) return { ...forNode, interpreterMounts: [] };
  const python = await realPath(pythonPath);
  if (python.startsWith('/usr/')) return { ...forNode, pythonPath: python, interpreterMounts: [] };
  const prefix = await basePrefix(python);
  return { ...forNode, pythonPath: python, interpreterMounts: [{ from: prefix, to: prefix }] };
}

/** What Node maps as data before any program runs: 48 MiB in version 20, over 500 in version 24. */
async function dataBytes(node: string): Promise<number> {
  const program = "process.stdout.write(require('node:fs').readFileSync('/proc/self/status', 'latin1'))";
  const { stdout } = await promisify(execFile)(node, ['-e', program], { env: {} }).catch(() => ({ stdout: '' }));
  return Number(/^VmData:\s*(\d+) kB/m.exec(stdout)?.[1] ?? 0) * 1024;
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
