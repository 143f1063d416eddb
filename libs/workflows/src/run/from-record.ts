import {
  type InstanceRecord,
  isTerminalTaskState,
  type PlanTask,
  type RunPlan,
  type RunRecord,
  type TaskRecord,
} from '@millrace/contracts';
import { retryDelayMs } from './next-step.js';
import { type Instance, type RunSnapshot, type TaskSnapshot } from './task-progress.js';
import { noEnds } from './trigger-rule.js';

/**
 * Where a run stands by its rows, for a workflow that takes over from one that is gone. What has ended stays ended; the
 * end of what was under way is found out by settling it; orders that nobody began are given again.
 */
export function snapshotOf(plan: RunPlan, record: RunRecord): RunSnapshot {
  const known = new Map(record.tasks.map((task) => [task.taskId, task]));
  return {
    seq: record.seq,
    cancelling: false,
    begun: record.running,
    restarts: record.restarts,
    tasks: plan.tasks.map((task) => taskSnapshot(task, known.get(task.id), record.restarts)),
  };
}

const untouched: TaskSnapshot = { phase: 'waiting', size: 1, next: 0, ends: noEnds, instances: [], ready: [] };

function taskSnapshot(task: PlanTask, record: TaskRecord | undefined, restarts: number): TaskSnapshot {
  if (record === undefined) return untouched;
  const ends = { ...noEnds, ...record.ends };
  const size = Math.max(1, record.mapLength ?? 1);
  if (isTerminalTaskState(record.state)) return { ...untouched, phase: 'ended', size, next: size, ends };
  const instances = record.open.map((one) => instanceOf(task, one, restarts));
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  // A mapped task whose length was never written down is asked for it again; its instances are known all the same.
  const active = task.map === undefined ? instances.length > 0 : record.mapLength !== undefined;
  return {
    phase: active ? 'active' : 'waiting',
    size,
    next: ended + instances.length,
    ends,
    instances,
    ready: instances.filter((one) => one.phase === 'ready').map((one) => one.mapIndex),
  };
}

/** Numbers of dispatches that the lost workflow may have given without a trace are left out. */
function instanceOf(task: PlanTask, record: InstanceRecord, restarts: number): Instance {
  const { mapIndex, attempt, losses, unbegun, dueMs, tries } = record;
  const counts = { mapIndex, losses, unbegun };
  if (dueMs !== undefined) return { ...counts, phase: 'sleep', sleep: 'wait', dueMs, dispatch: 0, try: 0 };
  if (attempt === undefined && record.dispatch === 0) return { ...counts, phase: 'ready', dispatch: restarts, try: 0 };
  if (attempt === undefined || record.dispatch > attempt.dispatch) {
    // Ordered and not begun: the same try again.
    return {
      ...counts,
      phase: 'ready',
      dispatch: record.dispatch + 1,
      try: tries,
      unbegun: unbegun + 1,
      reason: 'restarted',
    };
  }
  const ofTry = Math.max(attempt.try, tries);
  const failed = attempt.state === 'failed' || attempt.state === 'timed_out';
  if (record.state === 'up_for_retry' && failed && record.dispatch === attempt.dispatch) {
    return {
      mapIndex,
      phase: 'sleep',
      sleep: 'redispatch',
      // What was drawn is not known any more: the longest that it may have been.
      dueMs: (attempt.endedMs ?? 0) + retryDelayMs(task.retry, ofTry, () => 1),
      dispatch: attempt.dispatch + 1,
      try: ofTry,
      losses: 0,
      unbegun: 0,
      ...(record.reason === undefined ? {} : { reason: record.reason }),
    };
  }
  return { ...counts, phase: 'settling', dispatch: attempt.dispatch, try: ofTry, restored: true };
}
