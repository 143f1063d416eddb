import type { TenantTransaction } from '@millrace/database';
import { type Clock, systemClock } from '@millrace/kernel';
import { findLaterSuccess, readRunFacts, type RunFacts } from '../adapters/pg/pg-alert.js';
import type { AlertTiming } from '../alert.js';
import { type Cause, causeOf, makeCause } from '../cause.js';
import { countFailure } from './count-failure.js';
import type { RecoverAlerts } from './recover-alerts.js';

/** Instances of one run that are looked at; the rest of a failed run of ten thousands fails for the same reasons. */
const maxInstances = 10_000;

interface FailedRow {
  task_id: string;
  reason: string | null;
  attempt_state: string | null;
  attempt_reason: string | null;
  error_name: string | null;
  error_message: string | null;
  error_stack: string | null;
  wasted: string;
}

/** Counts a failed run in the alerts of its causes; lets a success close what is open. */
export class RecordRunEnd {
  constructor(
    private readonly recover: RecoverAlerts,
    private readonly timing: AlertTiming,
    private readonly clock: Clock = systemClock,
  ) {}

  /** A repeat changes nothing; neither does a run that has not ended. */
  async execute(tx: TenantTransaction, runId: string): Promise<void> {
    const run = await readRunFacts(tx, runId);
    if (run === undefined || run.endedAt === null) return;
    if (run.state === 'succeeded') await this.recover.execute(tx, run);
    if (run.state === 'failed') await this.countFailed(tx, run, run.endedAt);
  }

  private async countFailed(tx: TenantTransaction, run: RunFacts, at: Date): Promise<void> {
    // In one order for all, so that two runs with the same two causes do not wait for each other.
    const causes = (await readCauses(tx, run)).sort((a, b) => (a.cause.fingerprint < b.cause.fingerprint ? -1 : 1));
    for (const { cause, failures, wasted } of causes) {
      await countFailure(tx, { run, event: 'failed', cause, failures, wasted, at }, this.timing, this.clock.now());
    }
    const success = await findLaterSuccess(tx, run.pipelineId, at);
    if (success !== undefined) await this.recover.execute(tx, success);
  }
}

interface CountedCause {
  readonly cause: Cause;
  readonly failures: number;
  readonly wasted: bigint;
}

async function readCauses(tx: TenantTransaction, run: RunFacts): Promise<CountedCause[]> {
  const rows = await tx.query<FailedRow>(
    `with failed as materialized (
       select task_id, map_index, reason from task_instances
       where tenant_id = $1 and run_id = $2 and state = 'failed' and map_length is null limit ${maxInstances}),
     wasted as materialized (
       select task_id, map_index, sum(amount_nano) as amount from ledger_entries
       where tenant_id = $1 and run_id = $2 and kind = 'usage' and category <> 'useful' group by 1, 2)
     select f.task_id, f.reason, a.state as attempt_state, a.reason as attempt_reason, a.error ->> 'name' as error_name,
       left(a.error ->> 'message', 1000) as error_message, left(a.error ->> 'stack', 2000) as error_stack,
       coalesce(w.amount, 0) as wasted
     from failed f
     left join lateral (
       select state, reason, error from attempts
       where tenant_id = $1 and run_id = $2 and task_id = f.task_id and map_index = f.map_index
       order by fence desc limit 1) a on true
     left join wasted w on w.task_id = f.task_id and w.map_index = f.map_index`,
    [tx.tenantId, run.id],
  );
  if (rows.length === 0) return [await runCause(tx, run)];
  const causes = new Map<string, CountedCause>();
  for (const row of rows) {
    const cause = causeOf(failedInstance(row));
    const before = causes.get(cause.fingerprint);
    causes.set(cause.fingerprint, {
      cause,
      failures: (before?.failures ?? 0) + 1,
      wasted: (before?.wasted ?? 0n) + BigInt(row.wasted),
    });
  }
  return [...causes.values()];
}

function failedInstance(row: FailedRow): Parameters<typeof causeOf>[0] {
  return {
    taskId: row.task_id,
    reason: row.reason,
    attempt:
      row.attempt_state === null
        ? null
        : {
            state: row.attempt_state,
            reason: row.attempt_reason,
            errorName: row.error_name,
            errorMessage: row.error_message,
            errorStack: row.error_stack,
          },
  };
}

/** A run that failed without a failed task: what became of it as a whole. */
async function runCause(tx: TenantTransaction, run: RunFacts): Promise<CountedCause> {
  const [row] = await tx.query<{ wasted: string }>(
    `select coalesce(sum(amount_nano), 0) as wasted from ledger_entries
     where tenant_id = $1 and run_id = $2 and kind = 'usage' and category <> 'useful'`,
    [tx.tenantId, run.id],
  );
  const cause = makeCause({
    taskId: null,
    errorClass: run.reason ?? 'failed',
    errorMessage: run.reason === 'platform_fault' ? 'the platform lost the run; start it again' : null,
    topFrame: null,
  });
  return { cause, failures: 1, wasted: BigInt(row?.wasted ?? 0) };
}
