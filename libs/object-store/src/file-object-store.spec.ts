import { newId, type TenantId } from '@millrace/kernel';
import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from './digest.js';
import { FileObjectStore } from './file-object-store.js';
import { openObjectStore } from './open.js';

const ours: TenantId = newId('organization');
const theirs: TenantId = newId('organization');
const bytes = Buffer.from('hello, world');

let root: string;
let store: FileObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'objects-'));
  store = await FileObjectStore.open(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('FileObjectStore', () => {
  it('gives back what was put, whole, in parts and as a stream', async () => {
    const stored = await store.put(ours, bytes);

    expect(stored).toEqual({ digest: digestOf(bytes), sizeBytes: bytes.length });
    expect(await store.get(ours, stored.digest)).toEqual(bytes);
    expect(await buffer(await store.stream(ours, stored.digest))).toEqual(bytes);
    expect(String(await store.readRange(ours, stored.digest, 7, 5))).toBe('world');
    expect(String(await store.readRange(ours, stored.digest, 7, 500))).toBe('world');
    expect(await store.readRange(ours, stored.digest, 100, 5)).toHaveLength(0);
    expect(await store.stat(ours, stored.digest)).toEqual(stored);
  });

  it('names a stream by its content, and keeps one file for the same bytes', async () => {
    async function* parts() {
      for (const part of ['hello', ', ', 'world']) yield Buffer.from(part);
    }
    const [one, two] = await Promise.all([store.put(ours, parts()), store.put(ours, bytes)]);

    expect(one).toEqual(two);
    expect(await filesBelow(root)).toHaveLength(1);
  });

  it('keeps organizations apart even where their bytes are the same', async () => {
    const { digest } = await store.put(ours, bytes);

    expect(await store.has(ours, digest)).toBe(true);
    expect(await store.has(theirs, digest)).toBe(false);
    await expect(store.get(theirs, digest)).rejects.toMatchObject({ kind: 'not_found', code: 'object.not_found' });
    await expect(store.stream(theirs, digest)).rejects.toMatchObject({ code: 'object.not_found' });
    await expect(store.readRange(theirs, digest, 0, 1)).rejects.toMatchObject({ code: 'object.not_found' });
  });

  it('can be read by its owner alone', async () => {
    await store.put(ours, bytes);
    const [file = ''] = await filesBelow(root);

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, ours))).mode & 0o777).toBe(0o700);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
  });

  it('keeps nothing of bytes that are not what they should be, too many, or broken off', async () => {
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('the connection ended');
    }

    await expect(store.putExpected(ours, digestOf('other'), bytes)).rejects.toMatchObject({
      code: 'object.digest_mismatch',
    });
    await expect(store.put(ours, bytes, { maxBytes: 5 })).rejects.toMatchObject({ kind: 'too_large' });
    await expect(store.put(ours, broken())).rejects.toThrow('the connection ended');
    expect(await filesBelow(root)).toEqual([]);
    expect(await store.putExpected(ours, digestOf(bytes), bytes)).toMatchObject({ sizeBytes: bytes.length });
  });

  it.each(['../../etc', 'org_../../x', '', '.', 'org_01J9ZC3V5T9YV7Q6M0N8F2A4B/', `${ours}/..`, `${ours}\0`])(
    'takes %j for no organization',
    async (tenant) => {
      await expect(store.put(tenant as TenantId, bytes)).rejects.toMatchObject({ code: 'object.tenant' });
      await expect(store.get(tenant as TenantId, digestOf(bytes))).rejects.toMatchObject({ code: 'object.tenant' });
    },
  );

  it.each(['sha256:../../../../etc/passwd', 'sha256:', `sha256:${'A'.repeat(64)}`, `${digestOf('x')}/..`, 'md5:0'])(
    'takes %j for no digest',
    async (digest) => {
      await expect(store.get(ours, digest)).rejects.toMatchObject({ code: 'object.digest' });
      await expect(store.putExpected(ours, digest, bytes)).rejects.toMatchObject({ code: 'object.digest' });
    },
  );

  it('clears away what a crash left behind, and nothing of what is being written now', async () => {
    const [old, fresh] = [join(root, '.incoming', 'old'), join(root, '.incoming', 'fresh')];
    await writeFile(old, 'x');
    await writeFile(fresh, 'x');
    await utimes(old, new Date(0), new Date(0));
    await symlink('/nowhere', join(root, '.incoming', 'dangling'));

    await FileObjectStore.open(root);

    expect(await filesBelow(root)).toEqual([fresh]);
  });
});

describe('openObjectStore', () => {
  it('opens folders, and says what is wrong with an address', async () => {
    await (await openObjectStore(`file://${root}`)).put(ours, bytes);
    expect(await (await openObjectStore(root)).has(ours, digestOf(bytes))).toBe(true);

    await expect(openObjectStore('relative/folder')).rejects.toMatchObject({ code: 'object_store.url' });
  });
});
