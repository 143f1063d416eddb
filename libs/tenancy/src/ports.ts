import type { TenantId } from '@millrace/kernel';

/**
 * Wraps the data keys of organizations under a key that is not in the database: a master key in a file, or a key
 * management service.
 */
export interface KeyWrapper {
  wrap(tenantId: TenantId, dataKey: Buffer): Promise<Buffer>;
  /** Throws where the wrapped key is not this organization's. */
  unwrap(tenantId: TenantId, wrapped: Buffer): Promise<Buffer>;
}
