import { continueAsNew, log, proxyLocalActivities, sleep } from '@temporalio/workflow';

/** Where the reconciler goes on; empty at the beginning of a pass. */
export interface ReconcileCursor {
  readonly tenantId: string;
  readonly runId: string;
}

/** Control activities of the maintenance workflow. Idempotent, each call a bounded piece of work. */
export interface MaintenanceActivities {
  /** Ends runs whose workflow is gone; gives the place to go on from, or nothing when the pass is over. */
  reconcileRuns(after: ReconcileCursor | null): Promise<ReconcileCursor | null>;
  /** Lets queued runs go whose turn came while nobody looked. */
  releaseHeldRuns(): Promise<void>;
  /** Takes new rows of the ledgers into the chains of their organizations. */
  sealLedgers(): Promise<void>;
  expireIdempotencyKeys(): Promise<void>;
}

export interface MaintenanceInput {
  readonly intervalMs: number;
  readonly cursor?: ReconcileCursor | null;
  readonly round?: number;
}

const activities = proxyLocalActivities<MaintenanceActivities>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '2 seconds', maximumAttempts: 3 },
});

const roundsPerExecution = 200;
/** Expiry needs no hurry. */
const slowEvery = 30;

/** The one workflow that keeps the house: it never ends. Its id is `maintenance`. */
export async function maintenance(input: MaintenanceInput): Promise<never> {
  let cursor = input.cursor ?? null;
  let round = input.round ?? 0;
  for (let i = 0; i < roundsPerExecution; i += 1) {
    await attempt('reconcileRuns', async () => {
      cursor = await activities.reconcileRuns(cursor);
    });
    await attempt('releaseHeldRuns', () => activities.releaseHeldRuns());
    await attempt('sealLedgers', () => activities.sealLedgers());
    if (round % slowEvery === 0) {
      await attempt('expireIdempotencyKeys', () => activities.expireIdempotencyKeys());
    }
    round = (round + 1) % slowEvery;
    await sleep(input.intervalMs);
  }
  return continueAsNew<typeof maintenance>({ intervalMs: input.intervalMs, cursor, round });
}

/** One duty that fails must not keep the others from being done. */
async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error('a maintenance duty failed; it comes round again', { duty: name, error: String(error) });
  }
}
