import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ApiError, type HttpClient } from '@millrace/clients';
import type { Json } from '@millrace/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface RunView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

interface TourReport {
  readonly complete: boolean;
  readonly findings: readonly string[];
  readonly organization: string;
  readonly runs: readonly { readonly city: string; readonly run: RunView }[];
  readonly orders: { readonly run: RunView };
}

interface TaskView {
  readonly taskId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly tries: number;
  readonly mapLength: number | null;
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A bundle of one pipeline with one JavaScript task. */
function oneTask(pipeline: string, code: string, more: { readonly [key: string]: Json } = {}): Json {
  return {
    files: { 'task.mjs': code },
    pipelines: [{ pipeline, tasks: { only: { type: 'node', entry: 'task.mjs', ...more } } }],
  };
}

async function runToEnd(client: HttpClient, pipeline: string, params: Json = {}): Promise<RunView> {
  const run = await client.post<RunView>(`/v1/pipelines/${pipeline}/runs`, { params });
  for (;;) {
    const now = await client.get<RunView>(`/v1/runs/${run.id}`, { query: { wait: '20s' } });
    if (!['queued', 'running'].includes(now.state)) return now;
  }
}

async function refusal(work: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await work.then(
    () => new Error('it was not refused'),
    (caught: unknown) => caught,
  );
  if (error instanceof ApiError) return error;
  throw error;
}

/** Command lines of the live processes that name the folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

// What a Postgres client sends first: a server that is reached answers with a byte, and an HTTP server with a 400.
const probe = `
import net from 'node:net';

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

const talk = (host, port) => new Promise((resolve) => {
  let heard = '';
  const socket = net.connect(port, host);
  const end = () => { socket.destroy(); resolve(heard); };
  socket.on('connect', () => socket.write(sslRequest));
  socket.on('data', (data) => { heard += data.toString('latin1'); });
  socket.on('error', (error) => { heard ||= error.code === 'ECONNRESET' ? '' : error.code; end(); });
  socket.on('close', end);
  setTimeout(end, 3000);
});

export default async (input, ctx) => {
  const answers = [];
  for (const port of input.ports) {
    const { host, port: forwarded } = ctx.connections['port-' + port];
    answers.push({
      port,
      direct: await talk('127.0.0.1', port),
      proxied: await fetch('http://[::ffff:127.0.0.1]:' + port + '/').then((r) => r.status, () => 'refused'),
      declared: await talk(host, forwarded),
    });
  }
  return answers;
};
`;

// One of everything that decides how a run goes: retries, errors that are final, maps, trigger rules, conditions, waits.
const twin = {
  'task.mjs': `
export const flaky = (_, ctx) => { if (ctx.try < 3) throw new Error('again'); return { tries: ctx.try, big: 2 ** 60 }; };
export const fatal = () => { throw Object.assign(new Error('final'), { code: 'FINAL', retryable: false }); };
export const list = () => [1, 2, 3];
export const each = (item) => { if (item.value === 2) throw Object.assign(new Error('two'), { retryable: false }); return item; };
export const echo = (input) => input;
`,
  'pipelines/twin.yaml': `
pipeline: twin
params: { type: object, properties: { n: { type: integer, default: 7 } } }
defaults: { retry: { maxAttempts: 3, delay: 100ms, jitter: none } }
tasks:
  flaky: { type: node, entry: task.mjs, export: flaky }
  fatal: { type: node, entry: task.mjs, export: fatal }
  list: { type: node, entry: task.mjs, export: list }
  each:
    type: node
    entry: task.mjs
    export: each
    needs: [list]
    map: { over: "\${{ tasks.list.output }}" }
    input: { value: "\${{ item }}", index: "\${{ index }}", n: "\${{ params.n }}" }
  nap: { type: wait, seconds: "\${{ tasks.list.output[0] }}", needs: [list] }
  never: { type: node, entry: task.mjs, export: echo, needs: [list], when: "\${{ size(tasks.list.output) > 3 }}" }
  after-never: { type: node, entry: task.mjs, export: echo, needs: [never] }
  broken: { type: node, entry: task.mjs, export: echo, needs: [list], input: "\${{ tasks.list.output.missing }}" }
  undecided: { type: node, entry: task.mjs, export: echo, needs: [list], when: "\${{ tasks.list.output }}" }
  beyond: { type: node, entry: task.mjs, export: echo, needs: [fatal] }
  caught: { type: node, entry: task.mjs, export: echo, needs: [fatal], trigger: one_failed, input: "\${{ tasks.fatal.state }}" }
  none: { type: node, entry: task.mjs, export: echo, map: { over: [] } }
  all:
    type: node
    entry: task.mjs
    export: echo
    needs: [flaky, each, nap, never, caught, none]
    trigger: all_done
    input:
      flaky: "\${{ tasks.flaky.output }}"
      each: "\${{ tasks.each.output }}"
      never: "\${{ tasks.never.output }}"
      none: "\${{ tasks.none.output }}"
      text: "n is \${{ params.n }}, never is \${{ tasks.never.state }}"
`,
  'twin.test.yaml': `{ pipeline: twin, cases: [{ name: twin, real: true, expect: { state: failed } }] }`,
};

interface RehearsedTask {
  readonly state: string;
  readonly reason?: string;
  readonly mapLength?: number;
  readonly instances: readonly { readonly tries: number; readonly output?: string }[];
}

/** How the same bundle goes without a platform. */
async function rehearsed(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, RehearsedTask>> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-twin-'));
  try {
    await mkdir(join(folder, 'pipelines'));
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    const program = pathToFileURL(join(root, 'apps', 'cli', 'dist', 'rehearse', 'index.js')).href;
    const { rehearse } = await import(program);
    const result = await rehearse({ folder });
    expect(result.problems).toEqual([]);
    expect(result.cases[0]).toMatchObject({ findings: [], run: { state: 'failed', reason: 'task_failed' } });
    return result.cases[0].run.tasks;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the platform on one machine', () => {
  let platform: Platform;
  let tour: TourReport;
  let other: HttpClient;

  beforeAll(async () => {
    platform = await Platform.start({ root, egressOpen: [] });
    other = await signUp(platform.url, 'other');
  }, 300_000);

  afterAll(async () => {
    await platform.remove();
  }, 60_000);

  it('walks the tour by the public API', async () => {
    const { stdout } = await platform.output('tour', ['--json']);
    tour = JSON.parse(lastLine(stdout)) as TourReport;

    expect(tour.findings).toEqual([]);
    expect(tour.complete).toBe(true);
    expect([...tour.runs, tour.orders].map((each) => each.run.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  }, 300_000);

  it('walks it again as a known account', async () => {
    const { stdout } = await platform.output('tour', ['--json']);

    expect((JSON.parse(lastLine(stdout)) as TourReport).findings).toEqual([]);
  }, 300_000);

  it('shows another organization nothing of the first', async () => {
    const run = tour.runs[0]?.run.id ?? '';

    for (const path of [
      `/v1/runs/${run}`,
      `/v1/runs/${run}/attempts`,
      `/v1/runs/${run}/cost`,
      '/v1/pipelines/weather',
    ]) {
      expect((await refusal(other.get(path))).status, path).toBe(404);
    }
    expect((await other.get<{ data: unknown[] }>('/v1/runs')).data).toEqual([]);
  });

  it('opens the warehouse to the sample alone, and no other port of the host to anybody', async () => {
    const { processes } = await platform.status();
    const ports = processes.flatMap((each) => (each.port === null ? [] : [each.port]));
    expect(ports.length).toBeGreaterThanOrEqual(4);
    const connections = ports.map((port) => `port-${port}`);
    for (const [index, port] of ports.entries()) {
      const at = { type: 'postgres', host: '127.0.0.1', port, tls: 'disable' };
      await other.put(`/v1/connections/${connections[index]}`, at);
    }
    await other.post('/v1/deployments', oneTask('probe', probe, { input: { ports }, connections, timeout: '60s' }));

    const run = await runToEnd(other, 'probe');
    const answers = await other.get<{ direct: string; proxied: number | string; declared: string }[]>(
      `/v1/runs/${run.id}/tasks/only/output`,
    );

    expect(answers).toHaveLength(ports.length);
    // Loopback of the sandbox is its own; a name that leads to the host's, and a declared connection, meet the guard.
    for (const answer of answers)
      expect(answer).toMatchObject({ direct: 'ECONNREFUSED', proxied: 'refused', declared: '' });
  }, 180_000);

  it('goes as the rehearsal of the same bundle does', async () => {
    const { 'twin.test.yaml': _, ...files } = twin;
    await other.post('/v1/deployments', { files });
    const run = await runToEnd(other, 'twin');
    const { data } = await other.get<{ data: TaskView[] }>(`/v1/runs/${run.id}/tasks`, { query: { limit: 200 } });
    const rehearsal = await rehearsed(twin);

    expect(run).toMatchObject({ state: 'failed', reason: 'task_failed' });
    const platformSays = data.map(({ taskId, state, reason, tries, mapLength }) => [
      taskId,
      { state, reason, mapLength, ...(mapLength === null ? { tries } : {}) },
    ]);
    const rehearsalSays = [...rehearsal].map(([id, task]) => [
      id,
      {
        state: task.state,
        reason: task.reason ?? null,
        mapLength: task.mapLength ?? null,
        ...(task.mapLength === undefined ? { tries: task.instances[0]?.tries ?? 0 } : {}),
      },
    ]);
    expect(Object.fromEntries(rehearsalSays)).toEqual(Object.fromEntries(platformSays));
    // What a task was given comes out of `all` again, with every digit.
    const text = await (await other.raw('GET', `/v1/runs/${run.id}/tasks/all/output`)).text();
    expect(rehearsal.get('all')?.instances[0]?.output).toBe(text);
  }, 120_000);

  it('says where a bundle is wrong and changes nothing', async () => {
    const before = await other.get('/v1/pipelines');
    const error = await refusal(
      other.post('/v1/deployments', {
        files: {
          'pipelines/bad.yaml':
            'pipeline: bad\ntasks:\n  a:\n    type: node\n    entry: missing.mjs\n    needs: [nobody]\n    colour: red\n',
        },
      }),
    );
    const { errors } = error.problem as { errors: { file: string; line: number; column: number; message: string }[] };

    expect(error.status).toBe(422);
    expect(errors.length).toBeGreaterThanOrEqual(3);
    for (const each of errors) expect(each).toMatchObject({ file: 'pipelines/bad.yaml', line: expect.any(Number) });
    expect(await other.get('/v1/pipelines')).toEqual(before);
  });

  it('refuses params that the schema does not allow, with a pointer', async () => {
    await other.post('/v1/deployments', {
      files: { 'task.mjs': 'export default (input) => input;' },
      pipelines: [
        {
          pipeline: 'typed',
          params: {
            type: 'object',
            properties: { n: { type: 'integer' } },
            required: ['n'],
            additionalProperties: false,
          },
          tasks: { only: { type: 'node', entry: 'task.mjs', input: { n: '${{ params.n }}' } } },
        },
      ],
    });

    const error = await refusal(other.post('/v1/pipelines/typed/runs', { params: { n: 'one' } }));

    expect(error.status).toBe(422);
    expect(JSON.stringify(error.problem)).toContain('/params/n');
    expect((await runToEnd(other, 'typed', { n: 1 })).state).toBe('succeeded');
  }, 60_000);

  it('keeps secrets out of logs and outputs', async () => {
    const value = 'tr0ub4dor-and-3-horses';
    await other.put('/v1/secrets/HORSES', { value });
    await other.post(
      '/v1/deployments',
      oneTask(
        'leaky',
        `export default (input, ctx) => {
           console.log('plain ' + ctx.secrets.HORSES);
           console.error('base64 ' + Buffer.from('x' + ctx.secrets.HORSES).toString('base64'));
           return { secret: ctx.secrets.HORSES, length: ctx.secrets.HORSES.length };
         }`,
        { secrets: ['HORSES'] },
      ),
    );

    const run = await runToEnd(other, 'leaky');
    const log = await (await other.raw('GET', `/v1/runs/${run.id}/tasks/only/logs`)).text();
    const output = await (await other.raw('GET', `/v1/runs/${run.id}/tasks/only/output`)).text();

    expect(run.state).toBe('succeeded');
    expect(log).toContain('plain ');
    for (const text of [log, output]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(`x${value}`).toString('base64').slice(4, 24));
    }
    expect(JSON.parse(output)).toMatchObject({ length: value.length });
  }, 60_000);

  it('really stops what a cancelled run had started', async () => {
    const mark = `millrace-mark-${Date.now()}`;
    await other.post('/v1/deployments', {
      pipelines: [
        {
          pipeline: 'endless',
          tasks: { only: { type: 'shell', script: `sh -c 'while :; do sleep 0.2; done' ${mark}` } },
        },
      ],
      files: {},
    });
    const run = await other.post<RunView>('/v1/pipelines/endless/runs', { params: {} });
    for (let i = 0; i < 100 && processesOf(mark).length === 0; i += 1) await sleep(100);
    expect(processesOf(mark).length).toBeGreaterThan(0);

    await other.post(`/v1/runs/${run.id}:cancel`, {});
    const ended = await other.get<RunView>(`/v1/runs/${run.id}`, { query: { wait: '30s' } });

    expect(ended.state).toBe('cancelled');
    expect(processesOf(mark)).toEqual([]);
  }, 90_000);

  it('survives the death of its parent and keeps what it acknowledged', async () => {
    const before = await platform.status();
    const run = await other.post<RunView>('/v1/pipelines/typed/runs', { params: { n: 2 } });
    process.kill(before.pid, 'SIGKILL');
    await sleep(1000);

    await platform.start();
    const ended = await other.get<RunView>(`/v1/runs/${run.id}`, { query: { wait: '30s' } });

    expect(ended.state).toBe('succeeded');
    expect((await platform.status()).pid).not.toBe(before.pid);
  }, 120_000);

  it('leaves no process behind when it is stopped', async () => {
    await platform.stop();

    expect(processesOf(platform.home)).toEqual([]);
  }, 60_000);
});
