import type { ControlTransaction, TenantTransaction, Transaction } from '@millrace/database';
import { DomainError, newId, type TenantId, type UserId } from '@millrace/kernel';
import { hashPassword, matchesPassword } from './password.js';

export interface UserAccount {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
}

interface UserRow extends UserAccount {
  readonly password_hash: string;
}

const form = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;

/** Whether a text can be an e-mail address; nothing is sent to find out. */
export function isEmail(text: string): boolean {
  return text.length <= 254 && form.test(text);
}

async function findUser(tx: Transaction, email: string): Promise<UserRow | undefined> {
  const [row] = await tx.query<UserRow>(
    `select id, email, name, password_hash from users where lower(email) = lower($1)`,
    [email],
  );
  return row;
}

/** An account as mail to it needs it. */
export interface MailedAccount extends UserAccount {
  readonly verified: boolean;
  /** One of the person's organizations, in whose name the mail is owed; null where there is none. */
  readonly tenantId: TenantId | null;
}

/** The account with this id or e-mail address. */
export async function findAccount(
  tx: ControlTransaction,
  by: { readonly id: UserId } | { readonly email: string },
): Promise<MailedAccount | undefined> {
  const [row] = await tx.query<MailedAccount>(
    `select id, email, name, email_verified_at is not null as verified,
            (select m.tenant_id from memberships m where m.user_id = users.id order by m.created_at limit 1) as "tenantId"
       from users where ${'id' in by ? 'id = $1' : 'lower(email) = lower($1)'}`,
    ['id' in by ? by.id : by.email.trim()],
  );
  return row;
}

/** Whether the address of a member has been verified. */
export async function isVerified(tx: TenantTransaction, userId: UserId): Promise<boolean> {
  const rows = await tx.query(`select from users where id = $1 and email_verified_at is not null`, [userId]);
  return rows.length > 0;
}

/** Whether the address of at least one owner has been verified: who is behind the organization can be reached. */
export async function hasVerifiedOwner(tx: TenantTransaction): Promise<boolean> {
  const rows = await tx.query(
    `select from memberships m join users u on u.id = m.user_id
      where m.tenant_id = $1 and m.role = 'owner' and u.email_verified_at is not null limit 1`,
    [tx.tenantId],
  );
  return rows.length > 0;
}

export async function setPassword(tx: ControlTransaction, userId: UserId, password: string): Promise<void> {
  await tx.query(`update users set password_hash = $2 where id = $1`, [userId, await hashPassword(password)]);
}

/** The user whose e-mail address and password these are. Takes the same time where there is no such user. */
export async function verifyUser(tx: Transaction, email: string, password: string): Promise<UserAccount | undefined> {
  const user = await findUser(tx, email);
  const matches = await matchesPassword(password, user?.password_hash);
  return matches && user !== undefined ? { id: user.id, email: user.email, name: user.name } : undefined;
}

/**
 * The account with this e-mail address, made where there is none. An account that exists must be opened with its own
 * password: `auth.invalid_credentials` otherwise.
 */
export async function enterAccount(
  tx: Transaction,
  given: { readonly email: string; readonly name: string; readonly password: string },
): Promise<UserAccount> {
  const passwordHash = await hashPassword(given.password);
  const [made] = await tx.query<UserAccount>(
    `insert into users (id, email, name, password_hash) values ($1, $2, $3, $4)
     on conflict (lower(email)) do nothing returning id, email, name`,
    [newId('user'), given.email, given.name, passwordHash],
  );
  if (made !== undefined) return made;
  const known = await verifyUser(tx, given.email, given.password);
  if (known !== undefined) return known;
  throw new DomainError(
    'unauthenticated',
    'auth.invalid_credentials',
    'there is an account with this e-mail address already, and this is not its password',
  );
}
