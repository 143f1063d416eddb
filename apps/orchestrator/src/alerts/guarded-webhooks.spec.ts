import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { EgressGuard } from '@millrace/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specCertificate } from '../testing/spec-certificate.js';
import { GuardedWebhooks, type GuardedWebhooksOptions } from './guarded-webhooks.js';

/** No packet leaves 127.0.0.1: names come from a table, and every dial goes to a server of the spec. */
const names: Record<string, readonly string[]> = {
  localhost: ['93.184.216.34'],
  'hooks.example': ['93.184.216.34'],
  'rebind.example': ['93.184.216.34', '10.0.0.1'],
};
const open = new Set<Socket>();
const dialled: string[] = [];
let plain: Server;
let secure: Server;
let answer: RequestListener;

const listen = async (server: Server): Promise<Server> => {
  server.on('connection', (socket: Socket) => open.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function webhooks(options: Partial<GuardedWebhooksOptions> = {}): GuardedWebhooks {
  const guard = new EgressGuard({
    resolve: (host) => Promise.resolve(names[host] ?? []),
    dial: (address, port) => {
      dialled.push(`${address} ${port}`);
      return new Promise((resolve, reject) => {
        const socket = connect(portOf(port === 443 ? secure : plain), '127.0.0.1');
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      });
    },
  });
  return new GuardedWebhooks({ guard, openings: () => [], allowPlain: true, ca: specCertificate.cert, ...options });
}
const post = (url: string, options?: Partial<GuardedWebhooksOptions>) =>
  webhooks(options).post({ url, organization: 'a', headers: { 'webhook-id': 'msg_1' }, body: '{"a":"ü"}' });

beforeAll(async () => {
  const listener: RequestListener = (request, response) => answer(request, response);
  plain = await listen(createServer(listener));
  secure = await listen(createTlsServer({ ...specCertificate }, listener));
});
afterAll(() => {
  for (const socket of open) socket.destroy();
  plain.close();
  secure.close();
});

describe('webhooks through the guard', () => {
  it('speak TLS with the receiver that was asked for, and with no other', async () => {
    answer = (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => response.end(`${request.headers.host ?? ''}|${Buffer.concat(parts).toString()}`));
    };
    dialled.length = 0;

    expect(await post('https://localhost/hook?a=1')).toEqual({
      outcome: 'answered',
      status: 200,
      response: 'localhost|{"a":"ü"}',
    });
    expect(dialled).toEqual(['93.184.216.34 443']);
    expect(await post('https://hooks.example/')).toMatchObject({
      outcome: 'unreachable',
      error: expect.stringContaining("does not match certificate's altnames") as string,
    });
    expect(await post('https://localhost/', { ca: '' })).toMatchObject({ outcome: 'unreachable' });
  });

  it('refuse plain HTTP in production, unless the operator opened the receiver', async () => {
    answer = (_, response) => void response.end('ok');

    expect(await post('http://hooks.example/', { allowPlain: false })).toMatchObject({ outcome: 'refused' });
    const openings = () => [{ host: 'hooks.example', port: 80 }];
    expect(await post('http://hooks.example/', { allowPlain: false, openings })).toMatchObject({ status: 200 });
    expect(await post('http://rebind.example/')).toMatchObject({ outcome: 'refused' });
    expect(await post('http://nowhere.example/')).toMatchObject({ outcome: 'unreachable' });
  });

  it('cut an answer without end, and keep what came of one that stalls', async () => {
    answer = (_, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    };
    const endless = await post('http://hooks.example/');
    answer = (_, response) => void response.writeHead(202).write('half');
    const stalled = await post('http://hooks.example/', { timeoutMs: 500 });
    answer = (_, response) => void response.writeHead(429, { 'retry-after': '7' }).end('\0no');
    const busy = await post('http://hooks.example/');

    expect(endless).toMatchObject({ outcome: 'answered', status: 200, response: 'x'.repeat(1_024) });
    expect(stalled).toMatchObject({ outcome: 'answered', status: 202, response: 'half' });
    expect(busy).toEqual({ outcome: 'answered', status: 429, response: 'no', retryAfterMs: 7_000 });
  });

  it('give up a receiver that says nothing, or hangs up', async () => {
    answer = () => undefined;
    const silent = await post('http://hooks.example/', { timeoutMs: 300 });
    answer = (request) => void request.socket.destroy();
    const rude = await post('http://hooks.example/');

    expect(silent).toEqual({ outcome: 'unreachable', error: 'no answer within 0.3 s' });
    expect(rude).toMatchObject({ outcome: 'unreachable', error: 'socket hang up' });
  });
});
