import { channels, type TenantTransaction } from '@millrace/database';
import { type AlertId, newId } from '@millrace/kernel';
import { type AlertRow, alertColumns, type RunFacts, toAlert } from '../adapters/pg/pg-alert.js';
import { type AlertEvent, type AlertTiming, dueAfter } from '../alert.js';
import type { Cause } from '../cause.js';

/** What one run adds to one alert. */
export interface Occurrence {
  readonly run: RunFacts;
  readonly event: AlertEvent;
  readonly cause: Cause;
  readonly failures: number;
  readonly wasted: bigint;
  readonly at: Date;
}

/**
 * Counts an occurrence in the open alert of its cause, which is opened where there is none, and sees to it that a timer
 * tells of it. A run that was counted for the cause is not counted again. Gives the alert's id.
 */
export async function countFailure(
  tx: TenantTransaction,
  occurrence: Occurrence,
  timing: AlertTiming,
  now: Date,
): Promise<AlertId | undefined> {
  const { run, event, cause, failures, wasted, at } = occurrence;
  const known = await tx.query(
    `select from alert_occurrences where tenant_id = $1 and run_id = $2 and event = $3 and fingerprint = $4`,
    [tx.tenantId, run.id, event, cause.fingerprint],
  );
  if (known.length > 0) return undefined;
  const [row] = await tx.query<AlertRow>(
    `insert into alerts as a (tenant_id, id, environment_id, pipeline_id, event, fingerprint, task_id, error_class,
       error_message, top_frame, failures, runs, wasted_nano, run_ids, version_id, first_seen_at, last_seen_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, array[$13::text], $14, $15, $15)
     on conflict (tenant_id, pipeline_id, event, fingerprint) where state = 'open' do update set
       failures = a.failures + excluded.failures, runs = a.runs + 1, wasted_nano = a.wasted_nano + excluded.wasted_nano,
       error_message = excluded.error_message, version_id = excluded.version_id,
       run_ids = a.run_ids[1:case when cardinality(a.run_ids) < 5 then 5 else 4 end] || excluded.run_ids,
       first_seen_at = least(a.first_seen_at, excluded.first_seen_at),
       last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at)
     returning ${alertColumns}`,
    [
      ...[tx.tenantId, newId('alert'), run.environmentId, run.pipelineId, event, cause.fingerprint],
      ...[cause.taskId, cause.errorClass, cause.errorMessage, cause.topFrame, failures, wasted.toString()],
      ...[run.id, run.versionId, at],
    ],
  );
  if (row === undefined) throw new Error('an alert was neither made nor changed');
  const alert = toAlert(row);
  // Without "on conflict": the same end told twice at once must not count twice, so the later one begins anew.
  await tx.query(
    `insert into alert_occurrences (tenant_id, run_id, event, fingerprint, alert_id, failures, wasted_nano, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tx.tenantId, run.id, event, cause.fingerprint, alert.id, failures, wasted.toString(), at],
  );
  // A reminder that is due already says it; a first message waits until it is quiet, but not for long.
  if (alert.dueAt !== null && alert.toldAt !== null) return alert.id;
  const dueAt = dueAfter(timing, now, alert);
  await tx.query(
    `with due as (update alerts set due_at = $3 where tenant_id = $1 and id = $2),
     timer as (
       insert into outbox (tenant_id, kind, subject, not_before) select $1, 'alert_due', $2, $3 where $4
       returning subject)
     select pg_notify('${channels.notices}', subject) from timer`,
    [tx.tenantId, alert.id, dueAt, alert.dueAt === null],
  );
  return alert.id;
}
