import { randomBytes } from 'node:crypto';
import type { TenantTransaction } from '@millrace/database';
import { type AttemptId, DomainError, type EnvironmentId, newId, type RunId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';
import { requireAll, requireRoom } from './names.js';
import type { KeyWrapper } from './ports.js';
import { keyBytes, open, seal } from './sealing.js';

/** A secret as people may see it: never its value. */
export interface SecretInfo {
  readonly name: string;
  readonly version: number;
  readonly createdBy: string;
  /** RFC 3339, when this version was set. */
  readonly createdAt: string;
}

/** A value that was read, with the version that the trail of reads names. */
export interface SecretValue {
  readonly value: string;
  readonly version: number;
}

/** Who reads, for the trail. */
export interface AttemptRead {
  readonly environmentId: EnvironmentId;
  readonly names: readonly string[];
  readonly runId: RunId;
  readonly taskId: string;
  /** −1 where the task is not mapped. */
  readonly mapIndex: number;
  readonly attemptId: AttemptId;
}

interface SecretRow {
  readonly name: string;
  readonly version: number;
  readonly key_id: number;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly auth_tag: Buffer;
}

interface DataKey {
  readonly id: number;
  readonly key: Buffer;
}

/** Bytes of a secret's value at most. */
export const maxSecretBytes = 64 * 1024;

/**
 * The tenant's secrets: AES-256-GCM under a data key of the tenant, which is wrapped under a key outside the database.
 * The cipher text is bound to tenant, environment, name and version, so that no row can be passed off as another.
 */
export class SecretVault {
  constructor(private readonly wrapper: KeyWrapper) {}

  /** Stores a new version. The versions before it are destroyed: what was rotated must not lie around. */
  async set(
    tx: TenantTransaction,
    actor: Actor,
    environmentId: EnvironmentId,
    name: string,
    value: string,
  ): Promise<SecretInfo> {
    await lock(tx, environmentId, name);
    const [last] = await tx.query<{ version: number; deleted: boolean }>(
      `select version, deleted_at is not null as deleted from secrets
        where tenant_id = $1 and environment_id = $2 and name = $3 order by version desc limit 1`,
      [tx.tenantId, environmentId, name],
    );
    if (last === undefined || last.deleted) requireRoom('secret', await countSecrets(tx, environmentId));
    const version = (last?.version ?? 0) + 1;
    const dataKey = (await this.newestKey(tx)) ?? (await this.makeKey(tx));
    const sealed = seal(dataKey.key, Buffer.from(value), place(tx, environmentId, name, version));
    await destroy(tx, environmentId, name);
    const [row] = await tx.query<{ created_at: Date }>(
      `insert into secrets (tenant_id, id, environment_id, name, version, key_id, nonce, ciphertext, auth_tag, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning created_at`,
      [
        ...[tx.tenantId, newId('secret'), environmentId, name, version],
        ...[dataKey.id, sealed.nonce, sealed.ciphertext, sealed.authTag, actor.actor],
      ],
    );
    await recordAudit(tx, { ...actor, action: 'secret.set', target: name, detail: { environmentId, version } });
    if (row === undefined) throw new Error('the secret was not stored');
    return { name, version, createdBy: actor.actor, createdAt: row.created_at.toISOString() };
  }

  /** Destroys the secret. Throws `secret.not_found`. */
  async remove(tx: TenantTransaction, actor: Actor, environmentId: EnvironmentId, name: string): Promise<void> {
    await lock(tx, environmentId, name);
    const destroyed = await destroy(tx, environmentId, name);
    if (destroyed === 0)
      throw new DomainError('not_found', 'secret.not_found', `there is no secret ${JSON.stringify(name)}`);
    await recordAudit(tx, { ...actor, action: 'secret.deleted', target: name, detail: { environmentId } });
  }

  /** The newest values of the named secrets. Throws `secret.not_found` naming every one that is missing. */
  async read(
    tx: TenantTransaction,
    environmentId: EnvironmentId,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, SecretValue>> {
    if (names.length === 0) return new Map();
    const rows = await tx.query<SecretRow>(
      `select name, version, key_id, nonce, ciphertext, auth_tag from secrets
        where tenant_id = $1 and environment_id = $2 and name = any($3) and deleted_at is null`,
      [tx.tenantId, environmentId, names],
    );
    const values = new Map<string, SecretValue>();
    const keys = new Map<number, Buffer>();
    for (const row of rows) {
      const key = keys.get(row.key_id) ?? (await this.unwrapKey(tx, row.key_id));
      keys.set(row.key_id, key);
      const sealed = { nonce: row.nonce, ciphertext: row.ciphertext, authTag: row.auth_tag };
      const plain = open(key, sealed, place(tx, environmentId, row.name, row.version));
      values.set(row.name, { value: plain.toString('utf8'), version: row.version });
    }
    requireAll('secret', names, values);
    return values;
  }

  /** As {@link read}, for one attempt: the trail of reads is written first, in the same transaction. */
  async readForAttempt(tx: TenantTransaction, request: AttemptRead): Promise<ReadonlyMap<string, SecretValue>> {
    const values = await this.read(tx, request.environmentId, request.names);
    if (values.size === 0) return values;
    await tx.query(
      `insert into secret_reads (tenant_id, secret_name, secret_version, environment_id, run_id, task_id, map_index, attempt_id)
       select $1, name, version, $2, $3, $4, $5, $6 from unnest($7::text[], $8::int[]) as read (name, version)`,
      [
        ...[tx.tenantId, request.environmentId, request.runId, request.taskId, request.mapIndex, request.attemptId],
        [...values.keys()],
        [...values.values()].map(({ version }) => version),
      ],
    );
    return values;
  }

  private async newestKey(tx: TenantTransaction): Promise<DataKey | undefined> {
    const [row] = await tx.query<{ id: number; wrapped_key: Buffer }>(
      `select id, wrapped_key from tenant_keys where tenant_id = $1 order by id desc limit 1`,
      [tx.tenantId],
    );
    return row && { id: row.id, key: await this.wrapper.unwrap(tx.tenantId, row.wrapped_key) };
  }

  private async makeKey(tx: TenantTransaction): Promise<DataKey> {
    const key = randomBytes(keyBytes);
    const rows = await tx.query(
      `insert into tenant_keys (tenant_id, id, wrapped_key) values ($1, 1, $2) on conflict do nothing returning id`,
      [tx.tenantId, await this.wrapper.wrap(tx.tenantId, key)],
    );
    if (rows.length > 0) return { id: 1, key };
    // Another transaction was first; by now its key is there.
    const other = await this.newestKey(tx);
    if (other === undefined) throw new Error('the data key of the tenant is missing');
    return other;
  }

  private async unwrapKey(tx: TenantTransaction, id: number): Promise<Buffer> {
    const [row] = await tx.query<{ wrapped_key: Buffer }>(
      `select wrapped_key from tenant_keys where tenant_id = $1 and id = $2`,
      [tx.tenantId, id],
    );
    if (row === undefined) throw new Error(`data key ${id} of the tenant is missing`);
    return this.wrapper.unwrap(tx.tenantId, row.wrapped_key);
  }
}

function place(tx: TenantTransaction, environmentId: EnvironmentId, name: string, version: number): string {
  return `${tx.tenantId}|${environmentId}|${name}|${version}`;
}

/** One change of a secret at a time: versions are numbered without gaps or collisions. */
async function lock(tx: TenantTransaction, environmentId: EnvironmentId, name: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `secret|${tx.tenantId}|${environmentId}|${name}`,
  ]);
}

/** Rows stay, so that the trail of reads keeps its versions; what they held does not. */
async function destroy(tx: TenantTransaction, environmentId: EnvironmentId, name: string): Promise<number> {
  const rows = await tx.query(
    `update secrets set deleted_at = now(), nonce = '', ciphertext = '', auth_tag = ''
      where tenant_id = $1 and environment_id = $2 and name = $3 and deleted_at is null returning version`,
    [tx.tenantId, environmentId, name],
  );
  return rows.length;
}

async function countSecrets(tx: TenantTransaction, environmentId: EnvironmentId): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from secrets where tenant_id = $1 and environment_id = $2 and deleted_at is null`,
    [tx.tenantId, environmentId],
  );
  return row?.count ?? 0;
}
