import type { TenantTransaction } from '@millrace/database';
import type { EnvironmentId } from '@millrace/kernel';
import type { PoolFacts } from './format/check-fields.js';

/** Which pools an environment has; they belong to another context. */
export interface PoolDirectory {
  list(tx: TenantTransaction, environmentId: EnvironmentId): Promise<readonly PoolFacts[]>;
}
