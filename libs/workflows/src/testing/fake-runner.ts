import {
  type AttachStretch,
  type AttemptOutcome,
  type DispatchRef,
  followersOf,
  type Head,
  type OfferedStretch,
  type OfferRound,
  type OfferRoundReport,
  type RunPlan,
  type Stretch,
  type StretchEnd,
  type StretchReport,
  type StretchStanding,
} from '@millrace/contracts';

/** What a runner executes. */
export interface FakeAttempt extends Head {
  /** Aborted when the attempt is to stop. */
  readonly signal: AbortSignal;
  readonly way: 'offered' | 'queued';
}

interface Row extends DispatchRef {
  end?: AttemptOutcome;
}

/** One stretch in a runner's hands. */
interface Work {
  readonly scope: Scope;
  readonly controller: AbortController;
  readonly report: Promise<StretchReport>;
  /** It said early what it leaves to the run. */
  hasTold: boolean;
}

interface Scope extends Pick<Stretch, 'heads' | 'fused' | 'firstDispatch'> {
  readonly followers: readonly { readonly id: string; readonly needs: readonly string[] }[];
}

interface Behaviour {
  readonly execute: (attempt: FakeAttempt) => Promise<AttemptOutcome>;
  readonly settle: (ref: DispatchRef) => AttemptOutcome | undefined;
}

/** A runner and the rows that tell of its attempts, in memory: stretches are executed as a real one executes them. */
export class FakeRunner {
  readonly begun: Head[] = [];
  /** Attempts at once. */
  lanes = 8;
  /** Whether a runner has room for a stretch that is offered. */
  hasRoom: (stretch: OfferedStretch) => boolean = () => true;
  /** False for heads that are given back and not begun. */
  begins: (head: Head) => boolean = () => true;
  /** Called for what is heartbeaten. */
  heartbeat: () => void = () => undefined;
  /** Activities are cancelled by this. */
  cancelled: () => Promise<never> = () => new Promise<never>(() => undefined);
  /** When activities answer early, if a stretch leaves something to the run: milliseconds. */
  tellsAfterMs = Infinity;
  readonly rounds: OfferRound[] = [];
  readonly executed: Stretch[] = [];
  private stopped = false;
  private readonly rows = new Map<string, Row>();
  private readonly works = new Set<Work>();
  private readonly wakers = new Set<() => void>();

  constructor(
    private readonly plan: RunPlan,
    private readonly runnerId: string,
    private readonly behaviour: Behaviour,
  ) {}

  /** Begins a stretch before its workflow knows of it, as a direct start does. */
  startDirectly(heads: readonly Head[]): void {
    this.begin({ heads, fused: true, firstDispatch: 1 }, 'offered');
  }

  /** Stops everything under way, as the gateway does when a run is to be cancelled. */
  stopAll(): void {
    this.stopped = true;
    for (const { controller } of this.works) controller.abort();
  }

  async offer(round: OfferRound): Promise<OfferRoundReport> {
    this.rounds.push(round);
    const began = performance.now();
    for (;;) {
      const report = this.look(round);
      const waitedMs = performance.now() - began;
      const states = report.standings.map(({ state }) => state);
      if (waitedMs >= round.waitMs || states.includes('over') || !states.includes('live')) {
        return { ...report, waitedMs: Math.round(waitedMs), ...(this.stopped ? { cancelRequested: true } : {}) };
      }
      await this.somethingHappens(round.waitMs - waitedMs);
    }
  }

  async execute(stretch: Stretch): Promise<StretchReport> {
    this.executed.push(stretch);
    if (stretch.heads.every((head) => this.isSuperseded(head))) throw new Error('newer dispatches exist');
    return this.untilCancelled(this.begin(stretch, 'queued'));
  }

  async attach({ attemptId }: AttachStretch): Promise<StretchReport> {
    const work = [...this.works].find(({ scope }) => this.live(scope).some((row) => keyOf(row) === attemptId));
    // It ended between the look and the call: the runner still knows how.
    if (work === undefined) return { ends: [...this.rows.values()].flatMap(endOf) };
    return this.untilCancelled(work);
  }

  settle(stretch: Stretch): StretchReport {
    const scope = this.scopeOf(stretch);
    for (const row of this.live(scope)) row.end = this.behaviour.settle(row) ?? lost;
    for (const head of stretch.heads) {
      if (this.rows.has(instanceKey(head))) continue;
      const end = this.behaviour.settle(head);
      if (end !== undefined) this.rows.set(instanceKey(head), { ...head, end });
    }
    this.happened();
    return { ends: this.ends(scope) };
  }

  private look(round: OfferRound): OfferRoundReport {
    const standings = round.stretches.map((stretch): StretchStanding => {
      const scope = this.scopeOf({ ...stretch, firstDispatch: round.firstDispatch });
      const begun = scope.heads.some((head) => this.rows.get(instanceKey(head))?.dispatch === head.dispatch);
      if (!begun) {
        const isLate = stretch.heads.every((head) => this.isSuperseded(head));
        if (!round.lease || isLate || this.stopped || !this.hasRoom(stretch)) return { state: 'no_room' };
        this.begin({ ...stretch, firstDispatch: round.firstDispatch }, 'offered');
      }
      const [row] = this.live(scope);
      if (row === undefined) return { state: 'over' };
      return { state: 'live', runners: [{ runnerId: this.runnerId, attemptId: keyOf(row) }] };
    });
    const ends = round.stretches.flatMap((one) =>
      this.ends(this.scopeOf({ ...one, firstDispatch: round.firstDispatch })),
    );
    return { ends, standings };
  }

  private begin(stretch: Pick<Stretch, 'heads' | 'fused' | 'firstDispatch'>, way: FakeAttempt['way']): Work {
    const scope = this.scopeOf(stretch);
    const controller = new AbortController();
    const queue = scope.heads.filter((head) => this.begins(head) && !this.isSuperseded(head));
    const lane = async (): Promise<void> => {
      for (let next = this.next(scope, queue, controller); next !== undefined;) {
        const row = this.lease(next);
        this.begun.push(next);
        const end = await this.behaviour.execute({ ...next, signal: controller.signal, way });
        // Settled meanwhile: the lease is not this runner's any more.
        if (row.end !== undefined) return;
        row.end = end;
        // The end and what follows it are one step.
        next = this.next(scope, queue, controller);
        if (next !== undefined) this.lease(next);
        this.happened();
      }
    };
    const lanes = Array.from({ length: Math.min(this.lanes, Math.max(1, queue.length)) }, lane);
    const report = Promise.all(lanes).then(() => ({ ends: this.ends(scope) }));
    const work: Work = { scope, controller, report, hasTold: false };
    this.works.add(work);
    report.catch(() => undefined);
    return work;
  }

  private lease({ taskId, mapIndex, dispatch }: DispatchRef): Row {
    const known = this.rows.get(instanceKey({ taskId, mapIndex }));
    if (known?.dispatch === dispatch) return known;
    const row: Row = { taskId, mapIndex, dispatch };
    // The newest comes last.
    this.rows.delete(instanceKey(row));
    this.rows.set(instanceKey(row), row);
    return row;
  }

  private next(scope: Scope, queue: Head[], { signal }: AbortController): Head | undefined {
    if (signal.aborted) return undefined;
    const head = queue.shift();
    if (head !== undefined) return head;
    const follower = scope.followers.find(
      ({ id, needs }) =>
        !this.rows.has(`${id}/-1`) && needs.every((need) => this.rows.get(`${need}/-1`)?.end?.state === 'succeeded'),
    );
    return follower && { taskId: follower.id, mapIndex: -1, dispatch: scope.firstDispatch, try: 1 };
  }

  private async untilCancelled(work: Work): Promise<StretchReport> {
    const beat = setInterval(this.heartbeat, 100);
    this.cancelled().catch(() => work.controller.abort());
    let early: NodeJS.Timeout | undefined;
    try {
      if (work.hasTold || this.tellsAfterMs === Infinity) return await work.report;
      return await Promise.race([
        work.report,
        new Promise<StretchReport>((resolve) => {
          early = setTimeout(() => {
            // Else it is over, and says so itself in a moment.
            if (this.live(work.scope).length > 0) resolve(this.tell(work));
          }, this.tellsAfterMs);
        }),
      ]);
    } finally {
      clearInterval(beat);
      clearTimeout(early);
    }
  }

  private tell(work: Work): StretchReport {
    work.hasTold = true;
    const [row] = this.live(work.scope);
    if (row === undefined) throw new Error('a stretch that is over has answered');
    const returned = work.scope.heads.filter((head) => !this.rows.has(instanceKey(head)));
    return { ends: this.ends(work.scope), live: { runnerId: this.runnerId, attemptId: keyOf(row), returned } };
  }

  private scopeOf(stretch: Pick<Stretch, 'heads' | 'fused' | 'firstDispatch'>): Scope {
    const { heads, fused, firstDispatch } = stretch;
    const followers = fused ? followersOf(this.plan, new Set(heads.map(({ taskId }) => taskId))) : [];
    return { heads, fused, firstDispatch, followers };
  }

  private isWithin({ heads, followers }: Scope, { taskId, mapIndex, dispatch }: DispatchRef): boolean {
    const head = heads.find((one) => one.taskId === taskId && one.mapIndex === mapIndex);
    return head === undefined ? followers.some(({ id }) => id === taskId) : head.dispatch === dispatch;
  }

  private isSuperseded(head: DispatchRef): boolean {
    return (this.rows.get(instanceKey(head))?.dispatch ?? 0) > head.dispatch;
  }

  private live(scope: Scope): Row[] {
    return [...this.rows.values()].filter((row) => row.end === undefined && this.isWithin(scope, row));
  }

  private ends(scope: Scope): StretchEnd[] {
    return [...this.rows.values()].filter((row) => this.isWithin(scope, row)).flatMap(endOf);
  }

  private happened(): void {
    for (const wake of this.wakers) wake();
    this.wakers.clear();
  }

  private somethingHappens(maxMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, maxMs);
      this.wakers.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

const lost: AttemptOutcome = { state: 'lost', retryable: true, reason: 'worker_lost', fence: 1 };

function endOf({ taskId, mapIndex, dispatch, end }: Row): StretchEnd[] {
  return end === undefined ? [] : [{ taskId, mapIndex, dispatch, ...end }];
}

function keyOf({ taskId, mapIndex, dispatch }: DispatchRef): string {
  return `${taskId}/${mapIndex}/${dispatch}`;
}

function instanceKey({ taskId, mapIndex }: { readonly taskId: string; readonly mapIndex: number }): string {
  return `${taskId}/${mapIndex}`;
}
