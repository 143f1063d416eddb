import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeAddress } from './addresses.js';
import { EgressGuard } from './guard.js';
import type { EgressPolicy, EgressRefusal } from './policy.js';
import { EgressSession } from './session.js';
import { canonicalHost, parseAbsolute, parseAuthority } from './target.js';

/** No packet leaves 127.0.0.1: names come from a table and every dial goes to servers of the spec. */
describe('the egress guard', () => {
  const names: Record<string, readonly string[]> = {
    'public.example': ['93.184.216.34'],
    'both.example': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
    'rebind.example': ['93.184.216.34', '127.0.0.1'],
    'private.example': ['10.1.2.3'],
    localhost: ['127.0.0.1'],
    'metadata.example': ['169.254.169.254'],
    'warehouse.internal': ['10.0.0.5'],
  };
  const dialled: string[] = [];
  let service: HttpServer;
  let servicePort: number;
  let echo: Server;
  let echoPort: number;

  const guard = new EgressGuard({
    resolve: (host) => Promise.resolve(names[host] ?? []),
    dial: (address, port) => {
      dialled.push(`${address} ${port}`);
      return new Promise((resolve, reject) => {
        const socket = connect(port === 5432 ? echoPort : servicePort, '127.0.0.1');
        socket.once('connect', () => resolve(socket));
        socket.once('error', reject);
      });
    },
  });
  const open = (policy: Partial<EgressPolicy> = {}): EgressPolicy => ({ open: [], ...policy });
  const verdict = async (host: string, port = 80, policy: Partial<EgressPolicy> = {}): Promise<string> => {
    const decision = await guard.decide({ host, port }, open(policy));
    return decision.allowed ? 'allowed' : decision.refusal.reason;
  };

  beforeAll(async () => {
    service = createServer((incoming, response) => {
      if (incoming.url === '/to-metadata') {
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
        return;
      }
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end(JSON.stringify({ url: incoming.url, headers: incoming.headers, method: incoming.method }));
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    servicePort = (service.address() as AddressInfo).port;
    echo = createTcpServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    echoPort = (echo.address() as AddressInfo).port;
  });
  afterAll(() => {
    service.close();
    echo.close();
  });

  it.each([
    ['127.0.0.1', 'address_not_public'],
    ['127.1', 'address_not_public'],
    ['127.0.1', 'address_not_public'],
    ['2130706433', 'address_not_public'],
    ['0x7f000001', 'address_not_public'],
    ['0x7f.0.0.1', 'address_not_public'],
    ['0x7f.1', 'address_not_public'],
    ['0177.0.0.1', 'address_not_public'],
    ['017700000001', 'address_not_public'],
    ['0', 'address_not_public'],
    ['0.0.0.0', 'address_not_public'],
    ['127.0.0.1.', 'address_not_public'],
    ['１２７.0.0.1', 'address_not_public'],
    ['10.0.0.1', 'address_not_public'],
    ['0xa000001', 'address_not_public'],
    ['172.16.0.1', 'address_not_public'],
    ['172.31.255.255', 'address_not_public'],
    ['192.168.1.1', 'address_not_public'],
    ['100.64.0.1', 'address_not_public'],
    ['169.254.0.1', 'address_not_public'],
    ['192.0.2.1', 'address_not_public'],
    ['198.18.0.1', 'address_not_public'],
    ['198.51.100.1', 'address_not_public'],
    ['203.0.113.80', 'address_not_public'],
    ['224.0.0.1', 'address_not_public'],
    ['240.0.0.1', 'address_not_public'],
    ['255.255.255.255', 'address_not_public'],
    ['169.254.169.254', 'metadata_address'],
    ['2852039166', 'metadata_address'],
    ['0xa9fea9fe', 'metadata_address'],
    ['0251.0376.0251.0376', 'metadata_address'],
    ['169.254.43518', 'metadata_address'],
    ['168.63.129.16', 'metadata_address'],
    ['0xa83f8110', 'metadata_address'],
    ['100.100.100.200', 'metadata_address'],
    ['fd00:ec2::254', 'metadata_address'],
    ['[fd00:ec2:0:0:0:0:0:254]', 'metadata_address'],
    ['::1', 'address_not_public'],
    ['[::1]', 'address_not_public'],
    ['0:0:0:0:0:0:0:1', 'address_not_public'],
    ['::', 'address_not_public'],
    ['::ffff:127.0.0.1', 'address_not_public'],
    ['::ffff:7f00:1', 'address_not_public'],
    ['::ffff:169.254.169.254', 'address_not_public'],
    ['::ffff:93.184.216.34', 'address_not_public'],
    ['::127.0.0.1', 'address_not_public'],
    ['::ffff:0:127.0.0.1', 'address_not_public'],
    ['64:ff9b::7f00:1', 'address_not_public'],
    ['64:ff9b::a9fe:a9fe', 'address_not_public'],
    ['64:ff9b:1::1', 'address_not_public'],
    ['2002:7f00:1::', 'address_not_public'],
    ['2002:a9fe:a9fe::1', 'address_not_public'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'address_not_public'],
    ['fe80::1', 'address_not_public'],
    ['fec0::1', 'address_not_public'],
    ['fc00::1', 'address_not_public'],
    ['ff02::1', 'address_not_public'],
    ['100::1', 'address_not_public'],
    ['2001:db8::1', 'address_not_public'],
    ['3fff::1', 'address_not_public'],
    ['2606:2800:220:1:0:5efe:7f00:1', 'address_not_public'],
    ['localhost', 'address_not_public'],
    ['LOCALHOST.', 'address_not_public'],
    ['private.example', 'address_not_public'],
    ['rebind.example', 'address_not_public'],
    ['metadata.example', 'metadata_address'],
    ['nowhere.example', 'name_not_resolved'],
    ['', 'bad_target'],
    ['a b', 'bad_target'],
    ['user@public.example', 'bad_target'],
    ['public.example/path', 'bad_target'],
    ['fe80::1%eth0', 'bad_target'],
    ['256.0.0.1', 'bad_target'],
  ])('refuses %j as %s', async (host, reason) => {
    expect(await verdict(host)).toBe(reason);
  });

  it('lets public addresses out on 80 and 443, and on ports that were added', async () => {
    const allowed = await Promise.all([
      verdict('public.example'),
      verdict('both.example', 443),
      verdict('8.8.8.8', 443),
      verdict('2606:4700::1111'),
    ]);
    const ports = await Promise.all([
      verdict('public.example', 22),
      verdict('public.example', 25),
      verdict('public.example', 5432, { allowPorts: [5432] }),
    ]);
    const nonsense = await Promise.all([
      verdict('public.example', 0),
      verdict('public.example', 65_536),
      verdict('public.example', 1.5),
    ]);

    expect(allowed).toEqual(['allowed', 'allowed', 'allowed', 'allowed']);
    expect(ports).toEqual(['port_not_allowed', 'port_not_allowed', 'allowed']);
    expect(nonsense).toEqual(['bad_target', 'bad_target', 'bad_target']);
  });

  it('opens exactly the pairs of host and port that the operator named', async () => {
    const policy = {
      open: [
        { host: 'LocalHost', port: 8080 },
        { host: 'warehouse.internal', port: 5432 },
        { host: '127.0.0.1', port: 9000 },
        { host: 'metadata.example', port: 80 },
      ],
    };

    expect(await verdict('localhost', 8080, policy)).toBe('allowed');
    expect(await verdict('warehouse.internal', 5432, policy)).toBe('allowed');
    expect(await verdict('0x7f.1', 9000, policy)).toBe('allowed');
    expect(await verdict('localhost', 8081, policy)).toBe('port_not_allowed');
    expect(await verdict('127.0.0.1', 8080, policy)).toBe('port_not_allowed');
    expect(await verdict('10.0.0.5', 5432, policy)).toBe('port_not_allowed');
    expect(await verdict('warehouse.internal', 80, policy)).toBe('address_not_public');
    expect(await verdict('metadata.example', 80, policy)).toBe('metadata_address');
  });

  it('reads targets as every client writes them', () => {
    expect(parseAuthority('[::1]:443')).toEqual({ host: '::1', port: 443 });
    expect(parseAuthority('Example.COM.:443')).toEqual({ host: 'example.com', port: 443 });
    expect(parseAuthority('0x7f.1:80')).toEqual({ host: '127.0.0.1', port: 80 });
    for (const bad of ['example.com', 'a:b:c', ':80', 'x:99999', 'http://x:80', 'x:80\r\n', 'u@x:80'])
      expect(parseAuthority(bad), bad).toBeUndefined();
    expect(parseAbsolute('HTTP://Example.com/a?b=1')).toMatchObject({ host: 'example.com', port: 80, path: '/a?b=1' });
    for (const bad of ['/relative', 'ftp://x/', 'https://x/', 'http://'])
      expect(parseAbsolute(bad), bad).toBeUndefined();
    expect(canonicalHost('münchen.example')).toBe('xn--mnchen-3ya.example');
    expect(judgeAddress('not an address')).toBeUndefined();
  });

  describe('as a proxy', () => {
    const sessions: EgressSession[] = [];
    const serve = async (
      policy: Partial<EgressPolicy> = {},
      token?: string,
    ): Promise<{ port: number; raw: number; refused: EgressRefusal[]; session: EgressSession }> => {
      const refused: EgressRefusal[] = [];
      const session = new EgressSession(guard, {
        policy: open(policy),
        onRefused: (refusal) => refused.push(refusal),
        ...(token === undefined ? {} : { token }),
      });
      sessions.push(session);
      const listen = async (): Promise<Server> => {
        const server = createTcpServer();
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        return server;
      };
      const [proxy, raw] = [await listen(), await listen()];
      session.serveProxy(proxy);
      session.serveConnection(raw, { host: 'warehouse.internal', port: 5432 }, 0);
      return {
        port: (proxy.address() as AddressInfo).port,
        raw: (raw.address() as AddressInfo).port,
        refused,
        session,
      };
    };
    const ask = (
      port: number,
      options: { path: string; method?: string; headers?: Record<string, string>; body?: string },
    ): Promise<{ status: number; body: string; message: IncomingMessage }> =>
      new Promise((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port, agent: false, ...options }, (message) => {
          let body = '';
          message.on('data', (chunk: Buffer) => (body += chunk.toString()));
          message.on('end', () => resolve({ status: message.statusCode ?? 0, body, message }));
        });
        outgoing.on('error', reject);
        outgoing.end(options.body);
      });
    const tunnel = (port: number, authority: string): Promise<{ status: number; socket: Socket }> =>
      new Promise((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port, method: 'CONNECT', path: authority, agent: false });
        outgoing.on('connect', (message, socket) => resolve({ status: message.statusCode ?? 0, socket: socket }));
        outgoing.on('error', reject);
        outgoing.end();
      });
    afterAll(() => {
      for (const session of sessions) session.close();
    });

    it('hands requests on without what belongs to the hop, and dials the judged address', async () => {
      const { port } = await serve();
      dialled.length = 0;
      const answer = await ask(port, {
        path: 'http://public.example/path?q=1',
        method: 'POST',
        body: 'x',
        headers: {
          'proxy-authorization': 'Basic eA==',
          connection: 'x-hop',
          'x-hop': '1',
          'x-kept': '2',
          host: 'evil.example',
        },
      });
      const seen = JSON.parse(answer.body) as { url: string; method: string; headers: Record<string, string> };

      expect(seen).toMatchObject({
        url: '/path?q=1',
        method: 'POST',
        headers: { host: 'public.example', 'x-kept': '2' },
      });
      expect(seen.headers).not.toHaveProperty('proxy-authorization');
      expect(seen.headers).not.toHaveProperty('x-hop');
      expect(answer.message.headers['set-cookie']).toEqual(['a=1', 'b=2']);
      expect(dialled).toEqual(['93.184.216.34 80']);
    });

    it('answers a refusal with 403 and a body that names host, port and reason', async () => {
      const { port, refused } = await serve();
      const plain = await ask(port, { path: 'http://rebind.example/' });
      const nonsense = await ask(port, { path: '/no-proxy-request' });
      const connected = await tunnel(port, 'private.example:443');
      connected.socket.destroy();

      expect(plain.status).toBe(403);
      expect(JSON.parse(plain.body)).toEqual({
        code: 'egress.refused',
        host: 'rebind.example',
        port: 80,
        reason: 'address_not_public',
        message:
          'egress: connection refused to rebind.example:80: its address 127.0.0.1 is not public (loopback); an operator can open exactly rebind.example:80 to the organization',
      });
      expect(nonsense.status).toBe(403);
      expect(connected.status).toBe(403);
      expect(refused.map((refusal) => refusal.reason)).toEqual([
        'address_not_public',
        'bad_target',
        'address_not_public',
      ]);
    });

    it('checks the target of a redirect like every other', async () => {
      const { port, refused } = await serve();
      const first = await ask(port, { path: 'http://public.example/to-metadata' });
      const second = await ask(port, { path: first.message.headers.location ?? '' });

      expect([first.status, second.status]).toEqual([302, 403]);
      expect(refused).toMatchObject([{ host: '169.254.169.254', reason: 'metadata_address' }]);
    });

    it('tunnels with CONNECT and joins raw ports to their connection, both ways', async () => {
      const { port, raw } = await serve({
        open: [{ host: 'warehouse.internal', port: 5432 }],
        allowPorts: [443, 5432],
      });
      const viaProxy = await tunnel(port, 'public.example:5432');
      const direct = connect(raw, '127.0.0.1');
      const reply = (socket: Socket): Promise<string> =>
        new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
      viaProxy.socket.write('through');
      direct.write('raw');

      expect(viaProxy.status).toBe(200);
      expect(await reply(viaProxy.socket)).toBe('through');
      expect(await reply(direct)).toBe('raw');
      viaProxy.socket.destroy();
      direct.destroy();
    });

    it('closes a raw port whose connection is not open to this execution', async () => {
      const { raw, refused } = await serve({ allowPorts: [5432] });
      const socket = connect(raw, '127.0.0.1');
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];

      expect(error.code).toBe('ECONNRESET');
      expect(refused).toMatchObject([{ host: 'warehouse.internal', port: 5432, reason: 'address_not_public' }]);
    });

    it('asks for its token where it has one, and lets nobody in after its end', async () => {
      const { port, session } = await serve({}, 'secret');
      const withToken = (token: string) => ({
        'proxy-authorization': `Basic ${Buffer.from(`millrace:${token}`).toString('base64')}`,
      });
      const none = await ask(port, { path: 'http://public.example/' });
      const wrong = await ask(port, { path: 'http://public.example/', headers: withToken('guess!') });
      const right = await ask(port, { path: 'http://public.example/', headers: withToken('secret') });
      session.close();

      expect([none.status, wrong.status, right.status]).toEqual([407, 407, 200]);
      await expect(ask(port, { path: 'http://public.example/' })).rejects.toThrow();
    });
  });
});
