import { oweDeliveriesAgain } from '@millrace/alerts';
import type { ControlDatabase, TenantDatabase } from '@millrace/database';
import type { RunId, TenantId } from '@millrace/kernel';
import { failBuild, listOpenBuilds, type OpenBuild, restartBuild } from '@millrace/pipelines';
import type { Logger } from '@millrace/platform';
import {
  type EndAbandonedRun,
  listLeasesOfEndedRuns,
  listOpenRuns,
  type OpenRun,
  type RestartRun,
  type RunPlace,
} from '@millrace/runs';
import type { ReconcileCursor } from '@millrace/workflows';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';

export interface ReconcilerOptions {
  /** The client, once it is connected. */
  readonly client: () => Client;
  readonly control: ControlDatabase;
  readonly tenants: TenantDatabase;
  readonly endAbandoned: EndAbandonedRun;
  readonly restartRun: RestartRun;
  readonly log: Logger;
}

const pageSize = 200;
/** Calls to Temporal at the same time. */
const atOnce = 16;
/** An activity may take a minute. */
const budgetMs = 20_000;

/**
 * What Temporal knows of a workflow that ought to be open. `missing`: the store has never heard of it, so that it is
 * another store than the one that was told to run it. `closed`: it ended, by somebody's hand, without a last word.
 */
type Standing = 'open' | 'missing' | { readonly closed: string };

/** Compares what is open in the record with its workflows: starts again what got lost, ends what was ended. */
export class Reconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  /**
   * Looks at a page of runs, and at more pages while workflows are missing; gives the place to go on from, or null at
   * the end.
   */
  async reconcile(after: ReconcileCursor | null): Promise<ReconcileCursor | null> {
    const until = performance.now() + budgetMs;
    let place = after === null ? null : { tenantId: after.tenantId as TenantId, runId: after.runId as RunId };
    for (;;) {
      const page = await this.page(place);
      place = page.next;
      if (place === null) break;
      if (page.restarted === 0 || performance.now() > until) return place;
    }
    await this.builds();
    await this.leaks();
    return null;
  }

  /** Looks at everything that is open, at once. Gives how much was started again. */
  async pass(): Promise<number> {
    let restarted = await this.builds();
    await this.options.control.transaction(oweDeliveriesAgain);
    let place: RunPlace | null = null;
    do {
      const page = await this.page(place);
      place = page.next;
      restarted += page.restarted;
    } while (place !== null);
    await this.leaks();
    return restarted;
  }

  private async page(after: RunPlace | null): Promise<{ next: RunPlace | null; restarted: number }> {
    const runs = await this.options.control.transaction((tx) => listOpenRuns(tx, { after, limit: pageSize }));
    const found = await eachAtOnce(runs, (run) => this.check(run));
    const last = runs.at(-1);
    const next = runs.length < pageSize || last === undefined ? null : { tenantId: last.tenantId, runId: last.runId };
    return { next, restarted: found.filter(Boolean).length };
  }

  private async builds(): Promise<number> {
    const builds = await this.options.control.transaction((tx) => listOpenBuilds(tx, pageSize));
    const found = await eachAtOnce(builds, (build) => this.checkBuild(build));
    return found.filter(Boolean).length;
  }

  private async leaks(): Promise<void> {
    const leaking = await this.options.control.transaction((tx) => listLeasesOfEndedRuns(tx, pageSize));
    await eachAtOnce(leaking, (run) => this.end(run, 'it has ended and still holds a slot'));
  }

  /** True where the run was started again. */
  private async check(run: OpenRun): Promise<boolean> {
    const standing = await this.standing(run.runId);
    if (standing === 'open') return false;
    if (standing !== 'missing') {
      await this.end(run, `its workflow is ${standing.closed}`);
      return false;
    }
    const { tenants, restartRun, log } = this.options;
    const { runId, tenantId, restarts } = run;
    const outcome = await tenants.transaction(tenantId, (tx) => restartRun.execute(tx, runId, restarts));
    if (outcome === 'exhausted') await this.end(run, `its workflow is missing, after ${restarts} restarts`);
    if (outcome === 'restarted') {
      log.warn({ runId, tenantId, restarts: restarts + 1 }, 'a run whose workflow is missing goes on from its rows');
    }
    return outcome === 'restarted';
  }

  private async checkBuild(build: OpenBuild): Promise<boolean> {
    const { tenantId, deploymentId } = build;
    const { tenants, log } = this.options;
    const standing = await this.standing(deploymentId);
    if (standing === 'open') return false;
    if (standing === 'missing' && !build.old) {
      const restarted = await tenants.transaction(tenantId, (tx) => restartBuild(tx, deploymentId));
      if (restarted) log.warn({ deploymentId, tenantId }, 'a build whose workflow is missing is started again');
      return restarted;
    }
    await tenants.transaction(tenantId, (tx) => failBuild(tx, deploymentId));
    log.warn({ deploymentId, tenantId, standing }, 'an abandoned build was settled');
    return false;
  }

  private async standing(workflowId: string): Promise<Standing> {
    try {
      const { status } = await this.options.client().workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW' ? 'open' : { closed: status.name };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'missing';
      throw error;
    }
  }

  private async end(run: RunPlace, why: string): Promise<void> {
    const { tenants, endAbandoned, log } = this.options;
    const ended = await tenants.transaction(run.tenantId, (tx) => endAbandoned.execute(tx, run.runId));
    log.warn({ runId: run.runId, tenantId: run.tenantId, why, ended }, 'an abandoned run was settled');
  }
}

async function eachAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const queue = [...items];
  const results: R[] = [];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, lane));
  return results;
}
