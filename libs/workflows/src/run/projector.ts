import { isTerminalTaskState, type ProjectionBatch, type RunRef, type Transition } from '@millrace/contracts';

/** Transitions in one batch at most, so that a projection is a short transaction. */
const batchSize = 1_000;

/**
 * Hands transitions on in order, in batches, one batch at a time: what gathers while one is under way becomes the
 * next.
 */
export class Projector {
  private pending: Transition[] = [];
  private running: Promise<void> | undefined;
  /** Tasks whose end or size is known from their rows alone, by the sequence number that is still to be projected. */
  private readonly unseen = new Map<string, number>();

  constructor(
    private readonly ref: RunRef,
    private readonly project: (batch: ProjectionBatch) => Promise<void>,
    private readonly on: { readonly progress: () => void; readonly failure: (error: unknown) => void },
  ) {}

  add(transitions: readonly Transition[]): void {
    this.pending.push(...transitions);
    for (const transition of transitions) {
      if (transition.kind === 'task' && isOnlyInRows(transition)) this.unseen.set(transition.taskId, transition.seq);
    }
  }

  /** True when something waits and no batch is under way. */
  get due(): boolean {
    return this.pending.length > 0 && this.running === undefined;
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

  /** Starts the next batch, if one is due; returns without waiting for it. */
  flush(): void {
    if (!this.due) return;
    const transitions = this.pending.slice(0, batchSize);
    this.pending = this.pending.slice(batchSize);
    this.running = this.project({ ...this.ref, transitions }).then(
      () => {
        this.running = undefined;
        this.seen(transitions.at(-1)?.seq ?? 0);
        this.on.progress();
      },
      (error: unknown) => this.on.failure(error),
    );
  }

  /** Resolves once everything has been projected. */
  async drain(): Promise<void> {
    while (this.pending.length > 0 || this.running !== undefined) {
      this.flush();
      await this.running;
    }
  }

  private seen(upTo: number): void {
    for (const [taskId, seq] of this.unseen) if (seq <= upTo) this.unseen.delete(taskId);
  }
}

/** What an attempt did is committed with its end; skips, waits and the sizes of mapped tasks are known here alone. */
function isOnlyInRows(transition: Extract<Transition, { kind: 'task' }>): boolean {
  return transition.mapLength !== undefined || (transition.dispatch === 0 && isTerminalTaskState(transition.state));
}
