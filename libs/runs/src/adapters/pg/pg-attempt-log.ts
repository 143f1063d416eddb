import { channels, type TenantTransaction } from '@millrace/database';
import type { FencedOutcome, Fencing, LeaseRef } from '../../attempt-lease.js';
import type { LogChunk } from '../../log-chunk.js';
import { liveStates } from './pg-attempt-end.js';

interface ChunkRow {
  live: boolean;
  inserted: boolean;
}

/** Adds a chunk where the lease is live; `duplicate` where the chunk is there already. */
export async function insertLogChunk(
  tx: TenantTransaction,
  lease: LeaseRef,
  chunk: LogChunk,
  fencing: Fencing,
): Promise<FencedOutcome> {
  // The lock on the attempt makes a log write and an end of the same attempt follow one another.
  const [row] = await tx.query<ChunkRow>(
    `with live as (
       select a.tenant_id, a.id from attempts a
       where a.tenant_id = $1 and a.id = $2 and a.run_id = $3 and a.fence = $4 and a.runner_id = $5
         and a.state = any($6::text[])
       for no key update),
     added as (
       insert into log_chunks (tenant_id, attempt_id, first_seq, last_seq, lines, object_digest, size_bytes)
       select tenant_id, id, $7::bigint, $8::bigint, $9, $10, $11::integer from live
       on conflict (tenant_id, attempt_id, first_seq) do nothing
       returning attempt_id),
     counted as (
       update attempts a set log_lines = log_lines + $12::bigint from added
       where a.tenant_id = $1 and a.id = added.attempt_id
       returning a.id)
     select exists (select from live) as live, exists (select from counted) as inserted`,
    [
      tx.tenantId,
      lease.attemptId,
      lease.runId,
      lease.fence,
      lease.runnerId,
      liveStates(fencing),
      chunk.firstSeq,
      chunk.lastSeq,
      chunk.lines ?? null,
      chunk.objectDigest ?? null,
      chunk.sizeBytes,
      chunk.count,
    ],
    'insert_log_chunk',
  );
  if (row?.live !== true) return 'stale';
  if (row.inserted) tx.notify(channels.attemptLogs, lease.attemptId);
  return row.inserted ? 'ok' : 'duplicate';
}

/** Sequence number of the last line that is stored; 0 without any. */
export async function readLastLogSeq(tx: TenantTransaction, attemptId: string): Promise<number> {
  const [row] = await tx.query<{ last: string | null }>(
    'select max(last_seq) as last from log_chunks where tenant_id = $1 and attempt_id = $2',
    [tx.tenantId, attemptId],
  );
  return Number(row?.last ?? 0);
}

/** Notes that the user's code has begun, for those who watch; the end of the attempt says so in any case. */
export async function markStarted(tx: TenantTransaction, lease: LeaseRef, atMs: number): Promise<void> {
  await tx.query(
    `update attempts a set started_at = least(greatest(to_timestamp($6::double precision / 1000), a.leased_at), clock_timestamp())
     where a.tenant_id = $1 and a.id = $2 and a.run_id = $3 and a.fence = $4 and a.runner_id = $5
       and a.state = 'leased' and a.started_at is null`,
    [tx.tenantId, lease.attemptId, lease.runId, lease.fence, lease.runnerId, atMs],
  );
}
