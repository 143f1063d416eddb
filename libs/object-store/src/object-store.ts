import type { TenantId } from '@millrace/kernel';
import type { Readable } from 'node:stream';

/** Name of an object: the SHA-256 of its bytes. */
export type Digest = `sha256:${string}`;

export interface StoredObject {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

export interface PutOptions {
  /** More than this many bytes are refused with `object.too_large`; nothing is kept. */
  readonly maxBytes?: number;
}

/**
 * Immutable bytes by digest, each tenant's apart: a digest of one tenant opens nothing of another, even where the bytes
 * are the same. Putting what is there already is no error. Missing objects are `object.not_found`.
 */
export interface ObjectStore {
  /** Durable when it resolves. */
  put(tenantId: TenantId, body: ObjectBody, options?: PutOptions): Promise<StoredObject>;
  /** As `put`, but keeps the bytes only where they have this digest; else `object.digest_mismatch`. */
  putExpected(tenantId: TenantId, digest: string, body: ObjectBody, options?: PutOptions): Promise<StoredObject>;
  get(tenantId: TenantId, digest: string): Promise<Buffer>;
  stream(tenantId: TenantId, digest: string): Promise<Readable>;
  /** Up to `length` bytes from `offset`; fewer at the end, none past it. */
  readRange(tenantId: TenantId, digest: string, offset: number, length: number): Promise<Buffer>;
  stat(tenantId: TenantId, digest: string): Promise<StoredObject | undefined>;
  has(tenantId: TenantId, digest: string): Promise<boolean>;
}

/** True where the text has the form of a digest; says nothing of whether the object exists. */
export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
