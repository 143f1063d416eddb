import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { DomainError, type TenantId } from '@millrace/kernel';
import { digestOf } from './digest.js';
import { fillFile } from './fill-file.js';
import { checkDigest, checkExpected, checkRange, checkTenant, objectName, objectNotFound } from './object-name.js';
import type { Digest, ObjectBody, ObjectStore, PutOptions, StoredObject } from './object-store.js';
import type { S3Location } from './s3-location.js';

/** Larger bodies go up in parts, each of which can be repeated by itself. */
const partBytes = 8 * 1024 * 1024;

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && ['NoSuchKey', 'NotFound'].includes(error.name);
}

/** What the caller sees: an answer of the server that is a refusal, or no answer, is no fault of the request. */
function translated(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new DomainError('unavailable', 'object_store.unavailable', `the object store does not answer (${reason})`, {
    retryAfterSeconds: 1,
    cause: error,
  });
}

/**
 * Objects in a bucket of S3 or of a server that speaks its protocol, `<prefix><tenant>/<2 hex>/<64 hex>`. A body is
 * read to its end, and its digest known, before anything goes up, so that nothing half-done or wrongly named appears.
 * Credentials come from where AWS programs look for them: variables, profile, role of the machine.
 */
export class S3ObjectStore implements ObjectStore {
  private constructor(
    private readonly client: S3Client,
    private readonly location: S3Location,
  ) {}

  /** Asks for the bucket; throws `object_store.bucket` that names what is wrong. */
  static async open(location: S3Location): Promise<S3ObjectStore> {
    const client = new S3Client({
      region: location.region ?? (location.endpoint === undefined ? undefined : 'us-east-1'),
      forcePathStyle: location.pathStyle,
      ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint }),
      maxAttempts: 4,
    });
    try {
      await client.send(new HeadBucketCommand({ Bucket: location.bucket }));
    } catch (error) {
      client.destroy();
      throw unusable(location, error);
    }
    return new S3ObjectStore(client, location);
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
    return buffer(await this.stream(tenantId, digest));
  }

  async stream(tenantId: TenantId, digest: string): Promise<Readable> {
    return bodyOf(await this.fetch(tenantId, digest, undefined));
  }

  async readRange(tenantId: TenantId, digest: string, offset: number, length: number): Promise<Buffer> {
    checkRange(offset, length);
    const size = (await this.stat(tenantId, digest))?.sizeBytes;
    if (size === undefined) throw objectNotFound(digest);
    // S3 answers an empty range with the whole object, and one past the end with an error.
    if (length === 0 || offset >= size) return Buffer.alloc(0);
    const last = Math.min(size, offset + length) - 1;
    return buffer(bodyOf(await this.fetch(tenantId, digest, `bytes=${offset}-${last}`)));
  }

  async stat(tenantId: TenantId, digest: string): Promise<StoredObject | undefined> {
    const Key = this.key(tenantId, digest);
    try {
      const { ContentLength } = await this.client.send(new HeadObjectCommand({ Bucket: this.location.bucket, Key }));
      return { digest: checkDigest(digest), sizeBytes: ContentLength ?? 0 };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw translated(error);
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
    const maxBytes = options.maxBytes ?? Infinity;
    if (body instanceof Uint8Array && body.byteLength <= Math.min(partBytes, maxBytes)) {
      const stored = { digest: digestOf(body), sizeBytes: body.byteLength };
      checkExpected(stored.digest, expected);
      return this.publish(tenantId, stored, body);
    }
    const spool = join(tmpdir(), `millrace-object-${randomUUID()}`);
    const file = await open(spool, 'wx+', 0o600);
    try {
      const stored = await fillFile(file, body, maxBytes);
      checkExpected(stored.digest, expected);
      return await this.publish(tenantId, stored, file.createReadStream({ start: 0, autoClose: false }));
    } finally {
      await file.close();
      await rm(spool, { force: true });
    }
  }

  private async publish(tenantId: TenantId, stored: StoredObject, body: Uint8Array | Readable): Promise<StoredObject> {
    const known = await this.stat(tenantId, stored.digest);
    if (known?.sizeBytes === stored.sizeBytes) return known;
    const target = { Bucket: this.location.bucket, Key: this.key(tenantId, stored.digest) };
    try {
      if (body instanceof Uint8Array) {
        const ChecksumSHA256 = Buffer.from(stored.digest.slice('sha256:'.length), 'hex').toString('base64');
        await this.client.send(new PutObjectCommand({ ...target, Body: body, ChecksumSHA256 }));
      } else {
        await new Upload({
          client: this.client,
          params: { ...target, Body: body, ContentLength: stored.sizeBytes },
          partSize: partBytes,
        }).done();
      }
    } catch (error) {
      throw translated(error);
    }
    return stored;
  }

  private async fetch(tenantId: TenantId, digest: string, range: string | undefined): Promise<GetObjectCommandOutput> {
    const Key = this.key(tenantId, digest);
    try {
      const request = { Bucket: this.location.bucket, Key, ...(range === undefined ? {} : { Range: range }) };
      return await this.client.send(new GetObjectCommand(request));
    } catch (error) {
      throw isMissing(error) ? objectNotFound(digest) : translated(error);
    }
  }

  private key(tenantId: string, digest: string): string {
    return `${this.location.prefix}${objectName(tenantId, digest).join('/')}`;
  }
}

function bodyOf(output: GetObjectCommandOutput): Readable {
  if (output.Body instanceof Readable) return output.Body;
  throw new DomainError('unavailable', 'object_store.unavailable', 'the object store sent no body');
}

function unusable(location: S3Location, error: unknown): DomainError {
  const where = location.endpoint === undefined ? 'at AWS' : `at ${location.endpoint}`;
  const reasons: Record<number, string> = {
    301: 'it lies in another region: name it with ?region=',
    400: 'the request was refused: check the region and the credentials',
    403: 'the credentials may not use it: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    404: 'there is no such bucket: create it first',
  };
  const reason = reasons[statusOf(error) ?? 0] ?? (error instanceof Error ? error.message : String(error));
  return new DomainError('invalid', 'object_store.bucket', `the bucket ${location.bucket} ${where}: ${reason}`, {
    cause: error,
  });
}
