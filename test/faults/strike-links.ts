import { sleep, until } from './driver.js';
import { type Field, programPids, signal } from './field.js';
import type { PassingLease } from './gateway-link.js';
import type { ServerName } from './servers.js';
import type { TcpLink } from './tcp-link.js';

/** Longer than a run waits for what it has offered before it asks the runner itself. */
const lateMs = 3_000;

/** Closes or holds up connections between runners and gateway. */
export async function dropGateway({ gateway, random, deeds, say }: Field): Promise<boolean> {
  const count = gateway.connections;
  if (count === 0) return false;
  if (random.next() < 0.6) {
    gateway.drop();
    say(`drop ${count} connections between runners and gateway`);
  } else {
    const ms = random.between(200, 1500);
    say(`hold up ${count} connections between runners and gateway for ${ms.toFixed(0)} ms`);
    await gateway.freeze(ms);
  }
  deeds.addDropped('runner - gateway', count);
  return true;
}

/** Closes the connections of one program to the server, or all, or cuts or holds up the link. */
export async function dropServer(field: Field, name: ServerName): Promise<boolean> {
  const { servers, random, deeds, say } = field;
  const link = servers.links[name];
  const programs = await link.programs(await namesByPid(field));
  if (programs.length === 0) return false;
  const ms = random.between(200, 1500);
  const how = random.pick(['one', 'one', 'all', 'cut', 'freeze'] as const);
  say(
    `${how} of the connections to ${name} (${programs.join(', ')})${how === 'cut' || how === 'freeze' ? `, ${ms.toFixed(0)} ms` : ''}`,
  );
  const struck = how === 'one' ? [random.pick(programs)] : programs;
  for (const program of struck) deeds.addDropped(`${program} - ${name}`, 1);
  await strike(link, how, struck, ms);
  return true;
}

async function strike(link: TcpLink, how: 'one' | 'all' | 'cut' | 'freeze', struck: readonly string[], ms: number) {
  if (how === 'cut') await link.cut(ms);
  else if (how === 'freeze') await link.freeze(ms);
  else for (const program of struck) link.drop(program);
}

async function namesByPid(field: Field): Promise<ReadonlyMap<number, string>> {
  const programs = [...(await programPids(field))].map(([name, pid]): [number, string] => [pid, name]);
  const runners = (await field.rows.runners()).map(({ pid }): [number, string] => [pid, 'runner']);
  return new Map([...programs, ...runners]);
}

/** The first frame that hands a lease to a runner, which is then held, swallowed, or both remembered and passed on. */
function nextLease(
  { way, gateway }: Field,
  decide: (lease: PassingLease) => 'swallow' | { readonly holdMs: number },
): Promise<PassingLease | undefined> {
  const wanted = way === 'queued' ? 'reply' : 'offer';
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      gateway.onLease(undefined);
      resolve(undefined);
    }, 20_000);
    let taken = false;
    gateway.onLease((lease) => {
      if (taken || lease.kind !== wanted) return 'pass';
      taken = true;
      clearTimeout(timer);
      const verdict = decide(lease);
      resolve(lease);
      return verdict;
    });
  });
}

/** Delivers an offer when its run has long given it up; where nothing is offered, the answer with the lease. */
export async function lateOffer(field: Field): Promise<boolean> {
  const { way, gateway, rows, deeds, say } = field;
  const lease = await nextLease(field, () => ({ holdMs: lateMs }));
  if (lease === undefined) return false;
  await sleep(lateMs - 50);
  const [row] = await rows.attempts([lease.attemptId]);
  const over = row !== undefined && row.state !== 'leased';
  say(`an offer ${lateMs} ms late: its lease is ${row?.state ?? 'unknown'} by then`);
  if (over) deeds.late.push({ attemptId: lease.attemptId, deliveredMs: Date.now() + 50 });
  await sleep(500);
  gateway.onLease(undefined);
  return over || way === 'queued';
}

/** Kills the gateway between a lease and the moment at which its runner would hear of it. */
export async function loseOffer(field: Field): Promise<boolean> {
  const { rows, say } = field;
  const pid = (await programPids(field)).get('api');
  if (pid === undefined) return false;
  const lease = await nextLease(field, () => {
    signal(pid, 'SIGKILL');
    return 'swallow';
  });
  if (lease === undefined) return false;
  const [row] = await rows.attempts([lease.attemptId]);
  say(`kill -9 api (${pid}) between the lease of an attempt (${row?.state ?? 'unknown'}) and its ${lease.kind}`);
  await comeBack(field, pid);
  return row?.state === 'leased' || row?.state === 'lost';
}

/** The gateway's socket is gone with its process: the link makes place, and takes it again when the next one listens. */
export async function comeBack(field: Field, killed: number): Promise<void> {
  await field.gateway.release();
  const back = await until(90_000, async () => {
    const pid = (await programPids(field).catch(() => new Map<string, number>())).get('api');
    return pid === undefined || pid === killed ? undefined : true;
  });
  if (back === undefined) throw new Error('the API was not started again');
  await field.gateway.adopt();
}
