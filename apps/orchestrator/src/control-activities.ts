import type { ControlActivities } from '@millrace/contracts';
import type { TenantDatabase, TenantTransaction } from '@millrace/database';
import { DomainError, type TenantId } from '@millrace/kernel';
import type { DecideTask, LoadRun, OfferStretches, ProjectTransitions, RecallRun, SettleStretch } from '@millrace/runs';
import { ApplicationFailure } from '@temporalio/activity';
import type { StretchWatch } from './stretch-watch.js';

/** The use cases behind the activities of the run workflow. */
export interface ControlUseCases {
  readonly loadRun: LoadRun;
  readonly recallRun: RecallRun;
  readonly decideTask: DecideTask;
  readonly project: ProjectTransitions;
  readonly offerStretches: OfferStretches;
  readonly settleStretch: SettleStretch;
}

/** Each activity is one transaction of the run's tenant. */
export function controlActivities(
  tenants: TenantDatabase,
  cases: ControlUseCases,
  watch: StretchWatch,
): ControlActivities {
  const inTenant = <T>(tenantId: string, work: (tx: TenantTransaction) => Promise<T>): Promise<T> =>
    asActivity(() => tenants.transaction(tenantId as TenantId, work));
  return {
    loadRun: ({ tenantId, runId, restarted = false }) =>
      inTenant(tenantId, async (tx) => {
        const loaded = await cases.loadRun.execute(tx, runId);
        return restarted ? { ...loaded, record: await cases.recallRun.execute(tx, runId) } : loaded;
      }),
    decideTask: ({ tenantId, runId, taskId }) =>
      inTenant(tenantId, (tx) => cases.decideTask.execute(tx, runId, taskId)),
    project: ({ tenantId, ...batch }) => inTenant(tenantId, (tx) => cases.project.execute(tx, batch)),
    offerStretches: async ({ tenantId, waitMs, outside = 0, ...round }) => {
      const began = performance.now();
      const waiter = watch.begin(round.runId);
      try {
        for (;;) {
          const report = await inTenant(tenantId, (tx) => cases.offerStretches.execute(tx, round));
          const waitedMs = performance.now() - began;
          const leftMs = waitMs - waitedMs;
          const states = report.standings.map(({ state }) => state);
          // What is under way is waited for, and may make room; that something is over is told at once.
          const isOver = states.includes('over') || !states.includes('live');
          const concernsOthers = (report.outside ?? 0) > outside;
          if (leftMs <= 0 || isOver || concernsOthers) return { ...report, waitedMs: Math.round(waitedMs) };
          await waiter.next(leftMs);
        }
      } finally {
        waiter.end();
      }
    },
    settleStretch: ({ tenantId, ...stretch }) => inTenant(tenantId, (tx) => cases.settleStretch.execute(tx, stretch)),
  };
}

/**
 * Refusals are final; everything else (Postgres is away, a deadlock, a bug that the next release mends) is repeated by
 * the workflow until it holds.
 */
export async function asActivity<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || isPassing(error)) throw error;
    throw ApplicationFailure.create({ message: error.message, type: error.code, nonRetryable: true });
  }
}

function isPassing(error: DomainError): boolean {
  return error.kind === 'unavailable' || error.kind === 'internal' || error.kind === 'rate_limited';
}
