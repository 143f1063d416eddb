import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadOrder } from './api-load.js';
import { pipelineName } from './bundle.js';
import type { BenchOptions } from './options.js';
import type { PlatformSide } from './platform-side.js';
import { ReadBackError } from './read-back.js';
import type { Measured } from './rows.js';
import { generator, median, shuffled } from './statistics.js';

const pageSize = 50;
/** Requests of a round that lists, and of one that starts runs, which all have to be worked off afterwards. */
const listed = (quick: boolean): number => (quick ? 160 : 800);
const started = (quick: boolean): number => (quick ? 32 : 96);
const here = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

function startProcess(name: string, args: readonly string[]): Promise<{ child: ChildProcess; said: unknown }> {
  const child = fork(here(name), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ child, said }));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code ?? 'a signal'}`)));
  });
}

/** The latencies of listing and of starting runs, and the same from a bare Express handler. */
export async function measureApi(
  ours: PlatformSide,
  options: BenchOptions,
  progress: (text: string) => void,
): Promise<Measured[]> {
  const pipeline = pipelineName('trigger', options.modes.at(-1) ?? 'reuse');
  progress(`api: making ${options.listedRuns} runs to list`);
  await fillTable(ours, options.listedRuns, pipeline);
  const [appUrl, controlUrl] = [await ours.databaseUrl('app'), await ours.databaseUrl('control')];
  const express = await startProcess('bare-express', [appUrl, controlUrl, pipeline]);
  const load = await startProcess('api-load', []);
  try {
    const bare = `http://127.0.0.1:${(express.said as { port: number }).port}`;
    const list = `/v1/runs?limit=${pageSize}`;
    await sameAnswer(ours, bare, list);
    const measured: Measured[] = [];
    for (const [workload, method, path] of [
      ['api list', 'GET', list],
      ['api start', 'POST', `/v1/pipelines/${pipeline}/runs`],
    ] as const) {
      const times = { ours: [] as number[], bare: [] as number[] };
      const random = generator(options.seed);
      const rounds = options.rounds;
      const ask = (side: 'ours' | 'bare', amount: number): Promise<number> => {
        const url = `${side === 'ours' ? ours.url : bare}${path}`;
        return p50(load.child, { url, key: ours.key, method, amount });
      };
      const amount = method === 'GET' ? listed(options.quick) : started(options.quick);
      for (const side of ['ours', 'bare'] as const) await ask(side, 32);
      for (let round = 1; round <= rounds; round += 1) {
        for (const side of shuffled(['ours', 'bare'] as const, random)) {
          times[side].push(await ask(side, amount));
          // Starts leave work behind, which must not fall into the next round.
          if (method === 'POST') await ours.settle();
        }
        progress(`${workload}: round ${round} of ${rounds}`);
      }
      measured.push({ workload, mode: null, way: null, tier: null, ours: times.ours, plain: times.bare });
    }
    return measured;
  } finally {
    express.child.disconnect();
    load.child.disconnect();
  }
}

async function p50(child: ChildProcess, order: LoadOrder): Promise<number> {
  const answer = new Promise<LoadAnswer>((resolve) => child.once('message', (said) => resolve(said as LoadAnswer)));
  child.send(order);
  const { latencies, bad } = await answer;
  if (bad > 0) throw new ReadBackError(`${order.method} ${order.url}: ${bad} requests failed`);
  return median(latencies);
}

/** Both sides must say the same, or their times mean nothing. */
async function sameAnswer(ours: PlatformSide, bare: string, path: string): Promise<void> {
  const ask = async (url: string): Promise<string> => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${ours.key}` } });
    const { data } = (await response.json()) as { data?: unknown[] };
    if (data?.length !== pageSize) throw new ReadBackError(`${url}${path} gave ${data?.length ?? 'no'} runs`);
    return JSON.stringify(data, (_key, value: unknown) => sorted(value));
  };
  if ((await ask(ours.url)) !== (await ask(bare))) throw new ReadBackError('the two sides list different runs');
}

/** Members in order of their names: two documents that say the same become the same text. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Runs that have ended, older than all others, as the platform would have left them, with three tasks each. */
async function fillTable(ours: PlatformSide, count: number, pipeline: string): Promise<void> {
  await ours.settle();
  const database = await ours.database();
  try {
    await database.query(
      `with place as (
         select p.tenant_id, p.environment_id, p.id as pipeline_id, p.active_version_id
         from pipelines p where p.name = $1
       ), made as (
         insert into runs (tenant_id, id, environment_id, pipeline_id, version_id, state, created_by, pools, seq,
           created_at, started_at, ended_at)
         select tenant_id, 'run_00' || lpad(n::text, 24, '0'), environment_id, pipeline_id, active_version_id,
           'succeeded', 'bench', '{}', 8, now() - interval '30 days' + n * interval '10 seconds',
           now() - interval '30 days' + n * interval '10 seconds', now() - interval '30 days' + n * interval '10 seconds'
         from place, generate_series(1, $2::int) n
         returning tenant_id, id
       )
       select count(*) from made`,
      [pipeline, count],
    );
    await database.query(
      `insert into task_instances (tenant_id, run_id, task_id, state, tries)
       select tenant_id, id, 't' || n, 'succeeded', 1 from runs, generate_series(1, 3) n where id like 'run_00%'`,
    );
    await database.query('vacuum (analyze) runs');
    await database.query('vacuum (analyze) task_instances');
  } finally {
    await database.end();
  }
}
