import type { ControlDatabase, TenantDatabase } from '@millrace/database';
import type { RunId, TenantId } from '@millrace/kernel';
import type { Logger } from '@millrace/platform';
import { type EndAbandonedRun, listLeasesOfEndedRuns, listOpenRuns, type OpenRun } from '@millrace/runs';
import type { ReconcileCursor } from '@millrace/workflows';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';

export interface ReconcilerOptions {
  /** The client, once it is connected. */
  readonly client: () => Client;
  readonly control: ControlDatabase;
  readonly tenants: TenantDatabase;
  readonly endAbandoned: EndAbandonedRun;
  readonly log: Logger;
  /** A younger run may still be on its way into Temporal. */
  readonly minAgeSeconds?: number;
}

const pageSize = 200;
/** Calls to Temporal at the same time. */
const atOnce = 8;

/** Compares open runs with their workflows, and ends those whose workflow is gone. */
export class Reconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  /** Looks at one page of runs; gives the place to go on from, or null at the end. */
  async reconcile(after: ReconcileCursor | null): Promise<ReconcileCursor | null> {
    const { control, minAgeSeconds = 15 } = this.options;
    const from = after === null ? null : { tenantId: after.tenantId as TenantId, runId: after.runId as RunId };
    const runs = await control.transaction((tx) => listOpenRuns(tx, { after: from, limit: pageSize, minAgeSeconds }));
    await eachAtOnce(runs, (run) => this.check(run));
    if (runs.length === pageSize) return runs.at(-1) ?? null;
    const leaking = await control.transaction((tx) => listLeasesOfEndedRuns(tx, pageSize));
    await eachAtOnce(leaking, (run) => this.end(run, 'it has ended and still holds a slot'));
    return null;
  }

  private async check(run: OpenRun): Promise<void> {
    try {
      const { status } = await this.options.client().workflow.getHandle(run.runId).describe();
      if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') return;
      await this.end(run, `its workflow is ${status.name}`);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await this.end(run, 'its workflow does not exist');
    }
  }

  private async end(run: OpenRun, why: string): Promise<void> {
    const { tenants, endAbandoned, log } = this.options;
    const ended = await tenants.transaction(run.tenantId, (tx) => endAbandoned.execute(tx, run.runId));
    log.warn({ runId: run.runId, tenantId: run.tenantId, why, ended }, 'an abandoned run was settled');
  }
}

async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, lane));
}
