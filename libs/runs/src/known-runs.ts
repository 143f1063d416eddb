import type { TenantTransaction } from '@millrace/database';
import type { InstanceFacts } from './attempt-lease.js';

/** Runs whose unchanging facts are kept. */
const rememberedRuns = 2_000;

/** Of runs that began something lately: their version and what else never changes in a run. */
export class KnownRuns {
  /** The newest last. */
  private readonly runs = new Map<string, InstanceFacts>();

  get(tx: TenantTransaction, runId: string): InstanceFacts | undefined {
    return this.runs.get(keyOf(tx, runId));
  }

  remember(tx: TenantTransaction, runId: string, facts: InstanceFacts): void {
    const key = keyOf(tx, runId);
    this.runs.delete(key);
    this.runs.set(key, facts);
    if (this.runs.size <= rememberedRuns) return;
    const [oldest] = this.runs.keys();
    if (oldest !== undefined) this.runs.delete(oldest);
  }
}

function keyOf(tx: TenantTransaction, runId: string): string {
  return `${tx.tenantId} ${runId}`;
}
