import type { TenantTransaction } from '@millrace/database';
import { type Clock, systemClock } from '@millrace/kernel';
import { findLaterSuccess, readRunFacts, type RunFacts } from '../adapters/pg/pg-alert.js';
import type { AlertTiming } from '../alert.js';
import { type Cause, makeCause } from '../cause.js';
import { countFailure } from './count-failure.js';
import type { RecoverAlerts } from './recover-alerts.js';

/** Called when the deadline of a run has come: counts it as missed unless the run has ended by then. */
export class RecordMissedDeadline {
  constructor(
    private readonly recover: RecoverAlerts,
    private readonly timing: AlertTiming,
    private readonly clock: Clock = systemClock,
  ) {}

  /** A repeat changes nothing. */
  async execute(tx: TenantTransaction, runId: string): Promise<void> {
    const run = await readRunFacts(tx, runId);
    if (run === undefined || run.deadlineAt === null) return;
    if (run.endedAt !== null && run.endedAt <= run.deadlineAt) return;
    const occurrence = {
      run,
      event: 'deadline_missed' as const,
      cause: causeOfDelay(run, run.deadlineAt, await hadBegun(tx, run, run.deadlineAt)),
      failures: 1,
      wasted: 0n,
      at: run.deadlineAt,
    };
    await countFailure(tx, occurrence, this.timing, this.clock.now());
    const success = await findLaterSuccess(tx, run.pipelineId, run.deadlineAt);
    if (success !== undefined) await this.recover.execute(tx, success);
  }
}

/** Whether a runner had taken any task of it; a run whose workflow waits for one has not begun. */
async function hadBegun(tx: TenantTransaction, run: RunFacts, at: Date): Promise<boolean> {
  const rows = await tx.query(`select from attempts where tenant_id = $1 and run_id = $2 and leased_at <= $3 limit 1`, [
    tx.tenantId,
    run.id,
    at,
  ]);
  return rows.length > 0;
}

function causeOfDelay(run: RunFacts, deadlineAt: Date, started: boolean): Cause {
  const seconds = Math.round((deadlineAt.getTime() - run.createdAt.getTime()) / 1000);
  const waits = run.held ? 'it waited for other runs of the pipeline' : 'no runner had taken it';
  return {
    ...makeCause({
      taskId: null,
      errorClass: started ? 'still_running' : 'not_started',
      errorMessage: null,
      topFrame: null,
    }),
    errorMessage: started
      ? `a run had not ended ${seconds} s after it was created`
      : `a run had not begun ${seconds} s after it was created: ${waits}`,
  };
}
