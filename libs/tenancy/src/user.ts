import type { Transaction } from '@millrace/database';
import { DomainError, newId, type UserId } from '@millrace/kernel';
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
