import type { LoadedRun, RunPool } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type VersionId } from '@millrace/kernel';
import type { VersionCache } from '@millrace/pipelines';

/** Gives the workflow what it interprets. */
export class LoadRun {
  constructor(private readonly versions: VersionCache) {}

  /** @throws DomainError `run.not_found` */
  async execute(tx: TenantTransaction, runId: string): Promise<LoadedRun> {
    const [run] = await tx.query<{ version_id: VersionId; pools: Record<string, RunPool>; cancel_requested: boolean }>(
      `select version_id, pools, cancel_requested_at is not null as cancel_requested
       from runs where tenant_id = $1 and id = $2`,
      [tx.tenantId, runId],
      'load_run',
    );
    if (run === undefined) throw new DomainError('not_found', 'run.not_found', `there is no run ${runId}`);
    const { plan } = await this.versions.get(tx, run.version_id);
    return { plan, pools: run.pools, cancelRequested: run.cancel_requested };
  }
}
