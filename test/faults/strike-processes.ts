import { sleep } from './driver.js';
import { type Field, programPids, signal } from './field.js';
import { comeBack } from './strike-links.js';

/** After a restart of Temporal every run in flight has to have ended or moved on within this. */
export const movedLimitMs = 5_000;
const watchMs = 15_000;

/** Kills a program of the platform, which starts it again. */
export async function killProgram(field: Field, name: 'api' | 'orchestrator' | 'pool-controller'): Promise<boolean> {
  const pid = (await programPids(field)).get(name);
  if (pid === undefined || !signal(pid, 'SIGKILL')) return false;
  field.say(`kill -9 ${name} (${pid})`);
  if (name === 'api') await comeBack(field, pid);
  return true;
}

export async function killPostgres({ servers, random, say }: Field): Promise<boolean> {
  say(`kill -9 postgres (${servers.pidOf('postgres')})`);
  await servers.kill('postgres');
  await sleep(random.between(100, 1500));
  await servers.restart('postgres');
  return true;
}

/** Kills Temporal and watches every run in flight once it is ready again. */
export async function killTemporal({ servers, rows, random, deeds, say }: Field): Promise<boolean> {
  say(`kill -9 temporal (${servers.pidOf('temporal')})`);
  await servers.kill('temporal');
  await sleep(random.between(100, 1500));
  await servers.restart('temporal');
  const readyMs = Date.now();
  const waiting = new Map((await rows.inFlight()).map(({ id, progress }) => [id, progress]));
  const count = waiting.size;
  while (waiting.size > 0 && Date.now() - readyMs < watchMs) {
    await sleep(50);
    for (const run of await rows.progressOf([...waiting.keys()])) {
      if (run.progress === waiting.get(run.id)) continue;
      waiting.delete(run.id);
      deeds.movedMs.push(Date.now() - readyMs);
    }
  }
  for (const id of waiting.keys()) deeds.stuck.push(`${id} had not moved ${watchMs / 1000} s after Temporal was ready`);
  const last = waiting.size === 0 ? Math.max(0, ...deeds.movedMs.slice(-count)) : watchMs;
  say(`Temporal is ready again; the last of ${count} runs in flight moved on after ${last} ms`);
  return true;
}
