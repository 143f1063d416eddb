import type { SpecAttempt } from './testing/spec-runner.js';
import { newId, type RunId } from '@millrace/kernel';
import { logger } from '@millrace/platform';
import { maxRestarts } from '@millrace/runs';
import { connectClient, installRuntime } from '@millrace/temporal';
import { type PipelineTask, seedPipeline, type SeedPipelineOptions } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutagePlatform } from './testing/outage-platform.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const waitMs = 12_000;
const retry = { maxAttempts: 3, delayMs: 5_000, factor: 1, maxDelayMs: 5_000, jitter: 'full' as const };

let platform: OutagePlatform;

async function work({ taskId, try: number }: SpecAttempt): Promise<string> {
  // Long enough that some are under way whenever the server is killed.
  await pause(taskId === 'slow' ? 1_500 : 150);
  if (taskId === 'fails' || (taskId === 'mends' && number === 1)) throw new Error('as planned');
  return taskId === 'list' ? JSON.stringify(Array.from({ length: 40 }, (_, at) => at)) : '1';
}

const pipelines: Record<string, { readonly tasks: readonly PipelineTask[]; readonly end: string }> = {
  chain: {
    tasks: Array.from({ length: 12 }, (_, at) => ({ id: `t${at}`, plan: { needs: at === 0 ? [] : [`t${at - 1}`] } })),
    end: 'succeeded',
  },
  map: {
    tasks: [
      { id: 'list' },
      { id: 'each', plan: { needs: ['list'], map: { maxConcurrency: 4 } }, spec: { mapOver: 'tasks.list.output' } },
      { id: 'sum', plan: { needs: ['each'] } },
    ],
    end: 'succeeded',
  },
  retry: {
    tasks: [
      { id: 'mends', plan: { retry } },
      { id: 'after', plan: { needs: ['mends'] } },
    ],
    end: 'succeeded',
  },
  wait: {
    tasks: [
      { id: 'before' },
      { id: 'rest', plan: { kind: 'wait', needs: ['before'] }, spec: { wait: { forMs: waitMs } } },
      { id: 'after', plan: { needs: ['rest'] } },
    ],
    end: 'succeeded',
  },
  branches: {
    tasks: [
      { id: 'start' },
      { id: 'slow', plan: { needs: ['start'] } },
      { id: 'no', plan: { needs: ['start'], conditional: true }, spec: { when: '1 > 2' } },
      { id: 'join', plan: { needs: ['slow', 'no'], trigger: 'none_failed' } },
    ],
    end: 'succeeded',
  },
  failure: { tasks: [{ id: 'slow' }, { id: 'fails', plan: { needs: ['slow'] } }], end: 'failed' },
};

beforeAll(async () => {
  installRuntime({ log: logger('spec', { level: 'fatal' }) });
  platform = await OutagePlatform.start(work, process.env);
});
afterAll(() => platform.close());

async function seed(options: SeedPipelineOptions): Promise<string> {
  return (await seedPipeline(platform.database.superuserUrl, platform.organization, options)).pipelineId;
}

const attemptsOfEnded = `
  select a.run_id || '/' || a.task_id || '/' || a.map_index as instance, count(*)::int as n
  from attempts a join task_instances ti using (tenant_id, run_id, task_id, map_index)
  where tenant_id = $1 and ti.state in ('succeeded', 'failed') group by 1`;

/** Attempts of the instances that have ended by now; nothing may ever be added to them. */
async function settled(): Promise<Map<string, number>> {
  const rows = await platform.rows<{ instance: string; n: number }>(attemptsOfEnded);
  return new Map(rows.map(({ instance, n }) => [instance, n]));
}

async function until(sql: string, rows: number): Promise<void> {
  const deadline = Date.now() + 40_000;
  while ((await platform.rows(sql)).length < rows) {
    if (Date.now() > deadline) throw new Error(`never ${rows} rows: ${sql}`);
    await pause(20);
  }
}

async function loseTheStore(
  name: string,
  meanwhile: () => Promise<void> | void = () => undefined,
): Promise<{ readonly before: Map<string, number>; readonly backAt: number }> {
  platform.killTemporal();
  await meanwhile();
  // What runs goes on and is committed; nobody learns of it.
  await pause(500);
  const before = await settled();
  await platform.startTemporal(name);
  return { before, backAt: performance.now() };
}

async function nothingIsRepeated(before: ReadonlyMap<string, number>): Promise<void> {
  const after = await settled();
  const repeated = [...before].filter(([instance, n]) => after.get(instance) !== n);
  expect(repeated).toEqual([]);
  expect(await platform.breaches()).toEqual([]);
}

async function statesOf(runId: string): Promise<Record<string, string>> {
  const rows = await platform.rows<{ task_id: string; state: string }>(
    'select task_id, state from task_instances where tenant_id = $1 and run_id = $2 and map_index = -1',
    runId,
  );
  return Object.fromEntries(rows.map((row) => [row.task_id, row.state]));
}

describe('a Temporal store that is lost', () => {
  it('costs no run: each goes on from its rows and ends as its plan says', async () => {
    const ends = new Map<RunId, string>();
    const ids: Record<string, string> = {};
    for (const [name, { tasks }] of Object.entries(pipelines)) ids[name] = await seed({ tasks });
    for (let round = 0; round < 4; round += 1) {
      for (const [name, { end }] of Object.entries(pipelines)) ends.set(await platform.startRun(ids[name] ?? ''), end);
      await pause(400);
    }
    const cancelled = await platform.startRun(ids['chain'] ?? '');
    ends.set(cancelled, 'cancelled');
    const one = await seed({ tasks: [{ id: 'slow' }], concurrency: { maxActiveRuns: 1, onLimit: 'queue' } });
    for (let n = 0; n < 2; n += 1) ends.set(await platform.startRun(one), 'succeeded');
    await until(`select 1 from task_instances where tenant_id = $1 and task_id = 'each' and state = 'succeeded'`, 8);
    await until(`select 1 from task_instances where tenant_id = $1 and task_id = 'rest' and state = 'sleeping'`, 2);

    const { before, backAt } = await loseTheStore('second', () => platform.cancelRun(cancelled));
    // Among them mapped instances, so that the middle of a map is met.
    expect([...before.keys()].filter((key) => key.includes('/each/')).length).toBeGreaterThan(0);

    await platform.allEnd(60_000);
    const tookMs = Math.round(performance.now() - backAt);
    const [restarts] = await platform.rows<{ n: number }>(
      'select count(*)::int as n from runs where tenant_id = $1 and restarts = 1',
    );
    process.stderr.write(`${restarts?.n} runs were restarted; all had ended ${tookMs} ms after Temporal was back\n`);
    const states = await platform.rows<{ id: RunId; state: string }>('select id, state from runs where tenant_id = $1');
    expect(new Map(states.map(({ id, state }) => [id, state]))).toEqual(ends);
    expect(restarts?.n).toBeGreaterThan(10);
    await nothingIsRepeated(before);
    const waits = await platform.rows<{ ms: number }>(
      `select extract(epoch from ended_at - started_at) * 1000 as ms from task_instances
       where tenant_id = $1 and task_id = 'rest' and state = 'succeeded'`,
    );
    // Begun anew, a wait would have taken at least as long again as it had lasted when the server was killed.
    for (const { ms } of waits) expect(Number(ms)).toBeGreaterThanOrEqual(waitMs - 50);
    expect(Math.min(...waits.map(({ ms }) => Number(ms)))).toBeLessThan(waitMs + 1_500);
    const events = await platform.rows(
      `select distinct detail from run_events where tenant_id = $1 and type = 'run' and detail->>'reason' = 'restarted'`,
    );
    expect(events).toEqual([{ detail: { reason: 'restarted', restarts: 1 } }]);
    const costs = await platform.rows(
      `select e.* from ledger_entries e join attempts a on a.tenant_id = e.tenant_id and a.id = e.attempt_id
       where e.tenant_id = $1 and a.state = 'lost' and e.amount_nano <> 0`,
    );
    expect(costs).toEqual([]);
  }, 120_000);

  it('is noticed by an orchestrator that starts on the new one, for many runs at once', async () => {
    const id = await seed({
      tasks: [
        { id: 'a' },
        { id: 'rest', plan: { kind: 'wait', needs: ['a'] }, spec: { wait: { forMs: 10_000 } } },
        { id: 'b', plan: { needs: ['rest'] } },
      ],
    });
    const runs: RunId[] = [];
    for (let n = 0; n < 100; n += 1) runs.push(await platform.startRun(id));
    await until(`select 1 from task_instances where tenant_id = $1 and task_id = 'rest' and state = 'sleeping'`, 30);
    const { before, backAt } = await loseTheStore('third', () => platform.orchestrator.kill('SIGKILL'));
    await platform.allEnd(150_000);
    const [pass] = (await platform.logged('Temporal has lost workflows')).slice(-1);
    process.stderr.write(`the check that restarted ${Number(pass?.['restarted'])} took ${Number(pass?.['ms'])} ms\n`);
    process.stderr.write(`100 runs had ended ${Math.round(performance.now() - backAt)} ms after Temporal was back\n`);

    const states = await platform.rows(
      'select state, count(*)::int as n from runs where tenant_id = $1 and id = any($2) group by 1',
      runs,
    );
    expect(states).toEqual([{ state: 'succeeded', n: 100 }]);
    await nothingIsRepeated(before);
  }, 240_000);

  it('ends a run as the platform’s fault when it has been lost too often', async () => {
    const runId = await platform.startRun(
      await seed({ tasks: [{ id: 'slow' }, { id: 'b', plan: { needs: ['slow'] } }] }),
    );
    await until('select 1 from slots where tenant_id = $1', 1);
    await platform.rows('update runs set restarts = $2 where tenant_id = $1 and id = $3', maxRestarts, runId);
    await loseTheStore('fourth');
    await platform.allEnd(30_000);
    expect(await platform.rows('select state, reason from runs where tenant_id = $1 and id = $2', runId)).toEqual([
      { state: 'failed', reason: 'platform_fault' },
    ]);
    expect(await platform.breaches()).toEqual([]);
  }, 60_000);

  it('starts a build again that no workflow knows', async () => {
    const { environmentId } = platform.organization;
    const [id, digest] = [newId('deployment'), `sha256:${'0'.repeat(64)}`];
    await platform.rows(
      'insert into bundles (tenant_id, digest, size_bytes, file_count) values ($1, $2, 1, 1)',
      digest,
    );
    await platform.rows(
      `insert into deployments (tenant_id, id, environment_id, bundle_digest, state, created_by)
       values ($1, $2, $3, $4, 'building', 'usr_spec')`,
      ...[id, environmentId, digest],
    );
    const deadline = Date.now() + 40_000;
    for (;;) {
      const lines = await platform.logged('a build whose workflow is missing is started again').catch(() => []);
      if (lines.some((line) => line['deploymentId'] === id)) break;
      expect(Date.now()).toBeLessThan(deadline);
      await pause(100);
    }
    // It had nothing to build: a build that ends without an end of its deployment is settled as well.
    await until(`select 1 from deployments where tenant_id = $1 and state = 'failed'`, 1);
  }, 100_000);

  it('is not confused with a workflow that somebody terminated', async () => {
    const runId = await platform.startRun(
      await seed({ tasks: [{ id: 'slow' }, { id: 'b', plan: { needs: ['slow'] } }] }),
    );
    await until('select 1 from slots where tenant_id = $1', 1);
    const client = await connectClient({ address: platform.temporal.address, namespace: 'outages' });
    await client.workflow.getHandle(runId).terminate('by hand');
    await client.connection.close();
    await platform.allEnd(30_000);
    expect(await statesOf(runId)).toMatchObject({ b: 'cancelled' });
    expect(
      await platform.rows('select state, reason, restarts from runs where tenant_id = $1 and id = $2', runId),
    ).toEqual([{ state: 'failed', reason: 'platform_fault', restarts: 0 }]);
  }, 60_000);
});
