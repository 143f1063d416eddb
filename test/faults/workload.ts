import type { Json } from '@millrace/kernel';

/** What the run of a pipeline has to end as, whatever is killed meanwhile. */
export interface Expectation {
  readonly state: 'succeeded' | 'failed';
  /** Task instances that must have succeeded, each exactly once: `task` or `task[index]`. */
  readonly succeeded: readonly string[];
  /** How often it is started, in relation to the others. */
  readonly weight: number;
}

const chainLength = 12;
const fanWidth = 12;
const placesOf = (length: number): string[] => Array.from({ length }, (_, at) => `s${at + 1}`);
const fanned = Array.from({ length: fanWidth }, (_, index) => `each[${index}]`);

export const expectations: Readonly<Record<string, Expectation>> = {
  chain: { state: 'succeeded', succeeded: placesOf(chainLength), weight: 3 },
  'chain-single': { state: 'succeeded', succeeded: placesOf(5), weight: 1 },
  long: { state: 'succeeded', succeeded: ['work', 'side', 'after'], weight: 3 },
  fan: { state: 'succeeded', succeeded: ['list', ...fanned, 'join'], weight: 2 },
  retrying: { state: 'succeeded', succeeded: ['before', 'flaky', 'after'], weight: 1 },
  waiting: { state: 'succeeded', succeeded: ['before', 'after'], weight: 1 },
  failing: { state: 'failed', succeeded: ['before', 'beside'], weight: 1 },
  declared: { state: 'succeeded', succeeded: ['first', 'second'], weight: 1 },
  stalled: { state: 'succeeded', succeeded: ['work', 'after'], weight: 0 },
};

/** The pipelines that are started, each as often as its weight. */
export const mixture: readonly string[] = Object.entries(expectations).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name),
);

// Each task tells the recorder that it has begun, through the sandbox's own way out.
const code = `
import { randomUUID } from 'node:crypto';
import http from 'node:http';

function post(url, body) {
  const proxy = process.env.http_proxy === undefined ? undefined : new URL(process.env.http_proxy);
  const target = new URL(url);
  const headers = { host: target.host, 'content-length': Buffer.byteLength(body) };
  if (proxy?.username) {
    const login = decodeURIComponent(proxy.username) + ':' + decodeURIComponent(proxy.password);
    headers['proxy-authorization'] = 'Basic ' + Buffer.from(login).toString('base64');
  }
  const where =
    proxy === undefined || proxy.host === target.host
      ? { host: target.hostname, port: target.port, path: target.pathname }
      : { host: proxy.hostname, port: proxy.port, path: url };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...where, method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 204) resolve();
        else reject(new Error('the recorder answered ' + response.statusCode));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function record(ctx) {
  const nonce = randomUUID();
  const body = JSON.stringify({
    runId: ctx.run.id, taskId: ctx.task.id, mapIndex: ctx.mapIndex ?? -1, fence: ctx.attempt, try: ctx.try, nonce,
  });
  await post(ctx.params.recorder + '/record', body);
  return { fence: ctx.attempt, nonce };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function work(input, ctx) {
  const mark = await record(ctx);
  ctx.log.info('working for ' + input.ms + ' ms');
  await sleep(input.ms);
  return { ...mark, place: (input.place ?? 0) + 1, given: input.given ?? [] };
}

export async function list(input, ctx) {
  const mark = await record(ctx);
  return { ...mark, items: Array.from({ length: input.count }, (_, index) => index) };
}

export async function flaky(input, ctx) {
  const mark = await record(ctx);
  await sleep(100);
  if (ctx.try < input.succeedOn) throw new Error('try ' + ctx.try + ' fails on purpose');
  return { ...mark, given: input.given ?? [] };
}
`;

type Fields = { readonly [key: string]: Json };

const task = (name: string, input: Fields, more: Fields = {}): Json => ({
  type: 'node',
  entry: 'tasks.mjs',
  export: name,
  input,
  ...more,
});

/** A task hands on who it was, so that the output that its followers were given can be held against the one that counts. */
const nonceOf = (id: string): string => `\${{ tasks.${id}.output.nonce }}`;

function chain(length: number, ms: number): Fields {
  const places = placesOf(length).map((id, at): [string, Json] => {
    const before = `s${at}`;
    const given: Fields = at === 0 ? {} : { place: `\${{ tasks.${before}.output.place }}`, given: [nonceOf(before)] };
    return [id, task('work', { ms, ...given }, at === 0 ? {} : { needs: [before] })];
  });
  return Object.fromEntries(places);
}

/**
 * The bundle of the storm: chains and lists that are executed back to back, chains that are not, longer tasks, retries and
 * failures within a stretch, waits, and tasks that declare something.
 */
export function faultBundle(): Json {
  const quickRetry = { maxAttempts: 3, delay: '100ms', factor: 2, maxDelay: '1s', jitter: 'full' };
  const params = {
    type: 'object',
    properties: { recorder: { type: 'string' }, ms: { type: 'integer', default: 1500 } },
  };
  const declared = { connections: ['recorder'] };
  const pipeline = (name: string, tasks: Json, more: Fields = {}): Json => ({
    pipeline: name,
    notify: [],
    params,
    tasks,
    ...more,
  });
  return {
    files: { 'tasks.mjs': code },
    pipelines: [
      pipeline('chain', chain(chainLength, 60)),
      pipeline('chain-single', chain(5, 80), { defaults: { fuse: false } }),
      pipeline('long', {
        work: task('work', { ms: '${{ params.ms }}' }),
        side: task('work', { ms: 1200 }),
        after: task('work', { ms: 30, given: [nonceOf('work'), nonceOf('side')] }, { needs: ['work', 'side'] }),
      }),
      pipeline('fan', {
        list: task('list', { count: fanWidth }),
        each: task('work', { ms: 120 }, { needs: ['list'], map: { over: '${{ tasks.list.output.items }}' } }),
        join: task('work', { ms: 20, given: '${{ tasks.each.output.map(one, one.nonce) }}' }, { needs: ['each'] }),
      }),
      pipeline('retrying', {
        before: task('work', { ms: 50 }),
        flaky: task('flaky', { succeedOn: 3, given: [nonceOf('before')] }, { needs: ['before'], retry: quickRetry }),
        after: task('work', { ms: 50, given: [nonceOf('flaky')] }, { needs: ['flaky'] }),
      }),
      pipeline('waiting', {
        before: task('work', { ms: 20 }),
        pause: { type: 'wait', seconds: 2, needs: ['before'] },
        after: task('work', { ms: 20 }, { needs: ['pause'] }),
      }),
      pipeline('failing', {
        before: task('work', { ms: 20 }),
        beside: task('work', { ms: 200 }, { needs: ['before'] }),
        breaks: task('flaky', { succeedOn: 9 }, { needs: ['before'], retry: { ...quickRetry, maxAttempts: 2 } }),
        never: task('work', { ms: 20 }, { needs: ['breaks'] }),
      }),
      pipeline('declared', {
        first: task('work', { ms: 150 }, declared),
        second: task('work', { ms: 150, given: [nonceOf('first')] }, { ...declared, needs: ['first'] }),
      }),
      pipeline('stalled', {
        work: task('work', { ms: 4000 }),
        after: task('work', { ms: 10, given: [nonceOf('work')] }, { needs: ['work'] }),
      }),
    ],
  };
}
