import { execFileSync } from 'node:child_process';
import { createServer, get, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { EgressGuard } from './egress/guard.js';
import type { SandboxHost } from './host.js';
import type { SandboxBundle, SandboxConnection, SandboxJob, SandboxProgram } from './job.js';
import { observe, type SandboxFixture, sandboxFixture } from './sandbox-fixture.js';

const files = {
  'web.mjs': `
    import { execFileSync } from 'node:child_process';
    import http from 'node:http';
    import https from 'node:https';
    import net from 'node:net';
    export const viaFetch = async () => (await fetch('http://public.example/fetch')).text();
    export const viaHttp = () => new Promise((resolve, reject) => http.get('http://public.example/http', (r) => { let t = ''; r.on('data', (c) => (t += c)); r.on('end', () => resolve(t)); }).on('error', reject));
    // This process is blocked while its child asks: a forwarder in here would never answer.
    export const whileBlocked = () => execFileSync('/usr/bin/python3', ['-c', "import urllib.request; print(urllib.request.urlopen('http://public.example/blocked').read().decode())"], { encoding: 'utf8' }).trim();
    export const secretly = async () => { await fetch('https://private.example/'); };
    export const secretlyByHttps = () => new Promise((_, reject) => https.get('https://private.example/').on('error', reject));
    export const elsewhere = async () => { await fetch('https://public.example:8443/'); };
    export const raw = () => new Promise((_, reject) => net.connect(5432, '93.184.216.34').on('error', reject));
    export const rawName = () => new Promise((_, reject) => new net.Socket().connect({ host: 'public.example', port: 5432 }).on('error', reject));
    export const declared = (_, { connections: { second } }) => new Promise((resolve, reject) => net.connect(second.port, second.host).on('error', reject).on('close', () => resolve('closed')));
    export const unhandled = () => new Promise(() => net.connect(5432, '93.184.216.34'));
    export const privately = async () => { await fetch('http://private.example/'); };
    export const privatelyByHttp = () => new Promise((_, reject) => http.get('http://private.example/').on('error', reject));
  `,
  'tcp.mjs': `
    import net from 'node:net';
    const ask = ({ host, port }, text) => new Promise((resolve, reject) => { const s = net.connect(port, host, () => s.write(text)); s.on('data', (d) => { s.destroy(); resolve(String(d)); }); s.on('error', () => resolve('closed')); s.on('close', () => resolve('closed')); });
    export default async (input, { connections: { first, second } }) => ({ first: await ask(first, 'one'), second: await ask(second, 'two'), seen: { ...first, port: typeof first.port, url: first.url.replace(/:\\d+\\//, ':0/') } });
  `,
  'web.py': `
import socket, urllib.request
def fetch(input, ctx):
    return urllib.request.urlopen("http://public.example/python").read().decode()
def secretly(input, ctx):
    urllib.request.urlopen("https://private.example/")
def tcp(input, ctx):
    with socket.create_connection((ctx.connections["first"].host, ctx.connections["first"]["port"])) as s:
        s.sendall(b"three")
        return s.recv(10).decode()
`,
  'setup.sql': `create temporary table city (name text, founded date, people int8);
    insert into city values ('Bern', '1191-01-01', 134000), ('Zug', '1242-01-01', 31000);
    select name, people from city order by name;`,
};

/** Names are a table, and every dial goes to servers of the spec on 127.0.0.1. */
describe('the ways out of a sandbox', { timeout: 60_000 }, () => {
  let fixture: SandboxFixture;
  let host: SandboxHost;
  let plain: SandboxHost;
  let bundle: SandboxBundle;
  let service: HttpServer;
  let echo: Server;
  const ports = { service: 0, echo: 0, postgres: 0 };
  let postgresPassword = '';
  let guard: EgressGuard;

  beforeAll(async () => {
    service = createServer((incoming, response) => {
      response.statusCode = Number(/status=(\d+)/.exec(incoming.url ?? '')?.[1] ?? 200);
      response.end(incoming.url?.startsWith('/json') ? '{"city":"Bern"}' : `you asked for ${incoming.url ?? ''}`);
    });
    echo = createTcpServer((socket) => socket.on('error', () => undefined).pipe(socket));
    for (const server of [service, echo]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.service = (service.address() as AddressInfo).port;
    ports.echo = (echo.address() as AddressInfo).port;
    const postgres = await askTestServers('/postgres');
    ports.postgres = Number(postgres['port']);
    postgresPassword = String(postgres['superuserPassword']);
    guard = new EgressGuard({
      resolve: (name) => Promise.resolve(name === 'public.example' ? ['93.184.216.34'] : ['10.0.0.1']),
      dial: (_address, port) =>
        new Promise((resolve, reject) => {
          const target = port === 80 ? ports.service : port === 7 ? ports.echo : ports.postgres;
          const socket = connect(target, '127.0.0.1', () => resolve(socket));
          socket.once('error', reject);
        }),
    });
    fixture = await sandboxFixture();
    const builtins = { sql: builtinModule('sql'), http: builtinModule('http') };
    host = await fixture.host({ guard, builtins });
    plain = await fixture.host({ guard, builtins, tier: 'none', spares: 0 });
    bundle = await fixture.bundle(files);
  });
  afterAll(async () => {
    service.close();
    echo.close();
    await fixture.close();
  });

  const node = (name: string): SandboxProgram => ({ kind: 'node', entry: '/bundle/web.mjs', export: name });
  const python = (name: string): SandboxProgram => ({ kind: 'python', entry: '/bundle/web.py', function: name });
  const tcp: SandboxProgram = { kind: 'node', entry: '/bundle/tcp.mjs' };
  const first: SandboxConnection = {
    name: 'first',
    type: 'echo',
    host: 'public.example',
    port: 7,
    tls: 'verify',
    user: 'u',
    password: 'p@ss',
    database: 'd',
  };
  const second: SandboxConnection = { name: 'second', type: 'echo', host: 'private.example', port: 7 };

  it.each(['standard', 'none'] as const)(
    'lead fetch, node:http and Python through the proxy in tier %s',
    async (tier) => {
      const on = tier === 'standard' ? host : plain;
      const asked = await Promise.all(
        [node('viaFetch'), node('viaHttp'), node('whileBlocked'), python('fetch')].map((program) =>
          observe(on, program, { bundle }),
        ),
      );

      expect(asked.map((one) => one.output ?? one.result.error)).toEqual(
        ['/fetch', '/http', '/blocked', '/python'].map((path) => `you asked for ${path}`),
      );
    },
  );

  it('say why a connection was refused', async () => {
    const refusals: string[] = [];
    const handlers = { onEgressRefused: (refusal: { message: string }) => void refusals.push(refusal.message) };
    const fetched = await observe(host, node('privately'), { bundle }, handlers);
    const got = await observe(host, node('privatelyByHttp'), { bundle }, handlers);

    const why = (port: number): string =>
      `egress: connection refused to private.example:${port}: its address 10.0.0.1 is not public (private); ` +
      `an operator can open exactly private.example:${port} to the organization`;
    expect(fetched.result.error?.message).toBe(`fetch failed: ${why(80)}`);
    expect(got.result.error).toMatchObject({ code: 'EGRESS_REFUSED', message: why(80) });
    expect(refusals).toEqual([why(80), why(80)]);

    const message = async (name: string, more: Partial<SandboxJob> = {}): Promise<string | undefined> =>
      (await observe(host, node(name), { bundle, ...more })).result.error?.message;
    expect(await message('secretly')).toBe(`fetch failed: ${why(443)}`);
    expect(await message('secretlyByHttps')).toBe(why(443));
    expect(await message('elsewhere')).toBe(
      'fetch failed: egress: connection refused to public.example:8443: port 8443 is not open for tasks; declare public.example:8443 as a connection of the pipeline',
    );
    const pythonic = await observe(host, python('secretly'), { bundle });
    expect(pythonic.result.error?.message).toContain(why(443));
  });

  it('say why a raw socket came to nothing, and what to do', async () => {
    const message = async (name: string, more: Partial<SandboxJob> = {}): Promise<string | undefined> =>
      (await observe(host, node(name), { bundle, ...more })).result.error?.message;
    const advice = (place: string): string =>
      `egress: a task reaches ${place} by HTTP through the proxy, or as a declared connection: declare it in the pipeline and use the host and port of ctx.connections`;

    expect(await message('raw')).toBe(
      `connect ENETUNREACH 93.184.216.34:5432 - Local (0.0.0.0:0): ${advice('93.184.216.34:5432')}`,
    );
    expect(await message('unhandled')).toContain(advice('93.184.216.34:5432'));
    expect(await message('rawName')).toContain(`public.example: ${advice('public.example:5432')}`);
    expect(await message('declared', { connections: [first, second] })).toBe(
      'read ECONNRESET: egress: connection refused to private.example:7: its address 10.0.0.1 is not public (private); an operator can open exactly private.example:7 to the organization',
    );
  });

  it('serve every attempt of a sandbox that is used again', async () => {
    const reusing = await fixture.host({ guard, mode: 'reuse' });
    const egress = { open: [{ host: 'private.example', port: 7 }] };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const asked = await observe(reusing, tcp, { bundle, connections: [first, second], egress });
      const fetched = await observe(reusing, node('viaFetch'), { bundle });
      const refused = await observe(reusing, node('declared'), { bundle, connections: [first, second] });
      expect(asked.output).toMatchObject({ first: 'one', second: 'two' });
      expect(fetched.output).toBe('you asked for /fetch');
      expect(refused.result.error?.message).toContain('egress: connection refused to private.example:7');
    }
    // The sandbox of those that succeeded, and that of the fetching ones.
    expect(reusing.keptSandboxes).toBeGreaterThan(0);
  });

  it('join each declared connection to a loopback port, where it is open', async () => {
    const egress = { open: [{ host: 'private.example', port: 7 }] };
    const opened = await observe(host, tcp, { bundle, connections: [first, second], egress });
    const closed = await observe(host, tcp, { bundle, connections: [first, second] });
    const pythonic = await observe(host, python('tcp'), { bundle, connections: [first] });

    expect(opened.output).toMatchObject({ first: 'one', second: 'two' });
    expect((opened.output as { seen: object }).seen).toEqual({
      ...{
        name: 'first',
        type: 'echo',
        host: '127.0.0.1',
        port: 'number',
        tls: 'verify',
        serverName: 'public.example',
      },
      ...{ user: 'u', password: 'p@ss', database: 'd', options: {}, url: 'echo://u:p%40ss@127.0.0.1:0/d' },
    });
    expect(closed.output).toMatchObject({ first: 'one', second: 'closed' });
    expect(pythonic.output).toBe('three');
  });

  describe('of the built-in programs', () => {
    const sql = (config: Record<string, string | number | (string | number)[]>): SandboxProgram => ({
      kind: 'builtin',
      name: 'sql',
      config: { connection: 'db', rows: 'all', maxRows: 100, ...config },
    });
    const http = (config: Record<string, string>): SandboxProgram => ({
      kind: 'builtin',
      name: 'http',
      config: { method: 'GET', headers: {}, parse: 'text', ...config },
    });
    const database = (): { connections: SandboxConnection[]; egress: { open: { host: string; port: number }[] } } => ({
      connections: [
        {
          name: 'db',
          type: 'postgres',
          host: 'private.example',
          port: ports.postgres,
          user: 'postgres',
          password: postgresPassword,
          database: 'postgres',
        },
      ],
      egress: { open: [{ host: 'private.example', port: ports.postgres }] },
    });

    it('reach a database, and keep the server from running on when they are stopped', async () => {
      const rows = await observe(
        host,
        sql({ statement: 'select $1::int + 1 as n, $2::text as t', params: [41, "o'k"] }),
        database(),
      );
      const file = await observe(host, sql({ file: '/bundle/setup.sql' }), { bundle, ...database() });
      const slow = await observe(host, sql({ statement: 'select pg_sleep(60), 45691' }), {
        ...database(),
        timeoutMs: 700,
      });
      const stillRunning = async (): Promise<unknown> => {
        const statement =
          "select count(*) as n from pg_stat_activity where state = 'active' and query like '%4569' || '1%'";
        return (await observe(host, sql({ statement }), database())).output;
      };

      expect(rows.output).toEqual({
        rowCount: 1,
        columns: [
          { name: 'n', type: 'int4' },
          { name: 't', type: 'text' },
        ],
        rows: [{ n: 42, t: "o'k" }],
      });
      expect(file.output).toMatchObject({
        rowCount: 2,
        rows: [
          { name: 'Bern', people: 134000 },
          { name: 'Zug', people: 31000 },
        ],
      });
      expect(slow.result.outcome).toBe('timed_out');
      await vi.waitFor(async () => expect(await stillRunning()).toMatchObject({ rows: [{ n: 0 }] }), {
        timeout: 15_000,
        interval: 200,
      });
    });

    it('classify the errors of the database', async () => {
      const syntax = await observe(host, sql({ statement: 'selec 1' }), database());
      const closed = await observe(host, sql({ statement: 'select 1' }), { connections: database().connections });

      expect(syntax.result.error).toMatchObject({ name: 'SqlError', code: 'sql.42601', retryable: false });
      expect(closed.result.error).toMatchObject({ name: 'SqlError', code: 'sql.08006', retryable: true });
    });

    it('send requests and classify their errors', async () => {
      const json = await observe(host, http({ url: 'http://public.example/json', parse: 'json' }));
      const refused = await observe(host, http({ url: 'https://private.example/' }));
      const unavailable = await observe(host, http({ url: 'http://public.example/?status=503' }));

      expect(json.output).toMatchObject({ status: 200, body: { city: 'Bern' } });
      expect(refused.result.error).toMatchObject({ code: 'egress.refused', retryable: false });
      expect(refused.result.error?.message).toContain('its address 10.0.0.1 is not public (private)');
      expect(unavailable.result.error).toMatchObject({ code: 'http.503', retryable: true });
    });
  });
});

/** The servers of the test run answer on a Unix socket. */
function askTestServers(path: string): Promise<Record<string, unknown>> {
  const socketPath = inject('testServers' as never) as string;
  return new Promise((resolve, reject) => {
    get({ socketPath, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(JSON.parse(text) as Record<string, unknown>) : reject(new Error(text)),
      );
    }).on('error', reject);
  });
}

/** The task library's bundled programs, by path: this library knows nothing else of them. */
function builtinModule(name: string): string {
  const tasks = new URL('../../tasks/', import.meta.url);
  execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', tasks))], { stdio: 'inherit' });
  return fileURLToPath(new URL(`dist/builtin/${name}.mjs`, tasks));
}
