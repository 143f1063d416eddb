import {
  type AttemptOutcome,
  maxPlatformLosses,
  type PlanTask,
  type RunPlan,
  type TaskDecision,
  type Transition,
} from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { type DispatchRef, type RunCommand, type RunEvent } from './events.js';
import { RunMachine } from './machine.js';
import { type RunSnapshot } from './task-progress.js';

type Dispatch = Extract<RunCommand, { kind: 'dispatch' }>;

function task(id: string, needs: readonly string[] = [], more: Partial<PlanTask> = {}): PlanTask {
  return {
    id,
    kind: 'attempt',
    needs,
    trigger: 'all_success',
    conditional: false,
    retry: { maxAttempts: 1, delayMs: 0, factor: 2, maxDelayMs: 60_000, jitter: 'none' },
    timeoutMs: 1_000,
    pool: 'default',
    ...more,
  };
}

function plan(tasks: readonly PlanTask[], maxParallel = 100): RunPlan {
  return { format: 1, pipeline: 'spec', tasks, maxParallel };
}

const pools = { default: { poolId: 'pool_1', taskQueue: 'q', size: 's' as const } };
const succeeded: AttemptOutcome = { state: 'succeeded', retryable: false, fence: 1 };
const failed: AttemptOutcome = { state: 'failed', retryable: true, reason: 'exit_code', fence: 1 };
const lost: AttemptOutcome = { state: 'lost', retryable: true, reason: 'worker_lost', fence: 1 };

/** Drives a machine by hand: what it sends out is kept, what comes back is given. */
class Bench {
  readonly machine: RunMachine;
  readonly transitions: Transition[] = [];
  readonly dispatches: Dispatch[] = [];
  readonly decides: string[] = [];
  readonly stops: DispatchRef[] = [];
  private readonly sleeps: { readonly taskId: string; readonly mapIndex: number; readonly dueMs: number }[] = [];
  now = 1_000;

  constructor(plan: RunPlan, snapshot?: RunSnapshot, random: () => number = () => 0.5) {
    this.machine = new RunMachine(plan, pools, random, snapshot);
    this.machine.start(this.now);
    this.collect();
  }

  apply(event: RunEvent): this {
    this.machine.apply(event, this.now);
    return this.collect();
  }

  /** Ends the newest dispatch of the instance. */
  end(taskId: string, outcome: AttemptOutcome = succeeded, mapIndex = -1): this {
    return this.apply({ kind: 'ended', ...this.newest(taskId, mapIndex), outcome });
  }

  decide(taskId: string, decision: TaskDecision): this {
    return this.apply({ kind: 'decided', taskId, decision });
  }

  /** Lets time pass: sleeps that are over by then wake in their order. */
  pass(ms: number): this {
    const until = this.now + ms;
    for (;;) {
      const next = this.sleeps.filter((one) => one.dueMs <= until).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.sleeps.splice(this.sleeps.indexOf(next), 1);
      this.now = Math.max(this.now, next.dueMs);
      this.apply({ kind: 'woke', taskId: next.taskId, mapIndex: next.mapIndex });
    }
    this.now = until;
    return this;
  }

  /** When the next sleep is over. */
  get nextDueMs(): number | undefined {
    return this.sleeps.length === 0 ? undefined : Math.min(...this.sleeps.map((one) => one.dueMs));
  }

  newest(taskId: string, mapIndex = -1): DispatchRef {
    const found = this.dispatches.findLast((one) => one.taskId === taskId && one.mapIndex === mapIndex);
    if (found === undefined) throw new Error(`${taskId}[${mapIndex}] was never dispatched`);
    return { taskId, mapIndex, dispatch: found.dispatch };
  }

  /** The last recorded state of an instance. */
  state(taskId: string, mapIndex = -1): string | undefined {
    return this.history(taskId, mapIndex).at(-1);
  }

  history(taskId: string, mapIndex = -1): string[] {
    return this.transitions
      .filter((one) => one.kind === 'task' && one.taskId === taskId && one.mapIndex === mapIndex)
      .map((one) => one.state);
  }

  reason(taskId: string, mapIndex = -1): string | undefined {
    return this.transitions.findLast((one) => one.kind === 'task' && one.taskId === taskId && one.mapIndex === mapIndex)
      ?.reason;
  }

  private collect(): this {
    this.transitions.push(...this.machine.takeTransitions());
    for (const command of this.machine.takeCommands()) {
      if (command.kind === 'dispatch') this.dispatches.push(command);
      else if (command.kind === 'decide') this.decides.push(command.taskId);
      else if (command.kind === 'stop') this.stops.push(command);
      else if (command.kind === 'sleep') this.sleeps.push({ ...command, dueMs: this.now + command.ms });
      else if (command.kind === 'wake') {
        const at = this.sleeps.findIndex((one) => one.taskId === command.taskId && one.mapIndex === command.mapIndex);
        if (at < 0) throw new Error('nothing to wake');
        this.sleeps.splice(at, 1);
      }
    }
    // Whatever happens, numbers have no gaps.
    expect(this.transitions.map((one) => one.seq)).toEqual(this.transitions.map((_, at) => at + 1));
    return this;
  }
}

const sent = (bench: Bench): string[] => bench.dispatches.map((one) => one.taskId);

describe('needs', () => {
  it('runs a diamond in its order, the branches side by side', () => {
    const bench = new Bench(plan([task('a'), task('b', ['a']), task('c', ['a']), task('d', ['b', 'c'])]));
    expect(sent(bench)).toEqual(['a']);
    bench.end('a');
    expect(sent(bench)).toEqual(['a', 'b', 'c']);
    bench.end('c').end('b');
    expect(sent(bench)).toEqual(['a', 'b', 'c', 'd']);
    bench.end('d');
    expect(bench.machine.finished).toBe('succeeded');
    expect(bench.transitions.at(-1)).toMatchObject({ kind: 'run', state: 'succeeded' });
  });

  it('passes a failure on without running anything, and fails the run by its leaves', () => {
    const bench = new Bench(plan([task('a'), task('b', ['a']), task('c', ['b'])])).end('a', failed);
    expect([bench.state('a'), bench.state('b'), bench.state('c')]).toEqual([
      'failed',
      'upstream_failed',
      'upstream_failed',
    ]);
    expect(bench.machine.finished).toBe('failed');
  });

  it('does not fail a run whose failure was handled', () => {
    const bench = new Bench(plan([task('a'), task('mend', ['a'], { trigger: 'one_failed' })]));
    bench.end('a', failed).end('mend');
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('skips the branch not taken and joins behind it', () => {
    const bench = new Bench(
      plan([
        task('left', [], { conditional: true }),
        task('right', [], { conditional: true }),
        task('strict', ['left', 'right']),
        task('lenient', ['left', 'right'], { trigger: 'none_failed_min_one_success' }),
      ]),
    );
    expect(bench.decides).toEqual(['left', 'right']);
    bench.decide('left', { run: true }).decide('right', { run: false }).end('left');
    expect([bench.state('right'), bench.state('strict')]).toEqual(['skipped', 'skipped']);
    bench.end('lenient');
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('fails a task whose expression fails', () => {
    const bench = new Bench(plan([task('a', [], { conditional: true })]));
    bench.decide('a', { run: false, error: 'expression.no_such_key: there is no "x"' });
    expect([bench.state('a'), bench.machine.finished]).toEqual(['failed', 'failed']);
    expect(bench.reason('a')).toContain('no_such_key');
  });

  it('skips a chain of thousands without running out of stack, and ends an empty plan', () => {
    const chain = Array.from({ length: 5_000 }, (_, at) => task(`t${at}`, at === 0 ? [] : [`t${at - 1}`]));
    expect(new Bench(plan(chain)).end('t0', failed).machine.finished).toBe('failed');
    expect(new Bench(plan([])).machine.finished).toBe('succeeded');
  });
});

describe('mapped tasks', () => {
  const mapped = (maxConcurrency = 100): RunPlan =>
    plan([task('list'), task('each', ['list'], { map: { maxConcurrency } }), task('sum', ['each'])]);

  it('expands, runs every instance and then the task behind them', () => {
    const bench = new Bench(mapped()).end('list').decide('each', { run: true, mapLength: 3 });
    expect(bench.dispatches.slice(1).map((one) => one.mapIndex)).toEqual([0, 1, 2]);
    expect(bench.transitions.find((one) => one.kind === 'task' && one.taskId === 'each')).toMatchObject({
      mapIndex: -1,
      state: 'running',
      mapLength: 3,
    });
    bench.end('each', succeeded, 2).end('each', succeeded, 0).end('each', succeeded, 1);
    expect(bench.state('each')).toBe('succeeded');
    bench.end('sum');
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('makes one skipped summary of an empty list', () => {
    const bench = new Bench(mapped()).end('list').decide('each', { run: true, mapLength: 0 });
    expect([bench.state('each'), bench.reason('each'), bench.state('sum')]).toEqual([
      'skipped',
      'empty_map',
      'skipped',
    ]);
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('judges a need on a mapped task by its instances', () => {
    const bench = new Bench(
      plan([task('each', [], { map: { maxConcurrency: 9 } }), task('any', ['each'], { trigger: 'one_success' })]),
    ).decide('each', { run: true, mapLength: 3 });
    bench.end('each', failed, 0);
    expect(bench.state('any')).toBeUndefined();
    bench.end('each', succeeded, 1);
    expect(bench.state('any')).toBe('queued');
    bench.end('each', succeeded, 2).end('any');
    expect([bench.state('each'), bench.machine.finished]).toEqual(['failed', 'succeeded']);
  });

  it('keeps to maxConcurrency of the map and maxParallel of the run', () => {
    const bench = new Bench(mapped(2)).end('list').decide('each', { run: true, mapLength: 5 });
    expect(bench.dispatches).toHaveLength(3);
    bench.end('each', succeeded, 0);
    expect(bench.dispatches.at(-1)?.mapIndex).toBe(2);

    const wide = new Bench(plan([task('each', [], { map: { maxConcurrency: 100 } })], 4));
    wide.decide('each', { run: true, mapLength: 10 });
    expect(wide.dispatches).toHaveLength(4);
    for (let at = 0; at < 10; at += 1) wide.end('each', succeeded, at);
    expect([wide.dispatches.length, wide.machine.finished]).toEqual([10, 'succeeded']);
  });

  it('lets a later task have what a map leaves over', () => {
    const bench = new Bench(plan([task('each', [], { map: { maxConcurrency: 1 } }), task('other')], 2));
    bench.decide('each', { run: true, mapLength: 5 });
    expect(sent(bench)).toEqual(['other', 'each']);
  });
});

describe('retries', () => {
  const retry = { maxAttempts: 3, delayMs: 1_000, factor: 2, maxDelayMs: 60_000, jitter: 'none' as const };

  it('waits longer each time, then gives up', () => {
    const bench = new Bench(plan([task('a', [], { retry })])).end('a', failed);
    expect([bench.state('a'), bench.nextDueMs]).toEqual(['up_for_retry', bench.now + 1_000]);
    bench.pass(999);
    expect(bench.dispatches).toHaveLength(1);
    bench.pass(1).end('a', failed);
    expect(bench.nextDueMs).toBe(bench.now + 2_000);
    bench.pass(2_000).end('a', { ...failed, state: 'timed_out', reason: 'timeout' });
    expect(bench.dispatches.map((one) => [one.dispatch, one.try])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect([bench.state('a'), bench.reason('a'), bench.machine.finished]).toEqual(['failed', 'timeout', 'failed']);
  });

  it('draws full jitter from the given randomness and never goes over the maximum', () => {
    const policy = { ...retry, maxAttempts: 50, maxDelayMs: 10_000, jitter: 'full' as const };
    const bench = new Bench(plan([task('a', [], { retry: policy })]), undefined, () => 0.25);
    for (let at = 0; at < 20; at += 1) {
      bench.end('a', failed);
      const delay = (bench.nextDueMs ?? 0) - bench.now;
      expect(delay).toBe(Math.min(10_000, 1_000 * 2 ** at) / 4);
      bench.pass(delay);
    }
  });

  it('does not repeat what cannot be helped', () => {
    const bench = new Bench(plan([task('a', [], { retry })])).end('a', { ...failed, retryable: false });
    expect(bench.machine.finished).toBe('failed');
  });
});

describe('losses', () => {
  it('repeats a lost dispatch at once, free of tries', () => {
    const bench = new Bench(plan([task('a')])).end('a', lost);
    expect(bench.dispatches.map((one) => [one.dispatch, one.try])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(bench.history('a')).toEqual(['queued', 'queued']);
    bench.end('a');
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('stops a task that takes its runner down each time', () => {
    const bench = new Bench(plan([task('a')]));
    for (let at = 0; at < maxPlatformLosses; at += 1) bench.end('a', lost).pass(20_000);
    expect([bench.state('a'), bench.reason('a'), bench.machine.finished]).toEqual(['failed', 'worker_lost', 'failed']);
    expect(bench.dispatches).toHaveLength(maxPlatformLosses);
  });

  it('counts losses in a row only, and none that no runner began', () => {
    const retry = { maxAttempts: 9, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 'none' as const };
    const bench = new Bench(plan([task('a', [], { retry })]));
    for (let at = 0; at < 6; at += 1) bench.end('a', lost).pass(20_000).end('a', failed).pass(20_000);
    for (let at = 0; at < 20; at += 1) bench.end('a', { ...lost, reason: 'never_begun' }).pass(20_000);
    bench.end('a');
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('takes no end of a dispatch that has been replaced', () => {
    const bench = new Bench(plan([task('a')]));
    const old = bench.newest('a');
    bench.end('a', lost);
    bench.apply({ kind: 'ended', ...old, outcome: succeeded }).apply({ kind: 'returned', ...old });
    expect([bench.state('a'), bench.dispatches.length]).toEqual(['queued', 2]);
  });

  it('orders anew what nobody began, the same try, and takes its time when that goes on', () => {
    const bench = new Bench(plan([task('a')]));
    for (let at = 1; at <= 3; at += 1) bench.apply({ kind: 'returned', ...bench.newest('a') });
    expect(bench.dispatches.map((one) => [one.dispatch, one.try])).toEqual([1, 2, 3, 4].map((at) => [at, 1]));
    const delays = Array.from({ length: 4 }, () => {
      bench.apply({ kind: 'returned', ...bench.newest('a') });
      const delay = (bench.nextDueMs ?? bench.now) - bench.now;
      bench.pass(delay);
      return delay;
    });
    expect(delays).toEqual([250, 1_000, 2_000, 5_000]);
    for (let at = 0; at < 2 * maxPlatformLosses; at += 1)
      bench.apply({ kind: 'returned', ...bench.newest('a') }).pass(10_000);
    bench.end('a');
    expect(bench.machine.finished).toBe('succeeded');
  });

  it('does not count what a runner declined', () => {
    const bench = new Bench(plan([task('a')]));
    for (let at = 0; at < 2 * maxPlatformLosses; at += 1) bench.end('a', { ...lost, reason: 'declined' }).pass(10_000);
    bench.end('a');
    expect(bench.machine.finished).toBe('succeeded');
  });
});

describe('waits', () => {
  it('sleeps until it is due and holds no place', () => {
    const bench = new Bench(plan([task('w', [], { kind: 'wait' }), task('a', ['w'])], 1));
    bench.decide('w', { run: true, waitMs: 5_000 });
    expect([bench.state('w'), bench.machine.quiescent]).toEqual(['sleeping', true]);
    bench.pass(5_000);
    expect([bench.state('w'), sent(bench)]).toEqual(['succeeded', ['a']]);
  });

  it('goes on at once where there is nothing to wait for', () => {
    const bench = new Bench(plan([task('w', [], { kind: 'wait' })])).decide('w', { run: true, waitMs: 0 });
    expect(bench.machine.finished).toBe('succeeded');
  });
});

describe('cancel', () => {
  it('ends what waits, stops what runs, and is cancelled once all of it has answered', () => {
    const bench = new Bench(
      plan([
        task('run'),
        task('later', ['run']),
        task('sleep', [], { kind: 'wait' }),
        task('ask', [], { conditional: true }),
      ]),
    ).decide('sleep', { run: true, waitMs: 9e9 });
    bench.apply({ kind: 'cancel' });
    expect([bench.state('later'), bench.state('sleep'), bench.machine.finished]).toEqual([
      'cancelled',
      'cancelled',
      undefined,
    ]);
    expect(bench.stops.map((one) => one.taskId)).toEqual(['run']);
    bench.apply({ kind: 'cancel' }).decide('ask', { run: true });
    bench.end('run', { ...failed, state: 'cancelled' });
    expect([bench.state('ask'), bench.state('run'), bench.machine.finished]).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
  });

  it('ends a retry timer and the rest of a map', () => {
    const retry = { maxAttempts: 3, delayMs: 60_000, factor: 1, maxDelayMs: 60_000, jitter: 'none' as const };
    const bench = new Bench(plan([task('each', [], { retry, map: { maxConcurrency: 2 } })]));
    bench.decide('each', { run: true, mapLength: 4 }).end('each', failed, 0);
    bench.apply({ kind: 'cancel' });
    expect([bench.state('each', 0), bench.nextDueMs]).toEqual(['cancelled', undefined]);
    bench.end('each', { ...lost, fence: 0 }, 1).end('each', succeeded, 2);
    expect([bench.state('each', 1), bench.state('each', 2), bench.state('each')]).toEqual([
      'cancelled',
      'succeeded',
      'cancelled',
    ]);
    expect(bench.machine.finished).toBe('cancelled');
  });

  it('ends what came back', () => {
    const bench = new Bench(plan([task('a')])).apply({ kind: 'cancel' });
    bench.apply({ kind: 'returned', ...bench.newest('a') });
    expect([bench.state('a'), bench.machine.finished]).toEqual(['cancelled', 'cancelled']);
  });

  it('changes nothing where everything ended by itself', () => {
    const bench = new Bench(plan([task('a')])).apply({ kind: 'cancel' }).end('a');
    expect(bench.machine.finished).toBe('succeeded');
  });
});

describe('snapshots', () => {
  it('carry a run on that sleeps, retries and has a map half done', () => {
    const retry = { maxAttempts: 2, delayMs: 1_000, factor: 1, maxDelayMs: 1_000, jitter: 'none' as const };
    const tasks = [
      task('done'),
      task('w', ['done'], { kind: 'wait' }),
      task('again', ['done'], { retry }),
      task('each', ['done'], { map: { maxConcurrency: 2 } }),
      task('end', ['w', 'again', 'each']),
    ];
    const first = new Bench(plan(tasks)).end('done');
    first.decide('w', { run: true, waitMs: 500 }).decide('each', { run: true, mapLength: 3 });
    first.end('again', failed);
    first.machine.hold();
    first.end('each', succeeded, 0).end('each', succeeded, 1);
    expect([first.machine.quiescent, first.dispatches.length]).toEqual([true, 4]);

    const carried = JSON.parse(JSON.stringify(first.machine.snapshot())) as RunSnapshot;
    const machine = new RunMachine(plan(tasks), pools, () => 0, carried);
    machine.start(first.now);
    const commands = machine.takeCommands();
    expect(commands.filter((one) => one.kind === 'sleep')).toMatchObject([
      { taskId: 'w', ms: 500 },
      { taskId: 'again', ms: 1_000 },
    ]);
    expect(commands.find((one) => one.kind === 'dispatch')).toMatchObject({
      kind: 'dispatch',
      taskId: 'each',
      mapIndex: 2,
      dispatch: 1,
    });
    expect(machine.takeTransitions()[0]?.seq).toBe(first.transitions.length + 1);
    machine.apply({ kind: 'ended', taskId: 'each', mapIndex: 2, dispatch: 1, outcome: succeeded }, first.now);
    machine.apply({ kind: 'woke', taskId: 'w', mapIndex: -1 }, first.now + 500);
    machine.apply({ kind: 'woke', taskId: 'again', mapIndex: -1 }, first.now + 1_000);
    machine.apply({ kind: 'ended', taskId: 'again', mapIndex: -1, dispatch: 2, outcome: succeeded }, first.now + 1_000);
    machine.apply({ kind: 'ended', taskId: 'end', mapIndex: -1, dispatch: 1, outcome: succeeded }, first.now + 1_000);
    expect(machine.finished).toBe('succeeded');
  });
});

describe('random plans', () => {
  it('always end, in the same state whatever the order of ends', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const { tasks, outcomes } = randomPlan(generator(seed));
      const ends = [1, 2, 3].map((order) =>
        playRandomly(plan(tasks, 1 + (seed % 5)), outcomes, generator(seed * 7 + order)),
      );
      expect(ends[1], `seed ${seed}`).toEqual(ends[0]);
      expect(ends[2], `seed ${seed}`).toEqual(ends[0]);
    }
  });
});

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function randomPlan(random: () => number): { tasks: PlanTask[]; outcomes: Map<string, AttemptOutcome> } {
  // Rules that act on the first end only are left out: what runs is then a matter of time, by design.
  const rules = ['all_success', 'all_failed', 'all_done', 'all_skipped', 'none_failed', 'none_skipped'] as const;
  const tasks: PlanTask[] = [];
  const outcomes = new Map<string, AttemptOutcome>();
  for (let at = 0; at < 12; at += 1) {
    const needs = tasks.filter(() => random() < 0.25).map((one) => one.id);
    const id = `t${at}`;
    tasks.push(
      task(id, needs, {
        trigger: pick(random, rules),
        conditional: random() < 0.3,
        ...(random() < 0.3 ? { map: { maxConcurrency: 1 + Math.floor(random() * 3) } } : {}),
        ...(random() < 0.15 ? { kind: 'wait' as const, conditional: false } : {}),
      }),
    );
    outcomes.set(id, random() < 0.3 ? failed : succeeded);
  }
  return { tasks, outcomes };
}

function playRandomly(
  runPlan: RunPlan,
  outcomes: ReadonlyMap<string, AttemptOutcome>,
  random: () => number,
): Record<string, string | undefined> {
  const bench = new Bench(runPlan);
  const done = new Set<Dispatch>();
  const decided = new Set<string>();
  for (let step = 0; bench.machine.finished === undefined; step += 1) {
    if (step > 2_000) throw new Error('the run does not end');
    const open = bench.dispatches.filter((one) => !done.has(one));
    const asked = bench.decides.filter((id) => !decided.has(id));
    const choices = [...open, ...asked];
    if (choices.length === 0) {
      bench.pass(1_000);
      continue;
    }
    const choice = pick(random, choices);
    if (typeof choice === 'string') {
      decided.add(choice);
      const number = Number(choice.slice(1));
      bench.decide(choice, { run: number % 3 !== 0, mapLength: number % 4, waitMs: 500 });
    } else {
      done.add(choice);
      bench.end(choice.taskId, outcomes.get(choice.taskId) ?? succeeded, choice.mapIndex);
    }
  }
  return {
    run: bench.machine.finished,
    ...Object.fromEntries(runPlan.tasks.map((one) => [one.id, bench.state(one.id)])),
  };
}
