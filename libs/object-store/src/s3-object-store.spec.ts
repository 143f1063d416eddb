import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { newId, type TenantId } from '@millrace/kernel';
import { type S3ForTest, testS3 } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from './digest.js';
import type { ObjectStore } from './object-store.js';
import { openObjectStore } from './open.js';
import { parseS3Location } from './s3-location.js';

const ours: TenantId = newId('organization');
const theirs: TenantId = newId('organization');
const bytes = Buffer.from('hello, world');

let server: S3ForTest;
let store: ObjectStore;
beforeAll(async () => {
  server = await testS3();
  process.env['AWS_ACCESS_KEY_ID'] = server.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = server.secretAccessKey;
  await server.createBucket('objects');
  store = await openObjectStore(`s3://objects/millrace?endpoint=${server.endpoint}`);
});
afterAll(() => server.stop());

async function* inParts(whole: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

describe('an object store in S3', () => {
  it('gives back what was put, whole, in parts and as a stream', async () => {
    const stored = await store.put(ours, bytes);

    expect(stored).toEqual({ digest: digestOf(bytes), sizeBytes: bytes.length });
    expect(await store.get(ours, stored.digest)).toEqual(bytes);
    expect(await buffer(await store.stream(ours, stored.digest))).toEqual(bytes);
    expect(String(await store.readRange(ours, stored.digest, 7, 5))).toBe('world');
    expect(String(await store.readRange(ours, stored.digest, 7, 500))).toBe('world');
    expect(await store.readRange(ours, stored.digest, 3, 0)).toHaveLength(0);
    expect(await store.readRange(ours, stored.digest, 100, 5)).toHaveLength(0);
    expect(await store.stat(ours, stored.digest)).toEqual(stored);
    await expect(store.readRange(ours, stored.digest, -1, 5)).rejects.toMatchObject({ code: 'object.range' });
  });

  it('keeps nothing, and the empty object', async () => {
    const { digest } = await store.put(ours, Buffer.alloc(0));

    expect(await store.get(ours, digest)).toHaveLength(0);
    expect(await store.has(ours, digestOf('never put'))).toBe(false);
    await expect(store.get(ours, digestOf('never put'))).rejects.toMatchObject({ code: 'object.not_found' });
  });

  it('sends a large stream up in parts, byte for byte', async () => {
    const large = randomBytes(21 * 1024 * 1024 + 7);
    const stored = await store.put(ours, inParts(large, 100_001));

    expect(stored).toEqual({ digest: digestOf(large), sizeBytes: large.length });
    expect(digestOf(await store.get(ours, stored.digest))).toBe(stored.digest);
    const middle = 8 * 1024 * 1024 - 3;
    expect(await store.readRange(ours, stored.digest, middle, 9)).toEqual(large.subarray(middle, middle + 9));
  });

  it('keeps organizations apart even where their bytes are the same', async () => {
    const { digest } = await store.put(ours, bytes);

    expect(await store.has(theirs, digest)).toBe(false);
    await expect(store.get(theirs, digest)).rejects.toMatchObject({ kind: 'not_found', code: 'object.not_found' });
    await expect(store.get('../elsewhere' as TenantId, digest)).rejects.toMatchObject({ code: 'object.tenant' });
  });

  it('keeps nothing of bytes that are not what they should be, too many, or broken off', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('the connection ended');
    }
    const other = Buffer.from('others');

    await expect(store.putExpected(ours, digestOf('wanted'), other)).rejects.toMatchObject({
      code: 'object.digest_mismatch',
    });
    await expect(store.putExpected(ours, digestOf('wanted'), inParts(other, 2))).rejects.toMatchObject({
      code: 'object.digest_mismatch',
    });
    await expect(store.put(ours, other, { maxBytes: 5 })).rejects.toMatchObject({ kind: 'too_large' });
    await expect(store.put(ours, broken())).rejects.toThrow('the connection ended');
    expect(await store.has(ours, digestOf(other))).toBe(false);
    expect(await store.has(ours, digestOf('half'))).toBe(false);
  });

  it('says what is wrong with a bucket, the credentials or the address', async () => {
    const missing = `s3://nothing-here?endpoint=${server.endpoint}`;
    await expect(openObjectStore(missing)).rejects.toMatchObject({
      code: 'object_store.bucket',
      message: expect.stringContaining('no such bucket') as string,
    });
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong';
    await expect(openObjectStore(`s3://objects?endpoint=${server.endpoint}`)).rejects.toMatchObject({
      message: expect.stringContaining('AWS_SECRET_ACCESS_KEY') as string,
    });
    process.env['AWS_SECRET_ACCESS_KEY'] = server.secretAccessKey;
    for (const url of ['s3://UPPER_case', 's3://objects?foo=1', 's3://a:b@objects', 's3://objects?endpoint=ftp://x']) {
      expect(() => parseS3Location(url), url).toThrow();
    }
  });

  it('is unavailable, and not wrong, where the server went away', async () => {
    const second = await testS3();
    try {
      await second.createBucket('objects');
      const doomed = await openObjectStore(`s3://objects?endpoint=${second.endpoint}`);
      await second.kill();
      await expect(doomed.put(ours, bytes)).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(doomed.get(ours, digestOf(bytes))).rejects.toMatchObject({ kind: 'unavailable' });
    } finally {
      await second.stop();
    }
  });
});
