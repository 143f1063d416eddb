import { isTerminalTaskState, type Transition } from '@millrace/contracts';

/** Transitions in one batch at most, so that a projection is a short transaction. */
const batchSize = 1_000;

/** What is still to be projected, in order. */
export class Projector {
  private pending: Transition[] = [];
  /** Tasks whose end or size is known from their rows alone, by the sequence number that is still to be projected. */
  private readonly unseen = new Map<string, number>();

  add(transitions: readonly Transition[]): void {
    this.pending.push(...transitions);
    for (const transition of transitions) {
      if (transition.kind === 'task' && isOnlyInRows(transition)) this.unseen.set(transition.taskId, transition.seq);
    }
  }

  get idle(): boolean {
    return this.pending.length === 0;
  }

  /** True while expressions that look at one of these tasks would see an old state. */
  hides(taskIds: Iterable<string>): boolean {
    if (this.unseen.size === 0) return false;
    for (const id of taskIds) if (this.unseen.has(id)) return true;
    return false;
  }

  get hidesAny(): boolean {
    return this.unseen.size > 0;
  }

  /** The next batch; it counts as projected when `projected` was told. */
  take(): readonly Transition[] {
    const batch = this.pending.slice(0, batchSize);
    this.pending = this.pending.slice(batchSize);
    return batch;
  }

  projected(batch: readonly Transition[]): void {
    const upTo = batch.at(-1)?.seq ?? 0;
    for (const [taskId, seq] of this.unseen) if (seq <= upTo) this.unseen.delete(taskId);
  }
}

/** What an attempt did is committed with its end; skips, waits and the sizes of mapped tasks are known here alone. */
function isOnlyInRows(transition: Extract<Transition, { kind: 'task' }>): boolean {
  return transition.mapLength !== undefined || (transition.dispatch === 0 && isTerminalTaskState(transition.state));
}
