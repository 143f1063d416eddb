import type { AttemptEndState, AttemptState, PoolSize } from '@millrace/contracts';
import type { AttemptEnd } from '@millrace/contracts/wire';
import { channels, type TenantTransaction } from '@millrace/database';
import type { Fencing, LeaseRef } from '../../attempt-lease.js';
import type { LogChunk } from '../../log-chunk.js';

/** An attempt that has just ended, with what its ledger rows need. */
export interface EndedAttempt {
  readonly attemptId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly state: AttemptEndState;
  readonly poolId: string;
  readonly size: PoolSize;
  readonly try: number;
  readonly maxTries: number;
  readonly pipelineId: string;
  readonly environmentId: string;
  readonly runCreatedAt: Date;
  readonly cancelRequested: boolean;
  readonly started: boolean;
  /** True where an earlier attempt of the instance, lost ones apart, had started. */
  readonly startedBefore: boolean;
  /** True where no attempt of the run was leased before it, lost ones apart. */
  readonly firstOfRun: boolean;
  readonly acceptedAt: Date;
  readonly startedAt: Date | null;
  readonly way: 'direct' | 'offered' | 'queued';
}

interface EndedRow {
  id: string;
  run_id: string;
  task_id: string;
  map_index: number;
  fence: number;
  state: AttemptEndState;
  pool_id: string;
  size: PoolSize;
  try: number;
  max_tries: number;
  pipeline_id: string;
  environment_id: string;
  run_created_at: Date;
  cancel_requested: boolean;
  started: boolean;
  started_before: boolean;
  first_of_run: boolean;
  accepted_at: Date;
  started_at: Date | null;
  way: EndedAttempt['way'];
}

function toEnded(row: EndedRow): EndedAttempt {
  return {
    attemptId: row.id,
    runId: row.run_id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    fence: row.fence,
    state: row.state,
    poolId: row.pool_id,
    size: row.size,
    try: row.try,
    maxTries: row.max_tries,
    pipelineId: row.pipeline_id,
    environmentId: row.environment_id,
    runCreatedAt: row.run_created_at,
    cancelRequested: row.cancel_requested,
    started: row.started,
    startedBefore: row.started_before,
    firstOfRun: row.first_of_run,
    acceptedAt: row.accepted_at,
    startedAt: row.started_at,
    way: row.way,
  };
}

/** What follows `with ended as (update attempts a … returning a.*)`: the slot goes. */
const settle = (run: string): string => `, freed as (
    delete from slots s using ended e where s.tenant_id = $1 and s.attempt_id = e.id returning s.attempt_id)
  select e.id, e.way, e.run_id, e.task_id, e.map_index, e.fence, e.state, e.pool_id, e.size, e.try, e.max_tries,
    r.pipeline_id, r.environment_id, r.created_at as run_created_at,
    r.cancel_requested_at is not null as cancel_requested,
    e.started_at is not null as started, e.started_at, coalesce(e.accepted_at, e.leased_at) as accepted_at,
    e.fence > 1 and exists (select from attempts p where p.tenant_id = $1 and p.run_id = e.run_id and p.task_id = e.task_id
      and p.map_index = e.map_index and p.fence < e.fence and p.started_at is not null
      and p.state not in ('leased', 'lost')) as started_before,
    not exists (select from attempts f where f.tenant_id = $1 and f.run_id = e.run_id and f.id < e.id
      and f.state <> 'lost') as first_of_run
  from ended e join runs r on r.tenant_id = $1 and r.id = ${run}`;

export interface EndManner {
  /** True where the same lane wants to go on with another attempt: nobody else need be told. */
  readonly followed?: boolean;
  /** The last lines of its log. */
  readonly chunk?: LogChunk | undefined;
}

/** Ends the lease where it is the live one of its holder, and frees its slot; `undefined` where it is not. */
export async function endLease(
  tx: TenantTransaction,
  lease: LeaseRef,
  end: AttemptEnd,
  fencing: Fencing,
  { followed = false, chunk }: EndManner = {},
): Promise<EndedAttempt | undefined> {
  const [row] = await tx.query<EndedRow>(
    `with added as (
       insert into log_chunks (tenant_id, attempt_id, first_seq, last_seq, lines, object_digest, size_bytes)
       select a.tenant_id, a.id, $19::bigint, $20::bigint, $21, $22, $23::integer from attempts a
       where $24::bigint > 0 and a.tenant_id = $1 and a.id = $2 and a.run_id = $3 and a.fence = $4 and a.runner_id = $5
         and a.state = any($18::text[])
       on conflict (tenant_id, attempt_id, first_seq) do nothing
       returning 1),
     ended as (
       update attempts a set state = $6, log_lines = log_lines + (select count(*) from added) * $24::bigint, reason = $7, retryable = $8, error = $9::jsonb,
         output = $10, output_digest = $11, output_bytes = $12,
         -- The runner's clock is only believed between the lease and now.
         started_at = coalesce(a.started_at, case when $13::double precision is not null then
           least(greatest(to_timestamp($13::double precision / 1000), a.leased_at), clock_timestamp()) end),
         ended_at = least(greatest(to_timestamp($25::double precision / 1000), a.started_at, a.leased_at), clock_timestamp()),
         committed_at = clock_timestamp(),
         wall_ms = $14, cpu_ms = $15, peak_rss_bytes = $16, log_last_seq = $17, grant_hash = null
       where a.tenant_id = $1 and a.id = $2 and a.run_id = $3 and a.fence = $4 and a.runner_id = $5
         and a.state = any($18::text[])
       returning a.*)${settle('$3')}`,
    [
      tx.tenantId,
      lease.attemptId,
      lease.runId,
      lease.fence,
      lease.runnerId,
      end.state,
      end.reason ?? null,
      end.retryable,
      end.error === undefined ? null : JSON.stringify(end.error),
      end.output ?? null,
      end.outputDigest ?? null,
      end.outputBytes ?? (end.output === undefined ? null : Buffer.byteLength(end.output)),
      end.startedAtMs ?? null,
      Math.ceil(end.wallMs),
      Math.round(end.cpuMs),
      end.peakRssBytes,
      end.lastLogSeq,
      liveStates(fencing),
      chunk?.firstSeq ?? 0,
      chunk?.lastSeq ?? 0,
      chunk?.lines ?? null,
      chunk?.objectDigest ?? null,
      chunk?.sizeBytes ?? 0,
      chunk?.count ?? 0,
      end.endedAtMs,
    ],
    'end_lease',
  );
  if (row === undefined) return undefined;
  tellOf(tx, row, !followed);
  return toEnded(row);
}

/** States of an attempt whose holder may still write. */
export function liveStates(fencing: Fencing): readonly AttemptState[] {
  return fencing === 'on' ? ['leased'] : ['leased', 'lost'];
}

/**
 * Ends live leases as `lost`: the platform's fault, no output, no cost. Those that ended meanwhile keep their end. A lease
 * whose handle was never made reached no runner, so that its loss says nothing about the task: its reason is `never_begun`.
 */
export async function loseLeases(
  tx: TenantTransaction,
  attemptIds: readonly string[],
  reason: string,
  runnerId?: string,
): Promise<readonly EndedAttempt[]> {
  if (attemptIds.length === 0) return [];
  const rows = await tx.query<EndedRow>(
    `with ended as (
       update attempts a set state = 'lost', reason = case when a.way = 'offered' and a.grant_hash is null then 'never_begun' else $3 end, retryable = true, ended_at = clock_timestamp(),
         committed_at = clock_timestamp(), grant_hash = null
       where a.tenant_id = $1 and a.id = any($2::text[]) and a.state = 'leased'
         and ($4::text is null or a.runner_id = $4)
       returning a.*)${settle('e.run_id')}`,
    [tx.tenantId, attemptIds, reason, runnerId ?? null],
  );
  for (const row of rows) tellOf(tx, row, true);
  return rows.map(toEnded);
}

/** Those who read the log hear of the end, and where nothing follows in the same lane those who wait for the stretch. */
function tellOf(tx: TenantTransaction, row: EndedRow, isLast: boolean): void {
  tx.notify(channels.attemptLogs, row.id);
  if (isLast) tx.notify(channels.stretches, row.run_id);
}

export interface AttemptStanding {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly state: AttemptState;
  readonly runnerId: string | null;
}

/** The attempt as it stands; `undefined` where the tenant has none of this run and id. */
export async function readStanding(
  tx: TenantTransaction,
  lease: Pick<LeaseRef, 'runId' | 'attemptId'>,
): Promise<AttemptStanding | undefined> {
  const [row] = await tx.query<{
    task_id: string;
    map_index: number;
    fence: number;
    state: AttemptState;
    runner_id: string | null;
  }>(
    'select task_id, map_index, fence, state, runner_id from attempts where tenant_id = $1 and id = $2 and run_id = $3',
    [tx.tenantId, lease.attemptId, lease.runId],
  );
  return row === undefined
    ? undefined
    : {
        taskId: row.task_id,
        mapIndex: row.map_index,
        fence: row.fence,
        state: row.state,
        runnerId: row.runner_id,
      };
}

export interface Refusal {
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly runnerId: string;
  readonly operation: 'begin' | 'end' | 'log' | 'artifact';
  readonly reason: string;
}

/** Puts a refused write on record. */
export async function recordRefusal(tx: TenantTransaction, refusal: Refusal): Promise<void> {
  await tx.query(
    `insert into refusals (tenant_id, run_id, task_id, map_index, fence, runner_id, operation, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tx.tenantId,
      refusal.runId,
      refusal.taskId,
      refusal.mapIndex,
      refusal.fence,
      refusal.runnerId,
      refusal.operation,
      refusal.reason,
    ],
  );
}
