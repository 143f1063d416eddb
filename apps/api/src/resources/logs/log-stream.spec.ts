import { readServerSentEvents, type ServerSentEvent } from '@millrace/clients';
import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { type HeldAttempt, Workbench } from '../../testing/workbench.js';

describe('streams of logs over HTTP', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let bench: Workbench;
  let origin: string;

  beforeAll(async () => {
    database = await testDatabase();
    api = await startApi(database);
    await api.app.listen(0, '127.0.0.1');
    origin = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
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

  interface Stream {
    readonly events: ServerSentEvent[];
    readonly ended: Promise<void>;
    readonly stop: () => void;
  }

  async function follow(attempt: Pick<HeldAttempt, 'runId'>, lastEventId?: string, query = ''): Promise<Stream> {
    const controller = new AbortController();
    const response = await fetch(`${origin}/v1/runs/${attempt.runId}/tasks/a/logs:stream${query}`, {
      headers: {
        authorization: `Bearer ${bench.key}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: controller.signal,
    });
    expect(response.status).toBe(200);
    const events: ServerSentEvent[] = [];
    const take = async (): Promise<void> => {
      for await (const event of readServerSentEvents(response)) events.push(event);
    };
    return { events, ended: take().catch(() => undefined), stop: () => controller.abort() };
  }

  async function until(what: () => boolean): Promise<void> {
    const end = Date.now() + 5_000;
    while (!what()) {
      if (Date.now() > end) throw new Error('it did not come about in time');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const ids = (stream: Stream) => stream.events.map(({ id }) => id);

  it('gives lines as they come, gaps, and the end when the attempt has ended', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 1, 1);
    const stream = await follow(attempt);
    await until(() => stream.events.length === 1);

    await bench.log(attempt, 4, 4);
    await until(() => stream.events.length === 3);
    await bench.end(attempt, 'succeeded', { lastLogSeq: 5 });
    await stream.ended;

    expect(stream.events.map(({ event, data }) => [event, JSON.parse(data) as unknown])).toMatchObject([
      ['line', { seq: 1, stream: 'stdout', text: 'line 1' }],
      ['gap', { from: 2, to: 3 }],
      ['line', { seq: 4 }],
      ['gap', { from: 5, to: 5 }],
      ['end', { attempt: 1, state: 'succeeded', complete: true, incomplete: true }],
    ]);
    expect(ids(stream)).toEqual(['1:1', '1:3', '1:4', '1:5', undefined]);
  });

  it('goes on after the last event that a client has', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 1, 700);
    await bench.end(attempt, 'succeeded', { lastLogSeq: 700 });

    for (const lastEventId of ['1:600', '600']) {
      const stream = await follow(attempt, lastEventId);
      await stream.ended;
      expect(ids(stream).slice(0, -1)).toEqual(Array.from({ length: 100 }, (_, index) => `1:${601 + index}`));
      expect(stream.events.at(-1)?.event).toBe('end');
    }
  });

  it('goes on with the attempt that the client was following, and not in the middle of the next', async () => {
    const run = await bench.run();
    const lost = await bench.begin(run);
    await bench.log(lost, 1, 3);
    await bench.lose(lost);
    await bench.log(await bench.begin(run, { dispatch: 2 }), 1, 9);

    const stream = await follow(run, '1:2');
    await stream.ended;

    expect(stream.events.map(({ id, data }) => [id, JSON.parse(data) as unknown])).toMatchObject([
      ['1:3', { seq: 3 }],
      [undefined, { attempt: 1, state: 'lost', incomplete: true }],
    ]);
  });

  it('waits for an attempt to begin, and ends where none will', async () => {
    const run = await bench.run();
    const stream = await follow(run);
    const attempt = await bench.begin(run);
    await bench.log(attempt, 1, 1);
    await bench.end(attempt, 'succeeded', { lastLogSeq: 1 });
    await stream.ended;
    expect(stream.events.map(({ event }) => event)).toEqual(['line', 'end']);

    const skipped = await bench.run();
    await sql(`update task_instances set state = 'skipped' where tenant_id = $1 and run_id = $2`, skipped.runId);
    const empty = await follow(skipped);
    await empty.ended;
    expect(empty.events.map(({ event, data }) => [event, data])).toEqual([
      ['end', '{"attempt":null,"state":null,"complete":true}'],
    ]);
  });

  it('refuses what it cannot follow with a problem document', async () => {
    const attempt = await bench.begin(await bench.run());
    const refused = await bench
      .call('get', `/v1/runs/${attempt.runId}/tasks/a/logs:stream`)
      .set('last-event-id', 'nonsense');
    expect(refused.body).toMatchObject({ status: 400, code: 'request.bad_event_id' });
    expect((await bench.call('get', `/v1/runs/${attempt.runId}/tasks/a/logs:stream?attempt=2`)).body).toMatchObject({
      status: 404,
      code: 'attempt.not_found',
    });
  });

  it('lets a client go that leaves', async () => {
    const attempt = await bench.begin(await bench.run());
    await bench.log(attempt, 1, 1);
    const stream = await follow(attempt);
    await until(() => stream.events.length === 1);

    stream.stop();
    await stream.ended;

    await bench.log(attempt, 2, 2);
    expect(stream.events).toHaveLength(1);
  });
});
