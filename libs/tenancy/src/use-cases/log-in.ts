import type { ControlTransaction } from '@millrace/database';
import type { UserId } from '@millrace/kernel';
import { recordAudit } from '../audit.js';
import { chooseOrganization, openSession, type SessionTokens } from '../session.js';

export interface LogInRequest {
  /** Whose password has been verified. */
  readonly userId: UserId;
  /** Slug; needed where the user belongs to several. */
  readonly organization: string | undefined;
  readonly requestId: string;
}

/** Opens a session in one organization of a user whose password has been verified. */
export class LogIn {
  async execute(tx: ControlTransaction, request: LogInRequest): Promise<SessionTokens> {
    const organization = await chooseOrganization(tx, request.userId, request.organization);
    const { userId, requestId } = request;
    await recordAudit(tx, {
      tenantId: organization.id,
      actor: userId,
      action: 'session.opened',
      target: userId,
      requestId,
    });
    return openSession(tx, { tenantId: organization.id, userId });
  }
}
