import type { ControlTransaction } from '@millrace/database';

/** How many days the organizations of a plan keep what has ended. */
export interface Retention {
  readonly plan: string;
  readonly days: number;
}

/**
 * Deletes deliveries that ended longer ago than the plan of their organization keeps history, with their attempts: at
 * most `limit`, the oldest first; what is left comes round again. Gives how many it were.
 */
export async function forgetDeliveries(
  tx: ControlTransaction,
  retention: readonly Retention[],
  limit: number,
): Promise<number> {
  const rows = await tx.query(
    `delete from deliveries where (tenant_id, id) in (
       select d.tenant_id, d.id from deliveries d
       join organizations o on o.id = d.tenant_id
       join unnest($1::text[], $2::int[]) as kept (plan, days) on kept.plan = o.plan
       where d.ended_at < now() - make_interval(days => kept.days) and d.ended_at < now() - make_interval(days => $3)
         and d.state <> 'pending'
       order by d.ended_at limit $4)
     returning id`,
    [
      retention.map(({ plan }) => plan),
      retention.map(({ days }) => days),
      // A bound that does not hang on the row lets the index be walked.
      Math.min(...retention.map(({ days }) => days)),
      limit,
    ],
  );
  return rows.length;
}
