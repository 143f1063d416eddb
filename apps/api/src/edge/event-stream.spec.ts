import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asSuper } from '@millrace/testing';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, EdgeBench } from '../testing/edge-bench.js';
import { EventStreams } from './index.js';

let bench: EdgeBench;

beforeAll(async () => {
  bench = await EdgeBench.start();
});

afterAll(async () => {
  await bench.stop();
});

beforeEach(async () => {
  await bench.clear();
});

describe('event streams', () => {
  interface OpenStream {
    readonly next: (part: string) => Promise<string>;
    readonly ended: Promise<unknown>;
    readonly abort: () => void;
  }

  async function open(path: string, headers: Record<string, string> = {}): Promise<OpenStream> {
    if (!bench.api.server.listening) await new Promise<void>((resolve) => bench.api.server.listen(0, () => resolve()));
    const { port } = bench.api.server.address() as AddressInfo;
    const outgoing = httpRequest({ port, path, headers: { authorization: `Bearer ${bench.key}`, ...headers } });
    outgoing.on('error', () => undefined);
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [
      NodeJS.ReadableStream & { headers: object; statusCode: number },
    ];
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8' });
    let text = '';
    const waiting = new Set<() => void>();
    response.on('error', () => undefined);
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const check of waiting) check();
    });
    return {
      ended: once(response, 'close').catch(() => undefined),
      abort: () => outgoing.destroy(),
      next: (part) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!text.includes(part)) return;
            waiting.delete(check);
            resolve(text);
          };
          waiting.add(check);
          check();
        }),
    };
  }

  async function add(text: string): Promise<string> {
    const response = await request(bench.api.server)
      .post('/notes')
      .set(...bearer(bench.key))
      .send({ text });
    await asSuper(bench.database.superuserUrl, `select pg_notify('run_events', 'n1')`);
    return (response.body as { id: string }).id;
  }

  it('sends what is there, then what comes, and ends when the source does', async () => {
    const first = await add('one');
    const stream = await open('/notes/stream/n1');
    const head = await stream.next('"one"');
    expect(head).toContain('retry: 1000\n\n');
    expect(head).toContain(`id: ${first}\nevent: note\ndata: {"text":"one"}\n\n`);
    await add('two');
    await stream.next('"two"');
    await add('end');
    await stream.ended;
  });

  it('goes on after the last event that the client has', async () => {
    const first = await add('one');
    await add('two');
    await add('end');
    const stream = await open('/notes/stream/n1', { 'last-event-id': first });
    await stream.ended;
    const text = await stream.next('"two"');
    expect(text).not.toContain('"one"');
  });

  it('tells of an error as an event, and ends', async () => {
    await add('bad');
    const stream = await open('/notes/stream/n1');
    await stream.ended;
    expect(await stream.next('event: error')).toContain('note.gone');
  });

  it('stops the source when the client leaves', async () => {
    const stream = await open('/notes/stream/n1');
    await stream.next('retry');
    stream.abort();
    // The stream holds a subscription; the source's finally gives it back.
    await expect
      .poll(() => Reflect.get(bench.api.app.get(EventStreams), 'open') as Set<unknown>)
      .toHaveProperty('size', 0);
  });
});
