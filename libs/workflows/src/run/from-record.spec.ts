import { type InstanceRecord, type RunPlan, type RunRecord, type TaskRecord } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { planTask } from '../testing/fake-platform.js';
import { type RunCommand } from './events.js';
import { snapshotOf } from './from-record.js';
import { RunMachine } from './machine.js';

const pools = { default: { poolId: 'pool_1', taskQueue: 'q', size: 's' as const } };
const nowMs = 100_000;

function planOf(tasks: RunPlan['tasks']): RunPlan {
  return { format: 1, pipeline: 'spec', tasks, maxParallel: 100 };
}
function instance(more: Partial<InstanceRecord>): InstanceRecord {
  return { mapIndex: -1, state: 'queued', tries: 0, dispatch: 0, losses: 0, unbegun: 0, ...more };
}
function recordOf(tasks: readonly TaskRecord[], more: Partial<RunRecord> = {}): RunRecord {
  return { restarts: 1, seq: 10, running: true, tasks, ...more };
}
function ended(taskId: string): TaskRecord {
  return { taskId, state: 'succeeded', ends: { succeeded: 1 }, open: [] };
}

function restart(plan: RunPlan, record: RunRecord): { machine: RunMachine; commands: readonly RunCommand[] } {
  const machine = new RunMachine(plan, pools, () => 0.5, snapshotOf(plan, record));
  machine.start(nowMs);
  return { machine, commands: machine.takeCommands() };
}

describe('a run that goes on from its rows', () => {
  it('repeats nothing that has ended, and numbers on', () => {
    const plan = planOf([planTask('a'), planTask('b', ['a'])]);
    const { machine, commands } = restart(plan, recordOf([ended('a')]));
    // The lost workflow may have given dispatch 1 without a trace.
    expect(commands).toMatchObject([{ kind: 'dispatch', taskId: 'b', dispatch: 2, try: 1 }]);
    expect(machine.takeTransitions()).toMatchObject([{ seq: 11, taskId: 'b', state: 'queued' }]);
  });

  it('asks how the newest attempt ended, and goes on from there', () => {
    const retry = { maxAttempts: 3, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 'none' as const };
    const plan = planOf([planTask('a', [], { retry })]);
    const open = [instance({ tries: 1, dispatch: 1, attempt: { state: 'leased', dispatch: 2, try: 2 } })];
    const { machine, commands } = restart(plan, recordOf([{ taskId: 'a', state: 'queued', ends: {}, open }]));
    expect(commands).toEqual([{ kind: 'settle', taskId: 'a', mapIndex: -1, dispatch: 2 }]);
    expect(machine.quiescent).toBe(false);
    const outcome = { state: 'lost', retryable: true, reason: 'worker_lost', fence: 2 } as const;
    machine.apply({ kind: 'ended', taskId: 'a', mapIndex: -1, dispatch: 2, outcome }, nowMs);
    expect(machine.takeCommands()).toMatchObject([{ kind: 'dispatch', dispatch: 4, try: 2 }]);
  });

  it('orders anew what nobody began, for the same try', () => {
    const open = [instance({ tries: 2, dispatch: 3, attempt: { state: 'failed', dispatch: 1, try: 1 } })];
    const { commands } = restart(planOf([planTask('a')]), recordOf([{ taskId: 'a', state: 'queued', ends: {}, open }]));
    expect(commands).toMatchObject([{ kind: 'dispatch', dispatch: 5, try: 2 }]);
  });

  it('waits for the rest of a delay and of a wait', () => {
    const retry = { maxAttempts: 2, delayMs: 4_000, factor: 1, maxDelayMs: 4_000, jitter: 'full' as const };
    const plan = planOf([planTask('a', [], { retry }), planTask('b', [], { kind: 'wait' })]);
    const attempt = { state: 'failed', dispatch: 1, try: 1, endedMs: nowMs - 1_000 } as const;
    const { commands } = restart(
      plan,
      recordOf([
        {
          taskId: 'a',
          state: 'up_for_retry',
          ends: {},
          open: [instance({ state: 'up_for_retry', tries: 1, dispatch: 1, attempt })],
        },
        { taskId: 'b', state: 'sleeping', ends: {}, open: [instance({ state: 'sleeping', dueMs: nowMs + 700 })] },
      ]),
    );
    expect(commands).toMatchObject([
      { kind: 'sleep', taskId: 'a', ms: 3_000 },
      { kind: 'sleep', taskId: 'b', ms: 700 },
    ]);
  });

  it('goes on in the middle of a map, gaps included', () => {
    const plan = planOf([planTask('each', [], { map: { maxConcurrency: 10 } }), planTask('sum', ['each'])]);
    const open = [instance({ mapIndex: 2, tries: 1, dispatch: 1 }), instance({ mapIndex: 1, state: 'waiting' })];
    const { machine, commands } = restart(
      plan,
      recordOf([{ taskId: 'each', state: 'running', mapLength: 5, ends: { succeeded: 1 }, open }]),
    );
    const indices = commands.map((one) => (one.kind === 'dispatch' ? one.mapIndex : one.kind));
    expect(indices).toEqual([2, 1, 3, 4]);
    for (const one of commands) {
      if (one.kind !== 'dispatch') continue;
      const outcome = { state: 'succeeded', retryable: false, fence: 1 } as const;
      machine.apply({ ...one, kind: 'ended', outcome }, nowMs);
    }
    expect(machine.takeCommands()).toMatchObject([{ kind: 'dispatch', taskId: 'sum' }]);
  });

  it('ends where only the last word was missing, and says that it runs where nobody had', () => {
    const plan = planOf([planTask('a')]);
    const { machine } = restart(plan, recordOf([ended('a')], { running: false }));
    expect(machine.finished).toBe('succeeded');
    expect(machine.takeTransitions()).toMatchObject([
      { kind: 'run', seq: 11, state: 'running' },
      { kind: 'run', seq: 12, state: 'succeeded' },
    ]);
  });
});
