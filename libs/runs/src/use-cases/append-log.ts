import type { LogLine } from '@millrace/contracts/wire';
import type { TenantTransaction } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { recordRefusal, readStanding } from '../adapters/pg/pg-attempt-end.js';
import { insertLogChunk } from '../adapters/pg/pg-attempt-log.js';
import type { FencedOutcome, Fencing, LeaseRef } from '../attempt-lease.js';
import type { LogChunk } from '../log-chunk.js';

/** Chunks up to this many bytes are kept in their row; larger ones in the object store. */
export const inlineChunkBytes = 16 * 1024;

/** Appends lines to the log of a live attempt. Lines that are there already are not added twice. */
export class AppendLog {
  constructor(
    private readonly objects: ObjectStore,
    private readonly fencing: Fencing = 'on',
  ) {}

  /**
   * Makes the chunk of lines in rising order, the large one's bytes durable first. Outside of the transaction, so that
   * no row waits for a disk.
   */
  async prepare(tenantId: TenantId, lines: readonly LogLine[]): Promise<LogChunk> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const chunk = {
      firstSeq: lines[0]?.seq ?? 0,
      lastSeq: lines.at(-1)?.seq ?? 0,
      count: lines.length,
      sizeBytes: Buffer.byteLength(text),
    };
    if (chunk.sizeBytes <= inlineChunkBytes) return { ...chunk, lines: text };
    const { digest } = await this.objects.put(tenantId, Buffer.from(text, 'utf8'));
    return { ...chunk, objectDigest: digest };
  }

  async execute(tx: TenantTransaction, lease: LeaseRef, chunk: LogChunk): Promise<FencedOutcome> {
    const outcome = await insertLogChunk(tx, lease, chunk, this.fencing);
    if (outcome !== 'stale') return outcome;
    const standing = await readStanding(tx, lease);
    if (standing === undefined) return 'stale';
    await recordRefusal(tx, {
      runId: lease.runId,
      taskId: standing.taskId,
      mapIndex: standing.mapIndex,
      fence: lease.fence,
      runnerId: lease.runnerId,
      operation: 'log',
      reason: `lines ${chunk.firstSeq} to ${chunk.lastSeq}, but the attempt is ${standing.state}`,
    });
    return 'stale';
  }
}
