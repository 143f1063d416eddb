import {
  type ControlActivities,
  type LoadedRun,
  type RunnerActivities,
  type RunRef,
  type RunResult,
} from '@millrace/contracts';
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type DispatchRef, type RunCommand, type RunEvent } from './events.js';
import { snapshotOf } from './from-record.js';
import { RunMachine, type RunSnapshot } from './machine.js';
import { Projector } from './projector.js';

// A local activity holds back everything else that the workflow task wants to do, so that states are written a little
// later, many at once, and never between two tasks of a chain.
const projectionDelayMs = 250;

const continueAfterEvents = 4_096;
const continueAfterBytes = 4 * 1024 * 1024;
/**
 * After so many dispatches nothing new is dispatched until the run can continue as new: about 20,000 events, where the
 * server's limit is 51,200. Counted here, because the length of the history at a certain step is not the same in a
 * replay.
 */
const holdAfterDispatches = 2_500;

const heartbeatTimeout = '10 seconds';
/** The runner ends a try that takes too long; the server does so only when the runner does not. */
const timeoutGraceMs = 60_000;

/** Activities of the orchestrator, executed within the workflow task. */
export const control = proxyLocalActivities<ControlActivities>({
  startToCloseTimeout: '20 seconds',
  // Postgres may be away for long; a run waits for it and goes on.
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** What reaches the workflow from outside. */
export type Arrival =
  | { readonly kind: 'event'; readonly event: RunEvent }
  /** A dispatch answered; nobody may be waiting for it any more. */
  | { readonly kind: 'answer'; readonly key: string; readonly event: RunEvent }
  | { readonly kind: 'flush' };

export type DriverEnd =
  | { readonly kind: 'finished'; readonly result: RunResult }
  | { readonly kind: 'continue'; readonly carried: RunSnapshot };

/**
 * Carries out what the run machine decides, one thing after the other: local activities are awaited where they are due,
 * and while one is under way whatever arrives stays in the inbox. A replay resolves a local activity at another moment
 * than the execution did, relative to everything else that arrives, and must still give the same commands in the same
 * order. For the same reason nothing here depends on what time it is, or on how much has arrived at once.
 */
export class RunDriver {
  private readonly machine: RunMachine;
  private readonly projector = new Projector();
  /** Local activities that are due, each with what it tells the machine. */
  private readonly locals: (() => Promise<RunEvent | undefined>)[] = [];
  private readonly dispatches = new Map<string, CancellationScope>();
  private readonly sleeps = new Map<string, CancellationScope>();
  private readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Commands that wait until what their expressions look at has been projected. */
  private waiting: RunCommand[] = [];
  private projecting = false;
  private flushTimer = false;
  private dispatched = 0;

  constructor(
    private readonly ref: RunRef,
    private readonly loaded: LoadedRun,
    private readonly inbox: Arrival[],
    carried: RunSnapshot | undefined,
  ) {
    const { plan, pools, record } = loaded;
    const snapshot = carried ?? (record === undefined ? undefined : snapshotOf(plan, record));
    this.machine = new RunMachine(plan, pools, Math.random, snapshot);
    this.needs = new Map(loaded.plan.tasks.map((task) => [task.id, task.needs]));
  }

  async drive(): Promise<DriverEnd> {
    this.machine.start(Date.now());
    if (this.loaded.cancelRequested) this.machine.apply({ kind: 'cancel' }, Date.now());
    for (;;) {
      this.projector.add(this.machine.takeTransitions());
      this.carryOutAll([...this.waiting.splice(0), ...this.machine.takeCommands()]);
      this.scheduleProjection();
      const { finished } = this.machine;
      if (finished !== undefined && this.isProjected) return { kind: 'finished', result: { state: finished } };
      if (this.mayContinueAsNew()) return { kind: 'continue', carried: this.machine.snapshot() };
      const event = await this.nextEvent();
      if (event !== undefined) this.machine.apply(event, Date.now());
    }
  }

  private async nextEvent(): Promise<RunEvent | undefined> {
    const local = this.locals.shift();
    if (local !== undefined) return local();
    await condition(() => this.inbox.length > 0);
    const arrival = this.inbox.shift();
    switch (arrival?.kind) {
      case 'event':
        return arrival.event;
      case 'answer':
        return this.dispatches.delete(arrival.key) ? arrival.event : undefined;
      case 'flush':
        this.flushTimer = false;
        this.project();
        return undefined;
      case undefined:
        return undefined;
    }
  }

  private carryOutAll(commands: readonly RunCommand[]): void {
    for (const command of commands) {
      if (this.mustWait(command)) this.waiting.push(command);
      else this.carryOut(command);
    }
  }

  private mustWait(command: RunCommand): boolean {
    if (command.kind !== 'dispatch' && command.kind !== 'decide') return false;
    return this.projector.hidesAny && this.projector.hides(this.upstreamOf(command.taskId));
  }

  private upstreamOf(taskId: string): Set<string> {
    const found = new Set(this.needs.get(taskId));
    for (const id of found) for (const need of this.needs.get(id) ?? []) found.add(need);
    return found;
  }

  private carryOut(command: RunCommand): void {
    switch (command.kind) {
      case 'decide': {
        const { taskId } = command;
        this.locals.push(async () => {
          const decision = await control.decideTask({ ...this.ref, taskId });
          return { kind: 'decided', taskId, decision };
        });
        return;
      }
      case 'settle': {
        const { taskId, mapIndex, dispatch } = command;
        this.locals.push(async () => {
          const outcome = await control.settleDispatch({ ...this.ref, taskId, mapIndex, dispatch });
          return { kind: 'ended', taskId, mapIndex, dispatch, outcome };
        });
        return;
      }
      case 'dispatch':
        this.execute(command);
        return;
      case 'stop':
        this.stop(command);
        return;
      case 'forget': {
        const scope = this.dispatches.get(keyOf(command));
        // Its answer, should one still come, is dropped: settling says what is true.
        this.dispatches.delete(keyOf(command));
        scope?.cancel();
        return;
      }
      case 'sleep':
        this.sleep(command);
        return;
      case 'wake':
        this.sleeps.get(sleepKey(command))?.cancel();
    }
  }

  private stop(ref: DispatchRef): void {
    const key = keyOf(ref);
    const unsent = this.waiting.findIndex((one) => one.kind === 'dispatch' && keyOf(one) === key);
    if (unsent < 0) {
      this.dispatches.get(key)?.cancel();
      return;
    }
    this.waiting.splice(unsent, 1);
    const { taskId, mapIndex, dispatch } = ref;
    this.inbox.push({ kind: 'event', event: { kind: 'unanswered', taskId, mapIndex, dispatch } });
  }

  private execute(command: Extract<RunCommand, { kind: 'dispatch' }>): void {
    const { taskId, mapIndex, dispatch, timeoutMs } = command;
    const pool = this.loaded.pools[command.pool];
    if (pool === undefined) throw new Error(`the run has no pool ${command.pool}`);
    const runner = proxyActivities<RunnerActivities>({
      taskQueue: pool.taskQueue,
      // Retries belong to the plan; an activity that is retried by the server would be neither seen nor priced.
      retry: { maximumAttempts: 1 },
      startToCloseTimeout: timeoutMs + timeoutGraceMs,
      heartbeatTimeout,
      // Cancelled means that the process group is gone, not that somebody was told.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    });
    const key = keyOf(command);
    const scope = new CancellationScope({ cancellable: true });
    this.dispatches.set(key, scope);
    this.dispatched += 1;
    if (this.dispatched >= holdAfterDispatches) this.machine.hold();
    const answer = (event: RunEvent): void => void this.inbox.push({ kind: 'answer', key, event });
    scope
      .run(() => runner.executeAttempt({ ...this.ref, taskId, mapIndex, dispatch, try: command.try, timeoutMs }))
      .then(
        (outcome) => answer({ kind: 'ended', taskId, mapIndex, dispatch, outcome }),
        () => answer({ kind: 'unanswered', taskId, mapIndex, dispatch }),
      );
  }

  private sleep(command: Extract<RunCommand, { kind: 'sleep' }>): void {
    const { taskId, mapIndex, ms } = command;
    const key = sleepKey(command);
    const scope = new CancellationScope({ cancellable: true });
    this.sleeps.set(key, scope);
    scope
      .run(() => sleep(Math.max(1, ms)))
      .then(
        () => {
          this.sleeps.delete(key);
          this.inbox.push({ kind: 'event', event: { kind: 'woke', taskId, mapIndex } });
        },
        // Cancelled: nobody waits for it any more.
        () => undefined,
      );
  }

  private get isProjected(): boolean {
    return this.projector.idle && !this.projecting;
  }

  private scheduleProjection(): void {
    if (this.projector.idle || this.projecting) return;
    if (this.waiting.length > 0 || this.machine.quiescent) this.project();
    else if (!this.flushTimer) {
      this.flushTimer = true;
      void sleep(projectionDelayMs).then(() => this.inbox.push({ kind: 'flush' }));
    }
  }

  private project(): void {
    if (this.projector.idle || this.projecting) return;
    this.projecting = true;
    this.locals.push(async () => {
      const transitions = this.projector.take();
      await control.project({ ...this.ref, transitions });
      this.projector.projected(transitions);
      this.projecting = false;
      return undefined;
    });
  }

  /** True when the history has grown long, nothing is under way and everything has been projected. */
  private mayContinueAsNew(): boolean {
    const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
    const long = historyLength > continueAfterEvents || historySize > continueAfterBytes || continueAsNewSuggested;
    // A signal that has come belongs to this execution.
    return long && this.machine.quiescent && this.isProjected && this.inbox.length === 0;
  }
}

function keyOf({ taskId, mapIndex, dispatch }: DispatchRef): string {
  return `${taskId}/${mapIndex}/${dispatch}`;
}

function sleepKey({ taskId, mapIndex }: { readonly taskId: string; readonly mapIndex: number }): string {
  return `${taskId}/${mapIndex}`;
}
