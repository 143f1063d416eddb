import { followersOf } from '@millrace/contracts';
import type { OfferedStretchFrame } from '@millrace/contracts/wire';
import type { TenantTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { readInstance } from '../adapters/pg/pg-attempt-lease.js';
import { takeOffered } from '../adapters/pg/pg-stretch.js';
import type { InstanceFacts, Lease, PinnedVersion, VersionSource } from '../attempt-lease.js';
import type { AttemptWork, WorkSource } from '../attempt-work.js';
import type { KnownRuns } from '../known-runs.js';
import { grantHash, newGrant, resolveOrRefuse, taskOf } from './begin-attempt.js';
import { failUnbegun } from './lease-next.js';

/** A lease that is to be pushed to its runner, with everything that the frame needs. */
export interface OfferToPush {
  readonly runId: string;
  readonly lease: Lease;
  readonly facts: InstanceFacts;
  readonly version: PinnedVersion;
  readonly work: AttemptWork;
  readonly try: number;
  readonly stretch: Omit<OfferedStretchFrame, 'offer'>;
}

/** Makes the offer of a lease that somebody else has made for a runner. */
export class OfferAttempt {
  constructor(
    private readonly versions: VersionSource,
    private readonly works: WorkSource,
    private readonly runs: KnownRuns,
  ) {}

  /** `undefined` where there is nothing to offer: it was offered already, it is over, or its input cannot be made. */
  async execute(
    tx: TenantTransaction,
    request: { readonly attemptId: string; readonly runnerId: string },
  ): Promise<OfferToPush | undefined> {
    const { attemptId, runnerId } = request;
    const grant = newGrant(attemptId);
    const taken = await takeOffered(tx, { attemptId, runnerId, grantHash: grantHash(grant) });
    if (taken === undefined) return undefined;
    const { runId, taskId, mapIndex, dispatch, fence } = taken;
    const facts = this.runs.get(tx, runId) ?? (await readInstance(tx, taken));
    this.runs.remember(tx, runId, facts);
    const version = await this.versions.get(tx, facts.versionId);
    const task = taskOf(version, taken);
    const pool = facts.pools[task.pool];
    if (pool?.poolId !== taken.poolId) throw new Error(`attempt ${attemptId} was leased in another pool`);
    await tx.query('savepoint before_work');
    const work = await resolveOrRefuse(this.works, tx, { runId, taskId, mapIndex, attemptId, facts, version });
    if (work instanceof DomainError) {
      await tx.query('rollback to savepoint before_work');
      await failUnbegun(tx, { ...taken, runnerId, facts, version, error: work });
      return undefined;
    }
    const heads = taken.heads.map(({ taskId, mapIndex, dispatch, try: tried }) => ({
      taskId,
      mapIndex,
      dispatch,
      try: tried,
    }));
    return {
      runId,
      lease: { attemptId, fence, grant, poolId: pool.poolId, size: pool.size },
      facts,
      version,
      work,
      try: taken.try,
      stretch: {
        runId,
        first: { taskId, mapIndex, dispatch },
        heads,
        followers: taken.fused ? followersFor(version, [taskId, ...heads.map((head) => head.taskId)]) : [],
        firstDispatch: taken.firstDispatch,
      },
    };
  }
}

/** What may follow these tasks, as the runner is told. */
export function followersFor({ plan }: PinnedVersion, headIds: readonly string[]): OfferedStretchFrame['followers'] {
  return followersOf(plan, headIds).map(({ id, needs }) => ({ taskId: id, needs: [...needs] }));
}
