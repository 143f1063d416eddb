import { readFile } from 'node:fs/promises';
import { commandLineOf, isRunning, type ProcessRecord, recordProcess } from '@millrace/embedded';

/** Parent of a process; Linux only, elsewhere unknown. */
async function parentOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}

async function recorded(pid: number, program: string): Promise<ProcessRecord[]> {
  return recordProcess(pid, program).then(
    (record) => [record],
    () => [],
  );
}

/**
 * The npm that runs this program, and the shell in between where npm put one. Empty where the program was not started
 * by npm: then whoever started it may end without taking it along.
 */
export async function npmParents(startedByNpm: boolean): Promise<ProcessRecord[]> {
  if (!startedByNpm) return [];
  const parent = process.ppid;
  const commandLine = (await commandLineOf(parent)) ?? '';
  const records = await recorded(parent, '');
  const isShell = /^\S*\b(sh|bash|dash|zsh)\s+-c\b/.test(commandLine);
  const grandparent = isShell ? await parentOf(parent) : undefined;
  return grandparent === undefined ? records : [...records, ...(await recorded(grandparent, ''))];
}

/** Calls `gone` once one of the processes has ended without a word to us, for example by `kill -9`. */
export function watchParents(parents: readonly ProcessRecord[], gone: () => void): () => void {
  if (parents.length === 0) return () => undefined;
  const timer = setInterval(() => {
    void Promise.all(parents.map((parent) => isRunning(parent))).then((alive) => {
      if (!alive.includes(false)) return;
      clearInterval(timer);
      gone();
    });
  }, 300);
  timer.unref();
  return () => clearInterval(timer);
}
