import { channels, type ControlTransaction } from '@millrace/database';
import { patienceMs } from '../delivery.js';

/**
 * Owes Temporal every delivery again that is not over, after Temporal may have lost their workflows: for one that it
 * knows, the repeat is a no-op. Gives how many.
 */
export async function oweDeliveriesAgain(tx: ControlTransaction): Promise<number> {
  const [row] = await tx.query<{ owed: number }>(
    `with debt as (
       insert into outbox (tenant_id, kind, subject)
       select d.tenant_id, 'delivery', d.id from deliveries d
       where d.state = 'pending' and d.created_at > now() - make_interval(secs => $1)
         and not exists (select from outbox o
           where o.tenant_id = d.tenant_id and o.subject = d.id and o.kind = 'delivery')
       returning subject)
     select count(*)::int as owed, count(pg_notify('${channels.notices}', subject)) from debt`,
    [patienceMs / 1_000],
  );
  return row?.owed ?? 0;
}
