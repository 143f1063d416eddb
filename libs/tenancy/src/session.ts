import type { ControlTransaction } from '@millrace/database';
import { DomainError, newId, type SessionId, type TenantId, type UserId } from '@millrace/kernel';
import { isToken, newToken, tokenHash } from './token.js';

/** Tokens of a session: shown once, stored as hashes. */
export interface SessionTokens {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly accessToken: string;
  /** RFC 3339. */
  readonly accessExpiresAt: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
}

const accessSeconds = 3_600;
const refreshSeconds = 30 * 86_400;
/** Requests under way with the old access token still finish after a rotation. */
const rotationGraceSeconds = 30;

/** Opens a session; `family` ties together all that come from one log-in. */
export async function openSession(
  tx: ControlTransaction,
  who: { readonly tenantId: TenantId; readonly userId: UserId; readonly family?: string },
): Promise<SessionTokens> {
  const id: SessionId = newId('session');
  const accessToken = newToken('access');
  const refreshToken = newToken('refresh');
  const [row] = await tx.query<{ access: Date; refresh: Date }>(
    `insert into sessions (id, user_id, tenant_id, family, access_hash, refresh_hash, access_expires_at, refresh_expires_at)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), now() + make_interval(secs => $8))
     returning access_expires_at as access, refresh_expires_at as refresh`,
    [
      ...[id, who.userId, who.tenantId, who.family ?? id, tokenHash(accessToken), tokenHash(refreshToken)],
      ...[accessSeconds, refreshSeconds],
    ],
  );
  if (row === undefined) throw new Error('the session was not stored');
  return {
    tenantId: who.tenantId,
    userId: who.userId,
    accessToken,
    accessExpiresAt: row.access.toISOString(),
    refreshToken,
    refreshExpiresAt: row.refresh.toISOString(),
  };
}

/** What became of a refresh token. A reuse has revoked the family: the transaction must be kept. */
export type Refresh =
  | { readonly outcome: 'refreshed'; readonly tokens: SessionTokens }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'reused' };

/**
 * Exchanges a refresh token for a new pair. Each is good once: when one comes a second time, either it or its successor
 * is in the wrong hands, and every session of the log-in ends. For `graceSeconds` after its use a token may come again,
 * where several holders share it and cannot know of each other (the pages of one browser).
 */
export async function refreshSession(tx: ControlTransaction, refreshToken: string, graceSeconds = 0): Promise<Refresh> {
  if (!isToken('refresh', refreshToken)) return { outcome: 'refused' };
  const [row] = await tx.query<{
    id: SessionId;
    user_id: UserId;
    tenant_id: TenantId;
    family: string;
    used: boolean | null;
    good: boolean;
  }>(
    `select id, user_id, tenant_id, family, rotated_at < clock_timestamp() - make_interval(secs => $2) as used,
            revoked_at is null and refresh_expires_at > now() as good
       from sessions where refresh_hash = $1 for update`,
    [tokenHash(refreshToken), graceSeconds],
  );
  if (row === undefined) return { outcome: 'refused' };
  if (row.used === true) {
    await revokeFamily(tx, row.family);
    return { outcome: 'reused' };
  }
  if (!row.good || !(await isMember(tx, row.tenant_id, row.user_id))) return { outcome: 'refused' };
  await tx.query(
    `update sessions set rotated_at = coalesce(rotated_at, now()),
            access_expires_at = least(access_expires_at, now() + make_interval(secs => $2)) where id = $1`,
    [row.id, rotationGraceSeconds],
  );
  const tokens = await openSession(tx, { tenantId: row.tenant_id, userId: row.user_id, family: row.family });
  return { outcome: 'refreshed', tokens };
}

/** Ends every session of the log-in that this session came from. */
export async function endSession(tx: ControlTransaction, sessionId: SessionId): Promise<void> {
  const [row] = await tx.query<{ family: string }>(`select family from sessions where id = $1`, [sessionId]);
  if (row !== undefined) await revokeFamily(tx, row.family);
}

/** Ends every session of a person; `keep` names one whose log-in stays. */
export async function endSessionsOf(tx: ControlTransaction, userId: UserId, keep?: SessionId): Promise<void> {
  await tx.query(
    `update sessions set revoked_at = now() where user_id = $1 and revoked_at is null
       and family is distinct from (select kept.family from sessions kept where kept.id = $2)`,
    [userId, keep ?? null],
  );
}

async function revokeFamily(tx: ControlTransaction, family: string): Promise<void> {
  await tx.query(`update sessions set revoked_at = now() where family = $1 and revoked_at is null`, [family]);
}

async function isMember(tx: ControlTransaction, tenantId: TenantId, userId: UserId): Promise<boolean> {
  const rows = await tx.query(`select from memberships where tenant_id = $1 and user_id = $2`, [tenantId, userId]);
  return rows.length > 0;
}

/** Organizations of a user, for a log-in that names none of several. */
export interface UserOrganization {
  readonly id: TenantId;
  readonly slug: string;
}

/**
 * The organization that a log-in means. Throws `auth.no_organization`, `organization.not_found`, and
 * `auth.organization_ambiguous` with the slugs to choose from.
 */
export async function chooseOrganization(
  tx: ControlTransaction,
  userId: UserId,
  slug: string | undefined,
): Promise<UserOrganization> {
  const all = await tx.query<UserOrganization>(
    `select o.id, o.slug from memberships m join organizations o on o.id = m.tenant_id where m.user_id = $1 order by o.slug`,
    [userId],
  );
  const fitting = slug === undefined ? all : all.filter((organization) => organization.slug === slug);
  const [first, second] = fitting;
  if (first === undefined && slug !== undefined) {
    throw new DomainError('not_found', 'organization.not_found', 'you are no member of an organization with this slug');
  }
  if (first === undefined)
    throw new DomainError('forbidden', 'auth.no_organization', 'this account belongs to no organization');
  if (second === undefined) return first;
  throw new DomainError(
    'conflict',
    'auth.organization_ambiguous',
    'you belong to several organizations: name one as "organization"',
    {
      details: fitting.map((organization) => ({
        code: 'auth.organization_choice',
        message: organization.slug,
        pointer: '/organization',
      })),
    },
  );
}
