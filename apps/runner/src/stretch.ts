import type { DispatchRef, Head, StretchEnd } from '@millrace/contracts';
import { type AttemptEnd, type BeginReply, beginReply, type Follower, type Offer } from '@millrace/contracts/wire';
import { Attempt, AttemptDropped, type AttemptParts, type Instance } from './attempt.js';
import type { AttemptSlots, HeldSlot } from './attempt-slots.js';
import { patienceMs, shortMs, StretchWork } from './stretch-work.js';

/** Another lane takes another sandbox, and its boot as much CPU as some tens of small tasks: less work waits for a lane. */
const laneWorthMs = 20;

/** An attempt that this runner holds the lease of. */
export interface LeasedAttempt {
  readonly instance: Instance;
  readonly offer: Offer;
}

/** How a stretch was handed over. */
export interface StretchOrigin {
  readonly runId: string;
  readonly heads: readonly Head[];
  readonly firstDispatch: number;
}

/** What became of a stretch at this runner, or of a part of it. */
export interface StretchOutcome {
  readonly ends: readonly StretchEnd[];
  /** The last attempt that was dropped, if any was: the platform settles it. */
  readonly dropped?: AttemptDropped;
  /** Present where it is not over: an attempt of it, and what it was to begin and will not. */
  readonly live?: { readonly attemptId: string; readonly returned: readonly DispatchRef[] };
}

export interface StretchHandlers {
  /** The stretch has this attempt in hand from now on. */
  readonly onAttempt: (attemptId: string) => void;
}

/**
 * Work that was handed to this runner as one: attempts executed back to back on one or more lanes. The end of one and
 * the lease of the next are one request.
 */
export class RunnerStretch {
  /** Settles when no lane is left; never rejects. */
  readonly done: Promise<StretchOutcome>;
  private readonly work: StretchWork;
  private readonly ends: StretchEnd[] = [];
  private readonly running = new Map<string, { readonly attempt: Attempt; readonly since: number }>();
  private lanes = 0;
  /** When the platform may have a slot again under the plan's limit. */
  private noLaneBefore = 0;
  /** The first attempt: names the stretch. */
  private firstId: string | undefined;
  private dropped: AttemptDropped | undefined;
  private cancelled: string | undefined;
  private givenUp = false;
  private isOver = false;
  private settle: (outcome: StretchOutcome) => void = () => undefined;
  /** Those who wait for what there is to tell before it is over. */
  private listeners: ((outcome: StretchOutcome) => void)[] = [];
  private telling: NodeJS.Immediate | undefined;
  /** How many of the ends have been told early. */
  private told = 0;
  private endedAt = 0;
  private hasStoppedLane = false;
  private isBranchOver = false;
  private readonly watching: NodeJS.Timeout;
  private growing: NodeJS.Timeout | undefined;

  constructor(
    private readonly origin: StretchOrigin,
    private readonly parts: AttemptParts,
    private readonly slots: AttemptSlots,
    private readonly handlers: StretchHandlers,
  ) {
    this.work = new StretchWork(origin.heads, origin.firstDispatch);
    this.done = new Promise((resolve) => (this.settle = resolve));
    this.watching = setInterval(() => this.watch(), patienceMs).unref();
  }

  /** Attempts under way. */
  get count(): number {
    return this.running.size;
  }

  /** Begins with an attempt that is leased already, in the slot. */
  start(first: LeasedAttempt, followers: readonly Follower[], slot: HeldSlot): void {
    this.firstId = first.offer.attemptId;
    this.work.follow(followers);
    this.openLane(slot, first);
    this.grow();
  }

  /** Takes the next head, for whoever begins the stretch. */
  takeFirst(): Head | undefined {
    return this.work.take();
  }

  /** It had ended already when it was to begin. */
  noteEnded(head: Head, reply: Extract<BeginReply, { outcome: 'ended' }>): void {
    const { state, retryable, reason, fence } = reply;
    this.record(head, { state, retryable, ...(reason === undefined ? {} : { reason }), fence });
  }

  /** Nothing of it is, or will be, under way. */
  finish(): void {
    clearInterval(this.watching);
    clearTimeout(this.growing);
    this.work.stop();
    this.isOver = true;
    this.listeners = [];
    this.settle({ ends: this.ends, ...(this.dropped === undefined ? {} : { dropped: this.dropped }) });
  }

  /** Settles when there is something to tell: it is over, it leaves something to the run, or one branch is long over. */
  hear(): Promise<StretchOutcome> {
    if (this.isOver) return this.done;
    const early = new Promise<StretchOutcome>((resolve) => this.listeners.push(resolve));
    this.tellSoon();
    return Promise.race([this.done, early]);
  }

  /** Opens more lanes while there is more to do than lanes do, there are slots, and it is worth a sandbox. */
  grow(): void {
    while (this.lanes > 0 && this.work.ready > 0 && performance.now() >= this.noLaneBefore) {
      if (!this.isWorthALane()) {
        this.growLater();
        break;
      }
      const slot = this.slots.tryTake();
      if (slot === undefined) break;
      const head = this.work.take();
      if (head === undefined) slot.release();
      else this.openLane(slot, head);
    }
    this.dropLate();
    this.tellSoon();
  }

  /** TERM, grace, KILL for what runs; nothing more begins. */
  cancel(reason: string): void {
    this.cancelled ??= reason;
    this.work.stop();
    for (const { attempt } of this.running.values()) attempt.cancel(reason);
  }

  /** The platform waits for this stretch no longer; see `Attempt.giveUp`. */
  giveUp(): void {
    this.givenUp = true;
    this.work.stop();
    for (const { attempt } of this.running.values()) attempt.giveUp();
  }

  /** Kills what runs and says nothing more about it. */
  drop(why: AttemptDropped): void {
    this.work.stop();
    for (const { attempt } of this.running.values()) attempt.drop(why);
  }

  /** What runs goes on; nothing more begins. */
  stop(): void {
    this.work.stop();
    this.dropLate();
    this.tellSoon();
  }

  /** A lane that is busy for longer than others took says that the guess was wrong. */
  private isWorthALane(): boolean {
    let longest = 0;
    for (const { since } of this.running.values()) longest = Math.max(longest, performance.now() - since);
    return longest >= laneWorthMs || this.work.backlogMs / this.lanes >= laneWorthMs;
  }

  private growLater(): void {
    this.growing ??= setTimeout(() => {
      this.growing = undefined;
      this.grow();
    }, laneWorthMs + 1);
  }

  private openLane(slot: HeldSlot, first: LeasedAttempt | Head): void {
    this.lanes += 1;
    void this.lane(first)
      .catch((error: unknown) => this.noteDropped(error))
      .finally(() => {
        this.lanes -= 1;
        this.hasStoppedLane = true;
        slot.release();
        if (this.lanes === 0) this.finish();
      });
  }

  private async lane(first: LeasedAttempt | Head): Promise<void> {
    for (let next: LeasedAttempt | Head | undefined = first; next !== undefined;) {
      if ('offer' in next) next = await this.execute(next);
      else next = this.begun(next, await this.begin(next));
      this.grow();
    }
  }

  private begin(head: Head): Promise<BeginReply> {
    const { runId } = this.origin;
    const { taskId, mapIndex, dispatch, try: tryNumber } = head;
    const stretch = this.firstId === undefined ? {} : { stretch: this.firstId };
    const question = { type: 'begin', runId, taskId, mapIndex, dispatch, try: tryNumber, ...stretch } as const;
    return this.parts.gateway.ask({ ...question, fused: true }, beginReply);
  }

  /** What the lane does after the answer about `head`. */
  private begun(head: Head, reply: BeginReply): LeasedAttempt | Head | undefined {
    switch (reply.outcome) {
      case 'leased':
        return { instance: { ...head, runId: this.origin.runId }, offer: reply.offer };
      case 'ended':
        this.noteEnded(head, reply);
        return this.work.take();
      case 'superseded':
        return this.work.take();
      case 'wait':
        // Other lanes may still come to it; without any, the run orders it anew.
        this.work.putBack(head);
        this.noLaneBefore = performance.now() + reply.afterMs;
        return undefined;
    }
  }

  /** Executes an attempt to its acknowledged end; gives what the lane does next. */
  private async execute({ instance, offer }: LeasedAttempt): Promise<LeasedAttempt | Head | undefined> {
    const attempt = new Attempt(instance, offer, this.parts);
    const since = performance.now();
    let wanted: Head | undefined;
    const choose = (end: AttemptEnd): Head | undefined => {
      this.dropLate();
      wanted = this.work.takeAfter(instance, end.state === 'succeeded');
      return wanted;
    };
    this.running.set(offer.attemptId, { attempt, since });
    this.handlers.onAttempt(offer.attemptId);
    if (this.cancelled !== undefined) attempt.cancel(this.cancelled);
    else if (this.givenUp) attempt.giveUp();
    try {
      const { end, next } = await attempt.execute(choose);
      this.running.delete(offer.attemptId);
      this.work.took(performance.now() - since, end.wallMs);
      const { state, retryable, reason } = end;
      this.record(instance, { state, retryable, ...(reason === undefined ? {} : { reason }), fence: offer.fence });
      if (wanted === undefined) return this.work.take();
      return next === undefined ? wanted : this.begun(wanted, next);
    } catch (error) {
      if (wanted !== undefined) this.work.putBack(wanted);
      throw error;
    } finally {
      this.running.delete(offer.attemptId);
    }
  }

  private record(instance: Head | Instance, end: Omit<StretchEnd, 'taskId' | 'mapIndex' | 'dispatch'>): void {
    const { taskId, mapIndex, dispatch } = instance;
    this.ends.push({ taskId, mapIndex, dispatch, ...end });
    this.endedAt = performance.now();
    if (end.state === 'succeeded') this.work.hasSucceeded(instance);
  }

  private noteDropped(error: unknown): void {
    const { runId } = this.origin;
    const dropped =
      error instanceof AttemptDropped
        ? error
        : new AttemptDropped('platform_fault', error instanceof Error ? error.message : String(error));
    this.dropped = dropped;
    this.parts.log.warn({ err: error, runId, stretch: this.firstId, reason: dropped.reason }, 'an attempt was dropped');
  }

  private dropLate(): void {
    let stillLong = 0;
    for (const { since } of this.running.values()) if (performance.now() - since > shortMs) stillLong += 1;
    this.work.dropLate(stillLong);
  }

  private watch(): void {
    this.dropLate();
    // What has ended may be what others wait for, who are not executed here.
    const isQuiet = performance.now() - this.endedAt >= patienceMs;
    if (this.hasStoppedLane && isQuiet && this.ends.length > this.told) this.isBranchOver = true;
    this.tellSoon();
  }

  /** Tells what there is to tell early, unless it is over in this very turn. */
  private tellSoon(): void {
    if (this.listeners.length === 0 || !(this.work.hasDropped || this.isBranchOver)) return;
    this.telling ??= setImmediate(() => {
      this.telling = undefined;
      this.tell();
    });
  }

  private tell(): void {
    // What was dropped or cancelled is settled as a whole, once it is over.
    const isTroubled = this.dropped !== undefined || this.cancelled !== undefined || this.givenUp;
    const [attemptId = this.firstId] = this.running.keys();
    if (this.isOver || isTroubled || attemptId === undefined || !(this.work.hasDropped || this.isBranchOver)) return;
    const ends = this.ends.slice(this.told);
    this.told = this.ends.length;
    this.isBranchOver = false;
    this.hasStoppedLane = false;
    const returned = this.work.takeDropped();
    for (const listener of this.listeners.splice(0)) listener({ ends, live: { attemptId, returned } });
  }
}
