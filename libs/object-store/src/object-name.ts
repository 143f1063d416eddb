import { DomainError, isId } from '@millrace/kernel';
import { type Digest, isDigest } from './object-store.js';

/** Throws `object.digest` where the text is none. */
export function checkDigest(digest: string): Digest {
  if (isDigest(digest)) return digest;
  throw new DomainError('invalid', 'object.digest', 'not a digest: expected sha256: and 64 hexadecimal digits');
}

/** The id becomes part of a path, so nothing but an id may pass: throws `object.tenant`. */
export function checkTenant(tenantId: string): void {
  if (isId('organization', tenantId)) return;
  throw new DomainError('invalid', 'object.tenant', 'not the id of an organization');
}

/** Parts of an object's path: the tenant, two digits that spread the folders, the digest. */
export function objectName(tenantId: string, digest: string): readonly [string, string, string] {
  checkTenant(tenantId);
  const name = checkDigest(digest).slice('sha256:'.length);
  return [tenantId, name.slice(0, 2), name];
}

/** Throws `object.range` where this is no range of bytes. */
export function checkRange(offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0) return;
  throw new DomainError('invalid', 'object.range', `not a range of bytes: ${length} from ${offset}`);
}

/** Throws `object.digest_mismatch` where bytes were expected to be others. */
export function checkExpected(digest: Digest, expected: Digest | undefined): void {
  if (expected === undefined || digest === expected) return;
  throw new DomainError('invalid', 'object.digest_mismatch', `the bytes have the digest ${digest}, not ${expected}`);
}

export function objectNotFound(digest: string): DomainError {
  return new DomainError('not_found', 'object.not_found', `there is no object ${digest}`);
}
