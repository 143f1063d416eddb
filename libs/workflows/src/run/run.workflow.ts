import {
  type CancelSignal,
  cancelSignalName,
  type ControlActivities,
  type LoadedRun,
  type RunnerActivities,
  runnerLostSignalName,
  type RunnerLostSignal,
  type RunRef,
  type RunResult,
} from '@millrace/contracts';
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type DispatchRef, type RunCommand, type RunEvent } from './events.js';
import { RunMachine, type RunSnapshot } from './machine.js';
import { Projector } from './projector.js';

/** Input of the run workflow; `carried` is there only when it continues an earlier execution. */
export interface RunInput extends RunRef {
  readonly carried?: RunSnapshot;
}

// A local activity holds back everything else that the workflow task wants to do, so that states are written a little
// later, many at once, and never between two tasks of a chain.
const projectionDelayMs = 100;

const continueAfterEvents = 4_096;
const continueAfterBytes = 4 * 1024 * 1024;
/** From here on nothing new is dispatched until the run can continue as new; the server's limit is 51,200. */
const holdAfterEvents = 20_000;

const heartbeatTimeout = '10 seconds';
/** The runner ends a try that takes too long; the server does so only when the runner does not. */
const timeoutGraceMs = 60_000;

const control = proxyLocalActivities<ControlActivities>({
  startToCloseTimeout: '20 seconds',
  // Postgres may be away for long; a run waits for it and goes on.
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

const cancelSignal = defineSignal<[CancelSignal]>(cancelSignalName);
const runnerLostSignal = defineSignal<[RunnerLostSignal]>(runnerLostSignalName);

/** Interprets the plan of one run. Everything it decides comes from the run machine; this only carries it out. */
export async function run(input: RunInput): Promise<RunResult> {
  const inbox: RunEvent[] = [];
  setHandler(cancelSignal, () => void inbox.push({ kind: 'cancel' }));
  setHandler(runnerLostSignal, ({ leases }) => void inbox.push({ kind: 'runnerLost', leases }));
  // An operator who cancels the workflow itself means the run.
  CancellationScope.current().cancelRequested.catch(() => void inbox.push({ kind: 'cancel' }));

  return CancellationScope.nonCancellable(async () => {
    const ref: RunRef = { tenantId: input.tenantId, runId: input.runId };
    const loaded = await control.loadRun(ref);
    if (loaded.cancelRequested) inbox.unshift({ kind: 'cancel' });
    return new RunDriver(ref, loaded, inbox, input.carried).drive();
  });
}

class RunDriver {
  private readonly machine: RunMachine;
  private readonly projector: Projector;
  private readonly scopes = new Map<string, CancellationScope>();
  private readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Commands that wait until what their expressions look at has been projected. */
  private waiting: RunCommand[] = [];
  private projected = false;
  private alarm: { readonly dueMs: number; readonly scope: CancellationScope } | undefined;
  private flushTimer = false;
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly ref: RunRef,
    private readonly loaded: LoadedRun,
    private readonly inbox: RunEvent[],
    carried: RunSnapshot | undefined,
  ) {
    this.machine = new RunMachine(loaded.plan, loaded.pools, Math.random, carried);
    this.projector = new Projector(ref, control.project, {
      progress: () => (this.projected = true),
      failure: (error) => this.fail(error),
    });
    this.needs = new Map(loaded.plan.tasks.map((task) => [task.id, task.needs]));
  }

  async drive(): Promise<RunResult> {
    this.machine.start(Date.now());
    for (;;) {
      this.applyInbox();
      this.projector.add(this.machine.takeTransitions());
      this.carryOutAll([...this.waiting.splice(0), ...this.machine.takeCommands()]);
      if (this.machine.finished !== undefined) {
        await this.projector.drain();
        this.throwFailure();
        return { state: this.machine.finished };
      }
      if (await this.comeToRest()) {
        return continueAsNew<typeof run>({ ...this.ref, carried: this.machine.snapshot() });
      }
      this.scheduleProjection();
      this.setAlarm();
      await condition(() => this.inbox.length > 0 || this.failure !== undefined || this.mayGoOn());
      this.throwFailure();
    }
  }

  private mayGoOn(): boolean {
    return this.projected && this.waiting.length > 0;
  }

  private carryOutAll(commands: readonly RunCommand[]): void {
    this.projected = false;
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

  private applyInbox(): void {
    const nowMs = Date.now();
    for (let event = this.inbox.shift(); event !== undefined; event = this.inbox.shift()) {
      this.machine.apply(event, nowMs);
    }
  }

  private carryOut(command: RunCommand): void {
    switch (command.kind) {
      case 'decide': {
        this.decide(command.taskId);
        return;
      }
      case 'dispatch': {
        this.execute(command);
        return;
      }
      case 'settle': {
        this.settle(command);
        return;
      }
      case 'stop': {
        this.stop(command);
        return;
      }
      case 'forget': {
        const scope = this.scopes.get(keyOf(command));
        // Its answer, should one still come, finds no scope and is dropped: settling says what is true.
        this.scopes.delete(keyOf(command));
        return scope?.cancel();
      }
    }
  }

  private stop(ref: DispatchRef): void {
    const key = keyOf(ref);
    const unsent = this.waiting.findIndex((one) => one.kind === 'dispatch' && keyOf(one) === key);
    if (unsent < 0) {
      this.scopes.get(key)?.cancel();
      return;
    }
    this.waiting.splice(unsent, 1);
    const { taskId, mapIndex, dispatch } = ref;
    this.inbox.push({ kind: 'unanswered', taskId, mapIndex, dispatch });
  }

  private decide(taskId: string): void {
    control.decideTask({ ...this.ref, taskId }).then(
      (decision) => void this.inbox.push({ kind: 'decided', taskId, decision }),
      (error: unknown) => this.fail(error),
    );
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
    this.scopes.set(key, scope);
    const answer = (event: RunEvent): void => {
      if (this.scopes.delete(key)) this.inbox.push(event);
    };
    scope
      .run(() => runner.executeAttempt({ ...this.ref, taskId, mapIndex, dispatch, try: command.try, timeoutMs }))
      .then(
        (outcome) => answer({ kind: 'ended', taskId, mapIndex, dispatch, outcome }),
        () => answer({ kind: 'unanswered', taskId, mapIndex, dispatch }),
      );
  }

  private settle({ taskId, mapIndex, dispatch }: DispatchRef): void {
    control.settleDispatch({ ...this.ref, taskId, mapIndex, dispatch }).then(
      (outcome) => void this.inbox.push({ kind: 'ended', taskId, mapIndex, dispatch, outcome }),
      (error: unknown) => this.fail(error),
    );
  }

  private scheduleProjection(): void {
    if (!this.projector.due) return;
    if (this.waiting.length > 0 || this.machine.quiescent) {
      this.projector.flush();
      return;
    }
    if (this.flushTimer) return;
    this.flushTimer = true;
    sleep(projectionDelayMs).then(
      () => {
        this.flushTimer = false;
        this.projector.flush();
      },
      (error: unknown) => this.fail(error),
    );
  }

  /** Keeps one timer, for whatever is due first. */
  private setAlarm(): void {
    const dueMs = this.machine.nextDueMs;
    if (dueMs === undefined || dueMs === this.alarm?.dueMs) return;
    if (this.alarm !== undefined && this.alarm.dueMs < dueMs) return;
    this.alarm?.scope.cancel();
    const scope = new CancellationScope({ cancellable: true });
    this.alarm = { dueMs, scope };
    scope
      .run(() => sleep(Math.max(1, dueMs - Date.now())))
      .then(
        () => {
          if (this.alarm?.scope === scope) this.alarm = undefined;
          this.inbox.push({ kind: 'time' });
        },
        // Replaced by an earlier one.
        () => undefined,
      );
  }

  /** True when the history has grown long and nothing is under way, so that the run can continue as new. */
  private async comeToRest(): Promise<boolean> {
    const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
    if (historyLength > holdAfterEvents) this.machine.hold();
    const long = historyLength > continueAfterEvents || historySize > continueAfterBytes || continueAsNewSuggested;
    if (!long || !this.machine.quiescent) return false;
    await this.projector.drain();
    this.throwFailure();
    // A signal that came meanwhile belongs to this execution.
    return this.inbox.length === 0;
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
  }

  private throwFailure(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}

function keyOf({ taskId, mapIndex, dispatch }: DispatchRef): string {
  return `${taskId}/${mapIndex}/${dispatch}`;
}
