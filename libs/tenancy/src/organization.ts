import type { TenantTransaction } from '@millrace/database';
import { DomainError, type TenantId } from '@millrace/kernel';
import { type Actor, recordAudit } from './audit.js';

export interface Organization {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  /** Id of a plan in billing's catalogue. */
  readonly plan: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

interface OrganizationRow extends Omit<Organization, 'createdAt'> {
  readonly createdAt: Date;
}

const columns = `id, slug, name, plan, created_at as "createdAt"`;

function fromRow(row: OrganizationRow | undefined): Organization {
  if (row === undefined) throw new DomainError('not_found', 'organization.not_found', 'there is no such organization');
  return { ...row, createdAt: row.createdAt.toISOString() };
}

/** The organization of the transaction. */
export async function getOrganization(tx: TenantTransaction): Promise<Organization> {
  const [row] = await tx.query<OrganizationRow>(`select ${columns} from organizations where id = $1`, [tx.tenantId]);
  return fromRow(row);
}

/** Changes the name; slug and plan are not changed here. */
export async function renameOrganization(tx: TenantTransaction, actor: Actor, name: string): Promise<Organization> {
  const [row] = await tx.query<OrganizationRow>(
    `update organizations set name = $2 where id = $1 returning ${columns}`,
    [tx.tenantId, name],
  );
  await recordAudit(tx, { ...actor, action: 'organization.renamed', target: tx.tenantId, detail: { name } });
  return fromRow(row);
}
