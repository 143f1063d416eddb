import type { TenantTransaction } from '@millrace/database';
import { endRun } from './end-run.js';
import type { ReleaseHeldRuns } from './release-held-runs.js';
import { loseLeasesOfRun } from './settle-stretch.js';

/** Ends a run whose workflow is gone without a last word: the platform's fault, and no slot stays held. */
export class EndAbandonedRun {
  constructor(private readonly releaseHeld: ReleaseHeldRuns) {}

  /** True where the run was still open. */
  async execute(tx: TenantTransaction, runId: string): Promise<boolean> {
    const [run] = await tx.query<{ pipeline_id: string; open: boolean }>(
      `select pipeline_id, state in ('queued', 'running') as open from runs where tenant_id = $1 and id = $2 for no key update`,
      [tx.tenantId, runId],
    );
    if (run === undefined) return false;
    // Also for a run that has ended: a lease that outlived it would hold its slot for ever.
    await loseLeasesOfRun(tx, runId, 'platform_fault');
    if (!run.open) return false;
    await endRun(tx, { runId, state: 'failed', reason: 'platform_fault' });
    await this.releaseHeld.execute(tx, run.pipeline_id);
    return true;
  }
}
