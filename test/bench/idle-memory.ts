/**
 * The memory of a whole platform at rest: proportional set sizes, in which what processes share counts once.
 *
 * `node test/dist/bench/idle-memory.js [pid]` measures the platform of this checkout (`npm start`), or the one whose
 * supervising process is named; as root where its servers run as another user. Linux only.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** One program of the platform, with all its processes. */
export interface ProgramMemory {
  readonly name: string;
  readonly processes: number;
  /** Proportional set size in bytes. */
  readonly pssBytes: number;
}

export interface PlatformMemory {
  /** Largest first. */
  readonly programs: readonly ProgramMemory[];
  readonly pssBytes: number;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** Measures a process and all that descend from it. Throws where the kernel does not show one's memory. */
export async function platformMemory(pid: number): Promise<PlatformMemory> {
  const members = await platformProcesses(pid);
  const sums = new Map<string, { processes: number; pssBytes: number }>();
  for (const { pid: member, name } of members) {
    const pssBytes = await pssOf(member);
    // It has ended meanwhile.
    if (pssBytes === undefined) continue;
    const sum = sums.get(name) ?? { processes: 0, pssBytes: 0 };
    sums.set(name, { processes: sum.processes + 1, pssBytes: sum.pssBytes + pssBytes });
  }
  const programs = [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.pssBytes - a.pssBytes);
  return { programs, pssBytes: programs.reduce((sum, one) => sum + one.pssBytes, 0) };
}

/** The process and all that descend from it. Throws where there is none. */
export async function platformProcesses(pid: number): Promise<readonly ProcessFacts[]> {
  const all = await listProcesses();
  const members = new Map(all.filter((one) => one.pid === pid).map((one) => [one.pid, one]));
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const one of all) if (members.has(one.parent)) members.set(one.pid, one);
  }
  if (members.size === 0) throw new Error(`there is no process ${pid}`);
  return [...members.values()];
}

async function listProcesses(): Promise<readonly ProcessFacts[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(factsOf));
  return found.filter((one) => one !== undefined);
}

async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((arg) => arg !== '');
    // The name of the program is in parentheses and may hold anything; what follows is numbers.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid, parent, name: nameOf(args) };
  } catch {
    return undefined;
  }
}

/** `apps/<name>/dist/main.js` is that program; a Postgres is told from another one by its folder. */
function nameOf(args: readonly string[]): string {
  const line = args.join(' ');
  const program = /apps\/([a-z-]+)\/dist\//.exec(line)?.[1];
  if (program !== undefined) return program;
  if (line.includes('/millrace/init')) return 'sandbox';
  if (line.startsWith('postgres')) return 'postgres';
  return basename(args[0] ?? '?').replace(/:$/, '');
}

async function pssOf(pid: number): Promise<number | undefined> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kib = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw new Error(`the memory of process ${pid} cannot be read (${code ?? 'unknown'}): measure as root`, {
      cause: error,
    });
  }
}

/** A table for people, in MiB. */
export function describeMemory({ programs, pssBytes }: PlatformMemory): string {
  const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1).padStart(7);
  const rows = programs.map((one) => `${mib(one.pssBytes)} MiB  ${one.name} (${one.processes})`);
  return [...rows, `${mib(pssBytes)} MiB  in all`].join('\n');
}

async function supervisor(): Promise<number> {
  const script = fileURLToPath(new URL('../../../scripts/status.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json']);
  const { pid } = JSON.parse(stdout) as { readonly pid?: number };
  if (pid === undefined) throw new Error('the platform of this checkout does not run: npm start -- --detach');
  return pid;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [pid] = process.argv.slice(2);
  const memory = await platformMemory(pid === undefined ? await supervisor() : Number(pid));
  process.stdout.write(`${describeMemory(memory)}\n`);
}
