import { type ChainedEntry, sealLedger, verifyChain } from '@millrace/billing';
import { ControlDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { Workbench } from '../../testing/workbench.js';

interface Money {
  readonly nanoUsd: string;
  readonly usd: string;
}
interface EntryView {
  readonly id: string;
  readonly attemptId: string;
  readonly meter: string;
  readonly category: string;
  readonly amount: Money;
  readonly sealed: { readonly number: number; readonly hash: string } | null;
}

const zero = { nanoUsd: '0', usd: '0.000000000' };
/** 20 ms of size s are billed as one second: 1,000 ms of 16 nano-dollars. */
const second = { nanoUsd: '16000', usd: '0.000016000' };
/** The first start of a task costs 100,000 nano-dollars once. */
const first = { nanoUsd: '116000', usd: '0.000116000' };

/** A sealed row, from its line of the export alone. */
function entryOf(line: string): ChainedEntry {
  const cells = line.split(',');
  const text = (index: number): string => cells[index] ?? '';
  const maybe = (index: number): string | null => (text(index) === '' ? null : text(index));
  return {
    number: BigInt(text(0)),
    id: text(1),
    kind: text(2),
    attemptId: maybe(3),
    runId: maybe(4),
    taskId: maybe(5),
    mapIndex: maybe(6) === null ? null : Number(text(6)),
    pipelineId: maybe(7),
    environmentId: maybe(8),
    meter: text(9),
    size: maybe(10),
    quantity: text(11),
    unitPrice: text(12),
    amount: text(13),
    category: text(14),
    occurredAt: text(15),
    prevHash: text(16),
    hash: text(17),
  };
}

describe('cost, usage and the ledger over HTTP', () => {
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

  /** Task a: lost, failed and repeated, succeeded. Task b: one attempt that still runs. */
  async function workedRun() {
    const run = await bench.run({ id: 'a', maxAttempts: 2 }, { id: 'b' });
    await bench.lose(await bench.begin(run));
    await bench.end(await bench.begin(run, { dispatch: 2 }), 'failed');
    await bench.end(await bench.begin(run, { dispatch: 3, tried: 2 }), 'succeeded', { wallMs: 1500.2 });
    await bench.begin(run, { taskId: 'b' });
    return run;
  }

  it('shows the cost of a run by task and attempt, to the nano-dollar', async () => {
    const run = await workedRun();

    const response = await bench.call('get', `/v1/runs/${run.runId}/cost`);

    expect(response.status, response.text).toBe(200);
    const useful = { nanoUsd: '24016', usd: '0.000024016' };
    const total = { nanoUsd: '140016', usd: '0.000140016' };
    const split = { useful, retried: first, failed: zero, cancelled: zero, platformFault: zero };
    expect(response.body).toMatchObject({
      total,
      split,
      computeMs: 2501,
      tasks: [
        {
          taskId: 'a',
          total,
          split,
          computeMs: 2501,
          attempts: 3,
        },
        { taskId: 'b', total: zero, computeMs: 0, attempts: 1 },
      ],
      data: [
        {
          taskId: 'a',
          fence: 1,
          try: 1,
          state: 'lost',
          total: zero,
          computeMs: 0,
          category: 'platformFault',
          mapIndex: -1,
        },
        { taskId: 'a', fence: 2, try: 1, state: 'failed', total: first, computeMs: 1000, category: 'retried' },
        { taskId: 'a', fence: 3, try: 2, state: 'succeeded', total: useful, computeMs: 1501, category: 'useful' },
        { taskId: 'b', state: 'leased', total: zero, category: null },
      ],
      nextCursor: null,
    });

    const pages: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await bench.call('get', `/v1/runs/${run.runId}/cost?limit=3${query}`);
      const body = page.body as { total: unknown; data: unknown[]; nextCursor: string | null };
      expect(body.total).toEqual(total);
      pages.push(...body.data);
      cursor = body.nextCursor;
    }
    expect(pages).toEqual((response.body as { data: unknown[] }).data);
  });

  it('adds amounts up exactly, beyond what a float can hold', async () => {
    const run = await bench.run();
    await bench.end(await bench.begin(run), 'succeeded');
    await sql(`update ledger_entries set amount_nano = 9007199254740993 where tenant_id = $1`);

    const cost = await bench.call('get', `/v1/runs/${run.runId}/cost`);
    const usage = await bench.call('get', '/v1/usage');

    const total = { nanoUsd: '18014398509481986', usd: '18014398.509481986' };
    expect(cost.body).toMatchObject({ total, tasks: [{ total }] });
    expect(usage.body).toMatchObject({ total, data: [{ total }] });
  });

  it('sums usage up by day, pipeline, environment and meter', async () => {
    const run = await workedRun();
    const other = await bench.run();
    await bench.end(await bench.begin(other), 'succeeded');
    const usage = async (query: string) => {
      const response = await bench.call('get', `/v1/usage?${query}`);
      expect(response.status, response.text).toBe(200);
      return response.body as { data: { key: string; name: string | null; total: Money }[]; nextCursor: string | null };
    };
    const total = { nanoUsd: '256016', usd: '0.000256016' };

    const today = new Date().toISOString().slice(0, 10);
    expect(await usage('groupBy=day')).toMatchObject({
      total,
      computeMs: 3501,
      taskRuns: 2,
      data: [{ key: today, name: null, total, taskRuns: 2 }],
    });
    expect((await usage('groupBy=pipeline')).data).toMatchObject([
      { key: run.pipelineId, name: run.plan.pipeline, total: { nanoUsd: '140016' } },
      { key: other.pipelineId, name: other.plan.pipeline, total: first },
    ]);
    expect((await usage('groupBy=environment')).data).toMatchObject([{ name: 'production', total }]);
    expect((await usage('groupBy=meter')).data).toMatchObject([
      { key: 'compute_ms', total: { nanoUsd: '56016' } },
      { key: 'task_run', total: { nanoUsd: '200000' } },
    ]);
    const page = await usage('groupBy=pipeline&limit=1');
    expect((await usage(`groupBy=pipeline&limit=1&cursor=${page.nextCursor ?? ''}`)).data).toMatchObject([
      { key: other.pipelineId },
    ]);
    expect(await usage('from=2026-01-01&to=2026-02-01')).toMatchObject({ total: zero, data: [] });
  });

  it('refuses times that make no sense', async () => {
    for (const query of ['from=yesterday', 'from=2026-02-01&to=2026-01-01', 'from=2020-01-01', 'groupBy=week']) {
      expect((await bench.call('get', `/v1/usage?${query}`)).status, query).toBe(400);
    }
  });

  it('lists the ledger, newest first, over pages, with filters', async () => {
    const run = await workedRun();
    const other = await bench.run();
    const attempt = await bench.begin(other);
    await bench.end(attempt, 'succeeded');

    const all: EntryView[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await bench.call('get', `/v1/ledger?limit=3${query}`);
      expect(page.status, page.text).toBe(200);
      const body = page.body as { data: EntryView[]; nextCursor: string | null };
      all.push(...body.data);
      cursor = body.nextCursor;
    }

    // Each ended attempt has one compute entry, free ones too; each task that started has one run.
    expect(all.map(({ meter }) => meter).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'compute_ms'),
      'task_run',
      'task_run',
    ]);
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(all.find((entry) => entry.attemptId === attempt.attemptId && entry.meter === 'compute_ms')).toMatchObject({
      kind: 'usage',
      runId: other.runId,
      taskId: 'a',
      mapIndex: -1,
      pipelineId: other.pipelineId,
      size: 's',
      quantity: 1000,
      unitPrice: { nanoUsd: '16' },
      amount: second,
      category: 'useful',
      sealed: null,
    });
    expect(all.map(({ category }) => category)).toContain('platformFault');
    const ofRun = await bench.call('get', `/v1/ledger?run=${run.runId}`);
    expect((ofRun.body as { data: unknown[] }).data).toHaveLength(4);
    const past = await bench.call('get', '/v1/ledger?to=2026-01-01T00:00:00Z');
    expect((past.body as { data: unknown[] }).data).toEqual([]);
  });

  it('exports the whole ledger as CSV: the chain in its order, then what is not sealed', async () => {
    const run = await workedRun();
    const seal = (id: string, number: number) =>
      sql(
        `update ledger_entries set sealed_in = 1, chain_number = $3, prev_hash = decode($4, 'hex'), hash = decode($5, 'hex')
         where tenant_id = $1 and id = $2`,
        id,
        number,
        `0${number - 1}`,
        `0${number}`,
      );
    const rows = (await sql(`select id from ledger_entries where tenant_id = $1 order by id`)).map((row) => row['id']);
    const [a, b, c, d] = rows as [string, string, string, string];
    // Sealed in another order than they came in: the chain decides.
    await seal(c, 1);
    await seal(a, 2);

    const response = await bench.call('get', '/v1/ledger').set('accept', 'text/csv');

    expect(response.status, response.text).toBe(200);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe('attachment; filename="millrace-ledger.csv"');
    const [header, ...lines] = response.text.split('\r\n');
    expect(header).toBe(
      'number,id,kind,attempt_id,run_id,task_id,map_index,pipeline_id,environment_id,meter,size,quantity,unit_price_nano,amount_nano,category,occurred_at,prev_hash,hash',
    );
    const cells = lines.slice(0, -1).map((line) => line.split(','));
    expect(cells.map((row) => row[1])).toEqual([c, a, b, d]);
    expect(cells.map((row) => [row[0], row[16], row[17]])).toEqual([
      ['1', '00', '01'],
      ['2', '01', '02'],
      ['', '', ''],
      ['', '', ''],
    ]);
    expect(cells[0]?.slice(2, 15)).toEqual([
      'usage',
      expect.stringMatching(/^att_/),
      run.runId,
      'a',
      '-1',
      run.pipelineId,
      bench.organization.environmentId,
      'task_run',
      's',
      '1',
      '100000',
      '100000',
      'retried',
    ]);
    expect(cells[0]?.[15]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const { body } = await bench.call('get', '/v1/ledger');
    expect((body as { data: EntryView[] }).data.map(({ sealed }) => sealed)).toEqual([
      null,
      { number: 1, hash: '01' },
      null,
      { number: 2, hash: '02' },
    ]);
  });

  it('exports what suffices to verify the chain, and a change shows', async () => {
    await workedRun();
    const { tenantId } = bench.organization;
    await api.app.get(ControlDatabase).transaction((tx) => sealLedger(tx, tenantId, 100));
    const verify = async () => {
      const { text } = await bench.call('get', '/v1/ledger').set('accept', 'text/csv');
      return verifyChain(tenantId, text.split('\r\n').slice(1, -1).map(entryOf));
    };

    expect(await verify()).toMatchObject({ ok: true, entries: 4n, total: 140_016n });

    await sql(`update ledger_entries set category = 'failed' where tenant_id = $1 and chain_number = 2`);
    expect(await verify()).toMatchObject({ ok: false, number: 2n });
  });

  it('exports a ledger of several batches with each entry once', async () => {
    await bench.end(await bench.begin(await bench.run()), 'succeeded');
    await sql(
      `insert into ledger_entries (tenant_id, id, kind, meter, quantity, unit_price_nano, amount_nano, category, occurred_at,
         sealed_in, chain_number, prev_hash, hash)
       select $1, 'led_' || lpad(n::text, 26, '0'), 'credit', 'credit', 1, 1, 1, 'useful', now(),
         case when n <= 2500 then 1 end, case when n <= 2500 then n end, '\\x00', '\\x01' from generate_series(1, 4000) n`,
    );

    const { text } = await bench.call('get', '/v1/ledger').set('accept', 'text/csv');

    const ids = text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[1]);
    expect(ids).toHaveLength(4002);
    expect(new Set(ids).size).toBe(4002);
  });

  it('does not export for a key that is bound to an environment, nor with a filter', async () => {
    const environmentId = newId('environment');
    await sql(
      `insert into environments (tenant_id, id, slug, name) values ($1, $2, 'staging', 'Staging')`,
      environmentId,
    );
    const bound = await bench.keyOf(['read'], environmentId);
    const run = await workedRun();

    expect((await bench.call('get', '/v1/ledger', bound).set('accept', 'text/csv')).status).toBe(403);
    expect((await bench.call('get', '/v1/ledger', bound)).body).toEqual({ data: [], nextCursor: null });
    expect((await bench.call('get', '/v1/usage', bound)).body).toMatchObject({ total: zero, data: [] });
    expect((await bench.call('get', `/v1/runs/${run.runId}/cost`, bound)).status).toBe(404);
    expect((await bench.call('get', '/v1/ledger?limit=5').set('accept', 'text/csv')).body).toMatchObject({
      code: 'ledger.whole_only',
    });
  });

  it('shows nothing to another organization', async () => {
    const run = await workedRun();
    const other = await Workbench.open(api, database);

    expect((await other.call('get', `/v1/runs/${run.runId}/cost`)).body).toMatchObject({ code: 'run.not_found' });
    expect((await other.call('get', `/v1/ledger?run=${run.runId}`)).body).toEqual({ data: [], nextCursor: null });
    expect((await other.call('get', '/v1/ledger').set('accept', 'text/csv')).text.split('\r\n')).toHaveLength(2);
    expect((await other.call('get', '/v1/usage')).body).toMatchObject({ total: zero, data: [] });
  });
});
