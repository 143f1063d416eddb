import type { AttemptEndState, AttemptState } from '@millrace/contracts';
import { channels, type TenantTransaction } from '@millrace/database';
import type { DispatchRef } from '../../attempt-lease.js';

/** An attempt as far as the stretch that it belongs to is concerned: the newest of its instance. */
export interface StretchAttempt {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly dispatch: number;
  readonly fence: number;
  readonly state: AttemptState;
  readonly reason: string | null;
  readonly retryable: boolean | null;
  readonly runnerId: string | null;
  /** True where the runner that holds the lease will never answer. */
  readonly runnerIsGone: boolean;
}

interface StretchRow {
  id: string;
  task_id: string;
  map_index: number;
  dispatch: number;
  fence: number;
  state: AttemptState;
  reason: string | null;
  retryable: boolean | null;
  runner_id: string | null;
  runner_is_gone: boolean;
}

/** Newest attempts of all instances of the tasks, in the order in which they ended; those under way come last. */
export async function readStretchAttempts(
  tx: TenantTransaction,
  runId: string,
  taskIds: readonly string[],
): Promise<readonly StretchAttempt[]> {
  const rows = await tx.query<StretchRow>(
    `select * from (
       select distinct on (a.task_id, a.map_index) a.id, a.task_id, a.map_index, a.dispatch, a.fence, a.state, a.reason,
         a.retryable, a.runner_id, a.committed_at, coalesce(r.state = 'ended', false) as runner_is_gone
       from attempts a left join runners r on a.state = 'leased' and r.tenant_id = $1 and r.id = a.runner_id
       where a.tenant_id = $1 and a.run_id = $2 and a.task_id = any($3::text[])
       order by a.task_id, a.map_index, a.fence desc) newest
     order by committed_at nulls last, id`,
    [tx.tenantId, runId, taskIds],
    'read_stretch_attempts',
  );
  return rows.map((row) => ({
    id: row.id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    dispatch: row.dispatch,
    fence: row.fence,
    state: row.state,
    reason: row.reason,
    retryable: row.retryable,
    runnerId: row.runner_id,
    runnerIsGone: row.runner_is_gone,
  }));
}

/**
 * True where the stretch goes on: an attempt of it is under way, and stays so until the transaction ends. Whoever reads
 * that none is, and takes the stretch for over, has then seen all that ever joins it.
 */
export async function holdStretch(tx: TenantTransaction, runId: string, firstAttemptId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from attempts a join runs r on r.tenant_id = $1 and r.id = a.run_id
     where a.tenant_id = $1 and a.run_id = $2 and (a.id = $3 or a.stretch_id = $3) and a.state = 'leased'
       and r.cancel_requested_at is null
     limit 1 for share of a`,
    [tx.tenantId, runId, firstAttemptId],
    'hold_stretch',
  );
  return rows.length > 0;
}

/** Whether somebody has asked for the end of the run. */
export async function isToBeCancelled(tx: TenantTransaction, runId: string): Promise<boolean> {
  const [row] = await tx.query<{ requested: boolean }>(
    'select cancel_requested_at is not null as requested from runs where tenant_id = $1 and id = $2',
    [tx.tenantId, runId],
    'is_to_be_cancelled',
  );
  return row?.requested === true;
}

/** A runner that has room. */
export interface RunnerRoom {
  readonly runnerId: string;
  readonly tier: string;
  /** Slots without a lease. */
  readonly free: number;
}

export interface PoolRoom {
  /** Most room first. */
  readonly runners: readonly RunnerRoom[];
  /** Slots that the organization holds in all its pools. */
  readonly slotsInUse: number;
  /** True where work of an older run waits for this pool. */
  readonly others: boolean;
}

/** The room in a pool; it stays true until the transaction ends where the admission of the organization is locked. */
export async function readRoom(
  tx: TenantTransaction,
  poolId: string,
  runId: string,
  among?: readonly string[],
): Promise<PoolRoom> {
  const [row] = await tx.query<{
    runners: { id: string; tier: string; free: number }[];
    slots_in_use: number;
    others: boolean;
  }>(
    `select
       (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'tier', f.tier, 'free', f.free) order by f.free desc), '[]')
        from (select r.id, r.tier, r.slots - (select count(*)::int from attempts a
                where a.runner_id = r.id and a.state = 'leased' and a.tenant_id = $1) as free
              from runners r
              where r.tenant_id = $1 and r.pool_id = $2 and r.state = 'ready' and ($4::text[] is null or r.id = any($4))) f
        where f.free > 0) as runners,
       (select count(*)::int from slots s where s.tenant_id = $1) as slots_in_use,
       exists (select from task_instances ti
         where ti.tenant_id = $1 and ti.pool_id = $2 and ti.state = 'queued' and ti.map_length is null and ti.run_id < $3
           and not exists (select from attempts a where a.tenant_id = $1 and a.run_id = ti.run_id
             and a.task_id = ti.task_id and a.map_index = ti.map_index and a.dispatch >= greatest(ti.dispatch, 1))) as others`,
    [tx.tenantId, poolId, runId, among ?? null],
    'read_room',
  );
  if (row === undefined) throw new Error('the room of a pool has one row');
  return {
    runners: row.runners.map(({ id, tier, free }) => ({ runnerId: id, tier, free })),
    slotsInUse: row.slots_in_use,
    others: row.others,
  };
}

export interface FirstLease extends DispatchRef {
  readonly id: string;
  readonly fence: number;
  readonly try: number;
  readonly maxTries: number;
  readonly poolId: string;
  readonly runnerId: string;
  readonly tier: string;
  readonly size: string;
  readonly way: 'direct' | 'offered';
  /** Present where the offer is made at once. */
  readonly grantHash?: Buffer;
  /** What else is handed over with it: ready and not leased yet. */
  readonly heads: readonly { readonly taskId: string; readonly mapIndex: number; readonly dispatch: number }[];
  readonly fused: boolean;
  readonly firstDispatch: number;
}

const leaseColumns = `id text, run_id text, task_id text, map_index integer, fence integer, dispatch integer,
  try integer, max_tries integer, grant_hash text, pool_id text, runner_id text, tier text, size text, way text, stretch jsonb`;

const insertFirst = `with wanted as (select * from jsonb_to_recordset($2::jsonb) as w (${leaseColumns})),
  leased as (
    insert into attempts (tenant_id, id, run_id, task_id, map_index, fence, dispatch, try, max_tries, grant_hash, state,
      pool_id, runner_id, tier, size, way, accepted_at, leased_at, offered_at, stretch)
    select $1, w.id, w.run_id, w.task_id, w.map_index, w.fence, w.dispatch, w.try, w.max_tries, decode(w.grant_hash, 'hex'),
      'leased', w.pool_id, w.runner_id, w.tier, w.size, w.way,
      coalesce((select ti.queued_at from task_instances ti where ti.tenant_id = $1 and ti.run_id = w.run_id
        and ti.task_id = w.task_id and ti.map_index = w.map_index
        and (ti.dispatch = w.dispatch or (ti.dispatch = 0 and w.dispatch = 1))), clock_timestamp()),
      clock_timestamp(), case when w.grant_hash is not null then clock_timestamp() end, w.stretch
    from wanted w
    where not exists (select from attempts done where done.tenant_id = $1 and done.run_id = w.run_id
      and done.task_id = w.task_id and done.map_index = w.map_index and done.state = 'succeeded')
    on conflict do nothing
    returning tenant_id, id, run_id, pool_id, runner_id, way),
  held as (
    insert into slots (tenant_id, attempt_id, run_id, pool_id) select tenant_id, id, run_id, pool_id from leased),
  -- The workflow says so too, a little later; people see it at once.
  begun as (
    update runs r set state = 'running', started_at = coalesce(started_at, clock_timestamp())
    where r.tenant_id = $1 and r.id in (select run_id from leased) and r.state = 'queued')
  select id, case when way = 'offered' then pg_notify('${channels.offers}', runner_id || ' ' || id) end from leased`;

/**
 * Leases that were not asked for by their runner, with their slots. An instance that somebody has leased meanwhile is
 * left out. Gives the ids of those that were made; with `offered`, the gateways are told of them.
 */
export async function insertFirstLeases(tx: TenantTransaction, leases: readonly FirstLease[]): Promise<Set<string>> {
  const rows = JSON.stringify(leases.map(toRow));
  const made = await tx.query<{ id: string }>(insertFirst, [tx.tenantId, rows], 'insert_first_leases');
  return new Set(made.map(({ id }) => id));
}

/** The same for instances that nobody else can know of yet, without waiting for it. */
export function appendFirstLeases(tx: TenantTransaction, leases: readonly FirstLease[]): void {
  tx.append(insertFirst, [tx.tenantId, JSON.stringify(leases.map(toRow))], 'insert_first_leases');
}

function toRow(one: FirstLease) {
  return {
    id: one.id,
    run_id: one.runId,
    task_id: one.taskId,
    map_index: one.mapIndex,
    fence: one.fence,
    dispatch: one.dispatch,
    try: one.try,
    max_tries: one.maxTries,
    grant_hash: one.grantHash?.toString('hex') ?? null,
    pool_id: one.poolId,
    runner_id: one.runnerId,
    tier: one.tier,
    size: one.size,
    way: one.way,
    stretch: { heads: one.heads, fused: one.fused, firstDispatch: one.firstDispatch },
  };
}

export interface NextLease extends DispatchRef {
  readonly id: string;
  /** The attempt that ends in the same transaction, as this, under its fence; the next one takes over what it is part of. */
  readonly ended: { readonly attemptId: string; readonly fence: number; readonly state: AttemptEndState };
  readonly runnerId: string;
  readonly try: number;
  readonly maxTries: number;
  readonly grantHash: Buffer;
  /** Tasks that must have succeeded; their instances are not mapped. */
  readonly needs: readonly string[];
}

/**
 * Leases what a lane executes next, in the transaction that ends what it executed before. Gives its fence; `undefined`
 * where it is not to begin: the run is over or to be cancelled, a need has not succeeded, or it has begun already.
 */
export async function insertNextLease(tx: TenantTransaction, next: NextLease): Promise<number | undefined> {
  const [row] = await tx.query<{ fence: number }>(
    `with ended as (
       select id, coalesce(stretch_id, id) as stretch_id, way, tier, size, pool_id, runner_id from attempts
       where tenant_id = $1 and run_id = $5 and id = $2 and fence = $3 and runner_id = $4 and state = $14),
     -- In the order of the index of instances, whatever the planner takes the size of the run for.
     before as (
       select coalesce(max(fence), 0) as fence, coalesce(max(dispatch), 0) as dispatch, coalesce(bool_or(state = 'leased'), false) as live,
         coalesce(bool_or(state = 'succeeded'), false) as done
       from (select fence, dispatch, state from attempts
             where tenant_id = $1 and run_id = $5 and task_id = $6 and map_index = $7
             order by task_id, map_index, fence limit 1000) own),
     leased as (
       insert into attempts (tenant_id, id, run_id, task_id, map_index, fence, dispatch, try, max_tries, grant_hash, state,
         pool_id, runner_id, tier, size, way, stretch_id, accepted_at, leased_at, offered_at)
       select $1, $8, $5, $6, $7, b.fence + 1, $9, $10, $11, $12, 'leased', e.pool_id, e.runner_id, e.tier, e.size, e.way,
         e.stretch_id, clock_timestamp(), clock_timestamp(), clock_timestamp()
       -- By its key: the index of live runs is as long as the queue of runs.
       from ended e, before b, (select * from runs where tenant_id = $1 and id = $5 offset 0) r
       where r.state in ('queued', 'running') and r.cancel_requested_at is null
         and b.dispatch < $9 and not b.live and not b.done
         and not exists (select from unnest($13::text[]) as need where (
           select n.state from attempts n where n.tenant_id = $1 and n.run_id = $5 and n.task_id = need and n.map_index = -1
           order by n.task_id, n.map_index, n.fence desc limit 1) is distinct from 'succeeded')
       on conflict do nothing
       returning tenant_id, id, run_id, pool_id, fence),
     held as (
       insert into slots (tenant_id, attempt_id, run_id, pool_id) select tenant_id, id, run_id, pool_id from leased)
     select fence from leased`,
    [
      tx.tenantId,
      next.ended.attemptId,
      next.ended.fence,
      next.runnerId,
      next.runId,
      next.taskId,
      next.mapIndex,
      next.id,
      next.dispatch,
      next.try,
      next.maxTries,
      next.grantHash,
      next.needs,
      next.ended.state,
    ],
    'insert_next_lease',
  );
  return row?.fence;
}

export interface OfferedLease extends DispatchRef {
  readonly attemptId: string;
  readonly fence: number;
  readonly try: number;
  readonly poolId: string;
  readonly heads: readonly (DispatchRef & { readonly try: number })[];
  readonly fused: boolean;
  readonly firstDispatch: number;
}

/** Takes a lease that waits to be offered to the runner; `undefined` where there is none (any more). */
export async function takeOffered(
  tx: TenantTransaction,
  lease: { readonly attemptId: string; readonly runnerId: string; readonly grantHash: Buffer },
): Promise<OfferedLease | undefined> {
  const [row] = await tx.query<{
    run_id: string;
    task_id: string;
    map_index: number;
    dispatch: number;
    fence: number;
    try: number;
    pool_id: string;
    stretch: { heads: (DispatchRef & { try: number })[]; fused: boolean; firstDispatch: number } | null;
  }>(
    `update attempts set grant_hash = $4, offered_at = clock_timestamp()
     where tenant_id = $1 and id = $2 and runner_id = $3 and state = 'leased' and offered_at is null
     returning run_id, task_id, map_index, dispatch, fence, try, pool_id, stretch`,
    [tx.tenantId, lease.attemptId, lease.runnerId, lease.grantHash],
    'take_offered',
  );
  if (row === undefined) return undefined;
  return {
    attemptId: lease.attemptId,
    runId: row.run_id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    dispatch: row.dispatch,
    fence: row.fence,
    try: row.try,
    poolId: row.pool_id,
    heads: row.stretch?.heads ?? [],
    fused: row.stretch?.fused ?? false,
    firstDispatch: row.stretch?.firstDispatch ?? 1,
  };
}
