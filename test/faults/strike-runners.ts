import { sleep, until } from './driver.js';
import { type Field, signal } from './field.js';

/** The gateway takes a runner that is silent for 30 s for gone; until then it may come back with its late results. */
const stallLimitMs = 28_000;
/** A task that was lost so often is left alone: other strikes may cost it an attempt, too. */
const mostLosses = 2;

/**
 * Kills a runner that holds a live lease by the rows of that moment. Gives whether it was hit: a lease that it held when
 * it died has ended as lost, which one that ended by itself in the same millisecond has not.
 */
export async function killLoadedRunner(field: Field, alone: boolean): Promise<boolean> {
  const { rows, random, deeds, say } = field;
  const all = await rows.runners();
  const loaded = all.filter(({ leases }) => leases > 0);
  if (loaded.length === 0 || all.length < 2) return false;
  const runner = random.pick(loaded);
  const others = all.filter(({ id }) => id !== runner.id).reduce((sum, one) => sum + one.slots - one.leases, 0);
  // The platform takes a task for what brings down its runners once it was lost five times in a row.
  if ((await rows.lossesOf(runner.id)) >= mostLosses) return false;
  const waiting = await rows.waiting();
  const leases = await rows.leasesOf(runner.id);
  if (leases.length === 0 || !signal(runner.pid, 'SIGKILL')) return false;
  const killedMs = Date.now();
  deeds.victims.push({ runner, leases, killedMs, canRecover: alone && others >= leases.length + waiting });
  const lost = await until(15_000, async () => {
    const own = await rows.attemptsOfRunner(runner.id);
    if (own.some(({ state }) => state === 'leased')) return undefined;
    return own.filter(({ state, committedMs }) => state === 'lost' && (committedMs ?? 0) >= killedMs);
  });
  if (lost === undefined) deeds.stuck.push(`a lease of the killed runner ${runner.id} is still held after 15 s`);
  const hit = (lost ?? []).length > 0;
  say(
    `kill -9 runner (${runner.pid}) with ${leases.length} live leases: ${lost?.length ?? 0} lost, room for ${others - waiting}`,
  );
  return hit;
}

/**
 * Stops a runner that surely holds a live lease until the lease has been given up and the task has succeeded elsewhere,
 * then lets it go on: what it says late must be refused.
 */
export async function stall({ rows, driver, recorder, deeds, say }: Field): Promise<boolean> {
  const runId = await driver.trigger('stalled');
  const attempts = async () => (await rows.attemptsOfRuns([runId])).filter(({ taskId }) => taskId === 'work');
  const holder = await until(20_000, async () => {
    if (!recorder.entries.some((entry) => entry.runId === runId)) return undefined;
    const held = (await attempts()).find(({ state }) => state === 'leased');
    return (await rows.runners()).find(({ id }) => id === held?.runnerId);
  });
  if (holder === undefined || !signal(holder.pid, 'SIGSTOP')) return false;
  say(`stop runner (${holder.pid}) with a live lease`);
  const moved = await until(stallLimitMs, async () => {
    const all = await attempts();
    const lost = all.find(({ runnerId, state }) => runnerId === holder.id && state === 'lost');
    if (lost === undefined || !all.some(({ state }) => state === 'succeeded')) return undefined;
    deeds.givenUp.push(lost.id);
    return true;
  });
  const goesOn = signal(holder.pid, 'SIGCONT');
  say(`let it go on${moved === true ? ': its task has succeeded elsewhere' : ''}`);
  // What it says late is said now.
  await sleep(1500);
  return goesOn && moved === true;
}
