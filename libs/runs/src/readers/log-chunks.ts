import type { LogLine } from '@millrace/contracts/wire';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type TenantId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import type { LoggedAttempt } from './logged-attempts.js';

/** Lines as they are stored: in the row, or by digest in the object store. */
export interface StoredChunk {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lines: string | null;
  readonly objectDigest: string | null;
}

/** The chunks of one read, and whether there were more than it took. */
export interface StoredChunks {
  readonly chunks: readonly StoredChunk[];
  readonly more: boolean;
}

interface ChunkRow {
  first_seq: string;
  last_seq: string;
  lines: string | null;
  object_digest: string | null;
  fits: boolean;
}

/** Bytes of lines in one read at most, beyond the first chunk. */
const maxReadBytes = 1024 * 1024;

/** Chunks with lines after `after`, in order: at most `limit`, and at most about 1 MiB of lines. */
export async function readLogChunks(
  tx: TenantTransaction,
  attemptId: string,
  after: number,
  limit: number,
): Promise<StoredChunks> {
  const rows = await tx.query<ChunkRow>(
    `with found as (
       select first_seq, last_seq, size_bytes, lines, object_digest from log_chunks
       where tenant_id = $1 and attempt_id = $2 and last_seq > $3::bigint
         -- Chunks do not overlap, so the one that holds the next line begins the read, and none before it is looked at.
         and first_seq >= coalesce((select max(b.first_seq) from log_chunks b
           where b.tenant_id = $1 and b.attempt_id = $2 and b.first_seq <= $3::bigint + 1), 0)
       order by first_seq limit $4),
     sized as (
       select *, sum(size_bytes) over (order by first_seq) - size_bytes <= $5 as fits from found)
     select first_seq, last_seq, case when fits then lines end as lines, object_digest, fits from sized order by first_seq`,
    [tx.tenantId, attemptId, after, limit + 1, maxReadBytes],
  );
  const taken = rows.slice(0, limit).filter((row) => row.fits);
  return {
    chunks: taken.map((row) => ({
      firstSeq: Number(row.first_seq),
      lastSeq: Number(row.last_seq),
      lines: row.lines,
      objectDigest: row.object_digest,
    })),
    more: taken.length < rows.length,
  };
}

/** A line of a log, or the sequence numbers of lines that were written and are not there. */
export type LogItem = LogLine | { readonly gap: { readonly from: number; readonly to: number } };

export interface LogSlice {
  readonly items: readonly LogItem[];
  /** Place after the last item; the next slice begins there. */
  readonly after: number;
  /** True where stored lines follow. */
  readonly more: boolean;
}

/** Sequence number up to which an item reaches. */
export function reach(item: LogItem): number {
  return 'gap' in item ? item.gap.to : item.seq;
}

/** True where the attempt has ended, so that no line will come. */
export function hasEnded(attempt: LoggedAttempt): boolean {
  return attempt.state !== 'leased';
}

/** True where lines at the end of an ended attempt are missing, or may be: its runner was lost, or wrote more than came. */
export function isIncomplete(attempt: LoggedAttempt): boolean {
  if (!hasEnded(attempt) || !attempt.held) return false;
  return attempt.state === 'lost' || (attempt.lastWritten ?? 0) > attempt.lastStored;
}

/**
 * Makes a slice of at most `limit` items out of chunks that were read after `after`. Sequence numbers that are missing
 * become gaps; at the end of an ended attempt too. Outside of the transaction: large chunks come from the object store.
 */
export async function assembleLog(
  objects: ObjectStore,
  tenantId: TenantId,
  attempt: LoggedAttempt,
  { chunks, more }: StoredChunks,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<LogSlice> {
  const items: LogItem[] = [];
  let place = after;
  const stop = (left: boolean): LogSlice => ({ items, after: place, more: left });
  for (const [index, chunk] of chunks.entries()) {
    const lines = (await linesOf(objects, tenantId, chunk)).filter((line) => line.seq > place);
    for (const [at, line] of lines.entries()) {
      if (line.seq > place + 1) {
        if (items.length === limit) return stop(true);
        items.push({ gap: { from: place + 1, to: line.seq - 1 } });
        place = line.seq - 1;
      }
      if (items.length === limit) return stop(true);
      items.push(line);
      place = line.seq;
      const last = at === lines.length - 1 && index === chunks.length - 1 && !more;
      if (items.length === limit && !last) return stop(true);
    }
  }
  const end = Math.max(attempt.lastWritten ?? 0, attempt.lastStored);
  if (more || !hasEnded(attempt) || end <= place) return stop(more);
  if (items.length === limit) return stop(true);
  items.push({ gap: { from: place + 1, to: end } });
  place = end;
  return stop(false);
}

async function linesOf(objects: ObjectStore, tenantId: TenantId, chunk: StoredChunk): Promise<readonly LogLine[]> {
  const text = chunk.lines ?? (await textOf(objects, tenantId, chunk.objectDigest ?? ''));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}

/** An object that is gone is a gap in the log, no reason to show nothing of it. */
async function textOf(objects: ObjectStore, tenantId: TenantId, digest: string): Promise<string> {
  try {
    return (await objects.get(tenantId, digest)).toString('utf8');
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return '';
    throw error;
  }
}
