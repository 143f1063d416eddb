import { DomainError } from '@millrace/kernel';

export interface TurnstileLimits {
  /** Pieces of work at once, for all owners together. */
  readonly atOnce: number;
  /** Pieces of work that may wait, for all owners together. */
  readonly waiting: number;
  /** Pieces of work of one owner that may wait or run. */
  readonly perOwner: number;
}

interface Waiting {
  readonly owner: string;
  readonly start: () => void;
}

/** Lets costly work in a few at a time, one of each owner at once, so that nobody can fill it alone. */
export class Turnstile {
  private readonly running = new Set<string>();
  private readonly queue: Waiting[] = [];

  constructor(private readonly limits: TurnstileLimits) {}

  /** Throws `deployment.busy` where the owner, or everybody together, has too much waiting. */
  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    await this.enter(owner);
    try {
      return await work();
    } finally {
      this.running.delete(owner);
      this.next();
    }
  }

  private enter(owner: string): Promise<void> {
    const own = this.queue.filter((waiting) => waiting.owner === owner).length + (this.running.has(owner) ? 1 : 0);
    if (own >= this.limits.perOwner) {
      throw new DomainError(
        'rate_limited',
        'deployment.busy',
        `${own} bundles of this organization are being checked already; wait for one of them`,
        { retryAfterSeconds: 2 },
      );
    }
    if (this.queue.length >= this.limits.waiting) {
      throw new DomainError('unavailable', 'deployment.busy', 'too many bundles are being checked; try again soon', {
        retryAfterSeconds: 5,
      });
    }
    return new Promise((resolve) => {
      this.queue.push({ owner, start: resolve });
      this.next();
    });
  }

  private next(): void {
    if (this.running.size >= this.limits.atOnce) return;
    const index = this.queue.findIndex(({ owner }) => !this.running.has(owner));
    const [chosen] = index < 0 ? [] : this.queue.splice(index, 1);
    if (chosen === undefined) return;
    this.running.add(chosen.owner);
    chosen.start();
  }
}
