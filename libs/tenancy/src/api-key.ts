import type { TenantTransaction } from '@millrace/database';
import { type ApiKeyId, DomainError, type EnvironmentId, newId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';
import type { Scope } from './role.js';
import { newApiKey, tokenHash } from './token.js';

/** An API key as people may see it: never the key itself. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The only environment it reaches; null for all. */
  readonly environmentId: EnvironmentId | null;
  readonly createdBy: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  /** The key that took its place by rotation. */
  readonly replacedBy: ApiKeyId | null;
}

export interface NewApiKey {
  readonly apiKey: ApiKey;
  /** `mr_live_…`, shown this once. */
  readonly key: string;
}

/** What the maker of a key may give away. */
export interface Granter extends Actor {
  readonly scopes: readonly Scope[];
  readonly environmentId?: EnvironmentId;
}

interface ApiKeyRow extends Omit<ApiKey, 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'revokedAt'> {
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const columns = `id, name, scopes, environment_id as "environmentId", created_by as "createdBy", created_at as "createdAt",
  expires_at as "expiresAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt", replaced_by as "replacedBy"`;

const overlapHours = 24;
const maxKeys = 500;

function fromRow(row: ApiKeyRow): ApiKey {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}

function notFound(): DomainError {
  return new DomainError('not_found', 'api_key.not_found', 'there is no such API key');
}

/** Nobody gives away more than they have. Throws `api_key.beyond_scopes`. */
function requireScopes(granter: Granter, scopes: readonly Scope[]): void {
  const beyond = scopes.filter((scope) => !granter.scopes.includes(scope));
  if (beyond.length === 0) return;
  throw new DomainError(
    'forbidden',
    'api_key.beyond_scopes',
    `you cannot give what you do not have: ${beyond.join(', ')}`,
  );
}

async function insert(
  tx: TenantTransaction,
  actor: Actor,
  given: {
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly environmentId: EnvironmentId | null;
    readonly expiresAt: string | null;
  },
): Promise<NewApiKey> {
  const id = newId('apiKey');
  const key = newApiKey(id);
  const [row] = await tx.query<ApiKeyRow>(
    `insert into api_keys (tenant_id, id, name, environment_id, secret_hash, scopes, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${columns}`,
    [tx.tenantId, id, given.name, given.environmentId, tokenHash(key), given.scopes, actor.actor, given.expiresAt],
  );
  if (row === undefined) throw new Error('the API key was not stored');
  return { apiKey: fromRow(row), key };
}

/** Throws `api_key.beyond_scopes`, `api_key.expired`, `api_key.limit`. */
export async function createApiKey(
  tx: TenantTransaction,
  granter: Granter,
  given: {
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly environmentId: EnvironmentId | undefined;
    /** RFC 3339. */
    readonly expiresAt: string | undefined;
  },
): Promise<NewApiKey> {
  requireScopes(granter, given.scopes);
  if (given.expiresAt !== undefined && Date.parse(given.expiresAt) <= Date.now()) {
    throw new DomainError('invalid', 'api_key.expired', 'expiresAt lies in the past', {
      details: [{ code: 'api_key.expired', message: 'must lie in the future', pointer: '/expiresAt' }],
    });
  }
  const [count] = await tx.query<{ live: number }>(
    `select count(*)::int as live from api_keys
      where tenant_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    [tx.tenantId],
  );
  if ((count?.live ?? 0) >= maxKeys) {
    throw new DomainError(
      'quota',
      'api_key.limit',
      `an organization has at most ${maxKeys} live API keys: revoke some`,
      {
        facts: { limit: 'apiKeys', max: maxKeys },
      },
    );
  }
  const made = await insert(tx, granter, {
    ...given,
    environmentId: given.environmentId ?? granter.environmentId ?? null,
    expiresAt: given.expiresAt ?? null,
  });
  const { id, name, scopes } = made.apiKey;
  await recordAudit(tx, { ...granter, action: 'api_key.created', target: id, detail: { name, scopes } });
  return made;
}

/** Newest first, before `before`; only those of the environment where the caller's key is bound to one. */
export async function listApiKeys(
  tx: TenantTransaction,
  bound: EnvironmentId | undefined,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<ApiKey[]> {
  const rows = await tx.query<ApiKeyRow>(
    `select ${columns} from api_keys
      where tenant_id = $1 and ($2::text is null or environment_id = $2) and ($3::text is null or id < $3)
      order by id desc limit $4`,
    [tx.tenantId, bound ?? null, page.before ?? null, page.limit],
  );
  return rows.map(fromRow);
}

async function lockKey(tx: TenantTransaction, bound: EnvironmentId | undefined, id: string): Promise<ApiKey> {
  const [row] = await tx.query<ApiKeyRow>(
    `select ${columns} from api_keys
      where tenant_id = $1 and id = $2 and ($3::text is null or environment_id = $3) for update`,
    [tx.tenantId, id, bound ?? null],
  );
  if (row === undefined) throw notFound();
  return fromRow(row);
}

/** Throws `api_key.not_found`. */
export async function getApiKey(tx: TenantTransaction, bound: EnvironmentId | undefined, id: string): Promise<ApiKey> {
  const [row] = await tx.query<ApiKeyRow>(
    `select ${columns} from api_keys where tenant_id = $1 and id = $2 and ($3::text is null or environment_id = $3)`,
    [tx.tenantId, id, bound ?? null],
  );
  if (row === undefined) throw notFound();
  return fromRow(row);
}

/**
 * Makes a key with the same rights; the old one works for another 24 hours, so that nothing breaks while it is
 * replaced. Throws `api_key.not_found`, `api_key.not_live`, `api_key.beyond_scopes`.
 */
export async function rotateApiKey(tx: TenantTransaction, granter: Granter, id: string): Promise<NewApiKey> {
  const old = await lockKey(tx, granter.environmentId, id);
  requireScopes(granter, old.scopes);
  const expired = old.expiresAt !== null && Date.parse(old.expiresAt) <= Date.now();
  if (old.revokedAt !== null || old.replacedBy !== null || expired) {
    throw new DomainError('conflict', 'api_key.not_live', 'the key is revoked, expired or replaced already');
  }
  const made = await insert(tx, granter, old);
  await tx.query(
    `update api_keys set replaced_by = $3,
            expires_at = least(coalesce(expires_at, 'infinity'), now() + make_interval(hours => $4))
      where tenant_id = $1 and id = $2`,
    [tx.tenantId, id, made.apiKey.id, overlapHours],
  );
  await recordAudit(tx, { ...granter, action: 'api_key.rotated', target: id, detail: { replacedBy: made.apiKey.id } });
  return made;
}

/** Ends a key at once. Throws `api_key.not_found`. */
export async function revokeApiKey(tx: TenantTransaction, granter: Granter, id: string): Promise<void> {
  const key = await lockKey(tx, granter.environmentId, id);
  if (key.revokedAt !== null) return;
  await tx.query(`update api_keys set revoked_at = now() where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
  await recordAudit(tx, { ...granter, action: 'api_key.revoked', target: id });
}
