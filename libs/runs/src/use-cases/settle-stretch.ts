import { recordAttemptUsage } from '@millrace/billing';
import type { AttemptOutcome, PoolSize } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { newId } from '@millrace/kernel';
import { type EndedAttempt, loseLeases } from '../adapters/pg/pg-attempt-end.js';
import { insertStillborn, lockAdmission, readInstance } from '../adapters/pg/pg-attempt-lease.js';
import type { DispatchRef, InstanceFacts, VersionSource } from '../attempt-lease.js';

/**
 * Says how a dispatch ended that gave no answer: with the end that was committed after all, or now, as `lost`. A
 * dispatch that nobody took is closed by a lost attempt too, so that one who takes it late is refused.
 */
export class SettleDispatch {
  constructor(private readonly versions: VersionSource) {}

  async execute(tx: TenantTransaction, ref: DispatchRef): Promise<AttemptOutcome> {
    // A begin of this dispatch may be under way: it is either seen here or sees what is written here.
    await lockAdmission(tx);
    const facts = await readInstance(tx, ref);
    const attempt = facts.attempts.find((one) => one.dispatch === ref.dispatch);
    if (attempt === undefined) return this.close(tx, ref, facts);
    const [lost] = attempt.state === 'leased' ? await loseAttempts(tx, [attempt.id], 'worker_lost') : [];
    if (lost !== undefined) return lostOutcome(lost.fence);
    // An end that needs no lock may have come between the two statements.
    const last = (await readInstance(tx, ref)).attempts.find((one) => one.id === attempt.id) ?? attempt;
    return {
      state: last.state === 'leased' ? 'lost' : last.state,
      retryable: last.retryable ?? false,
      ...(last.reason === null ? {} : { reason: last.reason }),
      fence: last.fence,
    };
  }

  private async close(tx: TenantTransaction, ref: DispatchRef, facts: InstanceFacts): Promise<AttemptOutcome> {
    const fence = Math.max(0, ...facts.attempts.map((one) => one.fence)) + 1;
    const { plan } = await this.versions.get(tx, facts.versionId);
    const task = plan.tasks.find((one) => one.id === ref.taskId);
    const pool = task === undefined ? undefined : facts.pools[task.pool];
    // A newer dispatch closes the older ones by itself.
    if (task === undefined || pool === undefined || facts.attempts.some((one) => one.dispatch > ref.dispatch)) {
      return lostOutcome(fence - 1);
    }
    const row = {
      runId: ref.runId,
      taskId: ref.taskId,
      mapIndex: ref.mapIndex,
      dispatch: ref.dispatch,
      id: newId('attempt'),
      fence,
      try: 1,
      maxTries: task.retry.maxAttempts,
      poolId: pool.poolId,
      runnerId: null,
      size: pool.size,
    };
    await insertStillborn(tx, { ...row, state: 'lost', reason: 'never_begun', retryable: true, error: null });
    recordStillborn(tx, facts, row, 'platform_fault');
    return { ...lostOutcome(fence), reason: 'never_begun' };
  }
}

function lostOutcome(fence: number): AttemptOutcome {
  return { state: 'lost', retryable: true, reason: 'worker_lost', fence };
}

/** Ends live leases as lost, with the ledger row of 0 that says so. Those that ended meanwhile keep their end. */
export async function loseAttempts(
  tx: TenantTransaction,
  attemptIds: readonly string[],
  reason: string,
): Promise<readonly EndedAttempt[]> {
  const lost = await loseLeases(tx, attemptIds, reason);
  recordAttemptUsage(
    tx,
    lost.map((attempt) => ({
      ...attempt,
      category: 'platform_fault',
      wallMs: 0,
      started: attempt.started,
      firstStart: false,
    })),
  );
  return lost;
}

interface StillbornRow {
  readonly id: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly size: PoolSize;
}

/** The ledger row of 0 of an attempt that never held anything. */
export function recordStillborn(
  tx: TenantTransaction,
  facts: InstanceFacts,
  row: StillbornRow,
  category: 'failed' | 'platform_fault',
): void {
  recordAttemptUsage(tx, [
    {
      attemptId: row.id,
      runId: row.runId,
      taskId: row.taskId,
      mapIndex: row.mapIndex,
      pipelineId: facts.pipelineId,
      environmentId: facts.environmentId,
      size: row.size,
      category,
      wallMs: 0,
      started: false,
      firstStart: false,
      runCreatedAt: facts.runCreatedAt,
    },
  ]);
}

/** Ends all live leases of a run as lost; for a run whose workflow is gone. Gives how many there were. */
export async function loseLeasesOfRun(tx: TenantTransaction, runId: string, reason: string): Promise<number> {
  await lockAdmission(tx);
  const rows = await tx.query<{ id: string }>(
    `select id from attempts where tenant_id = $1 and run_id = $2 and state = 'leased'`,
    [tx.tenantId, runId],
  );
  return (
    await loseAttempts(
      tx,
      rows.map((row) => row.id),
      reason,
    )
  ).length;
}
