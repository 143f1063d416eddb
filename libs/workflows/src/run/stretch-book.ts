import {
  type DispatchRef,
  followersOf,
  type Head,
  type PlanTask,
  type RunPlan,
  type StretchEnd,
} from '@millrace/contracts';
import { type DispatchCommand, type RunEvent } from './events.js';

/** Work for one pool that is handed over as one and not over yet. */
export interface OpenStretch {
  readonly id: number;
  readonly pool: string;
  readonly heads: readonly Head[];
  readonly fused: boolean;
  /** Tasks that may follow the heads. */
  readonly followers: ReadonlySet<string>;
  /** Followers that the machine has ordered meanwhile: they are under way here, or will be. */
  readonly awaited: Map<string, DispatchCommand>;
  /** Followers that its runner leaves to the run. */
  readonly released: Set<string>;
  /** How many of its ends have been heard of. */
  heard: number;
  /** True where one of its attempts was lost or given up, so that heads which come back say nothing of their length. */
  troubled: boolean;
}

/**
 * What the machine has ordered, what is handed over and what is known of it. Runners know ends of tasks that the machine
 * has not ordered yet; they are kept until it has. Pure, like the machine: orders and ends go in, stretches and events
 * come out.
 */
export class StretchBook {
  /** In the order in which they were formed; the fused ones once more apart, since they are few. */
  private readonly open = new Set<OpenStretch>();
  private readonly fused = new Set<OpenStretch>();
  /** The open stretch of each head. */
  private readonly byHead = new Map<string, OpenStretch>();
  /** Dispatches that the machine waits for, by instance. */
  private readonly ordered = new Map<string, DispatchRef>();
  /** The newest dispatch of an instance that anything is known of. */
  private readonly newest = new Map<string, number>();
  private unsent: DispatchCommand[] = [];
  /** Ends that the machine has not asked for yet. */
  private readonly known = new Map<string, StretchEnd>();
  private readonly told = new Set<string>();
  /** Which dispatch of a task succeeded. */
  private readonly succeeded = new Map<string, number>();
  /** Instances that came back because what went before them took long: together with others they would again. */
  private readonly alone = new Set<string>();
  private readonly events: RunEvent[] = [];
  private readonly afterCancel: RunEvent[] = [];
  private cancel: 'no' | 'held' | 'told' = 'no';
  private readonly tasks: ReadonlyMap<string, PlanTask>;
  private formed = 0;

  constructor(
    private readonly plan: RunPlan,
    /** Number of the first dispatch of a task that follows. */
    private readonly firstDispatch: number,
  ) {
    this.tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  }

  get stopping(): boolean {
    return this.cancel !== 'no';
  }

  /** True while something is open or about to be. */
  get isBusy(): boolean {
    return this.open.size > 0 || this.unsent.length > 0 || this.events.length > 0;
  }

  /** What the machine hears next, if there is something. */
  nextEvent(): RunEvent | undefined {
    const event = this.events.shift();
    if (event !== undefined || this.cancel !== 'held' || this.fused.size > 0) return event;
    this.cancel = 'told';
    this.events.push(...this.afterCancel.splice(0));
    return { kind: 'cancel' };
  }

  /** Takes an order of the machine. */
  order(command: DispatchCommand): void {
    const key = keyOf(command);
    this.ordered.set(instanceKey(command), command);
    const end = this.known.get(key);
    if (end !== undefined) {
      this.known.delete(key);
      this.tell(end);
      return;
    }
    if (this.isOutdated(command)) {
      this.giveBack(command);
      return;
    }
    const carrier = this.carrierOf(command);
    if (carrier !== undefined) carrier.awaited.set(key, command);
    else if (this.stopping) this.giveBack(command);
    else this.unsent.push(command);
  }

  /** Waits for the end of a dispatch that was ordered by a workflow before this one. */
  expect(ref: DispatchRef): void {
    this.ordered.set(instanceKey(ref), ref);
  }

  /** Makes stretches of what has been ordered: one for each pool of tasks that may be fused, at most `singles` of others. */
  form(singles: number): readonly OpenStretch[] {
    const unsent = this.unsent.filter((command) => this.isOrdered(command));
    this.unsent = [];
    const formed: OpenStretch[] = [];
    const fused = new Map<string, DispatchCommand[]>();
    for (const command of unsent) {
      if (this.mayBeFused(command)) fused.set(command.pool, [...(fused.get(command.pool) ?? []), command]);
      else if (formed.length < singles) formed.push(this.add(command.pool, [headOf(command)], false));
      else this.unsent.push(command);
    }
    for (const [pool, commands] of fused) formed.push(this.add(pool, commands.map(headOf), true));
    return formed;
  }

  /** Makes several of a stretch of which nothing has begun. */
  split(stretch: OpenStretch, headsEach: number): readonly OpenStretch[] {
    if (stretch.heads.length <= headsEach) return [stretch];
    this.drop(stretch);
    const parts: OpenStretch[] = [];
    for (let at = 0; at < stretch.heads.length; at += headsEach) {
      parts.push(this.add(stretch.pool, stretch.heads.slice(at, at + headsEach), stretch.fused));
    }
    return parts;
  }

  /** Takes ends of attempts, whether heard before or not; gives how many were not. */
  hear(ends: readonly StretchEnd[]): number {
    let fresh = 0;
    for (const end of ends) {
      const key = keyOf(end);
      if (this.told.has(key) || this.known.has(key)) continue;
      fresh += 1;
      const stretch = this.find(end);
      if (stretch !== undefined) {
        stretch.heard += 1;
        stretch.troubled ||= isGivenUp(end);
      }
      if (this.isOrdered(end)) {
        this.tell(end);
        continue;
      }
      this.known.set(key, end);
      const instance = instanceKey(end);
      this.newest.set(instance, Math.max(end.dispatch, this.newest.get(instance) ?? 0));
      // The record is ahead of a workflow task that was made again: what it ordered then is ordered once more.
      const ordered = this.ordered.get(instance);
      if (ordered !== undefined && this.isOutdated(ordered)) this.giveBack(ordered);
    }
    return fresh;
  }

  /** Nothing of the stretch is under way any more: what has no end was not begun. */
  over(stretch: OpenStretch): void {
    if (!this.drop(stretch)) return;
    const unbegun = stretch.heads.filter((head) => this.isOrdered(head));
    for (const head of unbegun) {
      if (stretch.fused && stretch.heads.length > 1 && !stretch.troubled) this.alone.add(instanceKey(head));
      this.giveBack(head);
    }
    for (const command of stretch.awaited.values()) if (this.isOrdered(command)) this.order(command);
  }

  /** The stretch goes on without these, which it was to begin. */
  release(stretch: OpenStretch, refs: readonly DispatchRef[]): void {
    for (const ref of refs) {
      const key = keyOf(ref);
      this.alone.add(instanceKey(ref));
      if (this.byHead.get(key) === stretch) {
        if (this.isOrdered(ref)) this.giveBack(ref);
        continue;
      }
      stretch.released.add(ref.taskId);
      const awaited = stretch.awaited.get(key);
      stretch.awaited.delete(key);
      if (awaited !== undefined && this.isOrdered(awaited)) this.order(awaited);
    }
  }

  /** A dispatch that was expected and never begun. */
  notBegun(ref: DispatchRef): void {
    if (this.isOrdered(ref)) this.giveBack(ref);
  }

  /** The open stretch that an attempt belongs to. */
  find(ref: DispatchRef): OpenStretch | undefined {
    const own = this.byHead.get(keyOf(ref));
    if (own !== undefined || ref.dispatch !== this.firstDispatch) return own;
    // Where a head was repeated in a stretch of its own, what follows it is there.
    return [...this.fused].findLast(
      ({ followers, released }) => followers.has(ref.taskId) && !released.has(ref.taskId),
    );
  }

  /**
   * The run is to be cancelled: nothing is handed over any more. The machine hears of it once everything fused has
   * answered, since tasks that it has not ordered yet may have ended; those ends come first.
   */
  stop(): void {
    if (this.stopping) return;
    this.cancel = 'held';
    for (const command of this.unsent.splice(0)) this.giveBack(command);
  }

  timeoutMs(stretch: OpenStretch): number {
    const of = (taskId: string): number => this.tasks.get(taskId)?.timeoutMs ?? 0;
    let sum = 0;
    for (const { taskId } of stretch.heads) sum += of(taskId);
    for (const taskId of stretch.followers) sum += of(taskId);
    return sum;
  }

  private mayBeFused({ taskId, mapIndex }: DispatchRef): boolean {
    return this.tasks.get(taskId)?.fuse !== undefined && !this.alone.has(instanceKey({ taskId, mapIndex }));
  }

  private add(pool: string, heads: readonly Head[], fused: boolean): OpenStretch {
    const followers = fused ? followersOf(this.plan, new Set(heads.map(({ taskId }) => taskId))) : [];
    this.formed += 1;
    const stretch: OpenStretch = {
      id: this.formed,
      pool,
      heads,
      fused,
      followers: new Set(followers.map(({ id }) => id)),
      awaited: new Map(),
      released: new Set(),
      heard: 0,
      troubled: false,
    };
    this.open.add(stretch);
    if (fused) this.fused.add(stretch);
    for (const head of heads) this.byHead.set(keyOf(head), stretch);
    return stretch;
  }

  private drop(stretch: OpenStretch): boolean {
    for (const head of stretch.heads) this.byHead.delete(keyOf(head));
    this.fused.delete(stretch);
    return this.open.delete(stretch);
  }

  /** The open stretch in which all needs of a task have succeeded, so that the task follows them there. */
  private carrierOf({ taskId, mapIndex, dispatch }: DispatchRef): OpenStretch | undefined {
    const task = this.tasks.get(taskId);
    if (task?.fuse !== 'follows' || mapIndex >= 0 || dispatch !== this.firstDispatch) return undefined;
    for (const stretch of this.fused) {
      if (stretch.released.has(taskId) || !stretch.followers.has(taskId)) continue;
      if (task.needs.every((need) => this.succeededIn(stretch, need))) return stretch;
    }
    return undefined;
  }

  private succeededIn(stretch: OpenStretch, taskId: string): boolean {
    const dispatch = this.succeeded.get(taskId);
    if (dispatch === undefined) return false;
    if (stretch.followers.has(taskId)) return dispatch === this.firstDispatch && !stretch.released.has(taskId);
    return stretch.heads.some((head) => head.taskId === taskId && head.mapIndex < 0 && head.dispatch === dispatch);
  }

  private isOrdered(ref: DispatchRef): boolean {
    return this.ordered.get(instanceKey(ref))?.dispatch === ref.dispatch;
  }

  private isOutdated(ref: DispatchRef): boolean {
    return ref.dispatch < (this.newest.get(instanceKey(ref)) ?? 0);
  }

  private tell(end: StretchEnd): void {
    const { taskId, mapIndex, dispatch, ...outcome } = end;
    this.ordered.delete(instanceKey(end));
    this.told.add(keyOf(end));
    if (end.state === 'succeeded' && mapIndex < 0) this.succeeded.set(taskId, dispatch);
    const event: RunEvent = { kind: 'ended', taskId, mapIndex, dispatch, outcome };
    if (this.cancel === 'held' && isGivenUp(end)) this.afterCancel.push(event);
    else this.events.push(event);
  }

  private giveBack({ taskId, mapIndex, dispatch }: DispatchRef): void {
    const ref = { taskId, mapIndex, dispatch };
    this.ordered.delete(instanceKey(ref));
    (this.cancel === 'held' ? this.afterCancel : this.events).push({ kind: 'returned', ...ref });
  }
}

function isGivenUp({ state }: StretchEnd): boolean {
  return state === 'cancelled' || state === 'lost';
}

function headOf({ taskId, mapIndex, dispatch, try: number }: DispatchCommand): Head {
  return { taskId, mapIndex, dispatch, try: number };
}

function keyOf({ taskId, mapIndex, dispatch }: DispatchRef): string {
  return `${taskId}/${mapIndex}/${dispatch}`;
}

function instanceKey({ taskId, mapIndex }: { readonly taskId: string; readonly mapIndex: number }): string {
  return `${taskId}/${mapIndex}`;
}
