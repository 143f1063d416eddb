import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gap, type Line, shape } from '../../testing/log-views.js';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { Workbench } from '../../testing/workbench.js';

describe('logs of runs over HTTP', () => {
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

  const sql = (text: string, ...parameters: unknown[]) =>
    asSuper(database.superuserUrl, text, [bench.organization.tenantId, ...parameters]);

  it('gives all attempts, one after the other, over pages and as text', async () => {
    const run = await bench.run({ id: 'a', maxAttempts: 2 }, { id: 'b' });
    const lost = await bench.begin(run);
    await bench.log(lost, 1, 2);
    const other = await bench.begin(run, { taskId: 'b' });
    await bench.log(other, 2, 2);
    await bench.lose(lost);
    const last = await bench.begin(run, { dispatch: 2 });
    await bench.log(last, 1, 1);
    await bench.end(last, 'succeeded', { lastLogSeq: 1 });
    await bench.end(other, 'succeeded', { lastLogSeq: 3 });

    type Item = (Line | Gap) & { readonly taskId: string; readonly attempt: number };
    const items: Item[] = [];
    let complete = false;
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await bench.call('get', `/v1/runs/${run.runId}/logs?limit=2${query}`);
      expect(response.status, response.text).toBe(200);
      const page = response.body as { data: Item[]; complete: boolean; nextCursor: string | null };
      items.push(...page.data);
      ({ complete, nextCursor: cursor } = page);
    }

    expect(items.map((item) => `${item.taskId}#${item.attempt} ${shape([item])}`)).toEqual([
      'a#1 1',
      'a#1 2',
      'b#1 [1-1]',
      'b#1 2',
      'b#1 [3-3]',
      'a#2 1',
    ]);
    expect(complete).toBe(false);

    await sql(`update runs set state = 'succeeded' where tenant_id = $1`);
    const whole = await bench.call('get', `/v1/runs/${run.runId}/logs`);
    expect(whole.body).toMatchObject({ complete: true, incomplete: true, nextCursor: null });
    const text = await bench.call('get', `/v1/runs/${run.runId}/logs?format=text`);
    expect(text.text.split('\n')).toEqual([
      '2026-11-24T00:00:00.001Z [a#1] stdout line 1',
      '2026-11-24T00:00:00.002Z [a#1] stderr line 2',
      '[a#1] --- the log is incomplete: its runner was lost ---',
      '[b#1] --- line 1 is missing ---',
      '2026-11-24T00:00:00.002Z [b#1] stderr line 2',
      '[b#1] --- line 3 is missing ---',
      '[b#1] --- the log is incomplete: its runner wrote more ---',
      '2026-11-24T00:00:00.001Z [a#2] stdout line 1',
      '',
    ]);
  });

  it('goes through more attempts than one slice looks at', async () => {
    const run = await bench.run();
    await sql(
      `insert into attempts (tenant_id, id, run_id, task_id, fence, dispatch, try, state, pool_id, size, log_last_seq)
       select $1, 'att_' || $2 || lpad(n::text, 4, '0'), $2, 't' || n, 1, 1, 1, 'succeeded', $3, 's', 1 from generate_series(0, 204) n`,
      run.runId,
      bench.organization.poolId,
    );
    await sql(
      `insert into log_chunks (tenant_id, attempt_id, first_seq, last_seq, lines, size_bytes)
       select $1, id, 1, 1, '{"seq":1,"at":0,"stream":"stdout","text":"x"}', 50 from attempts where tenant_id = $1 and run_id = $2`,
      run.runId,
    );

    const text = await bench.call('get', `/v1/runs/${run.runId}/logs?format=text`);

    expect(text.text.split('\n')).toHaveLength(206);
  });
});
