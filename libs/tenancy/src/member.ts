import type { TenantTransaction } from '@millrace/database';
import { DomainError, type UserId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';
import type { Role } from './role.js';

export interface Member {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** RFC 3339, when the person joined. */
  readonly createdAt: string;
}

interface MemberRow extends Omit<Member, 'createdAt'> {
  readonly createdAt: Date;
}

/** A person who acts on members; an API key acts as an admin. */
export interface MemberActor extends Actor {
  readonly role: Role;
}

const select = `select m.user_id as "userId", u.email, u.name, m.role, m.created_at as "createdAt"
  from memberships m join users u on u.id = m.user_id where m.tenant_id = $1`;

function fromRow(row: MemberRow): Member {
  return { ...row, createdAt: row.createdAt.toISOString() };
}

/** In order of user ids, after `after`. */
export async function listMembers(
  tx: TenantTransaction,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Member[]> {
  const rows = await tx.query<MemberRow>(
    `${select} and ($2::text is null or m.user_id > $2) order by m.user_id limit $3`,
    [tx.tenantId, page.after ?? null, page.limit],
  );
  return rows.map(fromRow);
}

/** Throws `member.not_found`. */
export async function getMember(tx: TenantTransaction, userId: string): Promise<Member> {
  const [row] = await tx.query<MemberRow>(`${select} and m.user_id = $2`, [tx.tenantId, userId]);
  if (row === undefined) throw new DomainError('not_found', 'member.not_found', 'there is no such member');
  return fromRow(row);
}

/** Changes to owners come one after another, so that two cannot make each other leave. */
async function lockOwners(tx: TenantTransaction): Promise<UserId[]> {
  await tx.query(`select from organizations where id = $1 for update`, [tx.tenantId]);
  const rows = await tx.query<{ user_id: UserId }>(
    `select user_id from memberships where tenant_id = $1 and role = 'owner'`,
    [tx.tenantId],
  );
  return rows.map((row) => row.user_id);
}

function requireOtherOwner(owners: readonly UserId[], userId: UserId): void {
  if (owners.some((owner) => owner !== userId)) return;
  throw new DomainError(
    'conflict',
    'member.last_owner',
    'the organization needs an owner: make somebody else one first',
  );
}

function requireOwner(actor: MemberActor): void {
  if (actor.role === 'owner') return;
  throw new DomainError('forbidden', 'member.owner_needed', 'only an owner may make, change or remove an owner');
}

/** Throws `member.not_found`, `member.owner_needed`, `member.last_owner`. */
export async function changeRole(
  tx: TenantTransaction,
  actor: MemberActor,
  userId: string,
  role: Role,
): Promise<Member> {
  const owners = await lockOwners(tx);
  const member = await getMember(tx, userId);
  if (member.role === 'owner' || role === 'owner') requireOwner(actor);
  if (member.role === 'owner' && role !== 'owner') requireOtherOwner(owners, member.userId);
  await tx.query(`update memberships set role = $3 where tenant_id = $1 and user_id = $2`, [tx.tenantId, userId, role]);
  await recordAudit(tx, {
    ...actor,
    action: 'member.role_changed',
    target: userId,
    detail: { from: member.role, to: role },
  });
  return { ...member, role };
}

/** Removes a member, or lets one leave; their sessions end with it. Throws as {@link changeRole}. */
export async function removeMember(tx: TenantTransaction, actor: MemberActor, userId: string): Promise<void> {
  const owners = await lockOwners(tx);
  const member = await getMember(tx, userId);
  if (member.role === 'owner') {
    requireOwner(actor);
    requireOtherOwner(owners, member.userId);
  }
  await tx.query(`delete from memberships where tenant_id = $1 and user_id = $2`, [tx.tenantId, userId]);
  await recordAudit(tx, { ...actor, action: 'member.removed', target: userId, detail: { role: member.role } });
}
