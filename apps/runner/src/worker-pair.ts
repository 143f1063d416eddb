import type { RunnableWorker } from '@millrace/temporal';

/**
 * Two workers of one connection that live and end as one: the pool's queue, and the runner's own, where a run joins
 * what the runner has in hand.
 */
export class WorkerPair implements RunnableWorker {
  private running: Promise<void> = Promise.resolve();

  /**
   * @param lastOnes settles when nobody has anything to join any more; asked once the pool's worker has ended. Undefined
   *   where another pair takes over.
   */
  constructor(
    private readonly pool: RunnableWorker,
    private readonly own: RunnableWorker,
    private readonly lastOnes: () => Promise<void> | undefined,
  ) {}

  getState(): ReturnType<RunnableWorker['getState']> {
    return this.pool.getState() === 'RUNNING' ? this.own.getState() : this.pool.getState();
  }

  async run(): Promise<void> {
    this.running = this.pool.run();
    const own = this.own.run();
    try {
      await Promise.all([this.running, own]);
    } catch (error) {
      // One without the other is of no use.
      for (const worker of [this.pool, this.own]) stop(worker);
      await Promise.allSettled([this.running, own]);
      throw error;
    }
  }

  shutdown(): void {
    stop(this.pool);
    const endOwn = (): void => stop(this.own);
    const lastOnes = this.lastOnes();
    if (lastOnes === undefined) endOwn();
    else void Promise.allSettled([this.running, lastOnes]).then(endOwn);
  }
}

function stop(worker: RunnableWorker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
