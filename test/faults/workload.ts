import type { Json } from '@millrace/kernel';

/** What the run of a pipeline has to end as, whatever is killed meanwhile. */
export interface Expectation {
  readonly state: 'succeeded' | 'failed';
  /** Task instances that must have succeeded, each exactly once: `task` or `task[index]`. */
  readonly succeeded: readonly string[];
}

export const expectations: Readonly<Record<string, Expectation>> = {
  steps: { state: 'succeeded', succeeded: ['a', 'b', 'c'] },
  long: { state: 'succeeded', succeeded: ['work', 'after'] },
  fan: {
    state: 'succeeded',
    succeeded: ['list', ...Array.from({ length: 8 }, (_, index) => `each[${index}]`), 'join'],
  },
  retrying: { state: 'succeeded', succeeded: ['flaky', 'after'] },
  waiting: { state: 'succeeded', succeeded: ['before', 'after'] },
  failing: { state: 'failed', succeeded: ['before'] },
};

const code = `
import { randomUUID } from 'node:crypto';

async function record(ctx) {
  const nonce = randomUUID();
  const body = JSON.stringify({
    runId: ctx.run.id, taskId: ctx.task.id, mapIndex: ctx.mapIndex ?? -1, fence: ctx.attempt, try: ctx.try, nonce,
  });
  const response = await fetch(ctx.connections.recorder.url + '/record', { method: 'POST', body });
  if (!response.ok) throw new Error('the recorder answered ' + response.status);
  return { fence: ctx.attempt, nonce };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function work(input, ctx) {
  const mark = await record(ctx);
  ctx.log.info('working for ' + input.ms + ' ms');
  await sleep(input.ms);
  return mark;
}

export async function list(input, ctx) {
  const mark = await record(ctx);
  return { ...mark, items: Array.from({ length: input.count }, (_, index) => index) };
}

export async function flaky(input, ctx) {
  const mark = await record(ctx);
  await sleep(100);
  if (ctx.try < input.succeedOn) throw new Error('try ' + ctx.try + ' fails on purpose');
  return mark;
}
`;

/**
 * The bundle of the storm: short, long, mapped, retrying, waiting and failing pipelines. Its tasks reach the recorder
 * through the connection `recorder`.
 */
export function faultBundle(): Json {
  const task = (name: string, input: Json, more: { readonly [key: string]: Json } = {}): Json => ({
    type: 'node',
    entry: 'tasks.mjs',
    export: name,
    input,
    connections: ['recorder'],
    ...more,
  });
  const quickRetry = { maxAttempts: 3, delay: '300ms', factor: 2, maxDelay: '2s', jitter: 'full' };
  return {
    files: { 'tasks.mjs': code },
    pipelines: [
      {
        pipeline: 'steps',
        tasks: {
          a: task('work', { ms: 100 }),
          b: task('work', { ms: 100 }, { needs: ['a'] }),
          c: task('work', { ms: 100 }, { needs: ['b'] }),
        },
      },
      {
        pipeline: 'long',
        tasks: { work: task('work', { ms: 5000 }), after: task('work', { ms: 10 }, { needs: ['work'] }) },
      },
      {
        pipeline: 'fan',
        tasks: {
          list: task('list', { count: 8 }),
          each: task('work', { ms: 200 }, { needs: ['list'], map: { over: '${{ tasks.list.output.items }}' } }),
          join: task('work', { ms: 10 }, { needs: ['each'] }),
        },
      },
      {
        pipeline: 'retrying',
        tasks: {
          flaky: task('flaky', { succeedOn: 3 }, { retry: quickRetry }),
          after: task('work', { ms: 10 }, { needs: ['flaky'] }),
        },
      },
      {
        pipeline: 'waiting',
        tasks: {
          before: task('work', { ms: 10 }),
          pause: { type: 'wait', seconds: 3, needs: ['before'] },
          after: task('work', { ms: 10 }, { needs: ['pause'] }),
        },
      },
      {
        pipeline: 'failing',
        tasks: {
          before: task('work', { ms: 10 }),
          breaks: task('flaky', { succeedOn: 9 }, { needs: ['before'], retry: { ...quickRetry, maxAttempts: 2 } }),
        },
      },
    ],
  };
}
