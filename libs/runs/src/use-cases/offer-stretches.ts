import type { OfferedStretch, OfferRound, OfferRoundReport, StretchStanding } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { lockAdmission, readInstance } from '../adapters/pg/pg-attempt-lease.js';
import {
  type FirstLease,
  insertFirstLeases,
  isToBeCancelled,
  readRoom,
  readStretchAttempts,
} from '../adapters/pg/pg-stretch.js';
import type { InstanceFacts, PinnedVersion, VersionSource } from '../attempt-lease.js';
import type { KnownRuns } from '../known-runs.js';
import { divide, firstLease, slotsLeft, type StretchToLease } from './lease-stretch.js';
import { countOutside, endsOf, scopeOf, standingOf } from '../stretch-scope.js';
import { loseAttempts } from './settle-stretch.js';

/** Tells how stretches stand by the rows, settles what is lost of them, and leases what has not begun where there is room. */
export class OfferStretches {
  constructor(
    private readonly versions: VersionSource,
    private readonly runs: KnownRuns,
    /** Whether runners are offered work; else everything goes through the queues of the pools. */
    private readonly offers: boolean,
  ) {}

  /** One look, in one transaction. @throws DomainError `run.not_found` */
  async execute(
    tx: TenantTransaction,
    round: Omit<OfferRound, 'tenantId' | 'waitMs' | 'outside'>,
  ): Promise<OfferRoundReport> {
    const { facts, version } = await this.runOf(tx, round.runId);
    const scopes = round.stretches.map((stretch) => scopeOf(version.plan, stretch));
    const ids = [...new Set(scopes.flatMap(({ tasks }) => [...tasks]))];
    // In this order: an end that a cancellation has caused is not seen without it.
    const [first, cancelRequested] = await Promise.all([
      readStretchAttempts(tx, round.runId, ids),
      isToBeCancelled(tx, round.runId),
    ]);
    let attempts = first;
    if (attempts.some((attempt) => attempt.runnerIsGone && attempt.state === 'leased')) {
      const gone = attempts.filter((attempt) => attempt.runnerIsGone && attempt.state === 'leased');
      await loseAttempts(
        tx,
        gone.map(({ id }) => id),
        'worker_lost',
      );
      attempts = await readStretchAttempts(tx, round.runId, ids);
    }
    const standings = scopes.map((scope) => standingOf(scope, attempts));
    const unbegun = round.stretches.filter((_, at) => standings[at] === undefined);
    const leased =
      round.lease && this.offers && !cancelRequested
        ? await this.lease(tx, round, unbegun, facts, version)
        : new Map<OfferedStretch, readonly FirstLease[]>();
    const told = scopes.map((scope) => ({ scope, ends: endsOf(scope, attempts) }));
    return {
      ...(cancelRequested ? { cancelRequested } : {}),
      ends: told.flatMap(({ ends }) => ends),
      outside: told.reduce((sum, { scope, ends }) => sum + countOutside(version.plan, scope, ends), 0),
      standings: round.stretches.map((stretch, at): StretchStanding => {
        const standing = standings[at];
        if (standing !== undefined) return standing;
        const made = leased.get(stretch);
        if (made === undefined) return { state: 'no_room' };
        return { state: 'live', runners: made.map(({ runnerId, id }) => ({ runnerId, attemptId: id })) };
      }),
    };
  }

  private async runOf(
    tx: TenantTransaction,
    runId: string,
  ): Promise<{ readonly facts: InstanceFacts; readonly version: PinnedVersion }> {
    const facts = this.runs.get(tx, runId) ?? (await readInstance(tx, { runId, taskId: '', mapIndex: -1 }));
    this.runs.remember(tx, runId, facts);
    return { facts, version: await this.versions.get(tx, facts.versionId) };
  }

  private async lease(
    tx: TenantTransaction,
    round: Omit<OfferRound, 'tenantId' | 'waitMs' | 'outside'>,
    unbegun: readonly OfferedStretch[],
    facts: InstanceFacts,
    version: PinnedVersion,
  ): Promise<ReadonlyMap<OfferedStretch, readonly FirstLease[]>> {
    const made = new Map<OfferedStretch, readonly FirstLease[]>();
    for (const pool of new Set(unbegun.map((stretch) => stretch.pool))) {
      const poolId = facts.pools[pool]?.poolId;
      if (poolId === undefined) continue;
      const [, room] = await Promise.all([lockAdmission(tx), readRoom(tx, poolId, round.runId)]);
      // Whoever came first and waits goes first.
      if (room.others || room.runners.length === 0) continue;
      const stretches = unbegun.filter((stretch) => stretch.pool === pool);
      const plans = divide(stretches, room.runners, slotsLeft(facts, room.slotsInUse));
      const fences = await this.fencesOf(tx, round.runId, [...plans.keys()]);
      const wanted = [...plans].map(([stretch, planned]): [OfferedStretch, readonly FirstLease[]] => {
        const whole: StretchToLease = { ...stretch, runId: round.runId, firstDispatch: round.firstDispatch, fences };
        return [stretch, planned.map((one) => firstLease(one, whole, facts, version, 'offered'))];
      });
      const rows = wanted.flatMap(([, leases]) => leases);
      if (rows.length === 0) continue;
      const ids = await insertFirstLeases(tx, rows);
      for (const [stretch, leases] of wanted) {
        const own = leases.filter(({ id }) => ids.has(id));
        if (own.length > 0) made.set(stretch, own);
      }
    }
    return made;
  }

  /** Under the lock of the admission: nobody leases one of these meanwhile but by the end of another in its lane. */
  private async fencesOf(
    tx: TenantTransaction,
    runId: string,
    stretches: readonly OfferedStretch[],
  ): Promise<ReadonlyMap<string, number>> {
    const heads = stretches.flatMap((stretch) => stretch.heads);
    // A first dispatch has no attempt before it.
    if (heads.every(({ dispatch }) => dispatch === 1)) return new Map();
    const attempts = await readStretchAttempts(tx, runId, [...new Set(heads.map(({ taskId }) => taskId))]);
    return new Map(attempts.map(({ taskId, mapIndex, fence }) => [`${taskId} ${mapIndex}`, fence]));
  }
}
