import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ApiError, HttpClient, MillraceClient } from './index.js';

let server: Server | undefined;
const seen: { readonly url: string; readonly lastEventId: string; readonly key: string }[] = [];

/** A server that answers each request with the next of these. */
async function serve(...answers: ((response: ServerResponse) => void)[]): Promise<string> {
  seen.splice(0);
  const made = createServer((request, response) => {
    const { url = '', headers } = request;
    const { 'last-event-id': lastEventId = '', 'idempotency-key': key = '' } = headers;
    seen.push({ url, lastEventId: String(lastEventId), key: String(key) });
    answers.shift()?.(response);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

function events(...list: (readonly [number, string])[]) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [seq, state] of list) {
      const data = { seq, at: '2026-01-01T00:00:00Z', type: 'run', taskId: null, mapIndex: null, state, reason: null };
      response.write(`id: ${seq}\nevent: run\ndata: ${JSON.stringify(data)}\n\n`);
    }
  };
}

it('goes on after the last event where a server ends a stream before the run has ended', async () => {
  const half = events([0, 'queued'], [1, 'running']);
  const rest = events([2, 'succeeded']);
  const baseUrl = await serve(
    (response) => {
      half(response);
      response.end();
    },
    (response) => response.writeHead(503).end(),
    rest,
  );

  const states: string[] = [];
  for await (const event of new MillraceClient({ baseUrl, patienceMs: 10_000 }).runEvents('run_1')) {
    if (event.kind === 'run') states.push(event.event.state);
  }

  expect(states).toEqual(['queued', 'running', 'succeeded']);
  expect(seen.map(({ lastEventId }) => lastEventId)).toEqual(['', '1', '1']);
});

it('ends a quiet stream when it is told to', async () => {
  const baseUrl = await serve(events([0, 'queued']));
  const leaving = new AbortController();

  const states: string[] = [];
  for await (const event of new MillraceClient({ baseUrl, patienceMs: 60_000 }).runEvents('run_1', leaving.signal)) {
    if (event.kind === 'run') states.push(event.event.state);
    setTimeout(() => leaving.abort(), 50);
  }

  expect(states).toEqual(['queued']);
});

it('repeats a change under one key, and tells a refusal', async () => {
  const problem = { code: 'pipeline.paused', detail: 'it is paused', requestId: 'req_1', errors: [] };
  const baseUrl = await serve(
    (response) => response.socket?.destroy(),
    (response) => response.writeHead(502).end('bad gateway'),
    (response) => response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem)),
  );

  const work = new HttpClient({ baseUrl, patienceMs: 10_000 }).post('/v1/runs', { pipeline: 'p' });
  const error: unknown = await work.catch((caught: unknown) => caught);

  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 409, code: 'pipeline.paused', problem: { requestId: 'req_1' } });
  expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  expect(seen).toHaveLength(3);
});
