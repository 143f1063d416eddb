import { digestOf } from '@millrace/object-store';
import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { type HeldAttempt, Workbench } from '../../testing/workbench.js';

interface View {
  readonly id: string;
  readonly name: string;
}

describe('artifacts over HTTP', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let bench: Workbench;
  let attempt: HeldAttempt;

  beforeAll(async () => {
    database = await testDatabase();
    api = await startApi(database);
  });
  beforeEach(async () => {
    bench = await Workbench.open(api, database);
    attempt = await bench.begin(await bench.run());
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  async function list(query = ''): Promise<{ data: View[]; nextCursor: string | null }> {
    const response = await bench.call('get', `/v1/runs/${attempt.runId}/artifacts${query}`);
    expect(response.status, response.text).toBe(200);
    return response.body as { data: View[]; nextCursor: string | null };
  }

  async function add(name: string, contentType: string, bytes: Buffer): Promise<{ id: string; digest: string }> {
    const digest = await bench.artifact(attempt, name, contentType, bytes);
    const id = (await list()).data.find((one) => one.name === name)?.id ?? '';
    return { id, digest };
  }

  const content = (id: string, headers: Record<string, string> = {}) =>
    bench
      .call('get', `/v1/artifacts/${id}/content`)
      .set(headers)
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });

  it('lists the artifacts of a run, over pages and by task, and shows one', async () => {
    const bytes = Buffer.from('<svg/>');
    const { id, digest } = await add('out/rain.svg', 'image/svg+xml', bytes);
    await add('notes.txt', 'text/plain', Buffer.from('n'));

    const first = await list('?limit=1');
    const second = await list(`?limit=1&cursor=${first.nextCursor ?? ''}`);

    expect(first.data).toEqual([
      {
        id,
        runId: attempt.runId,
        taskId: 'a',
        mapIndex: -1,
        attemptId: attempt.attemptId,
        attempt: 1,
        name: 'out/rain.svg',
        contentType: 'image/svg+xml',
        sizeBytes: bytes.length,
        digest,
        createdAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect(second).toMatchObject({ data: [{ name: 'notes.txt' }], nextCursor: null });
    expect((await list('?task=a')).data).toHaveLength(2);
    expect((await list('?task=b')).data).toEqual([]);
    expect((await bench.call('get', `/v1/artifacts/${id}`)).body).toEqual(first.data[0]);
  });

  it('streams the bytes, as a file that a browser saves and never shows', async () => {
    const bytes = randomBytes(1_000_003);
    const { id, digest } = await add('out/page.html', 'text/html', bytes);

    const response = await content(id);

    expect(response.status).toBe(200);
    expect(digestOf(response.body as Buffer)).toBe(digest);
    expect(response.headers).toMatchObject({
      'content-type': 'text/html',
      'content-length': String(bytes.length),
      'content-disposition': 'attachment; filename="page.html"',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      etag: `"${digest}"`,
    });
    expect(response.headers['content-security-policy']).toMatch(/^sandbox;/);
  });

  it('gives a range, and says where there is none', async () => {
    const bytes = randomBytes(600_000);
    const { id, digest } = await add('data.bin', 'application/octet-stream', bytes);
    const part = async (range: string, more: Record<string, string> = {}) => {
      const { status, body, headers } = await content(id, { range, ...more });
      return { status, digest: digestOf(body as Buffer), at: headers['content-range'] };
    };

    expect(await part('bytes=0-0')).toEqual({
      status: 206,
      digest: digestOf(bytes.subarray(0, 1)),
      at: 'bytes 0-0/600000',
    });
    expect(await part('bytes=100000-499999')).toEqual({
      status: 206,
      digest: digestOf(bytes.subarray(100_000, 500_000)),
      at: 'bytes 100000-499999/600000',
    });
    expect(await part('bytes=599990-')).toMatchObject({ status: 206, digest: digestOf(bytes.subarray(599_990)) });
    expect(await part('bytes=-10')).toMatchObject({ status: 206, digest: digestOf(bytes.subarray(599_990)) });
    expect(await part('bytes=600000-')).toMatchObject({ status: 416, at: 'bytes */600000' });
    expect((await part('bytes=0-1', { 'if-range': `"${digest}"` })).status).toBe(206);
    for (const [range, ifRange] of [
      ['bytes=0-1,5-6', `"${digest}"`],
      ['lines=0-1', `"${digest}"`],
      ['bytes=0-1', '"another"'],
    ] as const) {
      expect(await part(range, { 'if-range': ifRange })).toMatchObject({ status: 200, digest: digestOf(bytes) });
    }
  });

  it('answers what the client has already with 304, and HEAD without bytes', async () => {
    const { id, digest } = await add('empty', 'text/plain', Buffer.alloc(0));

    expect((await content(id)).headers['content-length']).toBe('0');
    expect((await content(id, { range: 'bytes=0-' })).status).toBe(416);
    expect((await content(id, { 'if-none-match': `"x", W/"${digest}"` })).status).toBe(304);
    const full = await add('full', 'text/plain', Buffer.alloc(3_000_000));
    const head = await bench.call('head', `/v1/artifacts/${full.id}/content`);
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '3000000', undefined]);
  });

  it('says so when the bytes are no longer kept', async () => {
    const { id } = await add('x', 'text/plain', Buffer.from('x'));
    await asSuper(database.superuserUrl, `update artifacts set digest = 'sha256:${'0'.repeat(64)}' where id = $1`, [
      id,
    ]);

    expect((await bench.call('get', `/v1/artifacts/${id}/content`)).body).toMatchObject({
      status: 404,
      code: 'artifact.content_missing',
    });
  });

  it('shows nothing to another organization', async () => {
    const { id } = await add('x', 'text/plain', Buffer.from('x'));
    const other = await Workbench.open(api, database);

    for (const path of [`/v1/artifacts/${id}`, `/v1/artifacts/${id}/content`]) {
      expect((await other.call('get', path)).body).toMatchObject({ status: 404, code: 'artifact.not_found' });
    }
    expect((await other.call('get', `/v1/runs/${attempt.runId}/artifacts`)).status).toBe(404);
  });
});
