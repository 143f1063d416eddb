import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, newId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';
import { requireRoom } from './names.js';

/** Bytes of a variable's value at most. */
export const maxVariableBytes = 32 * 1024;

/** A named plain text value of an environment. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface VariableRow {
  readonly name: string;
  readonly value: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = `name, value, created_at as "createdAt", updated_at as "updatedAt"`;

function fromRow(row: VariableRow): Variable {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}

/** Makes or replaces a variable. */
export async function putVariable(
  tx: TenantTransaction,
  actor: Actor,
  environmentId: EnvironmentId,
  name: string,
  value: string,
): Promise<Variable> {
  const [count] = await tx.query<{ others: number }>(
    `select count(*)::int as others from variables where tenant_id = $1 and environment_id = $2 and name <> $3`,
    [tx.tenantId, environmentId, name],
  );
  requireRoom('variable', count?.others ?? 0);
  const [row] = await tx.query<VariableRow>(
    `insert into variables (tenant_id, id, environment_id, name, value) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, environment_id, name) do update set value = excluded.value, updated_at = now()
     returning ${columns}`,
    [tx.tenantId, newId('variable'), environmentId, name, value],
  );
  if (row === undefined) throw new Error('the variable was not stored');
  await recordAudit(tx, { ...actor, action: 'variable.set', target: name, detail: { environmentId } });
  return fromRow(row);
}

/** Throws `variable.not_found`. */
export async function getVariable(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  name: string,
): Promise<Variable> {
  const [row] = await tx.query<VariableRow>(
    `select ${columns} from variables where tenant_id = $1 and environment_id = $2 and name = $3`,
    [tx.tenantId, environmentId, name],
  );
  if (row === undefined) throw notFound(name);
  return fromRow(row);
}

function notFound(name: string): DomainError {
  return new DomainError('not_found', 'variable.not_found', `there is no variable ${JSON.stringify(name)}`);
}

/** Throws `variable.not_found`. */
export async function deleteVariable(
  tx: TenantTransaction,
  actor: Actor,
  environmentId: EnvironmentId,
  name: string,
): Promise<void> {
  const rows = await tx.query(
    `delete from variables where tenant_id = $1 and environment_id = $2 and name = $3 returning id`,
    [tx.tenantId, environmentId, name],
  );
  if (rows.length === 0) throw notFound(name);
  await recordAudit(tx, { ...actor, action: 'variable.deleted', target: name, detail: { environmentId } });
}

/** Variables in order of names, after `after`. */
export async function listVariables(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Variable[]> {
  const rows = await tx.query<VariableRow>(
    `select ${columns} from variables
      where tenant_id = $1 and environment_id = $2 and ($3::text is null or name > $3) order by name limit $4`,
    [tx.tenantId, environmentId, page.after ?? null, page.limit],
  );
  return rows.map(fromRow);
}

/** All variables of the environment, as expressions and attempts see them. */
export async function readVariables(
  tx: TenantTransaction,
  environmentId: EnvironmentId,
): Promise<Readonly<Record<string, string>>> {
  const rows = await tx.query<{ name: string; value: string }>(
    `select name, value from variables where tenant_id = $1 and environment_id = $2 order by name`,
    [tx.tenantId, environmentId],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
