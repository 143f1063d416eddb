import { type ProjectionBatch, type RunRef, type Transition } from '@millrace/contracts';

/** Transitions in one batch at most, so that a projection is a short transaction. */
const batchSize = 1_000;

/**
 * Hands transitions on in order, in batches, one batch at a time: what gathers while one is under way becomes the
 * next.
 */
export class Projector {
  private pending: Transition[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly ref: RunRef,
    private readonly project: (batch: ProjectionBatch) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(transitions: readonly Transition[]): void {
    this.pending.push(...transitions);
  }

  /** True when something waits and no batch is under way. */
  get due(): boolean {
    return this.pending.length > 0 && this.running === undefined;
  }

  get idle(): boolean {
    return this.pending.length === 0 && this.running === undefined;
  }

  /** Starts the next batch, if one is due; returns without waiting for it. */
  flush(): void {
    if (!this.due) return;
    const transitions = this.pending.slice(0, batchSize);
    this.pending = this.pending.slice(batchSize);
    this.running = this.project({ ...this.ref, transitions }).then(
      () => {
        this.running = undefined;
      },
      (error: unknown) => this.onFailure(error),
    );
  }

  /** Resolves once everything has been projected. */
  async drain(): Promise<void> {
    while (!this.idle) {
      this.flush();
      await this.running;
    }
  }
}
