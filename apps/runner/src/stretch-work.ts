import type { DispatchRef, Head } from '@millrace/contracts';
import type { Follower } from '@millrace/contracts/wire';

/** An attempt shorter than this costs less than handing it to somebody else. */
export const shortMs = 200;
/** For so long a stretch may sit on work that it has not begun. */
export const patienceMs = 1_000;
/** What it takes from the work of one attempt to that of the next on a lane whose sandbox is warm. */
const changeMs = 3;

interface Waiting {
  readonly follower: Follower;
  readonly missing: Set<string>;
}

/** What a stretch may begin next: heads that are ready, then tasks whose needs have all succeeded within it. */
export class StretchWork {
  private readonly heads: Head[];
  /** Followers that lack something, by each of the tasks that they lack. */
  private readonly waiting = new Map<string, Set<Waiting>>();
  private readonly readyFollowers = new Map<string, Follower>();
  /** Those that were taken, for the case that they are put back. */
  private readonly taken = new Map<string, Follower>();
  private readonly succeeded = new Set<string>();
  private readonly since = performance.now();
  private shortOnes = 0;
  private longOnes = 0;
  private workedMs = 0;
  private stopped = false;
  private readonly dropped: DispatchRef[] = [];

  constructor(
    heads: readonly Head[],
    private readonly firstDispatch: number,
  ) {
    this.heads = heads.map(({ taskId, mapIndex, dispatch, try: number }) => ({
      taskId,
      mapIndex,
      dispatch,
      try: number,
    }));
  }

  /** Adds what may follow; a task that needs nothing follows nothing. */
  follow(followers: readonly Follower[]): void {
    for (const follower of followers) {
      const missing = new Set(follower.needs.filter((need) => !this.succeeded.has(need)));
      const entry = { follower, missing };
      for (const need of missing) this.waiting.set(need, (this.waiting.get(need) ?? new Set()).add(entry));
      if (missing.size === 0 && follower.needs.length > 0) this.readyFollowers.set(follower.taskId, follower);
    }
  }

  /** How much could begin right now. */
  get ready(): number {
    return this.stopped ? 0 : this.heads.length + this.readyFollowers.size;
  }

  /** Takes what is to begin next. */
  take(): Head | undefined {
    if (this.stopped) return undefined;
    const head = this.heads.shift();
    if (head !== undefined) return head;
    const [follower] = this.readyFollowers.values();
    return follower && this.takeFollower(follower);
  }

  /** Takes what is to begin next in the lane of an attempt that is about to end: it may follow this very attempt. */
  takeAfter(ending: { readonly taskId: string; readonly mapIndex: number }, succeeds: boolean): Head | undefined {
    const next = this.take();
    if (next !== undefined || this.stopped || !succeeds || ending.mapIndex >= 0) return next;
    for (const { follower, missing } of this.waiting.get(ending.taskId) ?? []) {
      if (missing.size === 1 && !this.taken.has(follower.taskId)) return this.takeFollower(follower);
    }
    return undefined;
  }

  /** It was not begun after all: another lane may. */
  putBack(head: Head): void {
    const follower = this.taken.get(head.taskId);
    if (follower === undefined) {
      this.heads.unshift(head);
      return;
    }
    this.taken.delete(head.taskId);
    if (follower.needs.every((need) => this.succeeded.has(need))) this.readyFollowers.set(head.taskId, follower);
  }

  /** An instance has succeeded: what needs it may follow. */
  hasSucceeded({ taskId, mapIndex }: { readonly taskId: string; readonly mapIndex: number }): void {
    if (mapIndex >= 0) return;
    this.succeeded.add(taskId);
    for (const { follower, missing } of this.waiting.get(taskId) ?? []) {
      missing.delete(taskId);
      if (missing.size === 0 && !this.taken.has(follower.taskId)) this.readyFollowers.set(follower.taskId, follower);
    }
    this.waiting.delete(taskId);
  }

  /** How long one lane would be busy with what is ready: milliseconds, as far as the attempts so far tell. */
  get backlogMs(): number {
    const count = this.shortOnes + this.longOnes;
    return this.ready * (changeMs + (count === 0 ? 0 : this.workedMs / count));
  }

  /** An attempt occupied its lane for so long, and its code worked for so long of it. */
  took(ms: number, workedMs: number): void {
    this.workedMs += workedMs;
    if (ms < shortMs) this.shortOnes += 1;
    else this.longOnes += 1;
  }

  /**
   * Long tasks are better off wherever there is room: from a second after the beginning on, what is ready and not begun
   * is left to the run, which orders it anew. Not so where the attempts are mostly short. Once it is stopped, everything.
   * @param stillLong attempts under way that are not short any more
   */
  dropLate(stillLong: number): void {
    const isLate = performance.now() - this.since >= patienceMs && this.shortOnes <= this.longOnes + stillLong;
    if (!isLate && !this.stopped) return;
    this.dropped.push(...this.heads.splice(0));
    for (const follower of this.readyFollowers.values()) this.dropped.push(this.takeFollower(follower));
  }

  /** True where something was dropped that `takeDropped` has not given yet. */
  get hasDropped(): boolean {
    return this.dropped.length > 0;
  }

  /** What was dropped since it was last asked. */
  takeDropped(): readonly DispatchRef[] {
    return this.dropped.splice(0).map(({ taskId, mapIndex, dispatch }) => ({ taskId, mapIndex, dispatch }));
  }

  /** Nothing more begins. */
  stop(): void {
    this.stopped = true;
  }

  private takeFollower(follower: Follower): Head {
    const { taskId } = follower;
    this.readyFollowers.delete(taskId);
    this.taken.set(taskId, follower);
    return { taskId, mapIndex: -1, dispatch: this.firstDispatch, try: 1 };
  }
}
