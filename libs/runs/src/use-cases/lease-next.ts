import type { TenantTransaction } from '@millrace/database';
import { DomainError, newId } from '@millrace/kernel';
import { endLease } from '../adapters/pg/pg-attempt-end.js';
import { readInstance } from '../adapters/pg/pg-attempt-lease.js';
import { insertNextLease, type NextLease } from '../adapters/pg/pg-stretch.js';
import type { DispatchRef, InstanceFacts, PinnedVersion, RunnerIdentity, VersionSource } from '../attempt-lease.js';
import type { WorkSource } from '../attempt-work.js';
import type { KnownRuns } from '../known-runs.js';
import { type BeginAttempt, type BeginResult, grantHash, newGrant, resolveOrRefuse, taskOf } from './begin-attempt.js';
import { recordStillborn } from './settle-stretch.js';

export interface NextRequest extends DispatchRef {
  readonly try: number;
  readonly runner: RunnerIdentity;
  /** The attempt that ends in the same transaction. */
  readonly ended: NextLease['ended'];
}

/** Leases what a lane executes next, in the transaction that ends what it executed before: one commit for both. */
export class LeaseNext {
  constructor(
    private readonly versions: VersionSource,
    private readonly works: WorkSource,
    private readonly runs: KnownRuns,
    private readonly begin: BeginAttempt,
  ) {}

  /**
   * Called behind the statement of the end, which need not have been answered yet.
   * @throws DomainError `task.not_found`, `attempt.wrong_pool` where the request makes no sense.
   */
  async execute(tx: TenantTransaction, request: NextRequest): Promise<BeginResult> {
    const facts = this.runs.get(tx, request.runId) ?? (await readInstance(tx, request));
    this.runs.remember(tx, request.runId, facts);
    const version = await this.versions.get(tx, facts.versionId);
    const task = taskOf(version, request);
    const pool = facts.pools[task.pool];
    if (pool?.poolId !== request.runner.poolId) {
      throw new DomainError('forbidden', 'attempt.wrong_pool', `task "${task.id}" belongs to another pool`);
    }
    const attemptId = newId('attempt');
    const grant = newGrant(attemptId);
    // One behind the other, without waiting for an answer in between.
    const leasing = insertNextLease(tx, {
      ...refOf(request),
      id: attemptId,
      ended: request.ended,
      runnerId: request.runner.runnerId,
      try: request.try,
      maxTries: task.retry.maxAttempts,
      grantHash: grantHash(grant),
      // What the workflow has decided to begin is ready; what follows is so when its needs have succeeded.
      needs: task.fuse === 'follows' ? task.needs : [],
    });
    const resolving = resolveOrRefuse(this.works, tx, { ...refOf(request), attemptId, facts, version });
    const [fence, work] = await Promise.all([leasing, resolving]);
    if (fence === undefined) return { outcome: 'superseded' };
    if (work instanceof DomainError) return this.refuse(tx, request, { attemptId, fence, facts, version, error: work });
    const lease = { attemptId, fence, grant, poolId: pool.poolId, size: pool.size };
    return { outcome: 'leased', lease, facts, version, work };
  }

  /** The end was committed before and its answer got lost: the lease that was made with it, once more. */
  repeat(tx: TenantTransaction, request: NextRequest): Promise<BeginResult> {
    const { runner, ended } = request;
    return this.begin.execute(tx, { ...refOf(request), runner, try: request.try, stretchId: ended.attemptId });
  }

  private async refuse(
    tx: TenantTransaction,
    request: NextRequest,
    made: {
      readonly attemptId: string;
      readonly fence: number;
      readonly facts: InstanceFacts;
      readonly version: PinnedVersion;
      readonly error: DomainError;
    },
  ): Promise<BeginResult> {
    await failUnbegun(tx, { ...made, ...refOf(request), runnerId: request.runner.runnerId });
    return { outcome: 'ended', state: 'failed', reason: 'input_error', retryable: false, fence: made.fence };
  }
}

export interface UnbegunAttempt extends DispatchRef {
  readonly attemptId: string;
  readonly fence: number;
  readonly runnerId: string;
  readonly facts: InstanceFacts;
  readonly version: PinnedVersion;
  readonly error: DomainError;
}

/** Ends a lease whose input could not be made: the author's to mend, at no cost. */
export async function failUnbegun(tx: TenantTransaction, attempt: UnbegunAttempt): Promise<void> {
  const { attemptId, fence, runnerId, runId, facts, error } = attempt;
  const ended = await endLease(
    tx,
    { runId, attemptId, fence, runnerId },
    {
      state: 'failed',
      reason: 'input_error',
      retryable: false,
      error: { name: error.name, message: error.message },
      endedAtMs: Date.now(),
      wallMs: 0,
      cpuMs: 0,
      peakRssBytes: 0,
      lastLogSeq: 0,
    },
    'on',
  );
  if (ended === undefined) return;
  const { taskId, mapIndex, size } = ended;
  recordStillborn(tx, facts, { id: attemptId, runId, taskId, mapIndex, size }, 'failed');
}

function refOf({ runId, taskId, mapIndex, dispatch }: DispatchRef): DispatchRef {
  return { runId, taskId, mapIndex, dispatch };
}
