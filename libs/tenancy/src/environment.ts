import type { NotifyRule } from '@millrace/contracts';
import type { TenantTransaction, Transaction } from '@millrace/database';
import { DomainError, type EnvironmentId, newId, type TenantId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';

/** The environment that is meant where none is named; every organization has it. */
export const defaultEnvironment = 'production';

export interface EnvironmentRef {
  readonly id: EnvironmentId;
  readonly slug: string;
}

export interface Environment extends EnvironmentRef {
  readonly name: string;
  /** Who is told of what where a pipeline does not say; null: the owners, of what went wrong. */
  readonly notify: readonly NotifyRule[] | null;
  /** RFC 3339. */
  readonly createdAt: string;
}

interface EnvironmentRow extends EnvironmentRef {
  readonly name: string;
  readonly notify: readonly NotifyRule[] | null;
  readonly createdAt: Date;
}

const columns = `id, slug, name, notify, created_at as "createdAt"`;

function fromRow(row: EnvironmentRow): Environment {
  return { ...row, createdAt: row.createdAt.toISOString() };
}

function notFound(named: string): DomainError {
  return new DomainError('not_found', 'environment.not_found', `there is no environment ${JSON.stringify(named)}`);
}

/**
 * The environment that a request means: the one it names by slug, else the one its key is bound to, else `production`.
 * Throws `environment.not_found`, also where a bound key names another one.
 */
export async function resolveEnvironment(
  tx: TenantTransaction,
  bound: EnvironmentId | undefined,
  slug: string | undefined,
): Promise<EnvironmentRef> {
  const [row] = await tx.query<EnvironmentRef>(
    slug === undefined && bound !== undefined
      ? `select id, slug from environments where tenant_id = $1 and id = $2 and deleted_at is null`
      : `select id, slug from environments where tenant_id = $1 and slug = $2 and deleted_at is null`,
    [tx.tenantId, slug ?? bound ?? defaultEnvironment],
    slug === undefined && bound !== undefined ? 'find_environment_by_id' : 'find_environment_by_slug',
  );
  if (row === undefined || (bound !== undefined && row.id !== bound)) throw notFound(slug ?? defaultEnvironment);
  return row;
}

/** By id or slug. Throws `environment.not_found`. */
export async function getEnvironment(tx: TenantTransaction, idOrSlug: string): Promise<Environment> {
  const [row] = await tx.query<EnvironmentRow>(
    `select ${columns} from environments where tenant_id = $1 and (id = $2 or slug = $2) and deleted_at is null`,
    [tx.tenantId, idOrSlug],
  );
  if (row === undefined) throw notFound(idOrSlug);
  return fromRow(row);
}

/** In order of slugs, after `after`; only the bound one where the caller's key is bound. */
export async function listEnvironments(
  tx: TenantTransaction,
  bound: EnvironmentId | undefined,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<Environment[]> {
  const rows = await tx.query<EnvironmentRow>(
    `select ${columns} from environments
      where tenant_id = $1 and deleted_at is null and ($2::text is null or id = $2) and ($3::text is null or slug > $3) order by slug limit $4`,
    [tx.tenantId, bound ?? null, page.after ?? null, page.limit],
  );
  return rows.map(fromRow);
}

/** The row alone: for sign-up, which has no tenant yet. */
export async function insertEnvironment(
  tx: Transaction,
  tenantId: TenantId,
  given: { readonly slug: string; readonly name: string },
): Promise<Environment | undefined> {
  const [row] = await tx.query<EnvironmentRow>(
    `insert into environments (tenant_id, id, slug, name) values ($1, $2, $3, $4)
     on conflict (tenant_id, slug) where deleted_at is null do nothing returning ${columns}`,
    [tenantId, newId('environment'), given.slug, given.name],
  );
  return row && fromRow(row);
}

/** Throws `environment.exists`, and `environment.limit` where the plan allows no more. */
export async function createEnvironment(
  tx: TenantTransaction,
  actor: Actor,
  given: { readonly slug: string; readonly name: string },
  limit: number,
): Promise<Environment> {
  await tx.query(`select from organizations where id = $1 for update`, [tx.tenantId]);
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from environments where tenant_id = $1 and deleted_at is null`,
    [tx.tenantId],
  );
  if ((row?.count ?? 0) >= limit) {
    throw new DomainError('quota', 'environment.limit', `the plan allows ${limit} environments`, {
      facts: { limit: 'environments', max: limit },
    });
  }
  const environment = await insertEnvironment(tx, tx.tenantId, given);
  if (environment === undefined) {
    throw new DomainError('conflict', 'environment.exists', `there is an environment ${given.slug} already`);
  }
  await recordAudit(tx, {
    ...actor,
    action: 'environment.created',
    target: environment.id,
    detail: { slug: given.slug },
  });
  return environment;
}

/** Changes what is given: the name, and who is told of what. A slug is for ever. */
export async function changeEnvironment(
  tx: TenantTransaction,
  actor: Actor,
  idOrSlug: string,
  change: { readonly name?: string | undefined; readonly notify?: readonly NotifyRule[] | null | undefined },
): Promise<Environment> {
  const [row] = await tx.query<EnvironmentRow>(
    `update environments set name = coalesce($3, name), notify = case when $4 then $5::jsonb else notify end
     where tenant_id = $1 and (id = $2 or slug = $2) and deleted_at is null returning ${columns}`,
    [
      ...[tx.tenantId, idOrSlug, change.name ?? null, change.notify !== undefined],
      change.notify === undefined || change.notify === null ? null : JSON.stringify(change.notify),
    ],
  );
  if (row === undefined) throw notFound(idOrSlug);
  if (change.name !== undefined) {
    await recordAudit(tx, {
      ...actor,
      action: 'environment.renamed',
      target: row.id,
      detail: { name: change.name },
    });
  }
  if (change.notify !== undefined) {
    await recordAudit(tx, {
      ...actor,
      action: 'environment.notify_changed',
      target: row.id,
      detail: { rules: change.notify?.length ?? null },
    });
  }
  return fromRow(row);
}
