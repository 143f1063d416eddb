import { type ChildProcess, execFile, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HttpClient } from '@millrace/clients';
import type { JsonBundle } from './pack-sample.js';
import type { AttemptView, RunCost, RunView } from './walk.js';

/** The day that the tour summarises; the shop has the same orders on it each time. */
export const tourDay = '2026-11-20';

/** What the shop's webhook was told. */
export interface PostedSummary {
  readonly id: string;
  readonly run: string;
  readonly summary: { readonly orders: number; readonly pages: number; readonly cents: number; readonly late: number };
  readonly note: { readonly level: string; readonly text: string };
}

/** Everything that the tour saw of the run of `orders`. */
export interface OrdersFacts {
  readonly run: RunView;
  readonly events: number;
  /** State of each task. */
  readonly tasks: Readonly<Record<string, string>>;
  readonly attempts: readonly AttemptView[];
  readonly posted: readonly PostedSummary[];
  readonly cost: RunCost;
}

/** The shop's service of the sample, in a process of its own, for as long as the tour takes. */
export interface Shop {
  readonly url: string;
  readonly port: number;
  close(): void;
}

const patienceMs = 60_000;

/** Starts the shop on the port that the operator's configuration opens to the sample organization. */
export async function openShop(checkout: string, portsFile: string): Promise<Shop> {
  const { orders: port } = JSON.parse(await readFile(portsFile, 'utf8')) as { readonly orders?: number };
  if (port === undefined) throw new Error('this platform was started by an older release: start it again');
  const program = join(checkout, 'samples', 'orders', 'service', 'server.mjs');
  // A tour that is walked at the same time, such as that of a first start in the background, has the port for a while.
  const child = await openedWithin(patienceMs, () =>
    fork(program, ['--port', String(port)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
  );
  return { url: `http://127.0.0.1:${port}`, port, close: () => child.kill() };
}

async function openedWithin(ms: number, open: () => ChildProcess): Promise<ChildProcess> {
  const end = performance.now() + ms;
  for (;;) {
    const child = open();
    if (await listening(child)) return child;
    if (performance.now() > end) throw new Error("the sample's shop could not be opened: its port stays busy");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function listening(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(true));
    child.once('error', reject);
    child.once('exit', () => resolve(false));
  });
}

/** The bundle of the sample: its pipeline is TypeScript, which is evaluated here and now. */
export async function packOrdersSample(checkout: string): Promise<JsonBundle> {
  const program = join(checkout, 'apps', 'cli', 'dist', 'rehearse', 'emit', 'print-bundle.js');
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, join(checkout, 'samples', 'orders')],
    options,
  );
  return JSON.parse(stdout) as JsonBundle;
}

/** Tells the sample's environment where the shop is. */
export async function connectShop(client: HttpClient, { port }: Shop): Promise<void> {
  await client.put('/v1/connections/shop', { type: 'http', host: '127.0.0.1', port, tls: 'disable' });
}

export function triggerOrders(client: HttpClient): Promise<RunView> {
  return client.post<RunView>('/v1/pipelines/orders/runs', { params: { day: tourDay } });
}

async function all<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

/** Asks the platform about the run, and the shop about what was posted to it. */
export async function examineOrders(
  client: HttpClient,
  shop: Shop,
  runId: string,
  events: number,
): Promise<OrdersFacts> {
  const run = await client.get<RunView>(`/v1/runs/${runId}`, { query: { wait: '30s' } });
  if (run.state !== 'succeeded') throw new Error(`run ${runId} (orders) is ${run.state}: ${run.reason ?? 'no reason'}`);
  const tasks = await all(client.list<{ taskId: string; state: string }>(`/v1/runs/${runId}/tasks`));
  const answer = await fetch(`${shop.url}/summaries?run=${runId}`);
  return {
    run,
    events,
    tasks: Object.fromEntries(tasks.map(({ taskId, state }) => [taskId, state])),
    attempts: await all(client.list<AttemptView>(`/v1/runs/${runId}/attempts`)),
    posted: (await answer.json()) as PostedSummary[],
    cost: await client.get<RunCost>(`/v1/runs/${runId}/cost`),
  };
}
