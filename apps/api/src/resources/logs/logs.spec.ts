import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LogPageView, shape } from '../../testing/log-views.js';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { type HeldAttempt, Workbench } from '../../testing/workbench.js';

describe('logs of tasks over HTTP', () => {
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

  const path = (attempt: Pick<HeldAttempt, 'runId'>, query = '') => `/v1/runs/${attempt.runId}/tasks/a/logs${query}`;
  async function read(attempt: Pick<HeldAttempt, 'runId'>, query = ''): Promise<LogPageView> {
    const response = await bench.call('get', path(attempt, query));
    expect(response.status, response.text).toBe(200);
    return response.body as LogPageView;
  }

  it('gives the lines of a running attempt, and says that more may come', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 1, 2);

    expect(await read(attempt)).toEqual({
      attempt: 1,
      state: 'leased',
      data: [
        { seq: 1, at: '2026-11-24T00:00:00.001Z', stream: 'stdout', text: 'line 1' },
        { seq: 2, at: '2026-11-24T00:00:00.002Z', stream: 'stderr', text: 'line 2' },
      ],
      complete: false,
      nextCursor: null,
    });

    await bench.end(attempt, 'succeeded', { lastLogSeq: 2 });
    expect(await read(attempt)).toMatchObject({ state: 'succeeded', complete: true, nextCursor: null });
    expect(await read(attempt)).not.toHaveProperty('incomplete');
  });

  it('reads large chunks from the object store, and names one whose object is gone', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 1, 3);
    await bench.log(attempt, 4, 40, (seq) => `${seq}`.repeat(500));
    await bench.log(attempt, 41, 42);

    const page = await read(attempt);
    expect(page.data).toHaveLength(42);
    expect(page.data[19]).toMatchObject({ seq: 20, text: '20'.repeat(500) });

    await sql(
      `update log_chunks set object_digest = 'sha256:${'0'.repeat(64)}' where tenant_id = $1 and lines is null`,
    );
    expect(shape((await read(attempt)).data)).toBe('1 2 3 [4-40] 41 42');
  });

  it('names missing lines as gaps: at the beginning, in between, and at the end once it has ended', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 3, 4);
    await bench.log(attempt, 8, 8);
    expect(shape((await read(attempt)).data)).toBe('[1-2] 3 4 [5-7] 8');

    await bench.end(attempt, 'succeeded', { lastLogSeq: 11 });
    const page = await read(attempt);
    expect(shape(page.data)).toBe('[1-2] 3 4 [5-7] 8 [9-11]');
    expect(page).toMatchObject({ complete: true, incomplete: true });
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('gives every item once over pages of %i', async (limit) => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 2, 4);
    await bench.log(attempt, 7, 8);
    await bench.end(attempt, 'succeeded', { lastLogSeq: 9 });

    const pages: LogPageView[] = [];
    for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null) {
      pages.push(await read(attempt, `?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`));
    }

    expect(shape(pages.flatMap(({ data }) => data))).toBe('[1-1] 2 3 4 [5-6] 7 8 [9-9]');
    expect(pages.every(({ data }) => data.length <= limit)).toBe(true);
    expect(pages.map(({ complete }) => complete)).toEqual([...pages.slice(1).map(() => false), true]);
  });

  it('cuts a page at about 1 MiB, and loses nothing', async () => {
    const attempt = await bench.begin(await bench.run());
    for (let chunk = 0; chunk < 30; chunk += 1) {
      await bench.log(attempt, chunk * 10 + 1, chunk * 10 + 10, () => 'x'.repeat(8_000));
    }

    const first = await read(attempt);
    expect(first.data.length).toBeLessThan(160);
    const second = await read(attempt, `?cursor=${first.nextCursor ?? ''}`);
    const third = await read(attempt, `?cursor=${second.nextCursor ?? ''}`);
    const all = [first, second, third].flatMap(({ data }) => data);
    expect(shape(all)).toBe(Array.from({ length: 300 }, (_, index) => String(index + 1)).join(' '));
  });

  it('says that the log of a lost attempt may lack lines, and keeps both attempts apart', async () => {
    const run = await bench.run();
    const lost = await bench.begin(run);
    await bench.log(lost, 1, 2);
    const first = await read(run, '?limit=1');
    await bench.lose(lost);
    const next = await bench.begin(run, { dispatch: 2 });
    await bench.log(next, 1, 5);

    expect(await read(run)).toMatchObject({ attempt: 2, complete: false });
    expect(await read(run, '?attempt=1')).toMatchObject({
      attempt: 1,
      state: 'lost',
      complete: true,
      incomplete: true,
    });
    // The cursor stays with the attempt that it was given for.
    expect(await read(run, `?cursor=${first.nextCursor ?? ''}`)).toMatchObject({ attempt: 1, data: [{ seq: 2 }] });
  });

  it('gives text to read, all of it or page by page', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 1, 1, () => 'hello');
    await bench.log(attempt, 3, 1_203);
    await bench.lose(attempt);

    const whole = await bench.call('get', path(attempt, '?format=text'));
    const lines = whole.text.split('\n');
    expect(whole.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(lines.slice(0, 3)).toEqual([
      '2026-11-24T00:00:00.001Z stdout hello',
      '--- line 2 is missing ---',
      '2026-11-24T00:00:00.003Z stdout line 3',
    ]);
    expect(lines.slice(-3)).toEqual([
      '2026-11-24T00:00:01.203Z stdout line 1203',
      '--- the log is incomplete: its runner was lost ---',
      '',
    ]);
    expect(lines).toHaveLength(1 + 1 + 1_201 + 2);

    const page = await bench.call('get', path(attempt, '?format=text&limit=2'));
    expect(page.text).toBe('2026-11-24T00:00:00.001Z stdout hello\n--- line 2 is missing ---\n');
    const link = /^<(.+)>; rel="next"$/.exec(page.headers['link'] as string)?.[1] ?? '';
    expect((await bench.call('get', link)).text).toMatch(/^\S+ stdout line 3\n\S+ stderr line 4\n$/);
  });

  it('tells a task that has not begun from one that will not, and from one that is not there', async () => {
    const run = await bench.run({ id: 'a' }, { id: 'b' }, { id: 'c' });
    await sql(`update task_instances set state = 'skipped' where tenant_id = $1 and task_id = 'b'`);
    await sql(`update task_instances set map_length = 3 where tenant_id = $1 and task_id = 'c'`);
    const of = async (rest: string) => {
      const { status, body } = await bench.call('get', `/v1/runs/${run.runId}/tasks/${rest}`);
      return [status, (body as { code?: string; complete?: boolean }).code ?? (body as LogPageView).complete];
    };

    expect(await read(run)).toEqual({ attempt: null, state: null, data: [], complete: false, nextCursor: null });
    expect(await of('b/logs')).toEqual([200, true]);
    expect(await of('c/logs')).toEqual([400, 'task.mapped']);
    expect(await of('c/logs?mapIndex=3')).toEqual([404, 'task.not_found']);
    expect(await of('d/logs')).toEqual([404, 'task.not_found']);
    expect(await of('a/logs?attempt=1')).toEqual([404, 'attempt.not_found']);
    expect(await of('a/logs?limit=0')).toEqual([400, 'request.invalid_query']);
    expect(await of('a/logs?limit=5001')).toEqual([400, 'request.invalid_query']);
    expect(await of(`a/logs?cursor=${Buffer.from('["x","y"]').toString('base64url')}`)).toEqual([
      400,
      'request.bad_cursor',
    ]);
  });

  it('reads the instances of a mapped task one by one', async () => {
    const run = await bench.run({ id: 'a', mapOver: '[1, 2]' });
    await sql(`update task_instances set map_length = 2 where tenant_id = $1`);
    for (const mapIndex of [0, 1]) {
      await sql(
        `insert into task_instances (tenant_id, run_id, task_id, map_index, state, pool_id) values ($1, $2, 'a', $3, 'queued', $4)`,
        run.runId,
        mapIndex,
        bench.organization.poolId,
      );
    }
    const attempt = await bench.begin(run, { mapIndex: 1 });
    await bench.log(attempt, 1, 1, () => 'of the second');

    expect(await read(run, '?mapIndex=1')).toMatchObject({ attempt: 1, data: [{ text: 'of the second' }] });
    expect(await read(run, '?mapIndex=0')).toMatchObject({ attempt: null, data: [] });
  });

  it('shows nothing to another organization', async () => {
    const attempt = await bench.begin(await bench.run());
    const other = await Workbench.open(api, database);

    for (const end of ['/tasks/a/logs', '/tasks/a/logs?format=text', '/tasks/a/logs:stream', '/logs']) {
      const { body } = await other.call('get', `/v1/runs/${attempt.runId}${end}`);
      expect(body, end).toMatchObject({ status: 404, code: 'run.not_found' });
    }
  });
});
