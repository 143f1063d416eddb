import type { AttemptState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';

/** One attempt with the moments of its life; its output is read elsewhere. */
export interface Attempt {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly dispatch: number;
  readonly try: number;
  readonly maxTries: number;
  readonly state: AttemptState;
  readonly reason: string | null;
  readonly error: { readonly name: string; readonly message: string; readonly stack?: string } | null;
  readonly retryable: boolean | null;
  readonly poolId: string;
  readonly runnerId: string | null;
  readonly size: string;
  readonly tier: string | null;
  /** Which way it reached its runner. */
  readonly way: 'direct' | 'offered' | 'queued';
  /** The first attempt of the stretch that this one belongs to; null where it is none's, or the first itself. */
  readonly stretchId: string | null;
  /** When its instance became ready. */
  readonly acceptedAt: Date | null;
  readonly leasedAt: Date;
  /** When it was pushed to its runner; null where the runner asked for it. */
  readonly offeredAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly committedAt: Date | null;
  readonly wallMs: number | null;
  readonly cpuMs: number | null;
  readonly peakRssBytes: number | null;
  readonly outputBytes: number | null;
}

interface AttemptRow {
  id: string;
  task_id: string;
  map_index: number;
  fence: number;
  dispatch: number;
  try: number;
  max_tries: number;
  state: AttemptState;
  reason: string | null;
  error: { name: string; message: string; stack?: string } | null;
  retryable: boolean | null;
  pool_id: string;
  runner_id: string | null;
  size: string;
  tier: string | null;
  way: 'direct' | 'offered' | 'queued';
  stretch_id: string | null;
  accepted_at: Date | null;
  leased_at: Date;
  offered_at: Date | null;
  started_at: Date | null;
  ended_at: Date | null;
  committed_at: Date | null;
  wall_ms: string | null;
  cpu_ms: string | null;
  peak_rss_bytes: string | null;
  output_bytes: string | null;
}

export interface AttemptFilter {
  readonly taskId?: string | undefined;
  readonly mapIndex?: number | undefined;
  readonly state?: AttemptState | undefined;
  /** The id of the last attempt of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

function number(text: string | null): number | null {
  return text === null ? null : Number(text);
}

function toAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    fence: row.fence,
    dispatch: row.dispatch,
    try: row.try,
    maxTries: row.max_tries,
    state: row.state,
    reason: row.reason,
    error: row.error,
    retryable: row.retryable,
    poolId: row.pool_id,
    runnerId: row.runner_id,
    size: row.size,
    tier: row.tier,
    way: row.way,
    stretchId: row.stretch_id,
    acceptedAt: row.accepted_at,
    leasedAt: row.leased_at,
    offeredAt: row.offered_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    committedAt: row.committed_at,
    wallMs: number(row.wall_ms),
    cpuMs: number(row.cpu_ms),
    peakRssBytes: number(row.peak_rss_bytes),
    outputBytes: number(row.output_bytes),
  };
}

/** The attempts of a run in the order in which they were leased. */
export async function listAttempts(
  tx: TenantTransaction,
  runId: string,
  filter: AttemptFilter,
): Promise<readonly Attempt[]> {
  const rows = await tx.query<AttemptRow>(
    `select id, task_id, map_index, fence, dispatch, try, max_tries, state, reason, error, retryable, pool_id, runner_id,
       size, tier, way, stretch_id, accepted_at, leased_at, offered_at, started_at, ended_at, committed_at, wall_ms, cpu_ms,
       peak_rss_bytes, output_bytes
     from attempts
     where tenant_id = $1 and run_id = $2 and ($3::text is null or task_id = $3)
       and ($4::integer is null or map_index = $4) and ($5::text is null or state = $5) and ($6::text is null or id > $6)
     order by id limit $7`,
    [
      tx.tenantId,
      runId,
      filter.taskId ?? null,
      filter.mapIndex ?? null,
      filter.state ?? null,
      filter.after ?? null,
      filter.limit,
    ],
  );
  return rows.map(toAttempt);
}

export interface LiveAttempt {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly try: number;
  readonly fence: number;
  readonly leasedAt: Date;
}

/** Attempts of the run that a runner holds now. */
export async function listLiveAttempts(
  tx: TenantTransaction,
  runId: string,
  limit: number,
): Promise<readonly LiveAttempt[]> {
  const rows = await tx.query<Pick<AttemptRow, 'id' | 'task_id' | 'map_index' | 'try' | 'fence' | 'leased_at'>>(
    `select id, task_id, map_index, try, fence, leased_at from attempts
     where tenant_id = $1 and run_id = $2 and state = 'leased' order by id limit $3`,
    [tx.tenantId, runId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    taskId: row.task_id,
    mapIndex: row.map_index,
    try: row.try,
    fence: row.fence,
    leasedAt: row.leased_at,
  }));
}

export type AttemptWay = Attempt['way'];

/** How long runs took from their creation to the first instruction of their first task. */
export interface StartLatency {
  readonly runs: number;
  /** Null where there are no runs. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface StartLatencyOrder {
  readonly environmentId: string;
  readonly poolId: string;
  /** Runs that were created at or after this time. */
  readonly since: Date;
  /** The newest so many runs of the environment are looked at. */
  readonly limit: number;
}

interface StartLatencyRow {
  way: AttemptWay | null;
  runs: string;
  p50: number | null;
  p95: number | null;
}

/**
 * Of the newest runs of an environment whose first task was executed by the pool, in all and by the way it took. The time
 * that a run waited for others of its pipeline counts.
 */
export async function readStartLatency(
  tx: TenantTransaction,
  { environmentId, poolId, since, limit }: StartLatencyOrder,
): Promise<{ readonly all: StartLatency; readonly ways: readonly (StartLatency & { readonly way: AttemptWay })[] }> {
  // Both steps walk an index: the runs of the environment backwards, and the attempts of each from its first on.
  const rows = await tx.query<StartLatencyRow>(
    `with newest as materialized (
       select id, created_at from runs where tenant_id = $1 and environment_id = $2 order by id desc limit $5
     ), begun as materialized (
       select first.way, greatest(0, extract(epoch from first.started_at - r.created_at) * 1000)::float8 as ms
       from newest r cross join lateral (
         select a.way, a.pool_id, a.started_at from attempts a
         where a.tenant_id = $1 and a.run_id = r.id and a.started_at is not null order by a.id limit 1
       ) first
       where first.pool_id = $3 and r.created_at >= $4
     )
     select way, count(*) as runs, percentile_cont(0.5) within group (order by ms) as p50,
       percentile_cont(0.95) within group (order by ms) as p95
     from begun group by grouping sets ((), (way)) order by way nulls first`,
    [tx.tenantId, environmentId, poolId, since, limit],
  );
  const toLatency = (row: StartLatencyRow | undefined): StartLatency => ({
    runs: Number(row?.runs ?? 0),
    p50Ms: row?.p50 ?? null,
    p95Ms: row?.p95 ?? null,
  });
  const ways = rows.flatMap((row) => (row.way === null ? [] : [{ way: row.way, ...toLatency(row) }]));
  return { all: toLatency(rows.find(({ way }) => way === null)), ways };
}
