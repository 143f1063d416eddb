import type { AttemptState, RunPool, RunState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type VersionId } from '@millrace/kernel';
import type { AttemptOfInstance, DispatchRef, InstanceFacts } from '../../attempt-lease.js';

interface InstanceRow {
  run_state: RunState;
  pipeline_id: string;
  pipeline: string;
  version_id: VersionId;
  environment_id: string;
  environment: string;
  organization: string;
  plan: string;
  params: string;
  pools: Record<string, RunPool>;
  created_at: Date;
  slots_in_use: number;
  attempts: {
    id: string;
    fence: number;
    dispatch: number;
    state: AttemptState;
    reason: string | null;
    retryable: boolean | null;
    runner_id: string | null;
  }[];
}

/** What decides whether this instance may begin. @throws DomainError `run.not_found`. */
export async function readInstance(
  tx: TenantTransaction,
  ref: Pick<DispatchRef, 'runId' | 'taskId' | 'mapIndex'>,
): Promise<InstanceFacts> {
  const [row] = await tx.query<InstanceRow>(
    `select r.state as run_state, r.pipeline_id, p.name as pipeline, r.version_id, r.environment_id,
       e.slug as environment, o.slug as organization, o.plan, r.params, r.pools, r.created_at,
       (select count(*)::int from slots s where s.tenant_id = $1) as slots_in_use,
       (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'fence', a.fence, 'dispatch', a.dispatch,
           'state', a.state, 'reason', a.reason, 'retryable', a.retryable, 'runner_id', a.runner_id)
           order by a.fence desc), '[]')
         -- In the order of the index of instances, whatever the planner takes the size of the run for.
         from (select * from attempts
               where tenant_id = $1 and run_id = $2 and task_id = $3 and map_index = $4
               order by task_id, map_index, fence desc limit 1000) a) as attempts
     from runs r
     join organizations o on o.id = $1
     join environments e on e.tenant_id = $1 and e.id = r.environment_id
     join pipelines p on p.tenant_id = $1 and p.id = r.pipeline_id
     where r.tenant_id = $1 and r.id = $2`,
    [tx.tenantId, ref.runId, ref.taskId, ref.mapIndex],
    'read_instance',
  );
  if (row === undefined) throw new DomainError('not_found', 'run.not_found', `there is no run ${ref.runId}`);
  return {
    runState: row.run_state,
    pipelineId: row.pipeline_id,
    pipeline: row.pipeline,
    versionId: row.version_id,
    environmentId: row.environment_id,
    environment: row.environment,
    organization: row.organization,
    plan: row.plan,
    params: row.params,
    pools: row.pools,
    runCreatedAt: row.created_at,
    slotsInUse: row.slots_in_use,
    attempts: row.attempts.map((attempt): AttemptOfInstance => ({
      id: attempt.id,
      fence: attempt.fence,
      dispatch: attempt.dispatch,
      state: attempt.state,
      reason: attempt.reason,
      retryable: attempt.retryable,
      runnerId: attempt.runner_id,
    })),
  };
}

/**
 * Serialises what takes slots and leases of one organization until the transaction ends: without it two begins would
 * both see the last free slot. Ends do not need it: they only free. Inserts that refer to the organization go on.
 */
export async function lockAdmission(tx: TenantTransaction): Promise<void> {
  await tx.query('select 1 from organizations where id = $1 for no key update', [tx.tenantId], 'lock_admission');
}

export interface NewAttempt extends DispatchRef {
  readonly id: string;
  readonly fence: number;
  readonly try: number;
  readonly maxTries: number;
  readonly grantHash: Buffer;
  readonly poolId: string;
  readonly runnerId: string;
  readonly tier: string;
  readonly size: string;
  readonly scheduledAtMs: number | null;
  /** First attempt of the stretch that it joins; it takes over that one's way. */
  readonly stretchId: string | null;
}

/**
 * The moment at which the instance became ready is known only where its row tells of this dispatch: the projection may
 * come later than the lease.
 */
const acceptedAt = `(select ti.queued_at from task_instances ti
  where ti.tenant_id = $1 and ti.run_id = $3 and ti.task_id = $4 and ti.map_index = $5
    and (ti.dispatch = $7 or (ti.dispatch = 0 and $7 = 1)))`;

/** The lease and its slot, as the last statement of the transaction. */
export function insertLease(tx: TenantTransaction, attempt: NewAttempt): void {
  tx.append(
    `with leased as (
       insert into attempts (tenant_id, id, run_id, task_id, map_index, fence, dispatch, try, max_tries, grant_hash, state,
         pool_id, runner_id, tier, size, accepted_at, leased_at, stretch_id, way)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'leased', $11, $12, $13, $14,
         coalesce(${acceptedAt}, least(to_timestamp($15::double precision / 1000), clock_timestamp())), clock_timestamp(), $16,
         coalesce((select f.way from attempts f where f.tenant_id = $1 and f.id = $16), 'queued'))
       returning tenant_id, id, run_id, pool_id)
     insert into slots (tenant_id, attempt_id, run_id, pool_id) select tenant_id, id, run_id, pool_id from leased`,
    [
      tx.tenantId,
      attempt.id,
      attempt.runId,
      attempt.taskId,
      attempt.mapIndex,
      attempt.fence,
      attempt.dispatch,
      attempt.try,
      attempt.maxTries,
      attempt.grantHash,
      attempt.poolId,
      attempt.runnerId,
      attempt.tier,
      attempt.size,
      attempt.scheduledAtMs,
      attempt.stretchId,
    ],
    'insert_lease',
  );
}

export interface StillbornAttempt extends DispatchRef {
  readonly id: string;
  readonly fence: number;
  readonly try: number;
  readonly maxTries: number;
  readonly poolId: string;
  readonly runnerId: string | null;
  readonly size: string;
  readonly state: 'failed' | 'lost';
  readonly reason: string;
  readonly retryable: boolean;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** An attempt that ended before it held anything: its input could not be made, or nobody will ever take it. */
export async function insertStillborn(tx: TenantTransaction, attempt: StillbornAttempt): Promise<void> {
  await tx.query(
    `insert into attempts (tenant_id, id, run_id, task_id, map_index, fence, dispatch, try, max_tries, state, pool_id,
       runner_id, size, reason, retryable, error, accepted_at, leased_at, ended_at, committed_at, wall_ms, log_last_seq)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, coalesce(${acceptedAt}, now()),
       clock_timestamp(), clock_timestamp(), clock_timestamp(), 0, 0)`,
    [
      tx.tenantId,
      attempt.id,
      attempt.runId,
      attempt.taskId,
      attempt.mapIndex,
      attempt.fence,
      attempt.dispatch,
      attempt.try,
      attempt.maxTries,
      attempt.state,
      attempt.poolId,
      attempt.runnerId,
      attempt.size,
      attempt.reason,
      attempt.retryable,
      attempt.error === null ? null : JSON.stringify(attempt.error),
    ],
  );
}

/** The holder asked again: its handle is renewed, so that one that got lost with a reply opens nothing. */
export async function renewGrant(tx: TenantTransaction, attemptId: string, grantHash: Buffer): Promise<void> {
  await tx.query(`update attempts set grant_hash = $3 where tenant_id = $1 and id = $2 and state = 'leased'`, [
    tx.tenantId,
    attemptId,
    grantHash,
  ]);
}
