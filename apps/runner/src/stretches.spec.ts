import type { Head, Stretch } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttemptDropped } from './attempt.js';
import { type SpecGateway, type SpecRunner, specRunner } from './spec-gateway.js';
import { until } from './spec-platform.js';
import { reportOf } from './stretches.js';

const head = (taskId: string, mapIndex = -1): Head => ({ taskId, mapIndex, dispatch: 1, try: 1 });
const heads = (prefix: string, count: number): Head[] =>
  Array.from({ length: count }, (_, index) => head(`${prefix}${index}`));
const never = new AbortController().signal;

describe('stretches on a runner', () => {
  let runner: SpecRunner;
  let gateway: SpecGateway;

  const start = async (options: Parameters<typeof specRunner>[0] = {}): Promise<void> => {
    runner = await specRunner({ mode: 'reuse', ...options });
    ({ gateway } = runner);
  };
  beforeEach(() => start());
  afterEach(() => runner.close());

  /** What became of the stretch that has the attempt. */
  const outcome = async (attemptId: string) => (await runner.stretches.find(attemptId)).done;
  const ended = async (attemptId: string): Promise<string[]> =>
    (await outcome(attemptId)).ends.map(({ taskId, state }) => `${taskId} ${state}`);
  const execute = async (stretch: Partial<Stretch>, signal = never) => {
    const whole = { tenantId: 't', runId: 'run_1', heads: [], fused: true, firstDispatch: 1, ...stretch };
    return runner.stretches.execute(whole, Date.now(), signal, () => undefined);
  };
  const running = (taskId: string) => until(async () => Promise.resolve(gateway.underWay.includes(taskId)));
  const restart = async (options: Parameters<typeof specRunner>[0]): Promise<void> => {
    await runner.close();
    await start(options);
  };

  it('executes a chain on one lane: each end asks for the next, and the ends are in order', async () => {
    gateway.followers = [
      { taskId: 'c', needs: ['b'] },
      { taskId: 'b', needs: ['a'] },
      { taskId: 'd', needs: ['c'] },
    ];
    const { ends, dropped } = await execute({ heads: [head('a')], firstDispatch: 3 });
    expect(dropped).toBeUndefined();
    expect(ends.map(({ taskId, dispatch }) => [taskId, dispatch])).toEqual([
      ['a', 1],
      ['b', 3],
      ['c', 3],
      ['d', 3],
    ]);
    expect(gateway.frames('begin')).toHaveLength(1);
    expect(gateway.frames('begin')[0]).toMatchObject({ taskId: 'a', fused: true });
    expect(gateway.frames('begin')[0]).not.toHaveProperty('stretch');
    expect(gateway.frames('end').map(({ next }) => next?.taskId)).toEqual(['b', 'c', 'd', undefined]);
    // The log of each travels with its end.
    expect(gateway.frames('end').map(({ lines }) => lines?.[0]?.text)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('fans out over lanes, never more than there are slots, and joins', async () => {
    await restart({ slots: 3 });
    const fan = heads('f', 30);
    const followers = [
      ...fan.map(({ taskId }) => ({ taskId, needs: ['root'] })),
      { taskId: 'join', needs: fan.map(({ taskId }) => taskId) },
    ];
    let most = 0;
    gateway.onEnd = () => {
      most = Math.max(most, gateway.underWay.length);
      return true;
    };
    const id = gateway.offer(head('root'), [], followers);
    await running('root');
    const ends = await ended(id);
    expect(ends).toHaveLength(32);
    expect(new Set(ends).size).toBe(32);
    expect(ends[0]).toBe('root succeeded');
    expect(ends.at(-1)).toBe('join succeeded');
    expect(most).toBe(3);
    const lanes = gateway.frames('begin');
    expect(lanes.length).toBeGreaterThanOrEqual(2);
    for (const begin of lanes) expect(begin).toMatchObject({ stretch: id, fused: true });
    expect(runner.slots.tryTake()).toBeDefined();
  });

  it('begins a join by itself where the ends of its needs were under way at the same time', async () => {
    let release: () => void = () => undefined;
    const both = new Promise<boolean>((resolve) => (release = () => resolve(true)));
    gateway.onEnd = ({ attemptId }) => {
      if (gateway.frames('end').length === 2) release();
      return gateway.taskOf(attemptId) === 'join' ? true : both;
    };
    const id = gateway.offer(head('a'), [head('b')], [{ taskId: 'join', needs: ['a', 'b'] }]);
    const ends = await ended(id);
    expect(ends.at(-1)).toBe('join succeeded');
    expect(gateway.frames('begin').map(({ taskId, stretch }) => [taskId, stretch])).toContainEqual(['join', id]);
  });

  it('lets a failed task end its own branch only', async () => {
    gateway.entryOf = (taskId) => (taskId === 'a' ? 'failing.mjs' : 'quick.mjs');
    const followers = [
      { taskId: 'after-a', needs: ['a'] },
      { taskId: 'after-b', needs: ['b'] },
      { taskId: 'after-both', needs: ['after-a', 'after-b'] },
    ];
    const ends = await ended(gateway.offer(head('a'), [head('b')], followers));
    expect([...ends].sort()).toEqual(['a failed', 'after-b succeeded', 'b succeeded']);
    expect(ends.indexOf('b succeeded')).toBeLessThan(ends.indexOf('after-b succeeded'));
  });

  it('counts an end that the platform had already, and leaves out what is superseded', async () => {
    await restart({ slots: 1 });
    gateway.followers = [{ taskId: 'c', needs: ['b'] }];
    gateway.onLease = ({ taskId }) => {
      if (taskId === 'b') return { outcome: 'ended', state: 'succeeded', retryable: false, fence: 7 };
      return taskId === 'x' ? { outcome: 'superseded' } : undefined;
    };
    const { ends } = await execute({ heads: [head('a'), head('b'), head('x')] });
    expect(ends.map(({ taskId, fence }) => [taskId, fence])).toEqual([
      ['a', 1],
      ['b', 7],
      ['c', 1],
    ]);
    // Where the first one had ended, the answer lists nobody who follows: the next head is the first.
    const again = await execute({ heads: [head('b'), head('a')] });
    expect(again.ends.map(({ taskId }) => taskId)).toEqual(['b', 'a', 'c']);
    expect(() => reportOf({ ends: [] }, 'rnr_1')).toThrow('a newer dispatch exists');
  });

  it('stops a lane that is to wait, and leaves what was not begun to the run', async () => {
    gateway.entryOf = () => 'short.mjs';
    gateway.onLease = ({ taskId }) =>
      taskId === 'a' ? undefined : { outcome: 'wait', afterMs: 60_000, reason: 'the plan allows no more' };
    expect(await ended(gateway.offer(head('a'), [head('b'), head('c')]))).toEqual(['a succeeded']);
    // One lane asked and was told to wait; nobody asked again while the first attempt ran.
    expect(gateway.frames('begin')).toHaveLength(1);
  });

  it('waits for a place of the plan with the first attempt of a stretch', async () => {
    let asked = 0;
    gateway.onLease = () => {
      asked += 1;
      return asked < 3 ? { outcome: 'wait', afterMs: 10, reason: 'full' } : undefined;
    };
    const { ends } = await execute({ heads: [head('a')] });
    expect(ends).toHaveLength(1);
    expect(asked).toBe(3);
  });

  it('follows nothing of an attempt whose lease is over, and says that something was dropped', async () => {
    gateway.onEnd = ({ attemptId }) => gateway.taskOf(attemptId) !== 'a';
    const id = gateway.offer(
      head('a'),
      [head('b')],
      [
        { taskId: 'after-a', needs: ['a'] },
        { taskId: 'after-b', needs: ['b'] },
      ],
    );
    const { ends, dropped } = await outcome(id);
    expect(ends.map(({ taskId }) => taskId)).toEqual(['b', 'after-b']);
    expect(dropped?.reason).toBe('stale');
    expect(() => reportOf({ ends, ...(dropped === undefined ? {} : { dropped }) }, 'rnr_1')).toThrow(AttemptDropped);
  });

  it('repeats an end on the next connection, and the lane goes on with the same lease', async () => {
    await restart({ slots: 1 });
    let cut = false;
    gateway.onEnd = ({ attemptId }) => {
      // Taken and recorded; the answer is lost.
      if (gateway.taskOf(attemptId) === 'b' && !cut) {
        cut = true;
        gateway.cut();
      }
      return true;
    };
    const followers = [
      { taskId: 'b', needs: ['a'] },
      { taskId: 'c', needs: ['b'] },
    ];
    const id = gateway.offer(head('a'), [], followers);
    expect(await ended(id)).toEqual(['a succeeded', 'b succeeded', 'c succeeded']);
    const endsOfB = gateway.frames('end').filter(({ attemptId }) => gateway.taskOf(attemptId) === 'b');
    expect(endsOfB).toHaveLength(2);
    expect(endsOfB[1]).toEqual(endsOfB[0]);
    expect(gateway.frames('started').filter(({ attemptId }) => gateway.taskOf(attemptId) === 'c')).toHaveLength(1);
  });

  it('declines what it cannot take: no slot is free, the join gave up on it, it takes nothing new', async () => {
    await restart({ slots: 1 });
    gateway.entryOf = (taskId) => (taskId === 'long' ? 'sleeper.mjs' : 'quick.mjs');
    const long = gateway.offer(head('long'));
    await until(async () => Promise.resolve(runner.stretches.count === 1));
    const declined = (id: string) =>
      until(async () => Promise.resolve(gateway.frames('decline').find(({ attemptId }) => attemptId === id)));
    expect(await declined(gateway.offer(head('a')))).toMatchObject({ reason: 'no slot is free', fence: 1 });
    // The same one again is no news.
    gateway.offer(head('long'), [], [], long);
    runner.stretches.cancel(long, 'the spec goes on');
    expect(await ended(long)).toEqual(['long cancelled']);
    expect(gateway.frames('decline')).toHaveLength(1);

    const before = performance.now();
    await expect(runner.stretches.find('att_late')).rejects.toThrow('no such attempt');
    expect(performance.now() - before).toBeGreaterThan(90);
    expect(await declined(gateway.offer(head('late'), [], [], 'att_late'))).toMatchObject({
      reason: 'the offer came too late',
    });
    runner.stretches.leave();
    expect(await declined(gateway.offer(head('b')))).toMatchObject({ reason: 'the runner takes nothing new' });
    await expect(execute({ heads: [head('c')] })).rejects.toMatchObject({ reason: 'handed_back' });
    expect(gateway.frames('begin')).toHaveLength(0);
  });

  it('takes an offer that comes a moment before the slot of the attempt before it is free', async () => {
    await restart({ slots: 1 });
    let offered = '';
    gateway.onEnd = ({ attemptId }) => {
      // The platform has freed the slot already; the answer to the end comes behind the offer.
      if (gateway.taskOf(attemptId) === 'a') offered = gateway.offer(head('b'));
      return true;
    };
    expect(await ended(gateway.offer(head('a')))).toEqual(['a succeeded']);
    expect(await ended(offered)).toEqual(['b succeeded']);
    expect(gateway.frames('decline')).toHaveLength(0);
  });

  it('lets a join find an offer that comes a moment later, and what is over a moment ago', async () => {
    const found = runner.stretches.find('att_soon');
    const id = gateway.offer(head('a'), [], [], 'att_soon');
    expect((await (await found).done).ends).toHaveLength(1);
    expect(await ended(id)).toEqual(['a succeeded']);
  });

  it('stops all lanes of a stretch whose run is cancelled, and begins nothing more', async () => {
    gateway.entryOf = () => 'sleeper.mjs';
    const id = gateway.offer(head('a'), [head('b'), head('c')], [{ taskId: 'd', needs: ['a'] }]);
    await until(async () => Promise.resolve(gateway.frames('started').length === 2));
    gateway.push({ type: 'cancel', attemptId: id, reason: 'cancelled by somebody' });
    expect((await ended(id)).sort()).toEqual(['a cancelled', 'b cancelled']);
    expect(gateway.frames('end').every(({ next }) => next === undefined)).toBe(true);
  });

  it('finishes what runs when it is drained, and begins nothing more', async () => {
    await restart({ slots: 1 });
    gateway.entryOf = () => 'short.mjs';
    const id = gateway.offer(head('a'), [head('b')], [{ taskId: 'c', needs: ['a'] }]);
    await until(async () => Promise.resolve(gateway.frames('started').length === 1));
    gateway.push({ type: 'drain' });
    expect(await ended(id)).toEqual(['a succeeded']);
    await runner.stretches.idle();
  });

  it('leaves what it has not begun after a second to the run, and says so while long tasks go on', async () => {
    await restart({ slots: 1 });
    gateway.entryOf = (taskId) => (taskId.startsWith('long') ? 'longer.mjs' : 'quick.mjs');
    const followers = [
      { taskId: 'd', needs: ['long'] },
      { taskId: 'long-after', needs: ['d'] },
      { taskId: 'e', needs: ['d'] },
    ];
    const id = gateway.offer(head('long'), [head('b'), head('c', 4)], followers);
    const stretch = await runner.stretches.find(id);
    const none = { live: { attemptId: id, returned: [{ taskId: 'b' }, { taskId: 'c', mapIndex: 4, dispatch: 1 }] } };
    expect(await stretch.hear()).toMatchObject({ ...none, ends: [] });
    expect(gateway.frames('end')).toHaveLength(0);
    const { ends, live } = await stretch.hear();
    expect(ends.map(({ taskId }) => taskId)).toEqual(['long', 'd']);
    expect(live?.returned).toEqual([{ taskId: 'e', mapIndex: -1, dispatch: 1 }]);
    const last = await stretch.hear();
    expect(last.live).toBeUndefined();
    expect(last.ends.map(({ taskId }) => taskId)).toEqual(['long', 'd', 'long-after']);
  });

  it('tells of a branch that is over while another one takes long, and of what a drain leaves to the run', async () => {
    gateway.entryOf = (taskId) => (taskId === 'quick' ? 'quick.mjs' : 'sleeper.mjs');
    const id = gateway.offer(head('sleeper'), [head('quick')]);
    const stretch = await runner.stretches.find(id);
    const first = await stretch.hear();
    expect(first.ends.map(({ taskId }) => taskId)).toEqual(['quick']);
    expect(first.live).toEqual({ attemptId: id, returned: [] });
    stretch.cancel('the spec goes on');
    expect((await stretch.hear()).ends.map(({ taskId }) => taskId)).toEqual(['quick', 'sleeper']);

    await restart({ slots: 1 });
    gateway.entryOf = () => 'short.mjs';
    const other = await runner.stretches.find(gateway.offer(head('a'), [head('b')]));
    await until(async () => Promise.resolve(gateway.frames('started').length === 1));
    runner.stretches.leave();
    expect((await other.hear()).live?.returned).toEqual([{ taskId: 'b', mapIndex: -1, dispatch: 1 }]);
    expect((await other.hear()).ends.map(({ taskId }) => taskId)).toEqual(['a']);
  });

  it('goes on past a second where the tasks are short', async () => {
    await restart({ slots: 1 });
    gateway.onEnd = () => new Promise((resolve) => setTimeout(() => resolve(true), 25));
    const id = gateway.offer(head('a'), heads('f', 60));
    expect(await ended(id)).toHaveLength(61);
  });

  it('lets an activity that waits for a slot have the next one', async () => {
    await restart({ slots: 1 });
    let release: () => void = () => undefined;
    const held = new Promise<boolean>((resolve) => (release = () => resolve(true)));
    gateway.onEnd = ({ attemptId }) => (gateway.taskOf(attemptId) === 'a' ? held : true);
    const offered = gateway.offer(head('a'));
    await until(async () => Promise.resolve(gateway.frames('end').length === 1));
    const queued = execute({ heads: [head('q')] });
    expect(runner.slots.tryTake()).toBeUndefined();
    expect(runner.slots.waiting).toBe(1);
    release();
    expect(await ended(offered)).toEqual(['a succeeded']);
    expect((await queued).ends).toHaveLength(1);
    // One that waits and is cancelled holds up nobody.
    const slot = runner.slots.tryTake();
    const stopping = new AbortController();
    const waiting = execute({ heads: [head('w')] }, stopping.signal);
    stopping.abort(new Error('cancelled'));
    await expect(waiting).rejects.toMatchObject({ reason: 'cancelled' });
    slot?.release();
    expect(runner.slots.tryTake()).toBeDefined();
  });

  it('gives attempts up that the platform does not wait for, and hands back what a stop ends', async () => {
    gateway.entryOf = () => 'sleeper.mjs';
    const id = gateway.offer(head('a'));
    await until(async () => Promise.resolve(gateway.frames('started').length === 1));
    (await runner.stretches.find(id)).giveUp();
    expect((await outcome(id)).dropped?.reason).toBe('given_up');
    const other = gateway.offer(head('b'));
    await until(async () => Promise.resolve(gateway.frames('started').length === 2));
    runner.stretches.dropAll(new AttemptDropped('handed_back', 'the runner stops'));
    expect((await outcome(other)).dropped?.reason).toBe('handed_back');
    expect(gateway.frames('end')).toHaveLength(0);
  });

  it('ends what is kept for a run that has ended', async () => {
    await restart({ mode: 'run', slots: 1 });
    expect(await ended(gateway.offer(head('a'), [head('b')]))).toHaveLength(2);
    await until(async () => Promise.resolve(runner.sandboxes.keptSandboxes === 1));
    gateway.push({ type: 'run.ended', runId: 'run_1' });
    await until(async () => Promise.resolve(runner.sandboxes.keptSandboxes === 0));
  });
});
