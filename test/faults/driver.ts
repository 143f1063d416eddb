import { appendFileSync } from 'node:fs';
import type { HttpClient } from '@millrace/clients';
import type { Random } from './random.js';
import type { Acknowledged } from './verdict.js';
import { mixture } from './workload.js';

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again and again until there is something, at most this long. */
export async function until<T>(
  limitMs: number,
  look: () => Promise<T | undefined>,
  everyMs = 100,
): Promise<T | undefined> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(everyMs);
  }
  return undefined;
}

/** Starts runs, keeps some of them going, and writes each acknowledged one down at once. */
export class Driver {
  readonly acknowledged: Acknowledged[] = [];
  private stopped = false;
  private failure: unknown;
  private readonly lanes: Promise<void>[] = [];

  constructor(
    private readonly client: HttpClient,
    private readonly random: Random,
    private readonly recorder: string,
    private readonly log: string,
  ) {}

  start(inFlight: number): void {
    for (let lane = 0; lane < inFlight; lane += 1) {
      this.lanes.push(
        this.lane().catch((error: unknown) => {
          this.failure ??= error;
        }),
      );
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.lanes);
    if (this.failure !== undefined) throw this.failure as Error;
  }

  /** Triggers a run and writes it down once it is acknowledged. */
  async trigger(pipeline: string): Promise<string> {
    const params = { recorder: this.recorder, ms: Math.round(this.random.between(1000, 3000)) };
    const run = await this.client.post<{ id: string }>(`/v1/pipelines/${pipeline}/runs`, { params });
    this.acknowledged.push({ runId: run.id, pipeline });
    appendFileSync(this.log, `${JSON.stringify({ runId: run.id, pipeline })}\n`, { flush: true });
    return run.id;
  }

  /** Waits until every acknowledged run has ended, at most this long. */
  async drained(limitMs: number): Promise<void> {
    const end = Date.now() + limitMs;
    for (const run of this.acknowledged) await this.ended(run.runId, () => Date.now() > end);
  }

  private async lane(): Promise<void> {
    while (!this.stopped) {
      const runId = await this.trigger(this.random.pick(mixture));
      await this.ended(runId, () => this.stopped);
    }
  }

  /** Waits for the end of a run, or until told to give up. */
  private async ended(runId: string, giveUp: () => boolean): Promise<boolean> {
    while (!giveUp()) {
      const run = await this.client.get<{ state: string }>(`/v1/runs/${runId}`);
      if (!['queued', 'running'].includes(run.state)) return true;
      await sleep(100);
    }
    return false;
  }
}
