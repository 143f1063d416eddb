import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { bundleLimits, type BundleLimits } from './bundle.js';
import { packBundle, sha256 } from './pack-bundle.js';
import { readBundle } from './read-bundle.js';

type Entry = readonly [Partial<Header> & { name: string }, string | Buffer];

async function tar(...entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  const collected = buffer(archive);
  for (const [header, content] of entries) archive.entry(header, content);
  archive.finalize();
  return collected;
}

async function tarGz(...entries: readonly Entry[]): Promise<Buffer> {
  return gzipSync(await tar(...entries));
}

function file(name: string, content: string | Buffer = 'x'): Entry {
  return [{ name }, content];
}

function read(bytes: Buffer, limits: Partial<BundleLimits> = {}) {
  return readBundle(bytes, 'application/gzip', { ...bundleLimits, ...limits });
}

function readJson(text: string) {
  return readBundle(Buffer.from(text), 'application/json');
}

describe('a tar.gz bundle', () => {
  it('gives its files, without a leading "./", folders and litter', async () => {
    const bytes = await tarGz(
      [{ name: './', type: 'directory' }, ''],
      [{ name: './src/', type: 'directory' }, ''],
      file('./src/a.ts', 'one'),
      file(`${'deep/'.repeat(30)}b.txt`, 'two'),
      file('._a.ts'),
      file('src/.DS_Store'),
      file('__MACOSX/src/a.ts'),
    );
    const { files } = await read(bytes);

    expect([...files].map(([path, content]) => [path, String(content)])).toEqual([
      ['src/a.ts', 'one'],
      [`${'deep/'.repeat(30)}b.txt`, 'two'],
    ]);
  });

  it.each([
    ['../x', 'bundle.path_escape'],
    ['a/../../x', 'bundle.path_escape'],
    ['a/..', 'bundle.path_escape'],
    ['/etc/passwd', 'bundle.path_absolute'],
    ['C:/x', 'bundle.path_absolute'],
    ['a\\..\\b', 'bundle.path_backslash'],
    ['a//b', 'bundle.path_form'],
    ['a/./b', 'bundle.path_form'],
    ['a\u0007b', 'bundle.path_control'],
    ['a\nb', 'bundle.path_control'],
    ['x'.repeat(256), 'bundle.path_long'],
    [`${`${'d'.repeat(200)}/`.repeat(6)}x`, 'bundle.path_long'],
  ])('refuses the path %j', async (name, code) => {
    await expect(read(await tarGz(file(name)))).rejects.toMatchObject({ kind: 'invalid', code });
  });

  it('refuses a folder whose path is wrong, though folders hold nothing', async () => {
    const bytes = await tarGz([{ name: '../x/', type: 'directory' }, '']);

    await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle.path_escape' });
  });

  it.each([
    [{ type: 'symlink', linkname: '/etc/passwd' }, 'a symbolic link'],
    [{ type: 'symlink', linkname: 'a' }, 'a symbolic link'],
    [{ type: 'link', linkname: 'a' }, 'a hard link'],
    [{ type: 'character-device', devmajor: 1, devminor: 3 }, 'a device'],
    [{ type: 'block-device', devmajor: 1, devminor: 3 }, 'a device'],
    [{ type: 'fifo' }, 'a pipe'],
  ] as const)('refuses %j', async (header, kind) => {
    const bytes = await tarGz(file('a'), [{ name: 'b', ...header }, '']);

    await expect(read(bytes)).rejects.toMatchObject({
      code: 'bundle.link',
      message: expect.stringContaining(kind) as string,
    });
  });

  it.each([
    ['twice the same', ['a', 'a']],
    ['a difference of case', ['src/A', 'src/a']],
    ['a difference of case in a folder', ['SRC/a', 'src/a']],
    ['a difference of Unicode form', ['\u00e9', 'e\u0301']],
    ['letters that fold together', ['straße', 'STRASSE']],
    ['a file that is a folder', ['a', 'a/b']],
    ['a folder that is a file', ['a/b/c', 'a/b']],
    ['the same in another spelling', ['./a', 'a']],
  ])('refuses %s', async (_, names) => {
    await expect(read(await tarGz(...names.map((name) => file(name))))).rejects.toMatchObject({
      code: 'bundle.duplicate',
    });
  });

  it('stops inflating at the limits', async () => {
    const zeros = gzipSync(Buffer.alloc(300 * 1024 * 1024));
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, i) => String(Math.sin(i))).join(''));

    await expect(read(zeros)).rejects.toMatchObject({ kind: 'too_large', code: 'bundle.ratio' });
    await expect(read(zeros, { ratio: Infinity })).rejects.toMatchObject({
      kind: 'too_large',
      code: 'bundle.too_large',
    });
    await expect(read(await tarGz(file('a', Buffer.alloc(2_000_000))), { ratio: 100 })).rejects.toMatchObject({
      code: 'bundle.ratio',
    });
    await expect(read(await tarGz(file('a', noise)), { totalBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'bundle.too_large',
    });
    await expect(read(await tarGz(file('a', noise)), { fileBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'bundle.file_too_large',
    });
    await expect(read(await tarGz(file('a'), file('b'), file('c')), { files: 2 })).rejects.toMatchObject({
      code: 'bundle.too_many_files',
    });
    await expect(read(Buffer.alloc(100), { uploadBytes: 50 })).rejects.toMatchObject({ code: 'bundle.too_large' });
  });

  it('refuses a header that promises more than the limits before it reads on', async () => {
    const archive = await tar(file('a', 'x'.repeat(600)));
    // The size field in base 256: an exabyte.
    archive.fill(0, 124, 136);
    archive[124] = 0x80;
    archive[128] = 0x10;
    archive.fill(' ', 148, 156);
    const checksum = archive.subarray(0, 512).reduce((sum, byte) => sum + byte, 0);
    archive.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');

    await expect(read(gzipSync(archive))).rejects.toMatchObject({ kind: 'too_large' });
  });

  it('refuses what is cut off, followed by something, or no archive', async () => {
    const archive = await tar(file('a', 'x'.repeat(2000)));
    const good = gzipSync(archive);

    await expect(read(good)).resolves.toBeDefined();
    await expect(read(Buffer.concat([good, Buffer.from('garbage')]))).rejects.toMatchObject({ code: 'bundle.not_tar' });
    await expect(read(Buffer.concat([good, Buffer.alloc(100)]))).rejects.toMatchObject({ code: 'bundle.trailing' });
    await expect(read(good.subarray(0, good.length - 20))).rejects.toMatchObject({ code: 'bundle.not_tar' });
    await expect(read(gzipSync(archive.subarray(0, 1500)))).rejects.toMatchObject({ code: 'bundle.not_tar' });
    await expect(read(gzipSync(Buffer.concat([archive, Buffer.from('x'.repeat(512))])))).rejects.toMatchObject({
      code: 'bundle.not_tar',
    });
    await expect(read(gzipSync(Buffer.from('no archive'.repeat(100))))).rejects.toMatchObject({
      code: 'bundle.not_tar',
    });
    await expect(read(archive)).rejects.toMatchObject({ code: 'bundle.not_gzip' });
    await expect(read(Buffer.alloc(0))).rejects.toMatchObject({ code: 'bundle.not_gzip' });
  });

  it('finds what hides behind the end of the archive', async () => {
    const bytes = gzipSync(Buffer.concat([await tar(file('a')), await tar(file('../b'))]));

    await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle.path_escape' });
  });
});

describe('a JSON bundle', () => {
  it('gives its files and its definitions, with their places', async () => {
    const { files, inline } = await readJson(
      '{"files": {"a/b.ts": "x", "c": {"base64": "aGk="}},\n  "pipelines": [ {"pipeline": "p"} ]}',
    );

    expect([...files].map(([path, content]) => [path, String(content)])).toEqual([
      ['a/b.ts', 'x'],
      ['c', 'hi'],
    ]);
    expect(inline).toEqual([{ pointer: '/pipelines/0', text: '{"pipeline": "p"}', line: 2, column: 18 }]);
  });

  it.each([
    ['{"files": {"a": "x", "a": "y"}}', 'bundle.duplicate', '/files/a'],
    ['{"files": {"a": 5}}', 'bundle.document', '/files/a'],
    ['{"files": {"a": {"base64": "***"}}}', 'bundle.base64', '/files/a/base64'],
    ['{"files": {"a": {"base64": "aGk=", "mode": 7}}}', 'bundle.document', '/files/a'],
    ['{"files": []}', 'bundle.document', '/files'],
    ['{"pipelines": {}}', 'bundle.document', '/pipelines'],
    ['{"file": {}}', 'bundle.unknown_field', '/file'],
    ['[]', 'bundle.document', ''],
  ])('refuses %s', async (text, code, pointer) => {
    await expect(readJson(text)).rejects.toMatchObject({ code, details: [{ code, pointer }] });
  });

  it.each([
    ['{"files": {"../a": "x"}}', 'bundle.path_escape'],
    ['{"files": {"a": "x", "A": "y"}}', 'bundle.duplicate'],
    ['{"files": {', 'bundle.not_json'],
    [`{"files": ${'['.repeat(100_000)}`, 'bundle.not_json'],
    ['', 'bundle.not_json'],
  ])('refuses %#', async (text, code) => {
    await expect(readJson(text)).rejects.toMatchObject({ code });
  });

  it('takes no other type', async () => {
    await expect(readBundle(Buffer.from('PK'), 'application/x-rar')).rejects.toMatchObject({
      code: 'bundle.content_type',
    });
  });
});

describe('packBundle', () => {
  it('gives the same archive for the same content, whatever the order and the way it came', async () => {
    const fromTar = await read(
      await tarGz([{ name: 'b.sh', mode: 0o777, mtime: new Date() }, '#!/bin/sh\n'], file('a', 'one')),
    );
    const fromJson = await readJson('{"files": {"a": "one", "b.sh": "#!/bin/sh\\n"}}');
    const [one, two] = [await packBundle(fromTar.files), await packBundle(fromJson.files)];

    expect(one.digest).toBe(two.digest);
    expect(one.contentDigest).toBe(two.contentDigest);
    expect(one.files).toEqual([
      { path: 'a', sizeBytes: 3, digest: sha256(Buffer.from('one')) },
      { path: 'b.sh', sizeBytes: 10, digest: sha256(Buffer.from('#!/bin/sh\n')) },
    ]);
    expect([...(await read(one.bytes)).files.keys()]).toEqual(['a', 'b.sh']);
  });

  it('gives another archive for any difference', async () => {
    const digests = await Promise.all(
      [{ a: '1' }, { a: '2' }, { b: '1' }, { a: '1', b: '' }].map(async (files) => {
        const bundle = await readJson(JSON.stringify({ files }));
        return (await packBundle(bundle.files)).contentDigest;
      }),
    );

    expect(new Set(digests).size).toBe(4);
  });
});
