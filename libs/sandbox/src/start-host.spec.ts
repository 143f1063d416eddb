import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SandboxHost } from './host.js';
import type { SandboxBundle, SandboxMode } from './job.js';
import { job, observe, processesWith, type SandboxFixture, sandboxFixture } from './sandbox-fixture.js';

describe('a sandbox host', () => {
  let fixture: SandboxFixture;
  let host: SandboxHost;
  let bundle: SandboxBundle;
  const node = { kind: 'node' as const, entry: '/bundle/nothing.mjs' };
  const shell = (script: string) => ({ kind: 'shell' as const, script });

  beforeAll(async () => {
    fixture = await sandboxFixture();
    host = await fixture.host();
    bundle = await fixture.bundle({ 'nothing.mjs': 'export default () => {};' });
  });
  afterAll(() => fixture.close());

  describe('when an attempt is to end', () => {
    it('cancels with TERM, lets the code clean up, and reports cancelled', async () => {
      const script = `trap 'echo cleaning; exit 0' TERM; echo ready; while :; do sleep 0.05; done`;
      let stdout = '';
      const execution = host.execute(job(shell(script)), {
        onLog: (stream, bytes) => {
          if (stream === 'stdout') stdout += Buffer.from(bytes).toString('utf8');
          if (stdout.includes('ready')) execution.cancel('the run was cancelled');
        },
      });
      const result = await execution.done;

      expect(result).toMatchObject({ outcome: 'cancelled', error: { message: 'the run was cancelled' } });
      expect(stdout).toBe('ready\ncleaning\n');
    });

    it('aborts ctx.signal of JavaScript and raises in Python', async () => {
      const waiting = await fixture.bundle({
        'wait.mjs': `export default (i, ctx) => new Promise((resolve) => { console.log('up'); const t = setInterval(() => {}, 1000);
          ctx.signal.addEventListener('abort', () => { console.log('aborted'); clearInterval(t); resolve(1); }); });`,
        'wait.py': `
import time
def main(input, ctx):
    try:
        print("up")
        time.sleep(30)
    finally:
        print("finally", ctx.cancelled.is_set())
`,
      });
      const stopWhenUp = async (program: Parameters<typeof job>[0]): Promise<{ outcome: string; stdout: string }> => {
        let stdout = '';
        const execution = host.execute(job(program, { bundle: waiting }), {
          onLog: (stream, bytes) => {
            if (stream === 'stdout') stdout += Buffer.from(bytes).toString('utf8');
            if (stdout.includes('up')) execution.cancel('stop');
          },
        });
        const { outcome } = await execution.done;
        return { outcome, stdout };
      };
      const javascript = await stopWhenUp({ kind: 'node', entry: '/bundle/wait.mjs' });
      const pythonic = await stopWhenUp({ kind: 'python', entry: '/bundle/wait.py', function: 'main' });

      expect(javascript).toEqual({ outcome: 'cancelled', stdout: 'up\naborted\n' });
      expect(pythonic).toEqual({ outcome: 'cancelled', stdout: 'up\nfinally True\n' });
    });

    it('kills what ignores TERM, with everything that it started', async () => {
      const script = `trap '' TERM; sh -c 'trap "" TERM; exec sleep 34567' & echo ready; while :; do sleep 1 || :; done`;
      const began = Date.now();
      const { result } = await observe(host, shell(script), { timeoutMs: 400 });

      expect(result.outcome).toBe('timed_out');
      expect(Date.now() - began).toBeLessThan(5000);
      expect(processesWith('34567')).toEqual([]);
    });

    it('cuts the grace short for whoever cannot wait', async () => {
      const patient = await fixture.host({ spares: 0, graceMs: 60_000 });
      const execution = patient.execute(job(shell(`trap '' TERM; echo up; while :; do sleep 1 || :; done`)), {
        onLog: () => {
          execution.cancel('first');
          setTimeout(() => execution.cancel('second', { graceMs: 0 }), 50);
        },
      });
      const result = await execution.done;

      expect(result).toMatchObject({ outcome: 'cancelled', error: { message: 'first' } });
    });

    it('cancels an attempt that has not begun', async () => {
      const execution = host.execute(job(shell('sleep 10')));
      execution.cancel('changed my mind');
      const result = await execution.done;

      expect(result).toMatchObject({ outcome: 'cancelled', artifacts: [] });
    });
  });

  describe('around its sandboxes', () => {
    it('keeps a spare warm, starts faster with it, and leaves nothing behind', async () => {
      const own = await fixture.host({ workDir: join(fixture.directory, 'work-own') });
      const cold = await fixture.host({ spares: 0 });
      const startOn = async (on: SandboxHost): Promise<number> => {
        const before = performance.now();
        let latency = Number.NaN;
        const handlers = { onStarted: () => (latency = performance.now() - before) };
        const execution = on.execute(job(node, { bundle }), handlers);
        await execution.done;
        await execution.release();
        return latency;
      };
      const [warmStarts, coldStarts]: [number[], number[]] = [[], []];
      for (let round = 0; round < 5; round += 1) {
        await own.prepare(bundle);
        warmStarts.push(await startOn(own));
        coldStarts.push(await startOn(cold));
      }
      await own.prepare(bundle);
      const spares = own.readySpares;
      const boxes = readdirSync(join(fixture.directory, 'work-own', 'boxes'));
      await own.close();

      const shown = (starts: number[]): string => starts.map((ms) => ms.toFixed(1)).join(', ');
      console.info(`to the first instruction, warm: ${shown(warmStarts)} ms; cold: ${shown(coldStarts)} ms`);
      expect(spares).toBe(1);
      expect(boxes).toHaveLength(1);
      expect(Math.min(...warmStarts)).toBeLessThan(Math.min(...coldStarts));
      expect(() => readdirSync(join(fixture.directory, 'work-own'))).toThrow('ENOENT');
      expect(processesWith(join(fixture.directory, 'work-own'))).toEqual([]);
    });

    it('warms a spare also while attempts keep every processor busy', async () => {
      const busy = await fixture.host({ mode: 'run' });
      await busy.prepare(bundle);
      const executions = Array.from({ length: availableParallelism() + 1 }, () => busy.execute(job(shell('sleep 60'))));
      const whole = busy.execute(job(node, { bundle }));
      await whole.done;
      await vi.waitFor(() => expect(busy.readySpares).toBe(2), 20_000);
      for (const execution of executions) execution.cancel('enough', { graceMs: 0 });
      await busy.close();
    });

    it('loses its sandboxes with its process, however that ends', async () => {
      const options = {
        tier: 'standard',
        workDir: join(fixture.directory, 'work-killed'),
        ...(process.getuid?.() === 0 ? { runAs: { uid: fixture.uid, gid: fixture.uid } } : {}),
      };
      const attempt = job(shell('setsid sleep 45695 & exec sleep 45695'));
      const program = `import { startSandboxHost } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
        const host = await startSandboxHost(${JSON.stringify(options)});
        host.execute(${JSON.stringify(attempt)}, { onStarted: () => setTimeout(() => console.log('up'), 100) });`;
      const runner = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => runner.stdout.once('data', resolve));
      const before = processesWith('sleep 45695').length;
      runner.kill('SIGKILL');
      await vi.waitFor(() => expect(processesWith('sleep 45695')).toEqual([]), { timeout: 5000, interval: 20 });

      expect(before).toBeGreaterThan(0);
    });

    it('runs attempts side by side, each seeing its own', async () => {
      const runs = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          observe(host, shell(`echo ${n} > /tmp/mine; sleep 0.1; cat /tmp/mine; ls /tmp | wc -l`)),
        ),
      );

      expect(runs.map((run) => run.stdout)).toEqual(['1\n1\n', '2\n1\n', '3\n1\n', '4\n1\n']);
    });

    it('reports a sandbox that cannot start as crashed, with its words', async () => {
      const { result } = await observe(host, node, {
        bundle: { key: 'gone', bundleDir: join(fixture.directory, 'gone') },
      });

      expect(result.outcome).toBe('crashed');
      expect(result.error?.message).toMatch(/did not start.*gone/);
    });

    it('refuses jobs that it cannot execute', () => {
      const refusal = (...args: Parameters<typeof job>): string => {
        try {
          host.execute(job(...args));
        } catch (error) {
          return (error as { code: string }).code;
        }
        return 'accepted';
      };

      expect(refusal(node, { bundle, mode: 'shared' as SandboxMode })).toBe('sandbox.mode_unknown');
      expect(refusal({ kind: 'builtin', name: 'nope', config: {} })).toBe('sandbox.unknown_builtin');
      expect(refusal({ kind: 'node', entry: '/bundle/../etc/passwd' })).toBe('sandbox.bad_entry');
      expect(refusal(node, { limits: { memoryBytes: 2 ** 40 } })).toBe('sandbox.limit_too_high');
      expect(refusal(node, { timeoutMs: 0 })).toBe('sandbox.bad_timeout');
    });
  });
});
