import { recordAttemptUsage } from '@millrace/billing';
import type { PoolSize, Stretch, StretchReport } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { type EndedAttempt, loseLeases } from '../adapters/pg/pg-attempt-end.js';
import { lockAdmission, readInstance } from '../adapters/pg/pg-attempt-lease.js';
import { readStretchAttempts } from '../adapters/pg/pg-stretch.js';
import type { InstanceFacts, VersionSource } from '../attempt-lease.js';
import { endsOf, isWithin, scopeOf } from '../stretch-scope.js';

/**
 * Says how a stretch ended that gave no answer: with the ends that were committed after all, or now, as `lost`. Heads that
 * nobody began are left open: the workflow orders them anew under the next number, which outdates this one.
 */
export class SettleStretch {
  constructor(private readonly versions: VersionSource) {}

  async execute(tx: TenantTransaction, stretch: Omit<Stretch, 'tenantId'>): Promise<StretchReport> {
    // A begin of one of its attempts may be under way: it is either seen here or sees what is written here.
    await lockAdmission(tx);
    const [first] = stretch.heads;
    const facts = await readInstance(tx, { runId: stretch.runId, taskId: first?.taskId ?? '', mapIndex: -1 });
    const { plan } = await this.versions.get(tx, facts.versionId);
    const scope = scopeOf(plan, stretch);
    const ids = [...scope.tasks];
    const live = (await readStretchAttempts(tx, stretch.runId, ids)).filter(
      (attempt) => attempt.state === 'leased' && isWithin(scope, attempt),
    );
    await loseAttempts(
      tx,
      live.map(({ id }) => id),
      'worker_lost',
    );
    // An end, which needs no lock, may have come between the two statements.
    return { ends: endsOf(scope, await readStretchAttempts(tx, stretch.runId, ids)) };
  }
}

/**
 * Ends live leases as lost, with the ledger row of 0 that says so: those of one runner where it is named. Those that ended
 * meanwhile keep their end.
 */
export async function loseAttempts(
  tx: TenantTransaction,
  attemptIds: readonly string[],
  reason: string,
  runnerId?: string,
): Promise<readonly EndedAttempt[]> {
  const lost = await loseLeases(tx, attemptIds, reason, runnerId);
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
