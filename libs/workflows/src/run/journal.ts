import {
  type RunPool,
  type TaskState,
  type TerminalRunState,
  type TerminalTaskState,
  type Transition,
} from '@millrace/contracts';
import { type Instance, type TaskProgress } from './task-progress.js';

type OmitSeq<T> = T extends unknown ? Omit<T, 'seq' | 'atMs'> : never;

/** Writes down what changes in a run, in an order without gaps. */
export class Journal {
  private transitions: Transition[] = [];

  constructor(
    private readonly pools: Readonly<Record<string, RunPool>>,
    /** Number of the newest transition. */
    public seq: number,
    public nowMs = 0,
  ) {}

  get isEmpty(): boolean {
    return this.transitions.length === 0;
  }

  take(): readonly Transition[] {
    const taken = this.transitions;
    this.transitions = [];
    return taken;
  }

  running(): void {
    this.record({ kind: 'run', state: 'running' });
  }

  finished(state: TerminalRunState): void {
    this.record({ kind: 'run', state, ...(state === 'failed' ? { reason: 'task_failed' } : {}) });
  }

  /** A mapped task has its instances. */
  expanded(task: TaskProgress): void {
    this.record({ ...taskState(task, -1, 'running'), mapLength: task.size });
  }

  /** All instances of a mapped task have ended. */
  summary(task: TaskProgress): void {
    this.record({ ...taskState(task, -1, task.summary), mapLength: task.size });
  }

  /** A task has ended that has no instance under way. */
  ended(task: TaskProgress, state: TerminalTaskState, reason?: string, mapLength?: number): void {
    this.record({
      ...taskState(task, -1, state),
      ...(reason === undefined ? {} : { reason }),
      ...(mapLength === undefined ? {} : { mapLength }),
    });
  }

  sleeping(task: TaskProgress, instance: Instance): void {
    this.record(taskState(task, instance.mapIndex, 'sleeping'));
  }

  instance(task: TaskProgress, instance: Instance, state: TaskState, reason?: string): void {
    const poolId = state === 'queued' ? this.pools[task.plan.pool]?.poolId : undefined;
    this.record({
      ...taskState(task, instance.mapIndex, state),
      tries: instance.try,
      dispatch: instance.dispatch,
      ...(reason === undefined ? {} : { reason }),
      ...(poolId === undefined ? {} : { poolId }),
    });
  }

  private record(transition: OmitSeq<Transition>): void {
    this.seq += 1;
    this.transitions.push({ ...transition, seq: this.seq, atMs: this.nowMs });
  }
}

function taskState(task: TaskProgress, mapIndex: number, state: TaskState) {
  return { kind: 'task' as const, taskId: task.plan.id, mapIndex, state, tries: 0, dispatch: 0 };
}
