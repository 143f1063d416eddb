import {
  type AttemptOutcome,
  type RunPlan,
  type RunPool,
  type TaskDecision,
  type TaskState,
  type TerminalRunState,
  type TerminalTaskState,
  type Transition,
} from '@millrace/contracts';
import { type DispatchRef, type RunCommand, type RunEvent } from './events.js';
import { nextStep } from './next-step.js';
import { type Instance, TaskProgress, type TaskSnapshot } from './task-progress.js';
import { judge } from './trigger-rule.js';
import { countNeeds, runVerdict } from './verdict.js';

/** More activities than this in flight in one workflow come near the server's own limits. */
export const maxInFlight = 500;

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

type OmitSeq<T> = T extends unknown ? Omit<T, 'seq' | 'atMs'> : never;

/**
 * The semantics of a run, without any I/O: events go in, commands and transitions come out. It is deterministic in its
 * events, their times and `random`, so that a workflow can be replayed through it and continued as new with it.
 */
export class RunMachine {
  private readonly tasks = new Map<string, TaskProgress>();
  /** Tasks with instances that could be dispatched, in the order in which they became ready. */
  private readonly ready = new Set<TaskProgress>();
  private readonly toJudge: TaskProgress[] = [];
  private judging = false;
  private commands: RunCommand[] = [];
  private transitions: Transition[] = [];
  private readonly maxParallel: number;
  private seq = 0;
  private begun: boolean;
  private readonly restarts: number;
  private inFlight = 0;
  private deciding = 0;
  private open: number;
  private cancelling = false;
  private held = false;
  private nowMs = 0;
  private end: TerminalRunState | undefined;

  constructor(
    plan: RunPlan,
    private readonly pools: Readonly<Record<string, RunPool>>,
    private readonly random: () => number,
    snapshot?: RunSnapshot,
  ) {
    this.maxParallel = Math.max(1, Math.min(plan.maxParallel, maxInFlight));
    const downstream = new Map<string, string[]>(plan.tasks.map((task) => [task.id, []]));
    for (const task of plan.tasks) for (const need of task.needs) downstream.get(need)?.push(task.id);
    this.restarts = snapshot?.restarts ?? 0;
    for (const task of plan.tasks) {
      this.tasks.set(task.id, new TaskProgress(task, downstream.get(task.id) ?? [], this.restarts));
    }
    this.begun = snapshot !== undefined && (snapshot.begun ?? snapshot.seq > 0);
    this.open = this.tasks.size;
    if (snapshot !== undefined) this.restore(snapshot);
  }

  /** The run's state once every task has ended. */
  get finished(): TerminalRunState | undefined {
    return this.end;
  }

  /** True when nothing is under way but sleeps, which the snapshot carries. */
  get quiescent(): boolean {
    return this.inFlight === 0 && this.deciding === 0;
  }

  /** Begins (or, from a snapshot, goes on with) the run. */
  start(nowMs: number): void {
    this.nowMs = nowMs;
    if (!this.begun) this.record({ kind: 'run', state: 'running' });
    this.begun = true;
    if (this.open === 0 && this.end === undefined) this.finish();
    this.resume();
    this.judgeAll(this.tasks.values());
    this.dispatch();
  }

  apply(event: RunEvent, nowMs: number): void {
    this.nowMs = nowMs;
    switch (event.kind) {
      case 'decided':
        this.decided(event.taskId, event.decision);
        break;
      case 'ended':
        this.attemptEnded(event, event.outcome);
        break;
      case 'unanswered':
        this.unanswered(event, false);
        break;
      case 'runnerLost':
        for (const lease of event.leases) this.unanswered(lease, true);
        break;
      case 'cancel':
        this.cancel();
        break;
      case 'woke':
        this.woke(event.taskId, event.mapIndex);
        break;
    }
    this.dispatch();
  }

  /** Dispatches nothing more, so that the run comes to rest and can be continued as new. */
  hold(): void {
    this.held = true;
  }

  takeCommands(): readonly RunCommand[] {
    const taken = this.commands;
    this.commands = [];
    return taken;
  }

  takeTransitions(): readonly Transition[] {
    const taken = this.transitions;
    this.transitions = [];
    return taken;
  }

  get hasTransitions(): boolean {
    return this.transitions.length > 0;
  }

  snapshot(): RunSnapshot {
    return {
      seq: this.seq,
      cancelling: this.cancelling,
      ...(this.restarts === 0 ? {} : { restarts: this.restarts }),
      tasks: [...this.tasks.values()].map((task) => task.snapshot()),
    };
  }

  private restore(snapshot: RunSnapshot): void {
    this.seq = snapshot.seq;
    this.cancelling = snapshot.cancelling;
    for (const [index, task] of [...this.tasks.values()].entries()) {
      const saved = snapshot.tasks[index];
      if (saved === undefined) throw new Error('the snapshot belongs to another plan');
      task.restore(saved);
      for (const { phase } of task.instances.values()) if (phase === 'settling') this.enterFlight(task);
      if (task.phase === 'ended') this.open -= 1;
      if (task.hasReady) this.ready.add(task);
    }
  }

  /** Judging may end tasks and so give more to judge: a queue, because a long chain would overflow the stack. */
  private judgeAll(tasks: Iterable<TaskProgress>): void {
    this.toJudge.push(...tasks);
    if (this.judging) return;
    this.judging = true;
    for (let task = this.toJudge.shift(); task !== undefined; task = this.toJudge.shift()) this.judgeTask(task);
    this.judging = false;
  }

  private judgeTask(task: TaskProgress): void {
    if (task.phase !== 'waiting') return;
    if (this.cancelling) {
      this.endTask(task, 'cancelled');
      return;
    }
    const judgement = judge(task.plan.trigger, countNeeds(task.plan.needs.map((id) => this.task(id))));
    if (judgement === 'wait') return;
    if (judgement !== 'run') {
      this.endTask(task, judgement);
      return;
    }
    if (task.plan.conditional || task.mapped || task.plan.kind === 'wait') {
      task.phase = 'deciding';
      this.deciding += 1;
      this.commands.push({ kind: 'decide', taskId: task.plan.id });
      return;
    }
    this.activate(task);
  }

  private judgeDownstream(task: TaskProgress): void {
    this.judgeAll(task.downstream.map((id) => this.task(id)));
  }

  private decided(taskId: string, decision: TaskDecision): void {
    const task = this.task(taskId);
    if (task.phase !== 'deciding') return;
    this.deciding -= 1;
    if (this.cancelling) {
      this.endTask(task, 'cancelled');
      return;
    }
    if (decision.error !== undefined) {
      this.endTask(task, 'failed', decision.error);
      return;
    }
    if (!decision.run) {
      this.endTask(task, 'skipped', 'condition');
      return;
    }
    if (task.mapped) {
      task.size = decision.mapLength ?? 0;
      if (task.size === 0) {
        task.size = 1;
        this.endTask(task, 'skipped', 'empty_map', 0);
        return;
      }
      this.record({ ...this.taskState(task, -1, 'running'), mapLength: task.size });
    }
    if (task.plan.kind === 'wait') this.sleepAll(task, decision.waitMs ?? 0);
    else this.activate(task);
  }

  private activate(task: TaskProgress): void {
    task.phase = 'active';
    this.ready.add(task);
    this.settleRestored(task);
  }

  private sleepAll(task: TaskProgress, ms: number): void {
    task.phase = 'active';
    for (let instance = task.takeReady(); instance !== undefined; instance = task.takeReady()) {
      this.record(this.taskState(task, instance.mapIndex, 'sleeping'));
      if (ms > 0) this.sleep(task, instance, 'wait', ms);
      else this.endInstance(task, instance, 'succeeded');
    }
  }

  /** Hands out ready instances while the limits of run and task allow. */
  private dispatch(): void {
    if (this.held || this.cancelling) return;
    for (const task of this.ready) {
      const limit = task.plan.map?.maxConcurrency ?? 1;
      while (this.inFlight < this.maxParallel && task.inFlight < limit) {
        const instance = task.takeReady();
        if (instance === undefined) break;
        this.dispatchInstance(task, instance);
      }
      if (!task.hasReady) this.ready.delete(task);
      if (this.inFlight >= this.maxParallel) return;
    }
  }

  private dispatchInstance(task: TaskProgress, instance: Instance): void {
    const { reason } = instance;
    instance.phase = 'in_flight';
    instance.dispatch += instance.restored === true ? 2 : 1;
    delete instance.restored;
    // A try that was lost is made again: only what follows a real end is a new one.
    if (instance.losses === 0 && instance.unbegun === 0) instance.try += 1;
    delete instance.reason;
    this.enterFlight(task);
    this.commands.push({
      kind: 'dispatch',
      ...this.dispatchRef(task, instance),
      try: instance.try,
      pool: task.plan.pool,
      timeoutMs: task.plan.timeoutMs,
    });
    this.recordInstance(task, instance, 'queued', reason);
  }

  private attemptEnded(ref: DispatchRef, outcome: AttemptOutcome): void {
    const { task, instance } = this.findDispatch(ref);
    if (instance === undefined) return;
    this.leaveFlight(task);
    const step = nextStep(outcome, instance, task.plan.retry, this.cancelling, this.random);
    switch (step.kind) {
      case 'end': {
        this.endInstance(task, instance, step.state, step.reason);
        return;
      }
      case 'retry':
        instance.losses = 0;
        instance.unbegun = 0;
        if (step.delayMs <= 0) {
          this.makeReady(task, instance, step.reason);
          return;
        }
        this.sleep(task, instance, 'redispatch', step.delayMs);
        {
          this.recordInstance(task, instance, 'up_for_retry', step.reason);
          return;
        }
      case 'redispatch':
        instance.losses = step.losses;
        instance.unbegun = step.unbegun;
        if (step.delayMs <= 0) {
          this.makeReady(task, instance, 'worker_lost');
          return;
        }
        this.sleep(task, instance, 'redispatch', step.delayMs);
        {
          this.recordInstance(task, instance, 'up_for_retry', 'worker_lost');
          return;
        }
    }
  }

  private unanswered(ref: DispatchRef, lost: boolean): void {
    const { task, instance } = this.findDispatch(ref);
    if (instance?.phase !== 'in_flight') return;
    instance.phase = 'settling';
    const dispatch = this.dispatchRef(task, instance);
    if (lost) this.commands.push({ kind: 'forget', ...dispatch });
    this.commands.push({ kind: 'settle', ...dispatch });
  }

  private woke(taskId: string, mapIndex: number): void {
    const task = this.task(taskId);
    const instance = task.instances.get(mapIndex);
    if (instance?.phase !== 'sleep') return;
    const { sleep } = instance;
    delete instance.sleep;
    delete instance.dueMs;
    if (sleep === 'wait') this.endInstance(task, instance, 'succeeded');
    else this.makeReady(task, instance, instance.reason);
  }

  private cancel(): void {
    if (this.cancelling || this.end !== undefined) return;
    this.cancelling = true;
    for (const task of this.tasks.values()) {
      if (task.phase === 'waiting') this.endTask(task, 'cancelled');
      else if (task.phase === 'active') this.cancelActive(task);
    }
  }

  private cancelActive(task: TaskProgress): void {
    // Those that have not begun end with the summary; the record needs no line for each.
    task.ends.cancelled += task.mapped ? task.size - task.next : 0;
    if (!task.mapped && task.next === 0) {
      this.endTask(task, 'cancelled');
      return;
    }
    task.next = task.size;
    task.ready.length = 0;
    for (const instance of [...task.instances.values()]) {
      if (instance.phase === 'in_flight') this.commands.push({ kind: 'stop', ...this.dispatchRef(task, instance) });
      else if (instance.phase !== 'settling') {
        if (instance.phase === 'sleep') this.commands.push({ kind: 'wake', ...sleeper(task, instance) });
        this.endInstance(task, instance, 'cancelled');
      }
    }
    if (task.ended >= task.size) this.taskEnded(task);
  }

  private endInstance(task: TaskProgress, instance: Instance, state: TerminalTaskState, reason?: string): void {
    task.instances.delete(instance.mapIndex);
    task.ends[state] += 1;
    this.recordInstance(task, instance, state, reason);
    if (task.ended >= task.size) this.taskEnded(task);
    else this.judgeDownstream(task);
  }

  /** Ends a task that has no instance under way. */
  private endTask(task: TaskProgress, state: TerminalTaskState, reason?: string, mapLength?: number): void {
    task.ends[state] += 1;
    task.phase = 'ended';
    this.record({
      ...this.taskState(task, -1, state),
      ...(reason === undefined ? {} : { reason }),
      ...(mapLength === undefined ? {} : { mapLength }),
    });
    this.afterTask(task);
  }

  /** All instances have ended one by one. */
  private taskEnded(task: TaskProgress): void {
    if (task.phase === 'ended') return;
    task.phase = 'ended';
    if (task.mapped) this.record({ ...this.taskState(task, -1, task.summary), mapLength: task.size });
    this.afterTask(task);
  }

  private afterTask(task: TaskProgress): void {
    this.ready.delete(task);
    this.open -= 1;
    this.judgeDownstream(task);
    if (this.open === 0 && this.end === undefined) this.finish();
  }

  private finish(): void {
    this.end = runVerdict([...this.tasks.values()], this.cancelling);
    this.record({ kind: 'run', state: this.end, ...(this.end === 'failed' ? { reason: 'task_failed' } : {}) });
  }

  private makeReady(task: TaskProgress, instance: Instance, reason: string | undefined): void {
    instance.phase = 'ready';
    if (reason !== undefined) instance.reason = reason;
    task.ready.push(instance.mapIndex);
    this.ready.add(task);
  }

  private sleep(task: TaskProgress, instance: Instance, purpose: 'wait' | 'redispatch', ms: number): void {
    instance.phase = 'sleep';
    instance.sleep = purpose;
    instance.dueMs = this.nowMs + ms;
    this.commands.push({ kind: 'sleep', ...sleeper(task, instance), ms });
  }

  /** A new execution has none of the timers of the one before, and knows no end of what was under way. */
  private resume(): void {
    for (const task of [...this.tasks.values()]) {
      for (const instance of task.instances.values()) {
        if (instance.phase !== 'sleep') continue;
        const ms = Math.max(0, (instance.dueMs ?? 0) - this.nowMs);
        this.commands.push({ kind: 'sleep', ...sleeper(task, instance), ms });
      }
      if (task.phase !== 'active') continue;
      this.settleRestored(task);
      if (task.ended >= task.size) this.taskEnded(task);
    }
  }

  private settleRestored(task: TaskProgress): void {
    for (const instance of task.instances.values()) {
      if (instance.phase === 'settling') this.commands.push({ kind: 'settle', ...this.dispatchRef(task, instance) });
    }
  }

  private enterFlight(task: TaskProgress): void {
    task.inFlight += 1;
    this.inFlight += 1;
  }

  private leaveFlight(task: TaskProgress): void {
    task.inFlight -= 1;
    this.inFlight -= 1;
  }

  /** The instance whose newest dispatch this is, if it is still under way: anything else is late and counts no more. */
  private findDispatch(ref: DispatchRef): { task: TaskProgress; instance: Instance | undefined } {
    const task = this.task(ref.taskId);
    const instance = task.instances.get(ref.mapIndex);
    const current =
      instance?.dispatch === ref.dispatch && (instance.phase === 'in_flight' || instance.phase === 'settling');
    return { task, instance: current ? instance : undefined };
  }

  private task(id: string): TaskProgress {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`the plan has no task ${id}`);
    return task;
  }

  private dispatchRef(task: TaskProgress, instance: Instance): DispatchRef {
    return { taskId: task.plan.id, mapIndex: instance.mapIndex, dispatch: instance.dispatch };
  }

  private taskState(task: TaskProgress, mapIndex: number, state: TaskState) {
    return { kind: 'task' as const, taskId: task.plan.id, mapIndex, state, tries: 0, dispatch: 0 };
  }

  private recordInstance(task: TaskProgress, instance: Instance, state: TaskState, reason?: string): void {
    const poolId = state === 'queued' ? this.pools[task.plan.pool]?.poolId : undefined;
    this.record({
      ...this.taskState(task, instance.mapIndex, state),
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

function sleeper(task: TaskProgress, instance: Instance): { taskId: string; mapIndex: number } {
  return { taskId: task.plan.id, mapIndex: instance.mapIndex };
}
