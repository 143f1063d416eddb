import type { ControlTransaction } from '@millrace/database';

/**
 * Deletes sessions and mailed tokens that ran out a day ago, counts of requests older than an hour, and rate limits that
 * have long been full again. At most
 * `limit` rows of each; what is left comes round again.
 */
export async function forgetExpired(tx: ControlTransaction, limit: number): Promise<void> {
  await tx.query(
    `delete from sessions where id in (
       select id from sessions where refresh_expires_at < now() - interval '1 day' limit $1)`,
    [limit],
  );
  await tx.query(
    `delete from api_requests where (tenant_id, slot, actor) in (
       select tenant_id, slot, actor from api_requests where slot < now() - interval '65 minutes' limit $1)`,
    [limit],
  );
  await tx.query(
    `delete from account_tokens where id in (
       select id from account_tokens where expires_at < now() - interval '1 day' limit $1)`,
    [limit],
  );
  // No window is longer than an hour.
  await tx.query(
    `delete from rate_limits where bucket in (
       select bucket from rate_limits where refilled_at < now() - interval '1 day' limit $1)`,
    [limit],
  );
}
