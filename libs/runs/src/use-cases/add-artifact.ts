import type { TenantTransaction } from '@millrace/database';
import { DomainError, newId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import { liveStates, readStanding, recordRefusal } from '../adapters/pg/pg-attempt-end.js';
import type { FencedOutcome, Fencing, LeaseRef } from '../attempt-lease.js';

export interface ArtifactRequest extends LeaseRef {
  /** Relative path with forward slashes, unique within the attempt. */
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Of bytes that were uploaded before. */
  readonly digest: string;
}

/** Registers a file of a live attempt as its artifact. */
export class AddArtifact {
  constructor(
    private readonly objects: ObjectStore,
    private readonly fencing: Fencing = 'on',
  ) {}

  /** @throws DomainError `artifact.not_uploaded` where the bytes are not there or not of that size. */
  async execute(tx: TenantTransaction, request: ArtifactRequest): Promise<FencedOutcome> {
    const stored = await this.objects.stat(tx.tenantId, request.digest);
    if (stored?.sizeBytes !== request.sizeBytes) {
      throw new DomainError(
        'invalid',
        'artifact.not_uploaded',
        `the bytes of artifact "${request.name}" are not there`,
      );
    }
    const [row] = await tx.query<{ live: boolean; inserted: boolean }>(
      `with live as (
         select a.id, a.run_id, a.task_id, a.map_index from attempts a
         where a.tenant_id = $1 and a.id = $2 and a.run_id = $3 and a.fence = $4 and a.runner_id = $5
           and a.state = any($6::text[])
         for no key update),
       added as (
         insert into artifacts (tenant_id, id, run_id, task_id, map_index, attempt_id, name, content_type, size_bytes, digest)
         select $1, $7, run_id, task_id, map_index, id, $8, $9, $10::bigint, $11 from live
         on conflict (tenant_id, attempt_id, name) do nothing
         returning id)
       select exists (select from live) as live, exists (select from added) as inserted`,
      [
        tx.tenantId,
        request.attemptId,
        request.runId,
        request.fence,
        request.runnerId,
        liveStates(this.fencing),
        newId('artifact'),
        request.name,
        request.contentType,
        request.sizeBytes,
        request.digest,
      ],
    );
    if (row?.live === true) return row.inserted ? 'ok' : 'duplicate';
    const standing = await readStanding(tx, request);
    if (standing !== undefined) {
      await recordRefusal(tx, {
        runId: request.runId,
        taskId: standing.taskId,
        mapIndex: standing.mapIndex,
        fence: request.fence,
        runnerId: request.runnerId,
        operation: 'artifact',
        reason: `artifact "${request.name}", but the attempt is ${standing.state}`,
      });
    }
    return 'stale';
  }
}
