import type { TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId } from '@millrace/kernel';

/** The environment that is meant where none is named. */
export const defaultEnvironment = 'production';

export interface EnvironmentRef {
  readonly id: EnvironmentId;
  readonly slug: string;
}

/**
 * The environment that a request means: the one it names by slug, else the one its key is bound to, else `production`.
 * Throws `environment.not_found`, and `environment.out_of_reach` where a bound key names another one.
 */
export async function resolveEnvironment(
  tx: TenantTransaction,
  bound: EnvironmentId | undefined,
  slug: string | undefined,
): Promise<EnvironmentRef> {
  const [row] = await tx.query<EnvironmentRef>(
    slug === undefined && bound !== undefined
      ? `select id, slug from environments where tenant_id = $1 and id = $2`
      : `select id, slug from environments where tenant_id = $1 and slug = $2`,
    [tx.tenantId, slug ?? bound ?? defaultEnvironment],
  );
  if (row === undefined) {
    throw new DomainError(
      'not_found',
      'environment.not_found',
      `there is no environment ${JSON.stringify(slug ?? bound ?? defaultEnvironment)}`,
    );
  }
  if (bound !== undefined && row.id !== bound) {
    throw new DomainError(
      'forbidden',
      'environment.out_of_reach',
      `this API key is bound to another environment than ${row.slug}`,
    );
  }
  return row;
}
