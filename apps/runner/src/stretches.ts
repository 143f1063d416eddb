import type { Stretch, StretchReport } from '@millrace/contracts';
import { type BeginReply, beginReply, fencedReply, type OfferedStretchFrame } from '@millrace/contracts/wire';
import { AttemptDropped, type AttemptParts } from './attempt.js';
import type { AttemptSlots, HeldSlot } from './attempt-slots.js';
import { RunnerStretch, type StretchOutcome } from './stretch.js';

/** How long what is over is remembered, and how long an offer that came too late is. */
const rememberMs = 60_000;
/** An offer and the activity that joins it may overtake each other. */
const lateOfferMs = 100;
/** How long an offer may wait for a slot. */
const slotPatienceMs = 150;
const takesNothing = 'the runner takes nothing new';
const tooLate = 'the offer came too late';

/** Nobody has offered this runner the attempt, and nobody can any more. */
export class UnknownStretch extends Error {
  override readonly name = 'UnknownStretch';
}

/** The stretches of this runner: under way, and those that are over for a moment longer. */
export class Stretches {
  private readonly live = new Set<RunnerStretch>();
  private readonly byAttempt = new Map<string, RunnerStretch>();
  /** Attempts that must not begin any more, by when that was decided. */
  private readonly tombstones = new Map<string, number>();
  private readonly awaited = new Map<string, Set<() => void>>();
  /** Offers that wait a moment for a slot, and activities of which nothing has begun. */
  private readonly offers = new Map<string, AbortController>();
  private readonly beginning = new Set<AbortController>();
  private isLeaving = false;
  private idleWaiters: (() => void)[] = [];
  /** Stretches that are over, in that order. */
  private past: { readonly attemptIds: readonly string[]; readonly at: number }[] = [];

  constructor(
    private readonly parts: AttemptParts,
    private readonly slots: AttemptSlots,
    private readonly buriesLateOffers = true,
  ) {}

  /** Attempts under way. */
  get count(): number {
    let count = 0;
    for (const stretch of this.live) count += stretch.count;
    return count;
  }

  /** Takes what the gateway offers, or declines it. */
  offered(frame: OfferedStretchFrame): void {
    const { attemptId } = frame.offer;
    // Offered again after the connection was lost.
    if (this.byAttempt.has(attemptId) || this.offers.has(attemptId)) return;
    const slot = this.isLeaving || this.tombstones.has(attemptId) ? undefined : this.slots.tryTake();
    if (slot === undefined) void this.offeredLate(frame);
    else this.begin(frame, slot);
  }

  /** The platform may know that an attempt has ended here before its lane does: its slot is free in a moment. */
  private async offeredLate(frame: OfferedStretchFrame): Promise<void> {
    const { runId, offer } = frame;
    const { attemptId, fence } = offer;
    const stopping = new AbortController();
    const timer = setTimeout(() => stopping.abort(new Error('no slot is free')), slotPatienceMs);
    this.offers.set(attemptId, stopping);
    try {
      if (this.isLeaving) throw new Error(takesNothing);
      if (this.tombstones.has(attemptId)) throw new Error(tooLate);
      const slot = await this.slots.take(stopping.signal);
      if (!this.tombstones.has(attemptId)) {
        this.begin(frame, slot);
        return;
      }
      slot.release();
      throw new Error(tooLate);
    } catch (error) {
      this.decline({ runId, attemptId, fence }, error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      this.offers.delete(attemptId);
    }
  }

  private begin({ runId, first, offer, heads, followers, firstDispatch }: OfferedStretchFrame, slot: HeldSlot): void {
    const { attemptId } = offer;
    const stretch = this.open({ runId, heads, firstDispatch });
    stretch.start({ instance: { runId, ...first }, offer }, followers, slot);
    const waiting = this.awaited.get(attemptId);
    this.awaited.delete(attemptId);
    for (const tell of waiting ?? []) tell();
  }

  /**
   * Executes a stretch of the pool's queue; gives what there is to tell of it first.
   * @param begun told of the stretch as soon as there is something to stop
   * @throws AttemptDropped where nothing of it could begin.
   */
  async execute(
    input: Stretch,
    scheduledAtMs: number,
    cancellation: AbortSignal,
    begun: (stretch: RunnerStretch) => void,
  ): Promise<StretchOutcome> {
    const stopping = new AbortController();
    const { signal } = stopping;
    const stop = (): void => stopping.abort(new Error('cancelled'));
    cancellation.addEventListener('abort', stop);
    this.beginning.add(stopping);
    if (this.isLeaving || cancellation.aborted) stop();
    let slot: HeldSlot | undefined;
    let stretch: RunnerStretch | undefined;
    try {
      slot = await this.slots.take(signal);
      stretch = this.open(input);
      const { runId, fused } = input;
      for (let head = stretch.takeFirst(); head !== undefined; head = stretch.takeFirst()) {
        const { taskId, mapIndex, dispatch, try: tryNumber } = head;
        const question = { type: 'begin', runId, taskId, mapIndex, dispatch, try: tryNumber, fused } as const;
        const reply = await this.askForFirst({ ...question, scheduledAtMs }, signal);
        if (reply.outcome === 'ended') stretch.noteEnded(head, reply);
        if (reply.outcome !== 'leased') continue;
        const { offer, followers = [] } = reply;
        begun(stretch);
        stretch.start({ instance: { ...head, runId }, offer }, followers, slot);
        slot = undefined;
        return await stretch.hear();
      }
      stretch.finish();
      return await stretch.done;
    } catch (error) {
      stretch?.finish();
      if (signal.aborted && !(error instanceof AttemptDropped)) throw abortedBefore(this.isLeaving);
      throw error;
    } finally {
      cancellation.removeEventListener('abort', stop);
      this.beginning.delete(stopping);
      slot?.release();
    }
  }

  /** The stretch that has, or had, the attempt. @throws UnknownStretch; from then on it never will have it. */
  async find(attemptId: string): Promise<RunnerStretch> {
    const known = this.byAttempt.get(attemptId) ?? (await this.awaitOffer(attemptId));
    if (known !== undefined) return known;
    this.forgetOld();
    if (this.buriesLateOffers) this.tombstones.set(attemptId, performance.now());
    throw new UnknownStretch('this runner has no such attempt');
  }

  /** Stops an attempt, since its run was cancelled: the rest of its stretch stops with it. */
  cancel(attemptId: string, reason: string): void {
    this.offers.get(attemptId)?.abort(new Error(reason));
    const stretch = this.byAttempt.get(attemptId);
    if (stretch !== undefined && this.live.has(stretch)) stretch.cancel(reason);
  }

  /** Lets stretches open more lanes in slots that are free. */
  grow(): void {
    for (const stretch of this.live) stretch.grow();
  }

  /** Nothing new begins; what runs goes on. */
  leave(): void {
    this.isLeaving = true;
    for (const stopping of [...this.beginning, ...this.offers.values()]) stopping.abort(new Error(takesNothing));
    for (const stretch of this.live) stretch.stop();
  }

  dropAll(why: AttemptDropped): void {
    for (const stretch of this.live) stretch.drop(why);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.live.size > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  private open(origin: Pick<Stretch, 'runId' | 'heads' | 'firstDispatch'>): RunnerStretch {
    const attemptIds: string[] = [];
    const stretch: RunnerStretch = new RunnerStretch(origin, this.parts, this.slots, {
      onAttempt: (attemptId) => {
        attemptIds.push(attemptId);
        this.byAttempt.set(attemptId, stretch);
      },
    });
    this.live.add(stretch);
    void stretch.done.then(() => {
      this.live.delete(stretch);
      this.past.push({ attemptIds, at: performance.now() });
      this.forgetOld();
      if (this.live.size === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
    });
    return stretch;
  }

  /** No slot may be free under the plan's limit: asks until there is one. */
  private async askForFirst(
    question: Parameters<AttemptParts['gateway']['ask']>[0],
    signal: AbortSignal,
  ): Promise<Exclude<BeginReply, { outcome: 'wait' }>> {
    for (;;) {
      const reply = await this.parts.gateway.ask(question, beginReply);
      if (reply.outcome !== 'wait') return reply;
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, reply.afterMs * (0.75 + Math.random() / 2)));
    }
  }

  private awaitOffer(attemptId: string): Promise<RunnerStretch | undefined> {
    return new Promise((resolve) => {
      const waiting = this.awaited.get(attemptId) ?? new Set();
      const tell = (): void => {
        clearTimeout(timer);
        waiting.delete(tell);
        if (waiting.size === 0) this.awaited.delete(attemptId);
        resolve(this.byAttempt.get(attemptId));
      };
      const timer = setTimeout(tell, lateOfferMs);
      this.awaited.set(attemptId, waiting.add(tell));
    });
  }

  private decline(lease: { runId: string; attemptId: string; fence: number }, reason: string): void {
    this.parts.log.info({ attemptId: lease.attemptId, reason }, 'an offer was declined');
    this.parts.gateway.ask({ type: 'decline', ...lease, reason }, fencedReply).catch((error: unknown) => {
      this.parts.log.warn({ err: error, attemptId: lease.attemptId }, 'an offer could not be declined');
    });
  }

  private forgetOld(): void {
    const before = performance.now() - rememberMs;
    while ((this.past[0]?.at ?? Infinity) < before) {
      for (const attemptId of this.past.shift()?.attemptIds ?? []) this.byAttempt.delete(attemptId);
    }
    for (const [attemptId, at] of this.tombstones) if (at < before) this.tombstones.delete(attemptId);
  }
}

/** The report of a stretch. @throws AttemptDropped where the platform has to look for what became of it. */
export function reportOf({ ends, dropped, live }: StretchOutcome, runnerId: string): StretchReport {
  if (live !== undefined) return { ends, live: { runnerId, ...live } };
  if (dropped !== undefined) throw dropped;
  if (ends.length > 0) return { ends };
  throw new AttemptDropped('superseded', 'a newer dispatch exists, or the run is over');
}

function abortedBefore(isLeaving: boolean): AttemptDropped {
  return isLeaving
    ? new AttemptDropped('handed_back', 'the runner stops; nothing of the stretch has begun')
    : new AttemptDropped('cancelled', 'cancelled while it waited for a slot');
}
