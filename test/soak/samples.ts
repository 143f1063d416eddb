import { readdir, readlink } from 'node:fs/promises';
import type pg from 'pg';
import { type PlatformMemory, platformMemory, platformProcesses } from '../bench/idle-memory.js';
import { median } from '../bench/statistics.js';

/** What the platform takes at one moment. */
export interface Sample {
  readonly atMs: number;
  /** Proportional set size by program, in bytes. */
  readonly memory: Readonly<Record<string, number>>;
  /** Open sockets by program. */
  readonly sockets: Readonly<Record<string, number>>;
  readonly leases: number;
  readonly slots: number;
  /** Rows of the outbox that are due, and the age of the oldest. */
  readonly debts: number;
  readonly debtAgeMs: number;
}

/** Programs of ours that live as long as the platform; what runs the tenants' code ends with it. */
const watched = ['api', 'orchestrator', 'runner', 'pool-controller', 'standalone'];

export async function takeSample(platformPid: number, database: pg.Client, began: number): Promise<Sample> {
  const memory = await platformMemory(platformPid);
  const { rows } = await database.query<{ leases: number; slots: number; debts: number; age: number }>(
    `select (select count(*)::int from attempts where state = 'leased') as leases,
       (select count(*)::int from slots) as slots,
       (select count(*)::int from outbox where not_before <= now()) as debts,
       (select coalesce(extract(epoch from now() - min(not_before)) * 1000, 0)::float8 from outbox
        where not_before <= now()) as age`,
  );
  const [row] = rows;
  return {
    atMs: Math.round(performance.now() - began),
    memory: byProgram(memory),
    sockets: await socketsOf(platformPid),
    leases: row?.leases ?? 0,
    slots: row?.slots ?? 0,
    debts: row?.debts ?? 0,
    debtAgeMs: row?.age ?? 0,
  };
}

function byProgram({ programs }: PlatformMemory): Record<string, number> {
  return Object.fromEntries(programs.map(({ name, pssBytes }) => [name, pssBytes]));
}

async function socketsOf(platformPid: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { pid, name } of await platformProcesses(platformPid)) {
    if (watched.includes(name)) counts[name] = (counts[name] ?? 0) + (await countSockets(pid));
  }
  return counts;
}

async function countSockets(pid: number): Promise<number> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return targets.filter((target) => target.startsWith('socket:')).length;
}

/** One quantity, early and late. */
export interface Growth {
  readonly what: string;
  readonly early: number;
  readonly late: number;
  readonly allowed: number;
  readonly grown: boolean;
}

/**
 * Compares the second fifth of the time, when everything has warmed up, with the last one: medians, so that a collection
 * of garbage just before or behind a sample decides nothing.
 */
export function growths(
  samples: readonly Sample[],
  chainMs: readonly { readonly atMs: number; readonly ms: number }[],
): Growth[] {
  const untilMs = samples.at(-1)?.atMs ?? 0;
  const within = <T extends { readonly atMs: number }>(values: readonly T[], from: number, to: number): T[] =>
    values.filter(({ atMs }) => atMs >= untilMs * from && atMs <= untilMs * to);
  const [early, late] = [within(samples, 0.2, 0.4), within(samples, 0.8, 1)];
  const compare = (what: string, of: (sample: Sample) => number, allowed: (before: number) => number): Growth => {
    const [before, after] = [median(early.map(of)), median(late.map(of))];
    return {
      what,
      early: Math.round(before),
      late: Math.round(after),
      allowed: Math.round(allowed(before)),
      grown: after > allowed(before),
    };
  };
  const mib = 2 ** 20;
  const [first, last] = [within(chainMs, 0.2, 0.4), within(chainMs, 0.8, 1)].map((part) =>
    median(part.map(({ ms }) => ms)),
  );
  const lagAllowed = 1.5 * (first ?? 0) + 50;
  return [
    ...watched.flatMap((name) => [
      compare(
        `memory of ${name}, MiB`,
        ({ memory }) => (memory[name] ?? 0) / mib,
        (before) => before * 1.2 + 16,
      ),
      compare(
        `sockets of ${name}`,
        ({ sockets }) => sockets[name] ?? 0,
        (before) => before + 10,
      ),
    ]),
    compare(
      'live leases',
      ({ leases }) => leases,
      (before) => before * 1.5 + 8,
    ),
    compare(
      'debts that are due',
      ({ debts }) => debts,
      (before) => before * 1.5 + 20,
    ),
    compare(
      'age of the oldest debt, ms',
      ({ debtAgeMs }) => debtAgeMs,
      (before) => before * 1.5 + 1_000,
    ),
    {
      what: 'a chain from call to end, ms',
      early: Math.round(first ?? 0),
      late: Math.round(last ?? 0),
      allowed: Math.round(lagAllowed),
      grown: (last ?? 0) > lagAllowed,
    },
  ];
}
