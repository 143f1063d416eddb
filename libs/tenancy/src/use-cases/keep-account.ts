import type { ControlTransaction } from '@millrace/database';
import { DomainError, type SessionId, type TenantId, type UserId } from '@millrace/kernel';
import { endAccountTokens, takeAccountToken } from '../account-token.js';
import { recordAudit } from '../audit.js';
import { endSessionsOf } from '../session.js';
import { setPassword } from '../user.js';

function gone(): DomainError {
  return new DomainError('not_found', 'token.not_found', 'the link is unknown, used or expired: ask for a new one');
}

/** The address was read by whoever has the token. Throws `token.not_found`. */
export async function verifyEmail(tx: ControlTransaction, token: string, requestId: string): Promise<void> {
  const taken = await takeAccountToken(tx, 'verify', token);
  if (taken === undefined || !(await markVerified(tx, taken.userId, taken.email))) throw gone();
  await recordEverywhere(tx, taken.userId, 'email.verified', requestId);
}

/**
 * Sets the password of whoever has the token, which also proves the address, and ends every session of the account.
 * Gives the address. Throws `token.not_found`.
 */
export async function resetPassword(
  tx: ControlTransaction,
  request: { readonly token: string; readonly password: string; readonly requestId: string },
): Promise<{ readonly email: string; readonly userId: UserId }> {
  const taken = await takeAccountToken(tx, 'reset', request.token);
  if (taken === undefined || !(await markVerified(tx, taken.userId, taken.email))) throw gone();
  await setPassword(tx, taken.userId, request.password);
  await endSessionsOf(tx, taken.userId);
  await recordEverywhere(tx, taken.userId, 'password.reset', request.requestId);
  return taken;
}

/** Sets the password of a person whose present one has been checked, and ends all sessions of other log-ins. */
export async function changePassword(
  tx: ControlTransaction,
  request: {
    readonly userId: UserId;
    readonly sessionId: SessionId;
    readonly password: string;
    readonly requestId: string;
  },
): Promise<void> {
  await setPassword(tx, request.userId, request.password);
  await endSessionsOf(tx, request.userId, request.sessionId);
  await endAccountTokens(tx, 'reset', request.userId);
  await recordEverywhere(tx, request.userId, 'password.changed', request.requestId);
}

/** False where the account has another address by now. */
async function markVerified(tx: ControlTransaction, userId: UserId, email: string): Promise<boolean> {
  const rows = await tx.query(
    `update users set email_verified_at = coalesce(email_verified_at, now())
      where id = $1 and lower(email) = lower($2) returning id`,
    [userId, email],
  );
  return rows.length > 0;
}

/** An account belongs to no organization: each that the person is a member of gets to know. */
async function recordEverywhere(
  tx: ControlTransaction,
  userId: UserId,
  action: string,
  requestId: string,
): Promise<void> {
  const memberships = await tx.query<{ tenantId: TenantId }>(
    `select tenant_id as "tenantId" from memberships where user_id = $1 order by tenant_id`,
    [userId],
  );
  for (const { tenantId } of memberships) {
    await recordAudit(tx, { tenantId, actor: userId, action, target: userId, requestId });
  }
}
