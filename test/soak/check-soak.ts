/** The program behind `npm run check:soak`: mixed load for a while, and whether anything grows that should not. */
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { HttpClient } from '@millrace/clients';
import type { Json } from '@millrace/kernel';
import pg from 'pg';
import { describeMachine } from '../bench/machine.js';
import { generator } from '../bench/statistics.js';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';
import { embeddedDatabaseUrl, giveRoom } from '../platform/roomy-plan.js';
import { growths, type Sample, takeSample } from './samples.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** `leak-sockets`: connections to the API that nobody closes. */
    plant: { type: 'string' },
  },
});
if (values.plant !== undefined && values.plant !== 'leak-sockets') throw new Error('--plant knows leak-sockets only');
const quick = values.quick;
const minutes = Number(values.minutes ?? (quick ? 0.75 : 10));
const seed = Number(values.seed);
const atOnce = 4;
const sampleEveryMs = quick ? 1_000 : 5_000;

const code = `
export const step = (input, ctx) => { ctx.log.info('step ' + ctx.task.id); return { n: (input?.n ?? 0) + 1 }; };
export const slow = async (input) => { await new Promise((r) => setTimeout(r, 600)); return input; };
export const flaky = (input, ctx) => { if (ctx.try === 1) throw new Error('the first try fails'); return ctx.try; };
`;

type Task = Readonly<Record<string, Json>>;
const node = (name: string, more: Task = {}): Task => ({ type: 'node', entry: 'soak.mjs', export: name, ...more });
const chainOf = (length: number): Record<string, Json> =>
  Object.fromEntries(
    Array.from({ length }, (_, at): [string, Json] => [
      `t${at}`,
      node('step', at === 0 ? {} : { needs: [`t${at - 1}`], input: { n: `\${{ tasks.t${at - 1}.output.n }}` } }),
    ]),
  );
const pipelines: Record<string, Json> = {
  chain: { pipeline: 'chain', tasks: chainOf(10) },
  loose: { pipeline: 'loose', defaults: { fuse: false }, tasks: chainOf(4) },
  fan: {
    pipeline: 'fan',
    tasks: {
      each: node('step', { map: { over: Array.from({ length: 20 }, (_, at) => at) } }),
      join: node('step', { needs: ['each'] }),
    },
  },
  slow: { pipeline: 'slow', tasks: { slow: node('slow'), after: node('step', { needs: ['slow'] }) } },
  retrying: { pipeline: 'retrying', tasks: { flaky: node('flaky', { retry: { maxAttempts: 2, delay: '50ms' } }) } },
};

const began = performance.now();
const progress = (text: string): void =>
  void process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${text}\n`);

interface Load {
  readonly ended: Record<string, number>;
  readonly failed: string[];
  readonly chains: { readonly atMs: number; readonly ms: number }[];
}

async function deploy(client: HttpClient): Promise<void> {
  const body = { files: { 'soak.mjs': code }, pipelines: Object.values(pipelines) };
  const made = await client.post<{ id: string; state: string }>('/v1/deployments', body);
  for (let { state } = made; state !== 'ready';) {
    if (state === 'failed') throw new Error('the bundle was refused');
    await new Promise((resolve) => setTimeout(resolve, 50));
    ({ state } = await client.get<{ state: string }>(`/v1/deployments/${made.id}`));
  }
}

async function worker(client: HttpClient, random: () => number, untilMs: number, load: Load): Promise<void> {
  const names = Object.keys(pipelines);
  while (performance.now() < untilMs) {
    const name = names[Math.floor(random() * names.length)] ?? 'chain';
    const started = performance.now();
    const query = { wait: '60s' };
    const run = await client.post<{ id: string; state: string }>(
      `/v1/pipelines/${name}/runs`,
      { params: {} },
      { query },
    );
    if (run.state === 'succeeded') load.ended[name] = (load.ended[name] ?? 0) + 1;
    else load.failed.push(`${name} ${run.id}: ${run.state}`);
    const ms = performance.now() - started;
    if (name === 'chain') load.chains.push({ atMs: started - began - startedAt, ms });
  }
}

let startedAt = 0;
const platform = await Platform.start({ root, egressOpen: [], environment: { MILLRACE_API_RATE: '10000000' } });
const leaked: Socket[] = [];
const load: Load = { ended: {}, failed: [], chains: [] };
const samples: Sample[] = [];
let report: Record<string, unknown>;
try {
  const machine = describeMachine(platform.home);
  const client = await signUp(platform.url, 'soak');
  const url = await embeddedDatabaseUrl(platform);
  await giveRoom(url);
  await deploy(client);
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  const { pid } = await platform.status();
  startedAt = performance.now() - began;
  const untilMs = performance.now() + minutes * 60_000;
  const random = generator(seed);
  const workers = Promise.all(Array.from({ length: atOnce }, () => worker(client, random, untilMs, load)));
  const stopped = workers.then(() => true);
  const { hostname, port } = new URL(platform.url);
  for (let over = false; !over;) {
    samples.push(await takeSample(pid, database, began + startedAt));
    if (values.plant !== undefined) for (let n = 0; n < 2; n += 1) leaked.push(connect(Number(port), hostname));
    const { leases = 0, debts = 0 } = samples.at(-1) ?? {};
    progress(
      `${Object.values(load.ended).reduce((sum, n) => sum + n, 0)} runs ended, ${leases} leases, ${debts} debts`,
    );
    over = await Promise.race([
      stopped,
      new Promise<false>((resolve) => setTimeout(() => resolve(false), sampleEveryMs)),
    ]);
  }
  for (let waited = 0; waited < 10_000; waited += 200) {
    const last = await takeSample(pid, database, began + startedAt);
    if (last.leases + last.slots + last.debts === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const rest = await takeSample(pid, database, began + startedAt);
  await database.end();
  const found = growths(samples, load.chains);
  for (const { what, early, late, allowed, grown } of found) {
    process.stdout.write(`${grown ? 'GROWN' : 'ok   '}  ${what}: ${early} early, ${late} late, at most ${allowed}\n`);
  }
  const clean = rest.leases === 0 && rest.slots === 0 && rest.debts === 0;
  report = {
    parameters: { minutes, seed, quick, atOnce, plant: values.plant ?? null },
    machine,
    runs: load.ended,
    failed: load.failed,
    grown: found.filter(({ grown }) => grown).map(({ what }) => what),
    left_over: { leases: rest.leases, slots: rest.slots, debts: rest.debts },
    ok: load.failed.length === 0 && clean && found.every(({ grown }) => !grown),
    seconds: Math.round((performance.now() - began) / 1_000),
    complete: true,
  };
} catch (error) {
  report = {
    complete: false,
    ok: false,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
} finally {
  for (const socket of leaked) socket.destroy();
  await platform.remove();
}
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exitCode = report['ok'] === true ? 0 : 1;
