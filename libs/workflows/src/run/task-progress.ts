import { type DispatchRef, type PlanTask, type RunPlan, type TerminalTaskState } from '@millrace/contracts';
import { noEnds } from './trigger-rule.js';

/** An instance that has begun and not ended. */
export interface Instance {
  readonly mapIndex: number;
  phase: 'ready' | 'in_flight' | 'settling' | 'sleep';
  /** The newest dispatch and the try it serves. */
  dispatch: number;
  try: number;
  losses: number;
  unbegun: number;
  /** Why it is ready again, for the record. */
  reason?: string;
  /** True where a workflow that is gone ordered the dispatch: it may have ordered another one unseen. */
  restored?: boolean;
  /** With phase `sleep`: until when, in milliseconds since the epoch, and for what. */
  dueMs?: number;
  sleep?: 'wait' | 'redispatch';
}

export interface TaskSnapshot {
  readonly phase: TaskProgress['phase'];
  readonly size: number;
  readonly next: number;
  readonly ends: Readonly<Record<TerminalTaskState, number>>;
  readonly instances: readonly Instance[];
  readonly ready: readonly number[];
}

/** Everything of a machine that outlives its workflow execution. */
export interface RunSnapshot {
  readonly seq: number;
  /** False where the run is still to be recorded as running; absent, it was with its first transition. */
  readonly begun?: boolean;
  /** How often the run was started again from its rows; absent, never. */
  readonly restarts?: number;
  readonly cancelling: boolean;
  readonly tasks: readonly TaskSnapshot[];
}

/** One task of a run, with only those instances in memory that are under way. */
export class TaskProgress {
  phase: 'waiting' | 'deciding' | 'active' | 'ended' = 'waiting';
  /** Instances: 1, or the length of the list once a mapped task is active. */
  size = 1;
  /** Instances from here on have not begun. */
  next = 0;
  inFlight = 0;
  readonly ends: Record<TerminalTaskState, number> = { ...noEnds };
  readonly instances = new Map<number, Instance>();
  /** Map indices of instances that are ready for a dispatch that is not their first. */
  readonly ready: number[] = [];

  constructor(
    readonly plan: PlanTask,
    readonly downstream: readonly string[],
    /** Dispatches of an instance are numbered from the next number on. */
    private readonly lastDispatch: number,
  ) {}

  get mapped(): boolean {
    return this.plan.map !== undefined;
  }

  get ended(): number {
    const { succeeded, failed, skipped, upstream_failed: upstreamFailed, cancelled } = this.ends;
    return succeeded + failed + skipped + upstreamFailed + cancelled;
  }

  get failed(): boolean {
    return this.ends.failed + this.ends.upstream_failed > 0;
  }

  get hasReady(): boolean {
    return this.phase === 'active' && (this.ready.length > 0 || this.next < this.size);
  }

  /** State of a mapped task as a whole, once all its instances have ended. */
  get summary(): TerminalTaskState {
    if (this.failed) return 'failed';
    if (this.ends.cancelled > 0) return 'cancelled';
    return this.ends.succeeded > 0 ? 'succeeded' : 'skipped';
  }

  /** Takes the instance that goes next; undefined when none is ready. */
  takeReady(): Instance | undefined {
    const again = this.ready.shift();
    if (again !== undefined) return this.instances.get(again);
    if (this.next >= this.size) return undefined;
    const instance = newInstance(this.mapped ? this.next : -1, this.lastDispatch);
    this.next += 1;
    this.instances.set(instance.mapIndex, instance);
    return instance;
  }

  /** The instance whose newest dispatch this is, if it is still under way: anything else is late and counts no more. */
  underWay({ mapIndex, dispatch }: DispatchRef): Instance | undefined {
    const instance = this.instances.get(mapIndex);
    if (instance?.dispatch !== dispatch) return undefined;
    return instance.phase === 'in_flight' || instance.phase === 'settling' ? instance : undefined;
  }

  snapshot(): TaskSnapshot {
    const { phase, size, next } = this;
    return {
      phase,
      size,
      next,
      ends: { ...this.ends },
      instances: [...this.instances.values()],
      ready: [...this.ready],
    };
  }

  restore(snapshot: TaskSnapshot): void {
    this.phase = snapshot.phase;
    this.size = snapshot.size;
    this.next = snapshot.next;
    Object.assign(this.ends, snapshot.ends);
    for (const instance of snapshot.instances) this.instances.set(instance.mapIndex, { ...instance });
    this.ready.push(...snapshot.ready);
  }
}

/** The tasks of a plan, none of them begun; `lastDispatch`: their dispatches are numbered from the next number on. */
export function tasksOf(plan: RunPlan, lastDispatch: number): ReadonlyMap<string, TaskProgress> {
  const downstream = new Map<string, string[]>(plan.tasks.map((task) => [task.id, []]));
  for (const task of plan.tasks) for (const need of task.needs) downstream.get(need)?.push(task.id);
  return new Map(
    plan.tasks.map((task) => [task.id, new TaskProgress(task, downstream.get(task.id) ?? [], lastDispatch)]),
  );
}

function newInstance(mapIndex: number, dispatch: number): Instance {
  return { mapIndex, phase: 'ready', dispatch, try: 0, losses: 0, unbegun: 0 };
}
