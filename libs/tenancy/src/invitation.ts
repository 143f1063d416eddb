import type { ControlTransaction, TenantTransaction } from '@millrace/database';
import { DomainError, type InvitationId, newId, type TenantId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';
import type { Role } from './role.js';
import { openSession, type SessionTokens } from './session.js';
import { isToken, newToken, tokenHash } from './token.js';
import { enterAccount } from './user.js';

export type InvitedRole = Exclude<Role, 'owner'>;

export interface Invitation {
  readonly id: InvitationId;
  readonly email: string;
  readonly role: InvitedRole;
  readonly invitedBy: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly state: 'pending' | 'accepted' | 'revoked' | 'expired';
}

interface InvitationRow extends Omit<Invitation, 'createdAt' | 'expiresAt'> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const lifeDays = 7;

const columns = `id, email, role, invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt",
  case when revoked_at is not null then 'revoked' when accepted_at is not null then 'accepted'
       when expires_at <= now() then 'expired' else 'pending' end as state`;

function fromRow(row: InvitationRow): Invitation {
  return { ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt.toISOString() };
}

/** Invites somebody; the token is shown this once. Throws `member.exists`, `member.limit`. */
export async function invite(
  tx: TenantTransaction,
  actor: Actor,
  given: { readonly email: string; readonly role: InvitedRole },
  memberLimit: number,
): Promise<{ readonly invitation: Invitation; readonly token: string }> {
  await tx.query(`select from organizations where id = $1 for update`, [tx.tenantId]);
  await requireRoomForMember(tx, memberLimit);
  const member = await tx.query(
    `select from users u join memberships m on m.user_id = u.id where m.tenant_id = $1 and lower(u.email) = lower($2)`,
    [tx.tenantId, given.email],
  );
  if (member.length > 0) throw alreadyMember();
  const token = newToken('invitation');
  const [row] = await tx.query<InvitationRow>(
    `insert into invitations (tenant_id, id, email, role, token_hash, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7)) returning ${columns}`,
    [tx.tenantId, newId('invitation'), given.email, given.role, tokenHash(token), actor.actor, lifeDays],
  );
  if (row === undefined) throw new Error('the invitation was not stored');
  await recordAudit(tx, { ...actor, action: 'invitation.created', target: row.id, detail: { ...given } });
  return { invitation: fromRow(row), token };
}

async function requireRoomForMember(tx: TenantTransaction, memberLimit: number): Promise<void> {
  const [row] = await tx.query<{ count: number }>(
    `select ((select count(*) from memberships where tenant_id = $1)
       + (select count(*) from invitations where tenant_id = $1 and accepted_at is null and revoked_at is null
            and expires_at > now()))::int as count`,
    [tx.tenantId],
  );
  if ((row?.count ?? 0) < memberLimit) return;
  throw new DomainError('quota', 'member.limit', `the plan allows ${memberLimit} members, open invitations included`, {
    facts: { limit: 'members', max: memberLimit },
  });
}

function alreadyMember(): DomainError {
  return new DomainError('conflict', 'member.exists', 'this person is a member already');
}

/** Newest first, before `before`. */
export async function listInvitations(
  tx: TenantTransaction,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<Invitation[]> {
  const rows = await tx.query<InvitationRow>(
    `select ${columns} from invitations where tenant_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    [tx.tenantId, page.before ?? null, page.limit],
  );
  return rows.map(fromRow);
}

/** Throws `invitation.not_found` where there is none that is still open. */
export async function revokeInvitation(tx: TenantTransaction, actor: Actor, id: string): Promise<void> {
  const rows = await tx.query(
    `update invitations set revoked_at = now()
      where tenant_id = $1 and id = $2 and accepted_at is null and revoked_at is null returning id`,
    [tx.tenantId, id],
  );
  if (rows.length === 0) throw new DomainError('not_found', 'invitation.not_found', 'there is no such open invitation');
  await recordAudit(tx, { ...actor, action: 'invitation.revoked', target: id });
}

/** Whom an open invitation is for. */
export async function invitedEmail(tx: ControlTransaction, token: string): Promise<string | undefined> {
  if (!isToken('invitation', token)) return undefined;
  const [row] = await tx.query<{ email: string }>(
    `select email from invitations
      where token_hash = $1 and accepted_at is null and revoked_at is null and expires_at > now()`,
    [tokenHash(token)],
  );
  return row?.email;
}

export interface AcceptRequest {
  readonly token: string;
  /** For a new account; one that exists keeps its name. */
  readonly name: string | undefined;
  /** Of the account that exists, or for the one that is made. */
  readonly password: string;
  readonly requestId: string;
}

/**
 * Makes the invited person a member, with an account where there is none, and opens a session. Throws
 * `invitation.not_found` for a token that is unknown, used, revoked or expired, and `auth.invalid_credentials`.
 */
export async function acceptInvitation(tx: ControlTransaction, request: AcceptRequest): Promise<SessionTokens> {
  const gone = new DomainError(
    'not_found',
    'invitation.not_found',
    'the invitation is unknown, used, revoked or expired',
  );
  if (!isToken('invitation', request.token)) throw gone;
  const [row] = await tx.query<{ tenant_id: TenantId; id: string; email: string; role: InvitedRole }>(
    `update invitations set accepted_at = now()
      where token_hash = $1 and accepted_at is null and revoked_at is null and expires_at > now()
      returning tenant_id, id, email, role`,
    [tokenHash(request.token)],
  );
  if (row === undefined) throw gone;
  const user = await enterAccount(tx, {
    email: row.email,
    name: request.name ?? row.email.split('@')[0] ?? row.email,
    password: request.password,
  });
  const joined = await tx.query(
    `insert into memberships (tenant_id, user_id, role) values ($1, $2, $3) on conflict do nothing returning user_id`,
    [row.tenant_id, user.id, row.role],
  );
  if (joined.length === 0) throw alreadyMember();
  const { requestId } = request;
  await recordAudit(tx, {
    tenantId: row.tenant_id,
    actor: user.id,
    action: 'invitation.accepted',
    target: row.id,
    requestId,
  });
  return openSession(tx, { tenantId: row.tenant_id, userId: user.id });
}
