import type { ControlTransaction } from '@millrace/database';

/**
 * Deletes sessions whose refresh token ran out a day ago, and rate limits that have long been full again. At most
 * `limit` rows of each; what is left comes round again.
 */
export async function forgetExpired(tx: ControlTransaction, limit: number): Promise<void> {
  await tx.query(
    `delete from sessions where id in (
       select id from sessions where refresh_expires_at < now() - interval '1 day' limit $1)`,
    [limit],
  );
  // No window is longer than an hour.
  await tx.query(
    `delete from rate_limits where bucket in (
       select bucket from rate_limits where refilled_at < now() - interval '1 day' limit $1)`,
    [limit],
  );
}
