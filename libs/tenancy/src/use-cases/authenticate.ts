import type { ControlTransaction } from '@millrace/database';
import type { ApiKeyId, EnvironmentId, SessionId, TenantId, UserId } from '@millrace/kernel';
import { type Role, type Scope, scopesOf } from '../role.js';
import { apiKeyIdOf, isToken, matchesHash, tokenHash } from '../token.js';

/** Whom a credential stands for. */
export interface Principal {
  readonly tenantId: TenantId;
  /** Id of the organization's plan, which limits its requests. */
  readonly plan: string;
  /** `usr_…` or `key_…`. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  readonly environmentId?: EnvironmentId;
  readonly member?: { readonly userId: UserId; readonly sessionId: SessionId; readonly role: Role };
}

/** Finds out whom an access token or API key stands for; `undefined` where it is unknown, expired or revoked. */
export class Authenticate {
  async execute(tx: ControlTransaction, credential: string): Promise<Principal | undefined> {
    if (isToken('access', credential)) return this.session(tx, credential);
    const keyId = apiKeyIdOf(credential);
    return keyId === undefined ? undefined : this.apiKey(tx, keyId, credential);
  }

  private async session(tx: ControlTransaction, token: string): Promise<Principal | undefined> {
    // The membership is read each time: whoever leaves the organization, or loses a role, loses it at once.
    const [row] = await tx.query<{ id: SessionId; user_id: UserId; tenant_id: TenantId; role: Role; plan: string }>(
      `select s.id, s.user_id, s.tenant_id, m.role, o.plan
         from sessions s
         join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
         join organizations o on o.id = s.tenant_id
        where s.access_hash = $1 and s.access_expires_at > now() and s.revoked_at is null`,
      [tokenHash(token)],
    );
    if (row === undefined) return undefined;
    return {
      tenantId: row.tenant_id,
      plan: row.plan,
      actor: row.user_id,
      scopes: scopesOf(row.role),
      member: { userId: row.user_id, sessionId: row.id, role: row.role },
    };
  }

  private async apiKey(tx: ControlTransaction, keyId: ApiKeyId, key: string): Promise<Principal | undefined> {
    const [row] = await tx.query<{
      tenant_id: TenantId;
      plan: string;
      secret_hash: Buffer;
      scopes: Scope[];
      environment_id: EnvironmentId | null;
      stale: boolean;
    }>(
      `select k.tenant_id, o.plan, k.secret_hash, k.scopes, k.environment_id,
              (k.last_used_at is null or k.last_used_at < now() - interval '1 minute') as stale
         from api_keys k join organizations o on o.id = k.tenant_id
        where k.id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`,
      [keyId],
      'find_api_key',
    );
    if (row === undefined || !matchesHash(key, row.secret_hash)) return undefined;
    if (row.stale) {
      await tx.query(
        `update api_keys set last_used_at = now()
          where tenant_id = $1 and id = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
        [row.tenant_id, keyId],
      );
    }
    return {
      tenantId: row.tenant_id,
      plan: row.plan,
      actor: keyId,
      scopes: row.scopes,
      ...(row.environment_id === null ? {} : { environmentId: row.environment_id }),
    };
  }
}
