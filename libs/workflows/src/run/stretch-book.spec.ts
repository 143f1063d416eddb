import {
  type AttemptOutcome,
  type DispatchRef,
  type OfferRoundReport,
  type PlanTask,
  type RunPlan,
  type StretchEnd,
  type StretchStanding,
} from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { fusedTask, planTask, succeeded } from '../testing/fake-platform.js';
import { type RunEvent } from './events.js';
import { RunMachine } from './machine.js';
import { Offers } from './offers.js';
import { StretchBook } from './stretch-book.js';

const failed: AttemptOutcome = { state: 'failed', retryable: true, reason: 'exit_code', fence: 1 };
const lost: AttemptOutcome = { state: 'lost', retryable: true, reason: 'worker_lost', fence: 1 };
const cancelled: AttemptOutcome = { state: 'cancelled', retryable: false, fence: 1 };
const retry = { maxAttempts: 3, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 'none' as const };

function endOf(taskId: string, outcome: AttemptOutcome = succeeded, dispatch = 1): StretchEnd {
  return { taskId, mapIndex: -1, dispatch, ...outcome };
}
function ref(taskId: string, dispatch = 1): DispatchRef {
  return { taskId, mapIndex: -1, dispatch };
}

/** A machine with its book and its offers; what a driver does between them is done at once. */
class Desk {
  readonly machine: RunMachine;
  readonly book: StretchBook;
  readonly offers: Offers;
  readonly events: string[] = [];

  constructor(tasks: readonly PlanTask[]) {
    const plan: RunPlan = { format: 1, pipeline: 'spec', tasks, maxParallel: 500 };
    const pools = { default: { poolId: 'pool_1', taskQueue: 'q', size: 's' as const } };
    this.machine = new RunMachine(plan, pools, () => 0.5);
    this.book = new StretchBook(plan, this.machine.firstDispatch);
    this.offers = new Offers(this.book);
    this.machine.start(0);
    this.feed();
  }

  feed(): void {
    for (;;) {
      for (const command of this.machine.takeCommands()) if (command.kind === 'dispatch') this.book.order(command);
      const event = this.book.nextEvent();
      if (event === undefined) return;
      this.events.push(nameOf(event));
      this.machine.apply(event, 0);
    }
  }

  /** Offers what is ready; gives the stretches of the round, with what went straight into a queue. */
  prepare(): { readonly offered: string[]; readonly queued: string[] } {
    const queued = this.offers.prepare().map(({ heads }) => heads.map(({ taskId }) => taskId).join());
    return {
      offered: this.offers.stretches.map(
        ({ heads, fused }) => heads.map(({ taskId }) => taskId).join() + (fused ? '+' : ''),
      ),
      queued,
    };
  }

  round(ends: readonly StretchEnd[], ...states: readonly StretchStanding['state'][]) {
    const runners = [{ runnerId: 'rnr_1', attemptId: 'att_1' }];
    const standings = states.map((state): StretchStanding => (state === 'live' ? { state, runners } : { state }));
    const report: OfferRoundReport = { ends, standings };
    const after = this.offers.hear(report);
    this.feed();
    return after;
  }
}

function nameOf(event: RunEvent): string {
  switch (event.kind) {
    case 'ended':
      return `${event.taskId}/${event.dispatch} ${event.outcome.state}`;
    case 'returned':
      return `${event.taskId}/${event.dispatch} returned`;
    default:
      return event.kind;
  }
}

const chain = (length: number): PlanTask[] =>
  Array.from({ length }, (_, at) => fusedTask(`t${at}`, at === 0 ? [] : [`t${at - 1}`]));

describe('what is ordered', () => {
  it('becomes one stretch of what may be fused, and one for each of the others', () => {
    const desk = new Desk([fusedTask('a'), planTask('b'), fusedTask('c'), planTask('d')]);
    expect(desk.prepare().offered).toEqual(['b', 'd', 'a,c+']);
  });

  it('is answered at once where it has ended already, however long the chain', () => {
    const desk = new Desk(chain(40));
    expect(desk.prepare().offered).toEqual(['t0+']);
    desk.round(
      chain(40).map(({ id }) => endOf(id)),
      'over',
    );
    expect(desk.machine.finished).toBe('succeeded');
    expect(desk.events).toHaveLength(40);
  });

  it('is under way where its needs succeeded, and is offered anew when that is over without it', () => {
    const desk = new Desk(chain(4));
    desk.prepare();
    desk.round([endOf('t0')], 'live');
    expect(desk.prepare().offered).toEqual(['t0+']);
    desk.round([endOf('t0'), endOf('t1')], 'over');
    expect(desk.prepare().offered).toEqual(['t2+']);
    expect(desk.events).toEqual(['t0/1 succeeded', 't1/1 succeeded']);
  });

  it('follows the repeated need, not the stretch in which that failed', () => {
    const desk = new Desk([fusedTask('a', [], { retry }), fusedTask('long'), fusedTask('b', ['a'])]);
    desk.prepare();
    desk.round([endOf('a', failed)], 'live');
    expect(desk.prepare().offered).toEqual(['a,long+', 'a+']);
    desk.round([endOf('a', succeeded, 2)], 'live', 'over');
    // The first stretch, which could have gone on to b, is still under way.
    expect(desk.prepare().offered).toEqual(['a,long+', 'b+']);
  });

  it('takes no notice of what is told twice, or of what has been replaced', () => {
    const desk = new Desk(chain(2));
    desk.prepare();
    desk.round([endOf('t0'), endOf('t1', lost)], 'over');
    desk.prepare();
    desk.round([endOf('t0'), endOf('t1', lost), endOf('t1', succeeded, 2)], 'over');
    expect(desk.events).toEqual(['t0/1 succeeded', 't1/1 lost', 't1/2 succeeded']);
    expect(desk.machine.finished).toBe('succeeded');
  });

  it('catches up with a record that knows of a later dispatch', () => {
    const desk = new Desk(chain(2));
    desk.prepare();
    // A workflow task that was lost had ordered t1 again: its second dispatch is all that the rows tell.
    desk.round([endOf('t0'), endOf('t1', succeeded, 2)], 'over');
    expect(desk.events).toEqual(['t0/1 succeeded', 't1/1 returned', 't1/2 succeeded']);
    expect(desk.machine.finished).toBe('succeeded');
  });
});

describe('what comes back', () => {
  it('goes alone where the others took long, and together where they were lost', () => {
    const slow = new Desk([fusedTask('a'), fusedTask('b'), fusedTask('c')]);
    slow.prepare();
    slow.round([endOf('a')], 'over');
    expect(slow.events).toEqual(['a/1 succeeded', 'b/1 returned', 'c/1 returned']);
    expect(slow.prepare().offered).toEqual(['b', 'c']);

    const struck = new Desk([fusedTask('a'), fusedTask('b'), fusedTask('c')]);
    struck.prepare();
    struck.round([endOf('a', lost)], 'over');
    expect(struck.prepare().offered).toEqual(['a,b,c+']);
  });

  it('may be left to the run before the stretch is over: heads, and tasks that would follow', () => {
    const desk = new Desk([fusedTask('a'), fusedTask('b'), fusedTask('c', ['a']), fusedTask('d', ['c'])]);
    desk.prepare();
    const { attach } = desk.round([endOf('a')], 'live');
    expect(attach).toEqual([]);
    const stretch = desk.book.find(ref('b'));
    if (stretch === undefined) throw new Error('b is under way');
    desk.book.release(stretch, [ref('b'), ref('c')]);
    desk.feed();
    expect(desk.events).toEqual(['a/1 succeeded', 'b/1 returned']);
    expect(desk.prepare().offered).toEqual(['a,b+', 'c', 'b']);
    desk.round([endOf('c')], 'live', 'over', 'live');
    expect(desk.prepare().offered).toEqual(['a,b+', 'b', 'd+']);
  });
});

describe('a lost runner', () => {
  it('is known by its heads and by what follows them', () => {
    const desk = new Desk([...chain(3), planTask('other')]);
    desk.prepare();
    expect(desk.book.find(ref('t2'))?.heads).toMatchObject([{ taskId: 't0' }]);
    expect(desk.book.find(ref('other'))?.heads).toMatchObject([{ taskId: 'other' }]);
    expect([desk.book.find(ref('t0', 2)), desk.book.find(ref('t2', 2))]).toEqual([undefined, undefined]);
  });
});

describe('rounds', () => {
  it('join what is under way without progress, and not because another was over soon', () => {
    const desk = new Desk([planTask('quick'), planTask('long')]);
    desk.prepare();
    expect(desk.round([endOf('quick')], 'over', 'live').attach).toEqual([]);
    expect(desk.round([], 'live').attach).toMatchObject([{ runners: [{ runnerId: 'rnr_1' }] }]);
    expect(desk.offers.areOpen).toBe(false);
  });

  it('keep on offering while the pool moves, and use the queue when it does not', () => {
    const desk = new Desk([planTask('a'), planTask('b'), planTask('c')]);
    desk.prepare();
    expect(desk.round([endOf('a')], 'over', 'no_room', 'no_room').enqueue).toEqual([]);
    expect(desk.round([], 'live', 'no_room').enqueue.map(({ heads }) => heads[0]?.taskId)).toEqual(['c']);
  });

  it('ask less and less often about a pool that is full', () => {
    const tasks = [planTask('first', [], { retry: { ...retry, maxAttempts: 100 } })];
    const desk = new Desk(tasks);
    const asked: boolean[] = [];
    for (let dispatch = 1; dispatch <= 16; dispatch += 1) {
      const { offered, queued } = desk.prepare();
      asked.push(offered.length > 0);
      if (offered.length > 0) desk.round([], 'no_room');
      else expect(queued).toEqual(['first']);
      const stretch = desk.book.find(ref('first', dispatch));
      desk.book.hear([endOf('first', failed, dispatch)]);
      if (stretch !== undefined) desk.book.over(stretch);
      desk.feed();
    }
    expect(asked.map((one, at) => (one ? at : -1)).filter((at) => at >= 0)).toEqual([0, 2, 5, 10]);
  });

  it('pause after half a second in all', () => {
    const desk = new Desk([planTask('a'), planTask('b')]);
    desk.prepare();
    desk.offers.hear({ ends: [], standings: [{ state: 'over' }, { state: 'live', runners: [] }], waitedMs: 300 });
    expect(desk.offers.takePause()).toBe(false);
    desk.feed();
    desk.prepare();
    desk.offers.hear({ ends: [], standings: [{ state: 'live', runners: [] }, { state: 'over' }], waitedMs: 300 });
    desk.feed();
    desk.prepare();
    expect([desk.offers.takePause(), desk.offers.takePause()]).toEqual([true, false]);
  });
});

describe('a cancellation', () => {
  it('is told after what had ended, and before what it stopped', () => {
    const desk = new Desk([...chain(6), planTask('waits')]);
    desk.prepare();
    desk.round([endOf('t0')], 'no_room', 'live');
    desk.book.stop();
    desk.feed();
    expect(desk.events).toEqual(['t0/1 succeeded']);
    desk.round([endOf('t0'), endOf('t1'), endOf('t2'), endOf('t3', cancelled)], 'no_room', 'over');
    const after = ['cancel', 'waits/1 returned', 't3/1 cancelled'];
    expect(desk.events.slice(1)).toEqual(['t1/1 succeeded', 't2/1 succeeded', ...after]);
    expect(desk.machine.finished).toBe('cancelled');
  });

  it('is told at once where nothing fused is under way, and orders nothing more', () => {
    const desk = new Desk([planTask('a', [], { retry }), planTask('b', ['a'])]);
    desk.prepare();
    desk.book.stop();
    desk.feed();
    expect(desk.events).toEqual(['cancel']);
    desk.round([endOf('a', failed)], 'over');
    expect([desk.events.length, desk.prepare().offered, desk.machine.finished]).toEqual([2, [], 'cancelled']);
  });

  it('ends what would have been handed over in between', () => {
    const desk = new Desk([fusedTask('a'), planTask('b', ['a']), fusedTask('long')]);
    desk.prepare();
    desk.book.stop();
    desk.round([endOf('a')], 'live');
    expect(desk.prepare().offered).toEqual(['a,long+']);
    desk.round([endOf('long', cancelled)], 'over');
    expect(desk.events).toEqual(['a/1 succeeded', 'cancel', 'b/1 returned', 'long/1 cancelled']);
    expect(desk.machine.finished).toBe('cancelled');
  });
});
