import { DomainError } from '@millrace/kernel';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileObjectStore } from './file-object-store.js';
import type { ObjectStore } from './object-store.js';
import { parseS3Location } from './s3-location.js';

/** Opens the store that the URL names: `file:///folder`, an absolute path, or `s3://bucket` (see `parseS3Location`). */
export async function openObjectStore(url: string): Promise<ObjectStore> {
  if (url.startsWith('s3:')) {
    const location = parseS3Location(url);
    // Loaded only where it is used, since the SDK is large.
    const { S3ObjectStore } = await import('./s3-object-store.js');
    return S3ObjectStore.open(location);
  }
  if (url.startsWith('file:')) return FileObjectStore.open(fileURLToPath(url));
  if (isAbsolute(url)) return FileObjectStore.open(url);
  throw new DomainError(
    'invalid',
    'object_store.url',
    `not an object store: ${url}; expected file:///absolute/folder, an absolute path or s3://bucket`,
  );
}
