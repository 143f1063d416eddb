import {
  type ControlActivities,
  type DispatchRef,
  type LoadedRun,
  type OfferedStretch,
  type OfferRoundReport,
  type RunnerLostSignal,
  type RunRef,
  type RunResult,
  type Stretch,
} from '@millrace/contracts';
import { condition, log, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import { type RunCommand, type RunEvent } from './events.js';
import { snapshotOf } from './from-record.js';
import { type Answer, HandOver, type LiveAt } from './hand-over.js';
import { RunMachine } from './machine.js';
import { Offers, offerWaitMs } from './offers.js';
import { Projector } from './projector.js';
import { type OpenStretch, StretchBook } from './stretch-book.js';
import { type RunSnapshot } from './task-progress.js';
import { type Ring, Timers } from './timers.js';

// A local activity holds back everything else that the workflow task wants to do, so that states are written a little
// later, many at once, and never between two tasks of a chain.
const projectionDelayMs = 250;

/**
 * What is done is weighed, because the length of the history at a certain step is not the same in a replay: an activity
 * is 2, a round 1 and more by what it tells, everything else that is kept in the history 1; 1 is about 4 events.
 * After so much the run continues as new when it comes to rest.
 */
const continueAfter = 1_000;
/** After so much nothing new is dispatched, so that it does come to rest: the server's limit is 51,200 events. */
const holdAfter = 5_000;
/** So many ends in a report weigh as much as a round. */
const endsPerRound = 50;

/** A stretch of several tasks answers when it is over; how far it has come is looked at less and less often. */
const firstLookMs = 2_000;
const lastLookMs = 60_000;

/** Activities of the orchestrator, executed within the workflow task. */
export const control = proxyLocalActivities<ControlActivities>({
  startToCloseTimeout: '20 seconds',
  // Postgres may be away for long; a run waits for it and goes on.
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** What reaches the workflow from outside. */
export type Arrival =
  | { readonly kind: 'cancel' }
  | { readonly kind: 'runnerLost'; readonly signal: RunnerLostSignal }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | Ring;

export type DriverEnd =
  | { readonly kind: 'finished'; readonly result: RunResult }
  | { readonly kind: 'continue'; readonly carried: RunSnapshot };

/**
 * Carries out what the run machine decides, one thing after the other: local activities are awaited where they are due,
 * and while one is under way whatever arrives stays in the inbox. A replay resolves a local activity at another moment
 * than the execution did, relative to everything else that arrives, and must still give the same commands in the same
 * order. For the same reason nothing here depends on what time it is, or on how much has arrived at once; between rounds
 * of offers the inbox is read up to the end of a timer, which has its place in the history.
 */
export class RunDriver {
  private readonly machine: RunMachine;
  private readonly projector = new Projector();
  private readonly book: StretchBook;
  private readonly offers: Offers;
  private readonly handOver: HandOver;
  /** Local activities that are due, each with what it tells the machine. */
  private readonly locals: (() => Promise<RunEvent | undefined>)[] = [];
  private readonly timers: Timers;
  private readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Commands that wait until what their expressions look at has been projected. */
  private waiting: RunCommand[] = [];
  /** Stretches of a run that is cancelled whose end is to be found out. */
  private readonly doubted: OpenStretch[] = [];
  private projecting = false;
  private hasProjected = false;
  private pausing = false;
  /** True once everything has been looked at that had arrived when the run came to rest. */
  private hasLooked = false;
  private spent = 0;

  constructor(
    private readonly ref: RunRef,
    private readonly loaded: LoadedRun,
    private readonly inbox: Arrival[],
    carried: RunSnapshot | undefined,
  ) {
    const { plan, pools, record } = loaded;
    const snapshot = carried ?? (record === undefined ? undefined : snapshotOf(plan, record));
    this.machine = new RunMachine(plan, pools, Math.random, snapshot);
    const { firstDispatch } = this.machine;
    this.book = new StretchBook(plan, firstDispatch);
    this.offers = new Offers(this.book);
    this.handOver = new HandOver(ref, pools, firstDispatch, (answer) => void inbox.push({ kind: 'answer', answer }));
    this.timers = new Timers((ring) => void inbox.push(ring));
    this.needs = new Map(plan.tasks.map((task) => [task.id, task.needs]));
  }

  async drive(): Promise<DriverEnd> {
    this.machine.start(Date.now());
    // Not before the first round: what was leased with the run is under way already.
    if (this.loaded.cancelRequested) this.inbox.push({ kind: 'cancel' });
    for (;;) {
      this.projector.add(this.machine.takeTransitions());
      this.carryOutAll([...this.waiting.splice(0), ...this.machine.takeCommands()]);
      let event = this.book.nextEvent();
      if (event === undefined) {
        const { finished } = this.machine;
        if (finished !== undefined && this.isProjected) return { kind: 'finished', result: { state: finished } };
        // What has come belongs to this execution.
        if (!this.mayContinueAsNew) this.hasLooked = false;
        else if (this.hasLooked) return { kind: 'continue', carried: this.machine.snapshot() };
        else this.pause();
        event = await this.nextEvent();
      }
      if (event !== undefined) this.machine.apply(event, Date.now());
    }
  }

  private async nextEvent(): Promise<RunEvent | undefined> {
    if (this.waiting.length > 0 || this.machine.quiescent) this.project();
    const local = this.locals.shift();
    if (local !== undefined) return local();
    this.enqueue(this.offers.prepare());
    if (!this.pausing && this.offers.areOpen) {
      if (this.offers.takePause()) this.pause();
      else await this.round();
      return undefined;
    }
    this.projectSoon();
    await condition(() => this.inbox.length > 0);
    return this.receive(this.inbox.shift());
  }

  private receive(arrival: Arrival | undefined): RunEvent | undefined {
    switch (arrival?.kind) {
      case 'event':
        return arrival.event;
      case 'cancel':
        this.cancel();
        return undefined;
      case 'answer':
        this.answered(arrival.answer);
        return undefined;
      case 'runnerLost':
        this.runnerLost(arrival.signal);
        return undefined;
      case 'flush':
        this.timers.flushed();
        this.project();
        return undefined;
      case 'look':
        if (this.timers.isNextLook(arrival.number)) this.look(arrival.afterMs);
        return undefined;
      case 'goOn':
        this.pausing = false;
        this.hasLooked = true;
        return undefined;
      case undefined:
        return undefined;
    }
  }

  private carryOutAll(commands: readonly RunCommand[]): void {
    const restored: DispatchRef[] = [];
    for (const command of commands) {
      if (command.kind === 'settle') restored.push(command);
      else if (this.mustWait(command)) this.waiting.push(command);
      else this.carryOut(command);
    }
    if (restored.length > 0) this.settleRestored(restored);
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

  private carryOut(command: Exclude<RunCommand, { kind: 'settle' }>): void {
    switch (command.kind) {
      case 'decide': {
        const { taskId } = command;
        this.locals.push(async () => {
          this.spend(1);
          const decision = await control.decideTask({ ...this.ref, taskId });
          return { kind: 'decided', taskId, decision };
        });
        return;
      }
      case 'dispatch':
        this.book.order(command);
        return;
      case 'stop':
        // Everything was asked to stop when the cancellation came.
        return;
      case 'sleep':
        this.spend(1);
        this.timers.sleep(command, command.ms);
        return;
      case 'wake':
        // The machine minds no sleep that it has given up.
        return;
    }
  }

  /** Offers what has no runner, and hears of all that is offered. */
  private async round(): Promise<void> {
    const { stretches, outside } = this.offers;
    const { cancelRequested } = this.loaded;
    const report = await this.ask(stretches, !this.book.stopping && !cancelRequested, offerWaitMs, outside);
    if (report === undefined) {
      this.enqueue(this.offers.leaveAll());
      return;
    }
    this.spend(1 + report.ends.length / endsPerRound);
    if (cancelRequested || report.cancelRequested === true) this.cancel();
    const { attach, enqueue } = this.offers.hear(report);
    for (const { stretch, runners } of attach) this.attach(stretch, runners);
    this.enqueue(enqueue);
  }

  /** Nothing where offers are refused for good: runners have queues too. */
  private async ask(
    stretches: readonly OfferedStretch[],
    lease: boolean,
    waitMs: number,
    outside: number,
  ): Promise<OfferRoundReport | undefined> {
    const { firstDispatch } = this.machine;
    try {
      return await control.offerStretches({ ...this.ref, stretches, firstDispatch, lease, waitMs, outside });
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
      log.error('offers are refused; the queues of the pools serve', { error: error.message });
      return undefined;
    }
  }

  private enqueue(stretches: readonly OpenStretch[]): void {
    for (const stretch of stretches) {
      this.spend(2);
      this.handOver.execute(stretch, this.book.timeoutMs(stretch));
    }
    if (stretches.length === 0) return;
    this.lookAfter(firstLookMs);
    // A pool without a runner gets one when the record says that something waits for it.
    if (!this.hasProjected) this.project();
  }

  /** Looks at all that has arrived up to now before there is another round. */
  private pause(): void {
    this.pausing = true;
    this.project();
    this.timers.afterArrivals();
  }

  private spend(weight: number): void {
    this.spent += weight;
    if (this.spent >= holdAfter) this.machine.hold();
  }

  private cancel(): void {
    if (this.book.stopping) return;
    this.book.stop();
    this.handOver.cancel();
  }

  private answered(answer: Answer): void {
    if (!this.handOver.take(answer)) return;
    const { stretch, report } = answer;
    if (report !== undefined) this.book.hear(report.ends);
    if (report?.live !== undefined) {
      this.book.release(stretch, report.live.returned);
      this.attach(stretch, [report.live]);
    }
    this.closeIfAnswered(stretch);
  }

  private attach(stretch: OpenStretch, runners: readonly LiveAt[]): void {
    this.spend(2 * runners.length);
    this.handOver.attach(stretch, runners, this.book.timeoutMs(stretch));
    this.lookAfter(firstLookMs);
  }

  private closeIfAnswered(stretch: OpenStretch): void {
    if (!this.handOver.isAnswered(stretch)) return;
    if (!this.handOver.close(stretch).doubtful) this.book.over(stretch);
    // Of a cancelled run as many may be left as it had in the queues: once all have answered, one question tells of all.
    else if (this.book.stopping && !stretch.fused) this.doubted.push(stretch);
    else this.settle([stretch], stretch.fused);
    if (this.doubted.length > 0 && this.handOver.isIdle) this.settle(this.doubted.splice(0), false);
  }

  private runnerLost({ runnerId, leases }: RunnerLostSignal): void {
    // What is offered is settled by its next round.
    const concerned = new Set(leases.map((lease) => this.book.find(lease)));
    for (const stretch of concerned) {
      if (stretch === undefined || !this.handOver.forget(stretch, runnerId)) continue;
      this.closeIfAnswered(stretch);
      // Other runners still have a part of it; what the lost one had goes on without them.
      if (!this.handOver.isAnswered(stretch)) this.lookAt([stretch]);
    }
  }

  private settle(stretches: readonly OpenStretch[], fused: boolean): void {
    const heads = stretches.flatMap((stretch) => stretch.heads);
    for (const stretch of stretches) stretch.troubled = true;
    this.locals.push(async () => {
      this.spend(1);
      const { ends } = await control.settleStretch(this.stretchOf(heads, fused));
      this.book.hear(ends);
      for (const stretch of stretches) this.book.over(stretch);
      return undefined;
    });
  }

  /** What a workflow before this one had ordered. */
  private settleRestored(dispatches: readonly DispatchRef[]): void {
    const heads = dispatches.map(({ taskId, mapIndex, dispatch }) => ({ taskId, mapIndex, dispatch, try: 1 }));
    for (const head of heads) this.book.expect(head);
    this.locals.push(async () => {
      const { ends } = await control.settleStretch(this.stretchOf(heads, false));
      this.book.hear(ends);
      for (const head of heads) this.book.notBegun(head);
      return undefined;
    });
  }

  private stretchOf(heads: Stretch['heads'], fused: boolean): Stretch {
    return { ...this.ref, heads, fused, firstDispatch: this.machine.firstDispatch };
  }

  private lookAfter(afterMs: number): void {
    if (this.handOver.telling.length > 0) this.timers.look(afterMs);
  }

  private look(afterMs: number): void {
    const stretches = this.handOver.telling;
    if (stretches.length === 0) return;
    this.lookAt(stretches);
    // Some may have been joined after everything was asked to stop.
    if (this.book.stopping) this.handOver.cancel();
    this.lookAfter(Math.min(lastLookMs, 2 * afterMs));
  }

  /** Hears of what has ended in stretches that are not over. */
  private lookAt(stretches: readonly OpenStretch[]): void {
    this.locals.push(async () => {
      const offered = stretches.map(({ pool, heads, fused }) => ({ pool, heads, fused }));
      const report = await this.ask(offered, false, 0, 0);
      this.spend(1 + (report?.ends.length ?? 0) / endsPerRound);
      this.book.hear(report?.ends ?? []);
      return undefined;
    });
  }

  private get isProjected(): boolean {
    return this.projector.idle && !this.projecting;
  }

  private projectSoon(): void {
    if (!this.projector.idle && !this.projecting) this.timers.flush(projectionDelayMs);
  }

  private project(): void {
    if (this.projector.idle || this.projecting) return;
    this.projecting = true;
    this.hasProjected = true;
    this.locals.push(async () => {
      this.spend(1);
      const transitions = this.projector.take();
      await control.project({ ...this.ref, transitions });
      this.projector.projected(transitions);
      this.projecting = false;
      return undefined;
    });
  }

  /** True when the history has grown long, nothing is under way and everything has been projected. */
  private get mayContinueAsNew(): boolean {
    // Ends that the machine has not asked for are found again by rows.
    const rests = this.machine.quiescent && !this.book.isBusy && this.isProjected && this.locals.length === 0;
    return this.spent >= continueAfter && rests && !this.pausing;
  }
}
