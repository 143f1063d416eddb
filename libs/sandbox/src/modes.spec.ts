import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SandboxHost } from './host.js';
import type { SandboxBundle, SandboxJob, SandboxMode, SandboxProgram } from './job.js';
import {
  job,
  type Observed,
  observe,
  processesIn,
  processesWith,
  type SandboxFixture,
  sandboxFixture,
} from './sandbox-fixture.js';

const files = {
  'probe.mjs': `
    import { spawn } from 'node:child_process';
    import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
    import { Worker } from 'node:worker_threads';
    const directories = ['/tmp', '/task', '/dev/shm'];
    // What this heap has seen, oldest first: more than one entry shows that it was shared.
    export const mark = (name) => { console.log('I am ' + name); return (globalThis.seen = [...(globalThis.seen ?? []), name]); };
    export const keepSecret = (name, ctx) => { globalThis.stash = ctx.secrets.TOKEN; process.env.STASH = ctx.secrets.TOKEN; return mark(name); };
    export const findSecret = () => [globalThis.stash, process.env.STASH, process.env.TOKEN, process.env.DECLARED, readFileSync('/proc/self/environ', 'latin1')].filter((text) => text?.includes('hunter2')).length;
    // The needle comes in two parts, so that the search does not find itself.
    export const searchHeap = async ([first, second]) => {
      const { getHeapSnapshot } = await import('node:v8');
      let rest = '', found = 0;
      for await (const chunk of getHeapSnapshot()) {
        const text = rest + chunk;
        found += text.split(first + second).length - 1;
        rest = text.slice(-(first.length + second.length - 1));
      }
      return found;
    };
    export const home = () => readlinkSync('/proc/self/ns/pid');
    export const holdHome = async () => { console.log(home()); await new Promise((resolve) => setTimeout(resolve, 200)); return home(); };
    export const leaveFiles = (name) => { for (const at of directories) writeFileSync(at + '/left-' + name, 'x'); process.chdir('/'); return mark(name); };
    export const findFiles = () => [process.cwd(), ...directories.flatMap((at) => readdirSync(at)).filter((name) => name !== 'artifacts')];
    export const leaveProcess = async (name) => { const child = spawn('sleep', ['45670' + name], { detached: true, stdio: 'inherit' }); child.unref(); await new Promise((resolve) => child.once('spawn', resolve)); return mark(name); };
    export const findProcesses = () => readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => readFileSync('/proc/' + pid + '/cmdline', 'latin1')).filter((line) => line.startsWith('sleep')).length;
    export const fail = () => { throw new Error('no'); };
    export const exit = () => process.exit(0);
    export const hang = () => new Promise(() => setInterval(() => undefined, 1000));
    export const leaveTimer = (name) => { setInterval(() => console.log('still here'), 5); return mark(name); };
    export const leaveThread = async (name) => { const worker = new Worker('setInterval(() => {}, 1000)', { eval: true }); await new Promise((resolve) => worker.once('online', resolve)); worker.unref(); return mark(name); };
    export const forge = (name) => { const fs = process.getBuiltinModule('fs'); setImmediate(() => undefined); fs.rmSync = () => undefined; fs.writeFileSync('/tmp/forged', 'x'); return mark(name); };
  `,
  'probe.py': `
import builtins, os
def mark(name, ctx):
    print("I am", name)
    builtins.seen = [*getattr(builtins, "seen", []), name]
    os.environ["SEEN"] = name
    return {"seen": builtins.seen, "parent": os.getppid(), "self": os.getpid(), "env": os.environ.get("DECLARED")}
def fail(name, ctx):
    raise ValueError("no")
def leave(name, ctx):
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", name])
    return mark(name, ctx)
`,
};

describe('sandbox modes', { timeout: 60_000 }, () => {
  let fixture: SandboxFixture;
  let bundle: SandboxBundle;
  const hosts = new Map<SandboxMode, SandboxHost>();

  beforeAll(async () => {
    fixture = await sandboxFixture();
    bundle = await fixture.bundle(files);
    for (const mode of ['fresh', 'run', 'reuse'] as const) hosts.set(mode, await fixture.host({ mode }));
  });
  afterAll(() => fixture.close());

  const node = (name: string): SandboxProgram => ({ kind: 'node', entry: '/bundle/probe.mjs', export: name });
  const python = (name: string): SandboxProgram => ({ kind: 'python', entry: '/bundle/probe.py', function: name });
  const host = (mode: SandboxMode): SandboxHost => {
    const found = hosts.get(mode);
    if (found === undefined) throw new Error(`no host of mode ${mode}`);
    return found;
  };
  const inRun = (runId: string, more: Partial<SandboxJob> = {}): Partial<SandboxJob> => ({
    bundle,
    context: { runId, taskId: 'task', mapIndex: null, attempt: 1 },
    ...more,
  });
  /** Executes the steps one after the other; an input is each one's number. */
  async function inTurn(
    mode: SandboxMode,
    steps: readonly [SandboxProgram, Partial<SandboxJob>][],
  ): Promise<unknown[]> {
    const seen: Observed[] = [];
    for (const [index, [program, more]] of steps.entries()) {
      seen.push(await observe(host(mode), program, { inputJson: `"${index}"`, ...more }));
    }
    return seen.map(({ result, output }) => (result.outcome === 'succeeded' ? output : result.outcome));
  }

  it('keep the heap of one run from the next in mode run, which reuse does not', async () => {
    const steps = [
      [node('mark'), inRun('run_a')],
      [node('mark'), inRun('run_a')],
      [node('mark'), inRun('run_b')],
    ] as [SandboxProgram, Partial<SandboxJob>][];

    expect(await inTurn('fresh', steps)).toEqual([['0'], ['1'], ['2']]);
    expect(await inTurn('run', steps)).toEqual([['0'], ['0', '1'], ['2']]);
    expect(await inTurn('reuse', steps)).toEqual([['0'], ['0', '1'], ['0', '1', '2']]);
  });

  it('keep a secret from a task that did not declare it, or declared another by the same name', async () => {
    const declares = (value: string) => ({ secrets: { TOKEN: value }, env: { DECLARED: value } });
    const steps = [
      [node('keepSecret'), inRun('run_s', declares('hunter2'))],
      [node('findSecret'), inRun('run_s')],
      [node('findSecret'), inRun('run_s', { secrets: { TOKEN: 'another' } })],
      [node('findSecret'), inRun('run_s', { secrets: { TOKEN: 'hunter2' } })],
    ] as [SandboxProgram, Partial<SandboxJob>][];

    // The last one shares the heap, so the probe can find something; the environment holds nothing in any mode.
    expect(await inTurn('fresh', steps)).toEqual([['0'], 0, 0, 0]);
    expect(await inTurn('run', steps)).toEqual([['0'], 0, 0, 1]);
    expect(await inTurn('reuse', steps)).toEqual([['0'], 0, 0, 1]);
  });

  it('hold nothing of a secret in the memory of a task that did not declare it', async () => {
    const needle = { inputJson: '["hunter2-of-", "run_m"]' };
    const declares = { secrets: { TOKEN: 'hunter2-of-run_m' } };
    const steps = [
      [node('keepSecret'), inRun('run_m', declares)],
      [node('searchHeap'), inRun('run_m', needle)],
      [node('searchHeap'), inRun('run_m', { ...needle, ...declares })],
    ] as [SandboxProgram, Partial<SandboxJob>][];
    const [, without, withIt] = await inTurn('run', steps);

    expect(without).toBe(0);
    expect(withIt).toBeGreaterThan(0);
  });

  it('give a task that asks for it a sandbox of its own', async () => {
    const homes = async (mode: SandboxMode): Promise<unknown[]> => {
      const own = inRun('run_own', { sandbox: 'fresh' });
      return inTurn(mode, [
        [node('home'), inRun('run_own')],
        [node('home'), own],
        [node('home'), own],
        [node('home'), inRun('run_own')],
      ]);
    };

    for (const mode of ['run', 'reuse'] as const) {
      const [shared, first, second, again] = await homes(mode);
      expect(again).toBe(shared);
      expect(new Set([shared, first, second]).size).toBe(3);
    }
    expect(new Set(await homes('fresh')).size).toBe(4);
  });

  it('end with the run, at once, and with no other', async () => {
    // None of them ends for want of work.
    const on = await fixture.host({ mode: 'run', keep: { runIdleMs: 60_000 } });
    const homeOf = async (runId: string): Promise<string> =>
      String((await observe(on, node('home'), inRun(runId))).output);
    const [ended, other] = [await homeOf('run_ended'), await homeOf('run_other')];
    await vi.waitFor(() => expect(on.keptSandboxes).toBe(2));
    expect([processesIn(ended).length > 0, processesIn(other).length > 0]).toEqual([true, true]);

    on.runEnded('run_ended');
    await vi.waitFor(() => expect(processesIn(ended)).toEqual([]), 10_000);
    expect(processesIn(other)).not.toEqual([]);
    expect(await homeOf('run_other')).toBe(other);

    // The end comes while it is being cleaned.
    const cleaning = await homeOf('run_cleaning');
    on.runEnded('run_cleaning');
    await vi.waitFor(() => expect(processesIn(cleaning)).toEqual([]), 10_000);
    // The end comes while an attempt is under way, which goes on.
    const late = await observe(on, node('holdHome'), inRun('run_late'), {
      onStarted: () => on.runEnded('run_late'),
    });
    expect(late.result.outcome).toBe('succeeded');
    await vi.waitFor(() => expect(processesIn(String(late.output))).toEqual([]), 10_000);
  });

  it('leave sandboxes that serve any run when one ends', async () => {
    const on = host('reuse');
    const first = (await observe(on, node('home'), inRun('run_x'))).output;
    on.runEnded('run_x');
    await observe(on, node('holdHome'), inRun('run_x'), { onStarted: () => on.runEnded('run_x') });

    expect((await observe(on, node('home'), inRun('run_y'))).output).toBe(first);
  });

  it.each(['run', 'reuse'] as const)(
    'clear files, processes and the working directory between attempts: %s',
    async (mode) => {
      const left = await inTurn(mode, [
        [node('leaveFiles'), inRun('run_f')],
        [node('findFiles'), inRun('run_f')],
        [node('leaveProcess'), inRun('run_f')],
        [node('findProcesses'), inRun('run_f')],
        [node('mark'), inRun('run_f')],
      ]);
      const [files, found, child, processes, last] = left;

      // One heap throughout: what is gone was cleared, not ended with the sandbox.
      expect([files, child, last]).toEqual([files, [...(files as string[]), '2'], [...(files as string[]), '2', '4']]);
      expect(found).toEqual(['/task']);
      expect(processes).toBe(0);
      // Within one attempt both probes find what is there.
      await vi.waitFor(() => expect(processesWith('sleep 456702')).toEqual([]));
    },
  );

  it.each([
    ['an error', node('fail'), {}],
    ['a time-out', node('hang'), { timeoutMs: 300 }],
    ['an exit', node('exit'), {}],
    ['a timer', node('leaveTimer'), {}],
    ['a thread', node('leaveThread'), {}],
    ['a file that the code hid from the cleaning', node('forge'), {}],
  ] as [string, SandboxProgram, Partial<SandboxJob>][])('end the sandbox after %s', async (_what, program, more) => {
    const id = `run_${_what}`;
    const steps = [
      [node('mark'), inRun(id)],
      [node('mark'), inRun(id)],
      [program, inRun(id, more)],
      [node('mark'), inRun(id)],
    ] as [SandboxProgram, Partial<SandboxJob>][];
    const seen = await inTurn('run', steps);

    expect(seen[1]).toEqual(['0', '1']);
    expect(seen[3]).toEqual(['3']);
  });

  it('end the sandbox of a cancelled attempt', async () => {
    await inTurn('run', [[node('mark'), inRun('run_cancel')]]);
    const execution = host('run').execute(job(node('hang'), inRun('run_cancel')), {
      onStarted: () => execution.cancel('the run was cancelled', { graceMs: 0 }),
    });
    expect((await execution.done).outcome).toBe('cancelled');

    expect(await inTurn('run', [[node('mark'), inRun('run_cancel')]])).toEqual([['0']]);
  });

  it('fork Python from a parent that no task runs in', async () => {
    const parents = await inTurn('reuse', [
      [python('mark'), inRun('run_p', { env: { DECLARED: 'x' } })],
      [python('mark'), inRun('run_p')],
      [python('leave'), inRun('run_q')],
      [python('mark'), inRun('run_q')],
      [python('fail'), inRun('run_q')],
      [python('mark'), inRun('run_q')],
    ]);
    const [first, second, third, fourth, failed, sixth] = parents as {
      seen: string[];
      parent: number;
      env: string | null;
    }[];

    // The first may have found no interpreter waiting; from the second on there is one parent, and no heap is shared.
    expect([second?.seen, third?.seen, fourth?.seen]).toEqual([['1'], ['2'], ['3']]);
    expect([first?.env, second?.env]).toEqual(['x', null]);
    expect(fourth?.parent).toBe(third?.parent);
    expect(failed).toBe('failed');
    expect(sixth?.seen).toEqual(['5']);
  });

  it('give every attempt its own lines, however fast they follow each other', async () => {
    for (let index = 0; index < 30; index += 1) {
      const program = index % 3 === 2 ? python('mark') : node('mark');
      const { stdout, stderr } = await observe(host('reuse'), program, inRun('run_l', { inputJson: `"${index}"` }));
      expect([stdout, stderr]).toEqual([`I am ${index}\n`, '']);
    }
  });

  it('keep no more than they may: uses, number, idle time', async () => {
    const strict = await fixture.host({ mode: 'reuse', spares: 0, keep: { uses: 2, count: 1, idleMs: 400 } });
    const mark = async (more: Partial<SandboxJob> = {}): Promise<unknown> =>
      (await observe(strict, node('mark'), { bundle, inputJson: '"x"', ...more })).output;

    expect([await mark(), await mark(), await mark()]).toEqual([['x'], ['x', 'x'], ['x']]);
    await Promise.all([1, 2, 3].map((one) => mark({ secrets: { ONE: String(one) } })));
    await vi.waitFor(() => expect(strict.keptSandboxes).toBe(1));
    await vi.waitFor(() => expect(strict.keptSandboxes).toBe(0));
  });

  it('execute what follows in a small part of the time of a start', async () => {
    const on = host('reuse');
    const time = async (): Promise<number> => {
      const began = performance.now();
      await observe(on, node('mark'), inRun('run_t', { inputJson: '1' }));
      return performance.now() - began;
    };
    await time();
    const began: number[] = [];
    for (let index = 0; index < 20; index += 1) began.push(await time());
    const fresh = performance.now();
    await observe(host('fresh'), node('mark'), inRun('run_t', { inputJson: '1', limits: { openFiles: 1000 } }));

    // Another limit than the spare's makes a cold start of it.
    expect(began.sort((a, b) => a - b)[10]).toBeLessThan((performance.now() - fresh) / 2);
  });
});
