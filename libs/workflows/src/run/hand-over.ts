import {
  type RunnerActivities,
  runnerTaskQueue,
  type RunPool,
  type RunRef,
  type StretchReport,
  type StretchStanding,
} from '@millrace/contracts';
import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import { type OpenStretch } from './stretch-book.js';

/** The runner ends a try that takes too long; the server does so only when the runner does not. */
const timeoutGraceMs = 60_000;
const longestMs = 30 * 24 * 60 * 60 * 1_000;

/** A runner's answer, or that there is none. */
export interface Answer {
  readonly stretch: OpenStretch;
  /** Identity of the call. */
  readonly hand: Hand;
  readonly report?: StretchReport;
}

/** A call under way that is answered when the stretch is over at its runner. */
export interface Hand {
  /** Absent where it is whichever runner takes it from the queue of the pool. */
  readonly runnerId?: string;
  readonly scope: CancellationScope;
}

/** A runner that has the stretch in hand, and an attempt that is under way there. */
export type LiveAt = Extract<StretchStanding, { state: 'live' }>['runners'][number];

/** Calls of runners: the ways by which stretches are executed or joined that take longer than a moment. */
export class HandOver {
  private readonly hands = new Map<OpenStretch, Set<Hand>>();
  /** Stretches of which a runner did not answer: what became of them is to be found out. */
  private readonly doubtful = new Set<OpenStretch>();

  constructor(
    private readonly ref: RunRef,
    private readonly pools: Readonly<Record<string, RunPool>>,
    private readonly firstDispatch: number,
    private readonly answered: (answer: Answer) => void,
  ) {}

  /** Puts a stretch into the queue of its pool. */
  execute(stretch: OpenStretch, timeoutMs: number): void {
    const pool = this.pools[stretch.pool];
    if (pool === undefined) throw new Error(`the run has no pool ${stretch.pool}`);
    const { heads, fused } = stretch;
    const { ref, firstDispatch } = this;
    const { executeStretch } = runnerActivities(pool.taskQueue, timeoutMs, { heartbeatTimeout: '10 seconds' });
    this.call(stretch, undefined, () => executeStretch({ ...ref, heads, fused, firstDispatch }));
  }

  /** Joins a stretch at the runners that have it in hand. */
  attach(stretch: OpenStretch, runners: readonly LiveAt[], timeoutMs: number): void {
    for (const { runnerId, attemptId } of runners) {
      const { attachStretch } = runnerActivities(runnerTaskQueue(runnerId), timeoutMs, {
        heartbeatTimeout: '3 seconds',
        scheduleToStartTimeout: '2 seconds',
      });
      this.call(stretch, runnerId, () => attachStretch({ ...this.ref, runnerId, attemptId }));
    }
  }

  /** Takes note of an answer; false where nobody waits for it any more. */
  take({ stretch, hand, report }: Answer): boolean {
    if (this.hands.get(stretch)?.delete(hand) !== true) return false;
    if (report === undefined) this.doubtful.add(stretch);
    return true;
  }

  /** True once no runner is to answer for the stretch any more. */
  isAnswered(stretch: OpenStretch): boolean {
    return (this.hands.get(stretch)?.size ?? 0) === 0;
  }

  /** True while no runner is to answer for anything. */
  get isIdle(): boolean {
    return this.hands.size === 0;
  }

  /** Forgets a stretch that every runner has answered for; gives whether one of them did not. */
  close(stretch: OpenStretch): { readonly doubtful: boolean } {
    this.hands.delete(stretch);
    return { doubtful: this.doubtful.delete(stretch) };
  }

  /** Nobody waits any more for what a lost runner could say of the stretch; false where it was not waited for. */
  forget(stretch: OpenStretch, runnerId: string): boolean {
    const hands = this.hands.get(stretch);
    let found = false;
    for (const hand of hands ?? []) {
      if (hand.runnerId !== undefined && hand.runnerId !== runnerId) continue;
      hands?.delete(hand);
      hand.scope.cancel();
      found = true;
    }
    if (found) this.doubtful.add(stretch);
    return found;
  }

  /** Stretches under way of which more can be heard than that they are over. */
  get telling(): readonly OpenStretch[] {
    return [...this.hands]
      .filter(([stretch, hands]) => hands.size > 0 && isOfMany(stretch))
      .map(([stretch]) => stretch);
  }

  /** Asks everything to stop; it still answers. */
  cancel(): void {
    for (const hands of this.hands.values()) for (const { scope } of hands) scope.cancel();
  }

  private call(stretch: OpenStretch, runnerId: string | undefined, make: () => Promise<StretchReport>): void {
    const scope = new CancellationScope({ cancellable: true });
    const hand: Hand = { scope, ...(runnerId === undefined ? {} : { runnerId }) };
    this.hands.set(stretch, (this.hands.get(stretch) ?? new Set()).add(hand));
    scope.run(make).then(
      (report) => this.answered({ stretch, hand, report }),
      () => this.answered({ stretch, hand }),
    );
  }
}

function isOfMany({ heads, followers }: OpenStretch): boolean {
  return heads.length + followers.size > 1;
}

function runnerActivities(
  taskQueue: string,
  timeoutMs: number,
  more: { readonly heartbeatTimeout: '3 seconds' | '10 seconds'; readonly scheduleToStartTimeout?: '2 seconds' },
) {
  return proxyActivities<RunnerActivities>({
    taskQueue,
    // Retries belong to the plan; an activity that is retried by the server would be neither seen nor priced.
    retry: { maximumAttempts: 1 },
    startToCloseTimeout: Math.min(longestMs, timeoutMs + timeoutGraceMs),
    // Cancelled means that the process group is gone, not that somebody was told.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...more,
  });
}
