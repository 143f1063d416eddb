import { DomainError } from '@millrace/kernel';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileObjectStore } from './file-object-store.js';
import type { ObjectStore } from './object-store.js';

/** Opens the store that the URL names: `file:///folder` or an absolute path. `s3://` comes with a later release. */
export async function openObjectStore(url: string): Promise<ObjectStore> {
  if (url.startsWith('s3:')) {
    throw new DomainError(
      'invalid',
      'object_store.unsupported',
      `S3 object stores (${url}) come with a later release; use file:///absolute/folder`,
    );
  }
  if (url.startsWith('file:')) return FileObjectStore.open(fileURLToPath(url));
  if (isAbsolute(url)) return FileObjectStore.open(url);
  throw new DomainError(
    'invalid',
    'object_store.url',
    `not an object store: ${url}; expected file:///absolute/folder or an absolute path`,
  );
}
