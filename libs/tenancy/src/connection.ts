import type { TenantTransaction } from '@millrace/database';
import { type ConnectionId, DomainError, type EnvironmentId, type JsonObject, newId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';
import { requireAll, requireRoom } from './names.js';

export const tlsModes = ['disable', 'require', 'verify'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** Where an outside system is, and which secret opens it. */
export interface Connection {
  readonly id: ConnectionId;
  readonly name: string;
  readonly type: string;
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly database: string | null;
  readonly tls: TlsMode;
  /** Further options of the type; never a credential. */
  readonly options: JsonObject;
  /** Name of the secret of the same environment that holds the password. */
  readonly passwordSecret: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type ConnectionSettings = Omit<Connection, 'id' | 'name' | 'createdAt' | 'updatedAt'>;

interface ConnectionRow extends Omit<Connection, 'createdAt' | 'updatedAt'> {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = `id, name, type, host, port, username, database, tls, options, password_secret as "passwordSecret",
  created_at as "createdAt", updated_at as "updatedAt"`;

function fromRow(row: ConnectionRow): Connection {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}

/** Makes or replaces a connection. The secret that it names need not exist yet: attempts check it. */
export async function putConnection(
  tx: TenantTransaction,
  actor: Actor,
  environmentId: EnvironmentId,
  name: string,
  settings: ConnectionSettings,
): Promise<Connection> {
  const [count] = await tx.query<{ others: number }>(
    `select count(*)::int as others from connections where tenant_id = $1 and environment_id = $2 and name <> $3`,
    [tx.tenantId, environmentId, name],
  );
  requireRoom('connection', count?.others ?? 0);
  const [row] = await tx.query<ConnectionRow>(
    `insert into connections (tenant_id, id, environment_id, name, type, host, port, username, database, tls, options, password_secret)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12)
     on conflict (tenant_id, environment_id, name) do update set type = excluded.type, host = excluded.host,
       port = excluded.port, username = excluded.username, database = excluded.database, tls = excluded.tls,
       options = excluded.options, password_secret = excluded.password_secret, updated_at = now()
     returning ${columns}`,
    [
      ...[tx.tenantId, newId('connection'), environmentId, name, settings.type, settings.host, settings.port],
      ...[
        settings.username,
        settings.database,
        settings.tls,
        JSON.stringify(settings.options),
        settings.passwordSecret,
      ],
    ],
  );
  if (row === undefined) throw new Error('the connection was not stored');
  const detail = { environmentId, type: settings.type, host: settings.host, port: settings.port };
  await recordAudit(tx, { ...actor, action: 'connection.set', target: name, detail });
  return fromRow(row);
}

/** Throws `connection.not_found`. */
export async function deleteConnection(
  tx: TenantTransaction,
  actor: Actor,
  environmentId: EnvironmentId,
  name: string,
): Promise<void> {
  const rows = await tx.query(
    `delete from connections where tenant_id = $1 and environment_id = $2 and name = $3 returning id`,
    [tx.tenantId, environmentId, name],
  );
  if (rows.length === 0) {
    throw new DomainError('not_found', 'connection.not_found', `there is no connection ${JSON.stringify(name)}`);
  }
  await recordAudit(tx, { ...actor, action: 'connection.deleted', target: name, detail: { environmentId } });
}

/** Connections by name, in order of names, after `after`. */
export async function listConnections(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Connection[]> {
  const rows = await tx.query<ConnectionRow>(
    `select ${columns} from connections
      where tenant_id = $1 and environment_id = $2 and ($3::text is null or name > $3) order by name limit $4`,
    [tx.tenantId, environmentId, page.after ?? null, page.limit],
  );
  return rows.map(fromRow);
}

/** The named connections. Throws `connection.not_found` naming every one that is missing. */
export async function readConnections(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  names: readonly string[],
): Promise<ReadonlyMap<string, Connection>> {
  if (names.length === 0) return new Map();
  const rows = await tx.query<ConnectionRow>(
    `select ${columns} from connections where tenant_id = $1 and environment_id = $2 and name = any($3)`,
    [tx.tenantId, environmentId, names],
  );
  const found = new Map(rows.map((row) => [row.name, fromRow(row)]));
  requireAll('connection', names, found);
  return found;
}
