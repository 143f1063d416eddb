import { asSuper, seedOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { Workbench } from '../../testing/workbench.js';

interface Latency {
  readonly start: { readonly runs: number; readonly p50Ms: number | null; readonly p95Ms: number | null };
  readonly ways: readonly { readonly way: string; readonly runs: number; readonly p50Ms: number }[];
}

describe('how soon runs begin, over HTTP', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let bench: Workbench;

  beforeAll(async () => {
    database = await testDatabase();
    api = await startApi(database);
  });
  beforeEach(async () => {
    bench = await Workbench.open(api, database);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  /** A run that was created so long ago, whose first attempt began its code `startMs` later. */
  async function ran(way: string, agoMs: number, startMs: number): Promise<string> {
    const run = await bench.run({ id: 'a' }, { id: 'b' });
    for (const [taskId, delayMs] of [
      ['a', startMs],
      ['b', startMs + 5_000],
    ] as const) {
      const attempt = await bench.begin(run, { taskId });
      await asSuper(
        database.superuserUrl,
        `update attempts set way = $2, offered_at = leased_at, started_at = $3,
           stretch_id = (select min(id) from attempts f where f.run_id = $4 and f.id < $1) where id = $1`,
        [attempt.attemptId, way, new Date(now - agoMs + delayMs), run.runId],
      );
    }
    await asSuper(database.superuserUrl, 'update runs set created_at = $2 where id = $1', [
      run.runId,
      new Date(now - agoMs),
    ]);
    return run.runId;
  }
  const now = Date.now();
  const minute = 60_000;

  it('gives median and 95th percentile of the first tasks alone, in all and by way', async () => {
    for (const startMs of [10, 20, 30]) await ran('direct', 10 * minute, startMs);
    await ran('queued', 10 * minute, 1_000);
    await ran('queued', 70 * minute, 9_000);
    const answer = (path: string) => bench.call('get', path).then(({ body }) => body as Latency);

    const hour = await answer('/v1/pools/default/latency');
    expect(hour.start).toEqual({ runs: 4, p50Ms: 25, p95Ms: expect.closeTo(854.5, 1) as number });
    expect(hour.ways.map(({ way, runs, p50Ms }) => [way, runs, p50Ms])).toEqual([
      ['direct', 3, 20],
      ['queued', 1, 1_000],
    ]);
    const all = await answer(`/v1/pools/default/latency?since=${new Date(now - 100 * minute).toISOString()}`);
    expect(all.start.runs).toBe(5);
    const newest = await answer(`/v1/pools/default/latency?runs=1&since=${new Date(now - 100 * minute).toISOString()}`);
    expect(newest.start).toMatchObject({ runs: 1, p50Ms: 9_000 });
  });

  it('says so where nothing ran, and knows only pools of the organization', async () => {
    const { body } = await bench.call('get', '/v1/pools/default/latency');
    expect(body).toMatchObject({ pool: 'default', start: { runs: 0, p50Ms: null, p95Ms: null }, ways: [] });
    const other = await seedOrganization(database.superuserUrl);
    expect((await bench.call('get', `/v1/pools/${other.poolId}/latency`)).status).toBe(404);
    expect((await bench.call('get', '/v1/pools/default/latency?runs=0')).status).toBe(400);
  });

  it('shows the times of an attempt, its way and its stretch in the timeline', async () => {
    const runId = await ran('offered', minute, 15);
    const { body } = await bench.call('get', `/v1/runs/${runId}/timeline`);
    const [first, second] = (body as { data: Record<string, unknown>[] }).data;
    expect(first).toMatchObject({ way: 'offered', stretchId: null, committedAt: null });
    expect(first?.['offeredAt']).toBe(first?.['leasedAt']);
    expect(second).toMatchObject({ way: 'offered', stretchId: first?.['id'] });
  });
});
