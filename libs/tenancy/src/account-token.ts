import type { ControlTransaction } from '@millrace/database';
import type { UserId } from '@millrace/kernel';
import { isToken, newToken, tokenHash } from './token.js';

/** What a mailed token is good for. */
export type AccountTokenKind = 'verify' | 'reset';

/** Seconds that a token is good for; a link to verify an address may wait for the morning after the weekend. */
export const accountTokenSeconds: Readonly<Record<AccountTokenKind, number>> = { verify: 3 * 86_400, reset: 3_600 };

/** A new token for a mail to this address, which ends the earlier ones of its kind. Only its hash is stored. */
export async function issueAccountToken(
  tx: ControlTransaction,
  kind: AccountTokenKind,
  user: { readonly id: UserId; readonly email: string },
): Promise<string> {
  await endAccountTokens(tx, kind, user.id);
  const token = newToken(kind);
  await tx.query(
    `insert into account_tokens (id, user_id, kind, token_hash, email, expires_at)
     values (gen_random_uuid()::text, $1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [user.id, kind, tokenHash(token), user.email, accountTokenSeconds[kind]],
  );
  return token;
}

/** Takes a token, which is good once; `undefined` where it is unknown, used or expired. */
export async function takeAccountToken(
  tx: ControlTransaction,
  kind: AccountTokenKind,
  token: string,
): Promise<{ readonly userId: UserId; readonly email: string } | undefined> {
  if (!isToken(kind, token)) return undefined;
  const [row] = await tx.query<{ userId: UserId; email: string }>(
    `update account_tokens set used_at = now()
      where token_hash = $1 and kind = $2 and used_at is null and expires_at > now()
      returning user_id as "userId", email`,
    [tokenHash(token), kind],
  );
  return row;
}

/** Ends all tokens of a kind that a person has been sent. */
export async function endAccountTokens(tx: ControlTransaction, kind: AccountTokenKind, userId: UserId): Promise<void> {
  await tx.query(`update account_tokens set used_at = now() where user_id = $1 and kind = $2 and used_at is null`, [
    userId,
    kind,
  ]);
}
