import { readFile } from 'node:fs/promises';
import { DomainError, type TenantId } from '@millrace/kernel';
import type { KeyWrapper } from '../../ports.js';
import { deriveKey, keyBytes, openPacked, sealPacked } from '../../sealing.js';

/** Reads a file that holds 32 bytes in base64. Throws `master_key.unreadable` or `master_key.invalid`. */
export async function readMasterKey(path: string): Promise<Buffer> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new DomainError('unavailable', 'master_key.unreadable', `cannot read the master key in ${path}`, {
      cause: error,
    });
  });
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyBytes) return key;
  throw new DomainError(
    'invalid',
    'master_key.invalid',
    `${path} must hold ${keyBytes} bytes in base64 (it holds ${key.length})`,
  );
}

/** Wraps data keys with AES-256-GCM under a key derived from the master key. */
export class FileKeyWrapper implements KeyWrapper {
  private readonly key: Buffer;

  constructor(masterKey: Buffer) {
    this.key = deriveKey(masterKey, 'data-keys');
  }

  wrap(tenantId: TenantId, dataKey: Buffer): Promise<Buffer> {
    return Promise.resolve(sealPacked(this.key, dataKey, tenantId));
  }

  unwrap(tenantId: TenantId, wrapped: Buffer): Promise<Buffer> {
    return Promise.resolve(openPacked(this.key, wrapped, tenantId));
  }
}
