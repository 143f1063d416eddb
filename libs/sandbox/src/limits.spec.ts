import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxHost } from './host.js';
import type { SandboxBundle, SandboxProgram } from './job.js';
import { observe, processesWith, type SandboxFixture, sandboxFixture } from './sandbox-fixture.js';

const MiB = 1024 * 1024;

const files = {
  'bombs.mjs': `
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    export const heap = (mib) => { const kept = []; for (let i = 0; i < mib * 8; i += 1) kept.push(new Array(16384).fill(i + 0.5)); return kept.length; };
    export const buffers = (mib) => { const kept = []; for (let i = 0; i < mib; i += 1) kept.push(Buffer.alloc(1048576, 1)); return kept.length; };
    export const disk = (mib) => { for (let i = 0; i < mib; i += 1) writeFileSync(process.env.TMPDIR + '/' + i, Buffer.alloc(1048576)); return mib; };
    export const processes = async (n) => { const all = []; for (let i = 0; i < n; i += 1) { const c = spawn('sleep', ['0.5']); await new Promise((ok, no) => { c.on('spawn', ok); c.on('error', no); }); all.push(new Promise((ok) => c.on('exit', ok))); } await Promise.all(all); return n; };
    export const loop = (ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms; };
  `,
  'bombs.py': `
import os, threading, time
def memory(mib, ctx):
    kept = [bytearray(b"x" * 1048576) for _ in range(mib)]
    return len(kept)
def disk(mib, ctx):
    with open(os.path.join(os.environ["TMPDIR"], "big"), "wb") as file:
        for _ in range(mib):
            file.write(bytes(1048576))
            file.flush()
    return mib
def processes(n, ctx):
    pids = []
    for _ in range(n):
        pid = os.fork()
        if pid == 0:
            time.sleep(0.3)
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    return n
def together(mib, ctx):
    pids = []
    for _ in range(4):
        pid = os.fork()
        if pid == 0:
            kept = b"x" * (mib * 1048576)
            time.sleep(3)
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    return len(pids)
def loop(ms, ctx):
    end = time.time() + ms / 1000
    while time.time() < end:
        pass
    return ms
`,
};

describe('what a task can use', { timeout: 90_000 }, () => {
  let fixture: SandboxFixture;
  let isolated: SandboxHost;
  let plain: SandboxHost;
  let bundle: SandboxBundle;

  const node = (name: string): SandboxProgram => ({ kind: 'node', entry: '/bundle/bombs.mjs', export: name });
  const python = (name: string): SandboxProgram => ({ kind: 'python', entry: '/bundle/bombs.py', function: name });
  const shell = (script: string): SandboxProgram => ({ kind: 'shell', script });

  beforeAll(async () => {
    fixture = await sandboxFixture();
    const limits = { memoryBytes: 128 * MiB, diskBytes: 16 * MiB, processes: 24 };
    isolated = await fixture.host({ spares: 0, limits });
    // The same limits are given, and only the isolated host can hold anyone to them.
    plain = await fixture.host({ spares: 0, tier: 'none', limits: { ...limits, memoryBytes: 1024 * MiB } });
    bundle = await fixture.bundle(files);
  });
  afterAll(() => fixture.close());

  /** The outcome inside with a demand over the limit, and with a smaller one inside and outside. */
  const trial = async (program: SandboxProgram, demand: number, modest: number): Promise<readonly string[]> => {
    const over = await observe(isolated, program, { bundle, inputJson: String(demand) });
    const under = await observe(isolated, program, { bundle, inputJson: String(modest) });
    const outside = await observe(plain, program, { bundle, inputJson: String(demand) });
    return [over.result.outcome, under.result.outcome, outside.result.outcome];
  };

  it.each<readonly [string, SandboxProgram]>([
    ['JavaScript objects', node('heap')],
    ['JavaScript buffers', node('buffers')],
    ['Python', python('memory')],
  ])('ends a memory bomb of %s as oom', async (_name, program) => {
    expect(await trial(program, 300, 20)).toEqual(['oom', 'succeeded', 'succeeded']);
  });

  it('ends a memory bomb in a shell, and one that is spread over processes', async () => {
    const hungry = await observe(isolated, shell('head -c 400000000 /dev/zero | tail > /dev/null'));
    const spread = await observe(isolated, python('together'), { bundle, inputJson: '80' });

    expect(hungry.result.outcome).toBe('oom');
    expect(spread.result.outcome).toBe('oom');
    expect(spread.result.usage.peakRssBytes).toBeGreaterThan(128 * MiB);
  });

  it.each<readonly [string, SandboxProgram]>([
    ['JavaScript', node('disk')],
    ['Python', python('disk')],
  ])('ends filling the disk from %s as disk_full', async (_name, program) => {
    expect(await trial(program, 40, 5)).toEqual(['disk_full', 'succeeded', 'succeeded']);
  });

  it('ends filling the disk from a shell as disk_full', async () => {
    const { result } = await observe(isolated, shell('head -c 40000000 /dev/zero > /task/big'));

    expect(result).toMatchObject({ outcome: 'disk_full', error: { code: 'disk_full' } });
  });

  it.each<readonly [string, SandboxProgram]>([
    ['JavaScript', node('processes')],
    ['Python', python('processes')],
  ])('ends too many processes from %s as process_limit', async (_name, program) => {
    expect(await trial(program, 60, 5)).toEqual(['process_limit', 'succeeded', 'succeeded']);
  });

  it('contains a fork bomb, an endless loop and a memory bomb while a neighbour works', async () => {
    const bomb = 'b() { b | b & }; b; while :; do sleep 45681 & done';
    const attacks = Promise.all([
      observe(isolated, shell(bomb), { timeoutMs: 3000 }),
      observe(isolated, node('loop'), { bundle, inputJson: '60000', timeoutMs: 1500 }),
      observe(isolated, python('memory'), { bundle, inputJson: '300' }),
    ]);
    const neighbours = [];
    for (let round = 0; round < 3; round += 1) {
      neighbours.push(await observe(isolated, node('loop'), { bundle, inputJson: '10' }));
    }
    const [forks, loop, memory] = await attacks;

    expect(neighbours.map((neighbour) => neighbour.result.outcome)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(Math.max(...neighbours.map((neighbour) => neighbour.result.usage.wallMs))).toBeLessThan(5000);
    expect(forks.result.outcome).toBe('process_limit');
    expect(loop.result.outcome).toBe('timed_out');
    expect(memory.result.outcome).toBe('oom');
    expect(processesWith('sleep 45681')).toEqual([]);
  });

  it('ends an endless loop at its time, and at its CPU time', async () => {
    const time = await observe(isolated, python('loop'), { bundle, inputJson: '60000', timeoutMs: 600 });
    const cpu = await observe(isolated, python('loop'), { bundle, inputJson: '60000', limits: { cpuMs: 400 } });
    const outside = await observe(plain, python('loop'), { bundle, inputJson: '50' });

    expect(time.result).toMatchObject({
      outcome: 'timed_out',
      error: { message: 'the time limit of 600 ms was reached' },
    });
    expect(time.result.usage.wallMs).toBeGreaterThan(590);
    expect(time.result.usage.cpuMs).toBeGreaterThan(20);
    expect(cpu.result).toMatchObject({
      outcome: 'timed_out',
      error: { message: 'the limit of 400 ms of CPU time was reached' },
    });
    expect(outside.result.outcome).toBe('succeeded');
  });

  it('says what holds these limits on this machine', () => {
    expect(isolated.enforced).toEqual(expect.arrayContaining(['namespaces', 'seccomp', 'rlimits', 'tmpfs-size']));
    expect(plain.enforced).not.toContain('namespaces');
  });
});
