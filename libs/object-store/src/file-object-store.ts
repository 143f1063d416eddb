import { DomainError, type TenantId } from '@millrace/kernel';
import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fillFile } from './fill-file.js';
import { checkDigest, checkExpected, checkRange, checkTenant, objectName, objectNotFound } from './object-name.js';
import type { Digest, ObjectBody, ObjectStore, PutOptions, StoredObject } from './object-store.js';

/** Half-written files older than this were left behind by a crash. */
const abandonedAfterMs = 24 * 3_600_000;
const incoming = '.incoming';

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/**
 * Objects as files, `<root>/<tenant>/<2 hex>/<64 hex>`, readable by the owner alone. A file appears under its name
 * only when all of it is on the disk, so a reader never sees half of one, whatever crashed.
 */
export class FileObjectStore implements ObjectStore {
  private constructor(private readonly root: string) {}

  /** Makes the folder where it is missing and clears away what crashes left half-written. */
  static async open(root: string): Promise<FileObjectStore> {
    if (!isAbsolute(root)) {
      throw new DomainError('invalid', 'object_store.path', `the object store's folder must be absolute: ${root}`);
    }
    const folder = join(root, incoming);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const oldest = Date.now() - abandonedAfterMs;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      if (info !== undefined && info.mtimeMs < oldest) await rm(path, { force: true });
    }
    return new FileObjectStore(root);
  }

  put(tenantId: TenantId, body: ObjectBody, options: PutOptions = {}): Promise<StoredObject> {
    return this.write(tenantId, body, undefined, options);
  }

  async putExpected(
    tenantId: TenantId,
    digest: string,
    body: ObjectBody,
    options: PutOptions = {},
  ): Promise<StoredObject> {
    return this.write(tenantId, body, checkDigest(digest), options);
  }

  async get(tenantId: TenantId, digest: string): Promise<Buffer> {
    const path = this.path(tenantId, digest);
    return readFile(path).catch((error: unknown) => this.missing(error, digest));
  }

  async stream(tenantId: TenantId, digest: string): Promise<Readable> {
    const file = await this.openForRead(tenantId, digest);
    return file.createReadStream({ autoClose: true });
  }

  async readRange(tenantId: TenantId, digest: string, offset: number, length: number): Promise<Buffer> {
    checkRange(offset, length);
    const file = await this.openForRead(tenantId, digest);
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await file.close();
    }
  }

  async stat(tenantId: TenantId, digest: string): Promise<StoredObject | undefined> {
    try {
      const { size } = await stat(this.path(tenantId, digest));
      return { digest: checkDigest(digest), sizeBytes: size };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async has(tenantId: TenantId, digest: string): Promise<boolean> {
    return (await this.stat(tenantId, digest)) !== undefined;
  }

  private async write(
    tenantId: TenantId,
    body: ObjectBody,
    expected: Digest | undefined,
    options: PutOptions,
  ): Promise<StoredObject> {
    checkTenant(tenantId);
    const temporary = join(this.root, incoming, randomUUID());
    const file = await open(temporary, 'wx', 0o600);
    try {
      const stored = await fillFile(file, body, options.maxBytes ?? Infinity);
      checkExpected(stored.digest, expected);
      const known = await this.stat(tenantId, stored.digest);
      if (known?.sizeBytes === stored.sizeBytes) return known;
      await file.sync();
      await this.publish(tenantId, stored.digest, temporary);
      return stored;
    } finally {
      await file.close();
      await rm(temporary, { force: true });
    }
  }

  private async publish(tenantId: TenantId, digest: Digest, temporary: string): Promise<void> {
    const tenantFolder = join(this.root, tenantId);
    const folder = join(tenantFolder, digest.slice(7, 9));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(temporary, this.path(tenantId, digest));
    // The name is durable only once its folders are.
    for (const path of [folder, tenantFolder, this.root]) await syncFolder(path);
  }

  private async openForRead(tenantId: TenantId, digest: string): Promise<FileHandle> {
    return open(this.path(tenantId, digest), 'r').catch((error: unknown) => this.missing(error, digest));
  }

  private missing(error: unknown, digest: string): never {
    if (!isMissing(error)) throw error;
    throw objectNotFound(digest);
  }

  private path(tenantId: TenantId, digest: string): string {
    return join(this.root, ...objectName(tenantId, digest));
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
