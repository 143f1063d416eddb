import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectTier } from './detect-tier.js';
import type { SandboxHost } from './host.js';
import { kernelProbe } from './isolation-probe.js';
import type { SandboxBundle } from './job.js';
import { observe, processesWith, type SandboxFixture, sandboxFixture } from './sandbox-fixture.js';

/** Every probe runs twice: in the profile, where it must fail, and in tier `none`, where it must succeed. */
describe('what a task can reach', () => {
  let fixture: SandboxFixture;
  let isolated: SandboxHost;
  let plain: SandboxHost;
  let bundle: SandboxBundle;
  let service: Server;
  let servicePort: number;
  let secretFile: string;

  const shell = (script: string) => ({ kind: 'shell' as const, script });
  /** What the script prints, in both tiers. */
  const both = async (script: string): Promise<{ inside: string; outside: string }> => {
    const [inside, outside] = await Promise.all(
      [isolated, plain].map((host) => observe(host, shell(script), { bundle })),
    );
    return { inside: inside?.stdout.trim() ?? '', outside: outside?.stdout.trim() ?? '' };
  };

  beforeAll(async () => {
    fixture = await sandboxFixture();
    isolated = await fixture.host({ spares: 0 });
    plain = await fixture.host({ tier: 'none', spares: 0 });
    bundle = await fixture.bundle({
      'probe.py': kernelProbe,
      'channel.mjs': `
        import { closeSync, fstatSync, writeSync } from 'node:fs';
        const frame = (header, bodyBytes) => { const text = Buffer.from(header); const head = Buffer.alloc(8); head.writeUInt32BE(text.length, 0); head.writeUInt32BE(bodyBytes, 4); return Buffer.concat([head, text]); };
        const wait = () => new Promise((resolve) => setTimeout(resolve, 5000));
        export const noise = async () => { writeSync(4, 'this is no frame, but long enough to be read as one'); await wait(); };
        export const flood = async () => { writeSync(4, frame('{"type":"result","ok":true}', 0xfffffff0)); await wait(); };
        export const forged = async () => { writeSync(4, Buffer.concat([frame('{"type":"result","ok":true}', 8), Buffer.from('not json')])); await wait(); };
        export const escape = async () => { writeSync(4, frame('{"type":"artifact","name":"../../escape","sizeBytes":1}', 0)); await wait(); };
        export const ipc = () => { let open; try { fstatSync(3); open = true; } catch { open = false; } return { open, connected: process.connected ?? false, variable: process.env.NODE_CHANNEL_FD ?? null }; };
      `,
    });
    await chmod(bundle.bundleDir, 0o777);
    await mkdir(join(fixture.directory, 'neighbour'));
    secretFile = join(fixture.directory, 'neighbour', 'secret.txt');
    await writeFile(secretFile, 'the neighbour’s secret', { mode: 0o644 });
    service = createServer((_request, response) => response.end('internal'));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    servicePort = (service.address() as AddressInfo).port;
  });
  afterAll(async () => {
    service.close();
    await fixture.close();
  });

  it('is found to be tier standard by looking from inside', async () => {
    const options = process.getuid?.() === 0 ? { runAs: { uid: fixture.uid, gid: fixture.uid } } : {};
    const report = await detectTier({ ...options, parentDir: fixture.directory });
    const without = await detectTier({ ...options, parentDir: fixture.directory, bubblewrapPath: '/bin/false' });

    expect(report).toMatchObject({ tier: 'standard', bubblewrap: { version: expect.stringMatching(/^\d/) as string } });
    expect(without.tier).toBe('none');
    expect(without.reason).toContain('did not start');
  });

  it('hides other tenants’ files and the host’s own', async () => {
    const files = await both(
      `cat ${secretFile} 2>/dev/null && echo || echo hidden; test -e /etc/shadow && echo shadow || echo none`,
    );
    const roots = await both('ls / | tr "\\n" " "');

    expect(files).toEqual({ inside: 'hidden\nnone', outside: 'the neighbour’s secret\nshadow' });
    expect(roots.inside.split(' ').filter((name) => !/^(lib|bin|sbin)/.test(name))).toEqual([
      'bundle',
      'dev',
      'etc',
      'millrace',
      'node_modules',
      'proc',
      'task',
      'tmp',
      'usr',
    ]);
    expect(roots.outside).toContain('home');
  });

  it('hides the environment of the host and of every other process', async () => {
    const identity = process.getuid?.() === 0 ? { uid: fixture.uid, gid: fixture.uid } : {};
    const decoy = spawn('sleep', ['45671'], { env: { DECOY: 'do-not-read' }, ...identity });
    try {
      const read = await both(`cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c do-not-read || :`);
      const first = await observe(isolated, shell(`tr '\\0' '\\n' < /proc/1/environ | cut -d= -f1 | tr '\\n' ' '`));

      expect(Number(read.inside)).toBe(0);
      expect(Number(read.outside)).toBeGreaterThan(0);
      expect(first.stdout.trim()).toBe('NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE');
    } finally {
      decoy.kill('SIGKILL');
    }
  });

  it('cannot see or signal a process of the host', async () => {
    const identity = process.getuid?.() === 0 ? { uid: fixture.uid, gid: fixture.uid } : {};
    const decoy = spawn('sleep', ['45672'], { env: {}, ...identity });
    const pid = decoy.pid ?? 0;
    const gone = new Promise((resolve) => decoy.once('exit', resolve));
    const attempt = `grep -lz '[4]5672' /proc/[0-9]*/cmdline 2>/dev/null | wc -l; kill ${pid} 2>/dev/null && echo killed || echo refused`;
    const inside = await observe(isolated, shell(attempt));
    const outside = await observe(plain, shell(attempt));
    await gone;

    expect(inside.stdout).toBe('0\nrefused\n');
    expect(outside.stdout).toMatch(/^[1-9]\d*\nkilled\n$/);
  });

  it('can write to its own disk only', async () => {
    const { inside, outside } = await both(
      `for f in "$MILLRACE_BUNDLE/x" /usr/x /dev/x /etc/x /x; do touch $f 2>/dev/null && echo "$f"; done; touch "$TMPDIR/x" "$MILLRACE_TASK/x" && echo own; rm -f "$MILLRACE_BUNDLE/x"`,
    );

    expect(inside).toBe('own');
    expect(outside).toMatch(/bundle\/x\nown$/);
  });

  it('has no network but the proxy: neither the host’s services nor metadata', async () => {
    const connect = (host: string, port: number): string =>
      `bash -c 'exec 3<>/dev/tcp/${host}/${port}' 2>/dev/null && echo open || echo closed`;
    const direct = await both(connect('127.0.0.1', servicePort));
    const metadata = await observe(isolated, shell(connect('169.254.169.254', 80)));
    const interfaces = await observe(isolated, shell('tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "'));
    const refusals: string[] = [];
    const asked = await observe(
      isolated,
      { kind: 'node', entry: '/bundle/ask.mjs' },
      {
        bundle: await fixture.bundle({
          'ask.mjs': `export default async () => { const out = []; for (const url of ['http://127.0.0.1:${servicePort}/', 'http://localhost:${servicePort}/', 'http://169.254.169.254/latest/meta-data/', 'http://0x7f000001:${servicePort}/']) out.push(await fetch(url).then((r) => r.status, (e) => 'failed')); return out; };`,
        }),
      },
      { onEgressRefused: (refusal) => refusals.push(`${refusal.host} ${refusal.reason}`) },
    );

    expect(direct).toEqual({ inside: 'closed', outside: 'open' });
    expect(metadata.stdout).toBe('closed\n');
    expect(interfaces.stdout).toBe('lo\n');
    // undici does not proxy 127.0.0.1 and localhost: they are the sandbox's own loopback, where nothing listens.
    expect(asked.output).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(refusals).toEqual(['169.254.169.254 metadata_address']);
  });

  it('is refused by the kernel what the kernel grants outside', async () => {
    const { output } = await observe(
      isolated,
      { kind: 'python', entry: '/bundle/probe.py', function: 'main' },
      { bundle },
    );
    const granted = execFileSync(
      'unshare',
      ['--map-root-user', '--mount', '--net', '--uts', '/usr/bin/python3', join(bundle.bundleDir, 'probe.py')],
      { encoding: 'utf8' },
    );
    const names = Object.keys(output as object);

    expect(JSON.parse(granted)).toEqual(Object.fromEntries(names.map((name) => [name, 0])));
    for (const [name, errno] of Object.entries(output as Record<string, number>)) expect(errno, name).not.toBe(0);
    expect(names).toHaveLength(14);
  });

  it('has no privileges to gain and none left', async () => {
    const { stdout } = await observe(
      isolated,
      shell('grep -E "^(NoNewPrivs|Seccomp|CapEff|CapBnd|Uid):" /proc/self/status | tr "\\t\\n" " ;"'),
    );

    expect(stdout).toMatch(/Uid: 65534 65534 65534 65534;.*CapEff: 0+;CapBnd: 0+;NoNewPrivs: 1;Seccomp: 2;/);
  });

  it('shows from outside as its own unprivileged uid', async () => {
    const uids: number[] = [];
    await observe(
      isolated,
      shell('sleep 0.3; :'),
      {},
      {
        onStarted: () => {
          setTimeout(() => uids.push(...processesWith('/task/script.sh').map((seen) => seen.uid)), 150);
        },
      },
    );

    expect(new Set(uids)).toEqual(new Set([fixture.uid]));
  });

  it('cannot reach into the host through its own channels', async () => {
    const run = (name: string) =>
      observe(isolated, { kind: 'node', entry: '/bundle/channel.mjs', export: name }, { bundle });
    const [noise, flood, forged, escape, ipc] = await Promise.all(
      ['noise', 'flood', 'forged', 'escape', 'ipc'].map(run),
    );

    expect(noise?.result.outcome).toBe('crashed');
    expect(flood?.result.outcome).toBe('output_too_large');
    expect(forged?.result.outcome).toBe('crashed');
    expect(escape?.result).toMatchObject({
      outcome: 'crashed',
      artifacts: [],
      error: { message: 'an artifact has a bad name' },
    });
    expect(ipc?.output).toMatchObject({ connected: false, variable: null });
  });

  it('takes its daemons with it', async () => {
    const daemon = (mark: number): string =>
      `setsid sh -c 'trap "" TERM HUP; exec sleep ${mark}' >/dev/null 2>&1 & sleep 0.1`;
    const inside = await observe(isolated, shell(daemon(45673)));
    const outside = await observe(plain, shell(daemon(45674)));
    const [leftInside, leftOutside] = [processesWith('sleep 45673'), processesWith('sleep 45674')];
    for (const { pid } of leftOutside) process.kill(pid, 'SIGKILL');

    expect([inside.result.outcome, outside.result.outcome]).toEqual(['succeeded', 'succeeded']);
    expect(leftInside).toEqual([]);
    expect(leftOutside).toHaveLength(1);
  });
});
