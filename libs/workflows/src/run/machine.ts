import {
  type AttemptOutcome,
  type RunPlan,
  type RunPool,
  type TaskDecision,
  type TerminalRunState,
  type TerminalTaskState,
  type Transition,
} from '@millrace/contracts';
import { DispatchLine } from './dispatch-line.js';
import { type DispatchRef, type RunCommand, type RunEvent } from './events.js';
import { Journal } from './journal.js';
import { afterReturn, nextStep } from './next-step.js';
import { type Instance, type RunSnapshot, type TaskProgress, tasksOf } from './task-progress.js';
import { judge } from './trigger-rule.js';
import { countNeeds, runVerdict } from './verdict.js';

/** More activities than this in flight in one workflow come near the server's own limits. */
export const maxInFlight = 500;

/**
 * The semantics of a run, without any I/O: events go in, commands and transitions come out. It is deterministic in its
 * events, their times and `random`, so that a workflow can be replayed through it and continued as new with it.
 */
export class RunMachine {
  private readonly tasks: ReadonlyMap<string, TaskProgress>;
  private readonly line: DispatchLine;
  private readonly journal: Journal;
  private readonly toJudge: TaskProgress[] = [];
  private judging = false;
  private commands: RunCommand[] = [];
  private begun: boolean;
  private readonly restarts: number;
  private deciding = 0;
  private open: number;
  private cancelling = false;
  private end: TerminalRunState | undefined;

  constructor(
    plan: RunPlan,
    pools: Readonly<Record<string, RunPool>>,
    private readonly random: () => number,
    snapshot?: RunSnapshot,
  ) {
    this.line = new DispatchLine(Math.max(1, Math.min(plan.maxParallel, maxInFlight)));
    this.journal = new Journal(pools, snapshot?.seq ?? 0);
    this.restarts = snapshot?.restarts ?? 0;
    this.tasks = tasksOf(plan, this.restarts);
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
    return this.line.inFlight === 0 && this.deciding === 0;
  }

  /** Number of the first dispatch of a task that has not begun. */
  get firstDispatch(): number {
    return this.restarts + 1;
  }

  /** Begins (or, from a snapshot, goes on with) the run. */
  start(nowMs: number): void {
    this.journal.nowMs = nowMs;
    if (!this.begun) this.journal.running();
    this.begun = true;
    if (this.open === 0 && this.end === undefined) this.finish();
    this.resume();
    this.judgeAll(this.tasks.values());
    this.dispatch();
  }

  apply(event: RunEvent, nowMs: number): void {
    this.journal.nowMs = nowMs;
    switch (event.kind) {
      case 'decided':
        this.decided(event.taskId, event.decision);
        break;
      case 'ended':
        this.attemptEnded(event, event.outcome);
        break;
      case 'returned':
        this.returned(event);
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
    this.line.held = true;
  }

  takeCommands(): readonly RunCommand[] {
    const taken = this.commands;
    this.commands = [];
    return taken;
  }

  takeTransitions(): readonly Transition[] {
    return this.journal.take();
  }

  snapshot(): RunSnapshot {
    return {
      seq: this.journal.seq,
      cancelling: this.cancelling,
      ...(this.restarts === 0 ? {} : { restarts: this.restarts }),
      tasks: [...this.tasks.values()].map((task) => task.snapshot()),
    };
  }

  private restore(snapshot: RunSnapshot): void {
    this.cancelling = snapshot.cancelling;
    for (const [index, task] of [...this.tasks.values()].entries()) {
      const saved = snapshot.tasks[index];
      if (saved === undefined) throw new Error('the snapshot belongs to another plan');
      task.restore(saved);
      for (const { phase } of task.instances.values()) if (phase === 'settling') this.line.enterFlight(task);
      if (task.phase === 'ended') this.open -= 1;
      if (task.hasReady) this.line.add(task);
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
      this.journal.expanded(task);
    }
    if (task.plan.kind === 'wait') this.sleepAll(task, decision.waitMs ?? 0);
    else this.activate(task);
  }

  private activate(task: TaskProgress): void {
    task.phase = 'active';
    this.line.add(task);
    this.settleRestored(task);
  }

  private sleepAll(task: TaskProgress, ms: number): void {
    task.phase = 'active';
    for (let instance = task.takeReady(); instance !== undefined; instance = task.takeReady()) {
      this.journal.sleeping(task, instance);
      if (ms > 0) this.sleep(task, instance, 'wait', ms);
      else this.endInstance(task, instance, 'succeeded');
    }
  }

  private dispatch(): void {
    if (this.cancelling) return;
    for (const [task, instance] of this.line.take()) this.dispatchInstance(task, instance);
  }

  private dispatchInstance(task: TaskProgress, instance: Instance): void {
    const { reason } = instance;
    instance.phase = 'in_flight';
    instance.dispatch += instance.restored === true ? 2 : 1;
    delete instance.restored;
    // A try that was lost is made again: only what follows a real end is a new one.
    if (instance.losses === 0 && instance.unbegun === 0) instance.try += 1;
    delete instance.reason;
    this.commands.push({
      kind: 'dispatch',
      ...this.dispatchRef(task, instance),
      try: instance.try,
      pool: task.plan.pool,
      timeoutMs: task.plan.timeoutMs,
    });
    this.journal.instance(task, instance, 'queued', reason);
  }

  private attemptEnded(ref: DispatchRef, outcome: AttemptOutcome): void {
    const task = this.task(ref.taskId);
    const instance = task.underWay(ref);
    if (instance === undefined) return;
    this.line.leaveFlight(task);
    const step = nextStep(outcome, instance, task.plan.retry, this.cancelling, this.random);
    switch (step.kind) {
      case 'end':
        this.endInstance(task, instance, step.state, step.reason);
        return;
      case 'retry':
        instance.losses = 0;
        instance.unbegun = 0;
        this.repeat(task, instance, step.delayMs, step.reason);
        return;
      case 'redispatch':
        instance.losses = step.losses;
        instance.unbegun = step.unbegun;
        this.repeat(task, instance, step.delayMs, 'worker_lost');
    }
  }

  private returned(ref: DispatchRef): void {
    const task = this.task(ref.taskId);
    const instance = task.underWay(ref);
    if (instance === undefined) return;
    this.line.leaveFlight(task);
    if (this.cancelling) {
      this.endInstance(task, instance, 'cancelled');
      return;
    }
    instance.unbegun += 1;
    this.repeat(task, instance, afterReturn(instance.unbegun), 'not_begun');
  }

  private repeat(task: TaskProgress, instance: Instance, delayMs: number, reason: string | undefined): void {
    if (delayMs <= 0) {
      this.makeReady(task, instance, reason);
      return;
    }
    this.sleep(task, instance, 'redispatch', delayMs);
    this.journal.instance(task, instance, 'up_for_retry', reason);
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
    this.journal.instance(task, instance, state, reason);
    if (task.ended >= task.size) this.taskEnded(task);
    else this.judgeDownstream(task);
  }

  /** Ends a task that has no instance under way. */
  private endTask(task: TaskProgress, state: TerminalTaskState, reason?: string, mapLength?: number): void {
    task.ends[state] += 1;
    task.phase = 'ended';
    this.journal.ended(task, state, reason, mapLength);
    this.afterTask(task);
  }

  /** All instances have ended one by one. */
  private taskEnded(task: TaskProgress): void {
    if (task.phase === 'ended') return;
    task.phase = 'ended';
    if (task.mapped) this.journal.summary(task);
    this.afterTask(task);
  }

  private afterTask(task: TaskProgress): void {
    this.line.remove(task);
    this.open -= 1;
    this.judgeDownstream(task);
    if (this.open === 0 && this.end === undefined) this.finish();
  }

  private finish(): void {
    this.end = runVerdict([...this.tasks.values()], this.cancelling);
    this.journal.finished(this.end);
  }

  private makeReady(task: TaskProgress, instance: Instance, reason: string | undefined): void {
    instance.phase = 'ready';
    if (reason !== undefined) instance.reason = reason;
    task.ready.push(instance.mapIndex);
    this.line.add(task);
  }

  private sleep(task: TaskProgress, instance: Instance, purpose: 'wait' | 'redispatch', ms: number): void {
    instance.phase = 'sleep';
    instance.sleep = purpose;
    instance.dueMs = this.journal.nowMs + ms;
    this.commands.push({ kind: 'sleep', ...sleeper(task, instance), ms });
  }

  /** A new execution has none of the timers of the one before, and knows no end of what was under way. */
  private resume(): void {
    for (const task of [...this.tasks.values()]) {
      for (const instance of task.instances.values()) {
        if (instance.phase !== 'sleep') continue;
        const ms = Math.max(0, (instance.dueMs ?? 0) - this.journal.nowMs);
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

  private task(id: string): TaskProgress {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`the plan has no task ${id}`);
    return task;
  }

  private dispatchRef(task: TaskProgress, instance: Instance): DispatchRef {
    return { taskId: task.plan.id, mapIndex: instance.mapIndex, dispatch: instance.dispatch };
  }
}

function sleeper(task: TaskProgress, instance: Instance): { taskId: string; mapIndex: number } {
  return { taskId: task.plan.id, mapIndex: instance.mapIndex };
}
