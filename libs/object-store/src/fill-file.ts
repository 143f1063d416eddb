import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { DomainError } from '@millrace/kernel';
import type { ObjectBody, StoredObject } from './object-store.js';

async function* chunks(body: ObjectBody): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else yield* body;
}

/** Writes the body to the file and says what it was; throws `object.too_large` beyond `maxBytes`. */
export async function fillFile(file: FileHandle, body: ObjectBody, maxBytes: number): Promise<StoredObject> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of chunks(body)) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      throw new DomainError('too_large', 'object.too_large', `the object is larger than ${maxBytes} bytes`);
    }
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}
