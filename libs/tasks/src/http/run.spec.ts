import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltinContext } from '../builtin-context.js';
import { type HttpConfig, run } from './run.js';

describe('the http task', () => {
  let server: Server;
  let base: string;
  const context: BuiltinContext = {
    connections: {},
    signal: new AbortController().signal,
    log: { info: () => undefined, warn: () => undefined },
  };
  const ask = (config: Partial<HttpConfig> & { url: string }) =>
    run({ method: 'GET', headers: {}, parse: 'json', ...config }, context);
  const failure = (config: Partial<HttpConfig> & { url: string }): Promise<unknown> =>
    ask(config).catch((error: unknown) => error);

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        const url = new URL(incoming.url ?? '/', 'http://x');
        if (url.pathname === '/silent') return;
        if (url.pathname === '/redirect') response.writeHead(302, { location: '/echo' });
        else
          response.writeHead(Number(url.searchParams.get('status') ?? 200), {
            'content-type': 'application/json',
            'set-cookie': ['a=1', 'b=2'],
          });
        if (url.pathname === '/text') response.end('not json');
        else if (url.pathname === '/empty') response.end();
        else
          response.end(
            JSON.stringify({
              method: incoming.method,
              body,
              type: incoming.headers['content-type'],
              token: incoming.headers['x-token'],
            }),
          );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends a body as JSON or as it is and gives status, headers and body', async () => {
    const json = await ask({ url: `${base}/echo`, method: 'POST', body: { a: 1 }, headers: { 'X-Token': 't' } });
    const text = await ask({ url: `${base}/echo`, method: 'PUT', body: 'plain' });

    expect(json).toMatchObject({
      status: 200,
      body: { method: 'POST', body: '{"a":1}', type: 'application/json', token: 't' },
    });
    expect(json.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(text.body).toMatchObject({ method: 'PUT', body: 'plain' });
  });

  it('follows redirects and takes an empty body for null', async () => {
    expect((await ask({ url: `${base}/redirect` })).body).toMatchObject({ method: 'GET' });
    expect((await ask({ url: `${base}/empty` })).body).toBeNull();
    expect((await ask({ url: `${base}/text`, parse: 'text' })).body).toBe('not json');
  });

  it('takes the statuses that were expected and no other', async () => {
    const expected = await ask({ url: `${base}/echo?status=404`, expect: { status: [200, 404] } });
    const missing = await failure({ url: `${base}/echo?status=404&secret=s` });
    const exact = await failure({ url: `${base}/echo`, expect: { status: 201 } });

    expect(expected.status).toBe(404);
    expect(missing).toMatchObject({ code: 'http.404', retryable: false });
    expect((missing as Error).message).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/echo answered 404: \{/);
    expect((missing as Error).message).not.toContain('secret=s');
    expect(exact).toMatchObject({ code: 'http.200', retryable: false });
  });

  it('tells failures that a repeat can mend from those that it cannot', async () => {
    const port = Number(new URL(base).port);
    const codes = await Promise.all(
      [
        { url: `${base}/echo?status=503` },
        { url: `${base}/echo?status=429` },
        { url: `${base}/silent`, timeoutSeconds: 0.05 },
        { url: `http://127.0.0.1:${port === 1 ? 2 : 1}/` },
        { url: `${base}/text` },
      ].map(failure),
    );

    expect(codes).toMatchObject([
      { code: 'http.503', retryable: true },
      { code: 'http.429', retryable: true },
      { code: 'http.timeout', retryable: true },
      { code: 'http.network', retryable: true },
      { code: 'http.not_json', retryable: false },
    ]);
  });
});
