/**
 * How soon a platform works again after its Temporal server was killed: from the moment at which the new one is ready
 * until every run in flight has begun another task.
 *
 * `node test/dist/bench/temporal-recovery.js [rounds] [home]`: a line of JSON for each round. It starts a platform of its
 * own, or breaks the one whose home folder is named.
 */
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpClient } from '@millrace/clients';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const inFlight = 4;
const limitMs = 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface AttemptView {
  readonly leasedAt: string;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`${what} did not come within ${limitMs} ms`);
}

/** A chain of short tasks that outlasts a round. */
function bundle(): object {
  const names = Array.from({ length: 120 }, (_, at) => `t${at}`);
  const tasks = names.map((name, at) => [
    name,
    { type: 'shell', script: 'sleep 0.3', ...(at === 0 ? {} : { needs: [`t${at - 1}`] }) },
  ]);
  return { pipelines: [{ pipeline: 'chain', tasks: Object.fromEntries(tasks) as object }] };
}

async function attempts(client: HttpClient, runId: string): Promise<readonly AttemptView[]> {
  return (await client.get<{ data: AttemptView[] }>(`/v1/runs/${runId}/attempts?limit=200`)).data;
}

interface Status {
  readonly urls: { readonly local: string };
  readonly processes: readonly { readonly name: string; readonly state: string; readonly pid: number | null }[];
}

async function statusOf(home: string): Promise<Status> {
  return JSON.parse(await readFile(join(home, 'state', 'status.json'), 'utf8')) as Status;
}

/** The process of the server, once its namespace answers. */
async function temporalPid(home: string): Promise<number | undefined> {
  const server = (await statusOf(home)).processes.find(({ name }) => name.toLowerCase().startsWith('temporal'));
  return server?.state === 'running' ? (server.pid ?? undefined) : undefined;
}

async function round(home: string, client: HttpClient): Promise<object> {
  const runs: string[] = [];
  for (let n = 0; n < inFlight; n += 1) {
    runs.push((await client.post<{ id: string }>('/v1/pipelines/chain/runs', { params: {} })).id);
  }
  for (const runId of runs) {
    await until('a second attempt', async () => ((await attempts(client, runId)).length > 1 ? true : undefined));
  }
  const before = await temporalPid(home);
  if (before === undefined) throw new Error('Temporal does not run');
  const load = loadavg()[0];
  const killedAt = Date.now();
  process.kill(before, 'SIGKILL');
  await until('Temporal', async () => {
    const now = await temporalPid(home);
    return now === undefined || now === before ? undefined : now;
  });
  const readyAt = Date.now();
  const movedMs: number[] = [];
  for (const runId of runs) {
    const movedAt = await until('another task', async () => {
      const times = (await attempts(client, runId)).map(({ leasedAt }) => Date.parse(leasedAt));
      return times.filter((at) => at >= readyAt).sort((a, b) => a - b)[0];
    });
    movedMs.push(movedAt - readyAt);
  }
  for (const runId of runs) await client.post(`/v1/runs/${runId}:cancel`, {});
  const lastMs = Math.max(...movedMs);
  return { downMs: readyAt - killedAt, allMovedMs: lastMs, runs: runs.length, load: Math.round((load ?? 0) * 10) / 10 };
}

async function measure(home: string, rounds: number): Promise<void> {
  const { urls } = await statusOf(home);
  const client = await signUp(urls.local, `recovery-${Date.now().toString(36)}`);
  await client.post('/v1/deployments', bundle() as never);
  for (let n = 0; n < rounds; n += 1) process.stdout.write(`${JSON.stringify(await round(home, client))}\n`);
}

const [rounds = '3', home] = process.argv.slice(2);
if (home !== undefined) await measure(home, Number(rounds));
else {
  const platform = await Platform.start({ root, egressOpen: [] });
  try {
    await measure(platform.home, Number(rounds));
  } finally {
    await platform.remove();
  }
}
