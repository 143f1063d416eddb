import { createHash, randomBytes } from 'node:crypto';
import { planOf, sizes } from '@millrace/billing';
import type { AttemptEndState, PlanTask } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, newId } from '@millrace/kernel';
import {
  insertLease,
  insertStillborn,
  lockAdmission,
  readInstance,
  renewGrant,
} from '../adapters/pg/pg-attempt-lease.js';
import { holdStretch } from '../adapters/pg/pg-stretch.js';
import {
  type DispatchRef,
  type InstanceFacts,
  judgeBegin,
  type Lease,
  type PinnedVersion,
  type RunnerIdentity,
  type VersionSource,
} from '../attempt-lease.js';
import type { AttemptWork, WorkRequest, WorkSource } from '../attempt-work.js';
import { KnownRuns } from '../known-runs.js';
import { loseAttempts, recordStillborn } from './settle-stretch.js';

export interface BeginRequest extends DispatchRef {
  readonly runner: RunnerIdentity;
  /** Which try of the retry policy this is, from 1. */
  readonly try: number;
  /** When the run handed the task over, milliseconds since the epoch; for display where the instance's row says nothing. */
  readonly scheduledAtMs?: number | undefined;
  /** The stretch that it joins, by its first attempt. */
  readonly stretchId?: string | undefined;
}

export type BeginResult =
  | {
      readonly outcome: 'leased';
      readonly lease: Lease;
      readonly facts: InstanceFacts;
      readonly version: PinnedVersion;
      readonly work: AttemptWork;
    }
  | {
      readonly outcome: 'ended';
      readonly state: AttemptEndState;
      readonly reason?: string;
      readonly retryable: boolean;
      readonly fence: number;
    }
  | { readonly outcome: 'superseded' }
  | { readonly outcome: 'wait'; readonly afterMs: number; readonly reason: string };

/** How long a runner waits before it asks for a slot again. */
const waitMs = 250;

/**
 * Leases a task instance to a runner: one live lease per instance, a slot under the plan's limit, a fence above all
 * earlier ones, and everything the attempt may know, in one transaction.
 */
export class BeginAttempt {
  constructor(
    private readonly versions: VersionSource,
    private readonly works: WorkSource,
    private readonly runs = new KnownRuns(),
  ) {}

  /** @throws DomainError `run.not_found`, `task.not_found`, `attempt.wrong_pool` where the request makes no sense. */
  async execute(tx: TenantTransaction, request: BeginRequest): Promise<BeginResult> {
    const known = this.runs.get(tx, request.runId);
    const facts = known ?? (await readInstance(tx, request));
    const version = await this.versions.get(tx, facts.versionId);
    const task = taskOf(version, request);
    const pool = facts.pools[task.pool];
    // The queue is a hint; who may execute what is decided by the registered pool of the runner.
    if (pool?.poolId !== request.runner.poolId) {
      throw new DomainError('forbidden', 'attempt.wrong_pool', `task "${task.id}" belongs to another pool`);
    }
    this.runs.remember(tx, request.runId, facts);
    const isLight = readsNothingStored(version, request.taskId);
    const early = known !== undefined && isLight ? undefined : await this.lookFirst(tx, request, known, facts);
    if (early !== undefined && 'outcome' in early) return early;

    const attemptId = early?.attemptId ?? newId('attempt');
    const { work, now, goesOn } = await this.prepare(tx, { ...request, attemptId, facts, version }, isLight);
    const verdict = judgeBegin(now, request.dispatch, request.runner.runnerId);
    const isLate = verdict.kind === 'begin' && !goesOn;
    if (verdict.kind === 'superseded' || verdict.kind === 'ended' || isLate) {
      await tx.query('rollback to savepoint before_work');
      return verdict.kind === 'ended' ? ended(verdict.attempt) : { outcome: 'superseded' };
    }
    const grant = newGrant(attemptId);
    if (verdict.kind === 'again') {
      if (work instanceof DomainError) throw work;
      const { id, fence } = verdict.attempt;
      const own = newGrant(id);
      await renewGrant(tx, id, grantHash(own));
      const lease = { attemptId: id, fence, grant: own, poolId: pool.poolId, size: pool.size };
      return { outcome: 'leased', lease, facts: now, version, work };
    }
    const row = {
      ...dispatchOf(request),
      id: attemptId,
      fence: verdict.nextFence,
      try: request.try,
      maxTries: task.retry.maxAttempts,
      poolId: pool.poolId,
      runnerId: request.runner.runnerId,
      size: pool.size,
      stretchId: request.stretchId ?? null,
    };
    const lost = await loseAttempts(tx, verdict.outdated, 'superseded');
    if (lost.length < verdict.outdated.length) {
      // One of them has ended meanwhile, which needs no lock: the answer may be that end.
      await tx.query('rollback to savepoint before_work');
      return { outcome: 'wait', afterMs: 1, reason: 'an earlier dispatch has just ended' };
    }
    if (work instanceof DomainError) {
      const error = { name: work.name, message: work.message };
      await insertStillborn(tx, { ...row, state: 'failed', reason: 'input_error', retryable: false, error });
      recordStillborn(tx, now, row, 'failed');
      return { outcome: 'ended', state: 'failed', reason: 'input_error', retryable: false, fence: row.fence };
    }
    if (now.slotsInUse - verdict.outdated.length >= limitOf(now)) {
      await tx.query('rollback to savepoint before_work');
      return wait(now);
    }
    insertLease(tx, {
      ...row,
      grantHash: grantHash(grant),
      tier: request.runner.tier,
      scheduledAtMs: request.scheduledAtMs ?? null,
    });
    const lease = { attemptId, fence: row.fence, grant, poolId: pool.poolId, size: pool.size };
    return { outcome: 'leased', lease, facts: now, version, work };
  }

  /** What can be answered without the lock, for those whose work takes a while to resolve. */
  private async lookFirst(
    tx: TenantTransaction,
    request: BeginRequest,
    known: InstanceFacts | undefined,
    read: InstanceFacts,
  ): Promise<BeginResult | { readonly attemptId: string }> {
    const facts = known === undefined ? read : await readInstance(tx, request);
    const early = judgeBegin(facts, request.dispatch, request.runner.runnerId);
    if (early.kind === 'superseded') return { outcome: 'superseded' };
    if (early.kind === 'ended') return ended(early.attempt);
    if (early.kind === 'begin' && early.outdated.length === 0 && isFull(facts)) return wait(facts);
    return { attemptId: early.kind === 'again' ? early.attempt.id : newId('attempt') };
  }

  /**
   * The work, and then the instance as it is under the lock. What resolving wrote (the trail of secret reads) is taken
   * back where the lease is not made after all.
   */
  private async prepare(
    tx: TenantTransaction,
    request: Parameters<WorkSource['resolve']>[1] & BeginRequest,
    isLight: boolean,
  ): Promise<{ readonly work: AttemptWork | DomainError; readonly now: InstanceFacts; readonly goesOn: boolean }> {
    // Sent one behind the other without waiting for an answer in between: the lock is held no longer than that takes.
    const before = tx.query('savepoint before_work');
    const resolving = this.resolve(tx, request);
    // Resolving reads the tenant's whole store and may take a while: then nobody else shall wait for it.
    if (!isLight) await resolving;
    const locked = readLocked(tx, request);
    const { runId, stretchId } = request;
    // What joins a stretch that is over would be seen by nobody.
    const joining = stretchId === undefined ? true : holdStretch(tx, runId, stretchId);
    const [work, now, goesOn] = await Promise.all([resolving, locked, joining, before]);
    return { work, now, goesOn };
  }

  /** The work of an attempt once more, for one who lost it: same version, same rows, same inputs. */
  async workOf(
    tx: TenantTransaction,
    ref: Pick<DispatchRef, 'runId' | 'taskId' | 'mapIndex'> & { readonly attemptId: string },
  ): Promise<{ readonly work: AttemptWork; readonly version: PinnedVersion; readonly facts: InstanceFacts }> {
    const facts = await readInstance(tx, ref);
    const version = await this.versions.get(tx, facts.versionId);
    return { work: await this.works.resolve(tx, { ...ref, facts, version }), version, facts };
  }

  private async resolve(
    tx: TenantTransaction,
    request: Parameters<WorkSource['resolve']>[1],
  ): Promise<AttemptWork | DomainError> {
    return resolveOrRefuse(this.works, tx, request);
  }
}

/** The work, or the mistake of the author that it cannot be made for. */
export async function resolveOrRefuse(
  works: WorkSource,
  tx: TenantTransaction,
  request: WorkRequest,
): Promise<AttemptWork | DomainError> {
  try {
    return await works.resolve(tx, request);
  } catch (error) {
    if (error instanceof DomainError && isAuthorsFault(error)) return error;
    throw error;
  }
}

async function readLocked(tx: TenantTransaction, request: BeginRequest): Promise<InstanceFacts> {
  const [, now] = await Promise.all([lockAdmission(tx), readInstance(tx, request)]);
  return now;
}

/** True where the work follows from the run alone: nothing is decrypted, nothing put on a trail. */
export function readsNothingStored(version: PinnedVersion, taskId: string): boolean {
  const spec = version.spec.tasks[taskId];
  return spec?.secrets.length === 0 && spec.connections.length === 0 && spec.variables.length === 0;
}

/** A handle for the attempt, good for what it may read and write while it is leased. */
export function newGrant(attemptId: string): string {
  return `${attemptId}.${randomBytes(24).toString('base64url')}`;
}

/** SHA-256 of an attempt's handle, as the database holds it. */
export function grantHash(grant: string): Buffer {
  return createHash('sha256').update(grant).digest();
}

/** Memory that one slot of the size has, in bytes. */
export function memoryOf(size: keyof typeof sizes): number {
  return sizes[size].memoryBytes;
}

function isAuthorsFault(error: DomainError): boolean {
  return error.kind === 'invalid' || error.kind === 'not_found' || error.kind === 'too_large';
}

function dispatchOf({ runId, taskId, mapIndex, dispatch }: DispatchRef): DispatchRef {
  return { runId, taskId, mapIndex, dispatch };
}

export function taskOf(
  version: PinnedVersion,
  { taskId, mapIndex }: Pick<DispatchRef, 'taskId' | 'mapIndex'>,
): PlanTask {
  const task = version.plan.tasks.find((one) => one.id === taskId);
  if (task?.kind !== 'attempt' || (task.map === undefined) !== (mapIndex === -1)) {
    throw new DomainError('not_found', 'task.not_found', `the plan has no such task instance: ${taskId}[${mapIndex}]`);
  }
  return task;
}

export function limitOf(facts: InstanceFacts): number {
  return planOf(facts.plan).limits.concurrentTasks;
}

function isFull(facts: InstanceFacts): boolean {
  return facts.slotsInUse >= limitOf(facts);
}

function wait(facts: InstanceFacts): BeginResult {
  const reason = `all ${limitOf(facts)} concurrent tasks of the plan are in use`;
  return { outcome: 'wait', afterMs: waitMs, reason };
}

export function ended(attempt: {
  readonly state: AttemptEndState;
  readonly reason: string | null;
  readonly retryable: boolean | null;
  readonly fence: number;
}): BeginResult {
  return {
    outcome: 'ended',
    state: attempt.state,
    ...(attempt.reason === null ? {} : { reason: attempt.reason }),
    retryable: attempt.retryable ?? false,
    fence: attempt.fence,
  };
}
