import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is remembered of a process, so that a later start can tell it from a stranger that got the same pid. */
export interface ProcessRecord {
  readonly pid: number;
  /** When the process started, as the system tells it; compared, never computed with. */
  readonly startTime: string;
  /** Name of the program file. */
  readonly program: string;
  readonly port?: number;
}

interface Seen {
  readonly startTime: string;
  readonly commandLine: string;
}

async function seeInProc(pid: number): Promise<Seen | undefined> {
  try {
    const [status, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // The second field is the program's name in parentheses and may hold anything; the rest is counted from its end.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return { startTime: fields[19] ?? '', commandLine: commandLine.replaceAll('\0', ' ') };
  } catch {
    return undefined;
  }
}

async function seeWithPs(pid: number): Promise<Seen | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=,state=,command=', '-p', String(pid)]);
    const match = /^\s*(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(\S+)\s+(.*)$/m.exec(stdout);
    if (match?.[1] === undefined || match[2]?.startsWith('Z') === true) return undefined;
    return { startTime: match[1], commandLine: match[3] ?? '' };
  } catch {
    return undefined;
  }
}

function see(pid: number): Promise<Seen | undefined> {
  return process.platform === 'linux' ? seeInProc(pid) : seeWithPs(pid);
}

/** Command line of a running process, for messages; `undefined` when it is gone or not ours to see. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  return (await see(pid))?.commandLine.trim();
}

/** Describes a process that was just started; rejects when it is gone already. */
export async function recordProcess(pid: number, program: string, port?: number): Promise<ProcessRecord> {
  const seen = await see(pid);
  if (seen === undefined) throw new Error(`process ${pid} (${program}) ended at once`);
  return { pid, startTime: seen.startTime, program, ...(port === undefined ? {} : { port }) };
}

/** True where the very process of the record still runs. */
export async function isRunning(record: ProcessRecord): Promise<boolean> {
  const seen = await see(record.pid);
  return seen !== undefined && seen.startTime === record.startTime && seen.commandLine.includes(record.program);
}

/** Writes the record in one step, readable by its owner only. */
export async function writeRecord(file: string, record: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}

/** The record in a file; `undefined` when there is none or it cannot be read as one. */
export async function readRecord(file: string): Promise<ProcessRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<ProcessRecord>;
    const { pid, startTime, program } = value;
    if (typeof pid !== 'number' || typeof startTime !== 'string' || typeof program !== 'string') return undefined;
    return { pid, startTime, program, ...(typeof value.port === 'number' ? { port: value.port } : {}) };
  } catch {
    return undefined;
  }
}

/** Signals the process, and with `group` everything in the process group it leads; never a stranger. */
export async function signalRecorded(record: ProcessRecord, signal: NodeJS.Signals, group = false): Promise<boolean> {
  if (!(await isRunning(record))) return false;
  try {
    process.kill(group ? -record.pid : record.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process is gone; false when it still runs after `timeoutMs`. */
export async function waitForEnd(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isRunning(record)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

/**
 * Ends what an earlier start left behind: asks first, kills after `graceMs`, forgets the record.
 * Returns true when there was something to end.
 */
export async function reap(file: string, signal: NodeJS.Signals, graceMs = 10_000): Promise<boolean> {
  const record = await readRecord(file);
  const asked = record !== undefined && (await signalRecorded(record, signal));
  if (record !== undefined && asked && !(await waitForEnd(record, graceMs))) {
    await signalRecorded(record, 'SIGKILL', true);
    await waitForEnd(record, 5_000);
  }
  await rm(file, { force: true });
  return asked;
}
