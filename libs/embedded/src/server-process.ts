import type { ChildProcess } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { launch, type LaunchOptions } from './launch.js';
import { mayHoldPort } from './port-holder.js';
import {
  isRunning,
  type ProcessRecord,
  recordProcess,
  signalRecorded,
  waitForEnd,
  writeRecord,
} from './process-record.js';

export interface ServerProcessOptions extends LaunchOptions {
  /** Name for messages. */
  readonly name: string;
  /** Where the process is remembered for a later start. */
  readonly stateFile: string;
  readonly port?: number;
  /** Resolves to true once the server answers; called again and again until then. */
  readonly isReady: () => Promise<boolean>;
  /** The start fails after this long. */
  readonly readyTimeoutMs: number;
  /** What asks the server to end quickly and cleanly. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** How long the process may take to end before it is killed; default 10,000. */
  readonly stopGraceMs?: number;
  /** Gives up the start: the process is stopped again. */
  readonly signal?: AbortSignal | undefined;
}

/** A server process that this process started. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it; never rejects. */
  readonly ended: Promise<string>;
  /** Asks the process to end, kills its group when it takes too long, resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

/** The end of a log file, for the message of a failed start. */
export async function logTail(file: string, bytes = 1500): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const start = Math.max(0, size - bytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, start);
      return buffer.subarray(0, bytesRead).toString('utf8').trim();
    } finally {
      await handle.close();
    }
  } catch {
    return '';
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code ?? '?'}` : `signal ${signal}`));
  });
}

async function stopProcess(record: ProcessRecord, options: ServerProcessOptions): Promise<void> {
  const asked = await signalRecorded(record, options.stopSignal);
  if (asked && !(await waitForEnd(record, options.stopGraceMs ?? 10_000))) {
    await signalRecorded(record, 'SIGKILL', true);
    await waitForEnd(record, 5_000);
  }
  await rm(options.stateFile, { force: true });
}

async function startFailed(options: ServerProcessOptions, problem: string): Promise<DomainError> {
  const tail = await logTail(options.logFile);
  const quote = tail === '' ? '' : `; its log ${options.logFile} ends with:\n${tail}`;
  return new DomainError('unavailable', 'embedded.start_failed', `${options.name} did not start (${problem})${quote}`);
}

async function untilReady(options: ServerProcessOptions, ended: Promise<string>, record: ProcessRecord): Promise<void> {
  let end: string | undefined;
  void ended.then((how) => (end = how));
  const deadline = Date.now() + options.readyTimeoutMs;
  const isUp = async (): Promise<boolean> => {
    // A health check alone could pass against a stranger on the same port, while the child is about to give up.
    if (!(await options.isReady()) || !(await isRunning(record))) return false;
    return options.port === undefined || (await mayHoldPort(record.pid, options.port));
  };
  while (!(await isUp())) {
    const given = options.signal?.aborted === true ? 'the start was given up' : undefined;
    const problem =
      end ?? given ?? (Date.now() > deadline ? `no answer within ${options.readyTimeoutMs / 1000} s` : undefined);
    if (problem !== undefined) throw await startFailed(options, problem);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts a server and waits until it answers. Rejects with `embedded.start_failed`, which quotes its log. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = launch(options);
  const ended = endOf(child);
  if (child.pid === undefined) throw await startFailed(options, await ended);
  const record = await recordProcess(child.pid, basename(options.program), options.port).catch(async () => {
    throw await startFailed(options, await ended);
  });
  await writeRecord(options.stateFile, record);
  try {
    await untilReady(options, ended, record);
  } catch (error) {
    await stopProcess(record, options);
    throw error;
  }
  return { name: options.name, pid: child.pid, ended, stop: () => stopProcess(record, options) };
}
