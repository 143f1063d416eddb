import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { bundleLimits, type BundleLimits } from './bundle.js';
import { crc32 } from './crc32.js';
import { readBundle } from './read-bundle.js';

interface Part {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly compress?: boolean;
}

async function zip(parts: readonly Part[], forceZip64Format = false): Promise<Buffer> {
  const archive = new ZipFile();
  for (const { name, content = 'x', mode = 0o100644, compress = true } of parts) {
    if (name.endsWith('/')) archive.addEmptyDirectory(name);
    else archive.addBuffer(Buffer.from(content), name, { mode, compress, forceZip64Format });
  }
  archive.end({ comment: '', forceZip64Format });
  return buffer(archive.outputStream);
}

function read(bytes: Buffer, limits: Partial<BundleLimits> = {}, type = 'application/zip') {
  return readBundle(bytes, type, { ...bundleLimits, ...limits });
}

/** The archive with the name changed wherever it stands: what no decent tool writes. */
function renamed(bytes: Buffer, from: string, to: string): Buffer {
  expect(Buffer.byteLength(from)).toBe(Buffer.byteLength(to));
  return Buffer.from(bytes.toString('latin1').replaceAll(from, Buffer.from(to).toString('latin1')), 'latin1');
}

/** The archive with a field of the first entry of its directory changed. */
function patched(bytes: Buffer, offset: number, write: (at: number, copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  write(copy.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + offset, copy);
  return copy;
}

const field = { flags: 8, method: 10, crc: 16, compressed: 20, uncompressed: 24, attributes: 38 } as const;

describe('a zip bundle', () => {
  it('gives its files, packed or stored, without folders and litter', async () => {
    const bytes = await zip([
      { name: 'src/' },
      { name: 'src/a.ts', content: 'one '.repeat(100) },
      { name: 'data/größe.csv', content: Buffer.from([0, 255]), compress: false },
      { name: '__MACOSX/src/._a.ts' },
      { name: 'src/.DS_Store' },
    ]);
    for (const type of [
      'application/zip',
      'application/x-zip-compressed',
      'application/octet-stream',
      'application/gzip',
    ]) {
      const { files, inline } = await read(bytes, {}, type);
      expect([...files.keys()], type).toEqual(['src/a.ts', 'data/größe.csv']);
      expect(files.get('src/a.ts')?.toString()).toBe('one '.repeat(100));
      expect([...(files.get('data/größe.csv') ?? [])]).toEqual([0, 255]);
      expect(inline).toEqual([]);
    }
  });

  it('may be empty, and may not be anything else', async () => {
    expect((await read(await zip([]))).files.size).toBe(0);
    await expect(read(Buffer.from('PK\u0003\u0004 and no more'))).rejects.toMatchObject({ code: 'bundle.not_zip' });
    await expect(read(Buffer.from('hello'))).rejects.toMatchObject({ code: 'bundle.not_zip' });
    const whole = await zip([{ name: 'a', content: 'x'.repeat(1000), compress: false }]);
    await expect(read(whole.subarray(0, 900))).rejects.toMatchObject({ code: 'bundle.not_zip' });
    await expect(read(Buffer.from('hello'), {}, 'application/x-rar')).rejects.toMatchObject({
      code: 'bundle.content_type',
    });
  });

  it.each([
    ['../x', 'bundle.path_escape'],
    ['a/../../xy', 'bundle.path_escape'],
    ['/etc/passwd', 'bundle.path_absolute'],
    ['C:/x', 'bundle.path_absolute'],
    ['a\\..\\b', 'bundle.path_backslash'],
    ['a//b', 'bundle.path_form'],
    ['a\nb', 'bundle.path_control'],
  ])('refuses the path %j', async (name, code) => {
    const harmless = 'n'.repeat(Buffer.byteLength(name));
    const bytes = renamed(await zip([{ name: harmless }]), harmless, name);

    await expect(read(bytes)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  it.each([
    [0o120777, 'a symbolic link'],
    [0o010644, 'a pipe'],
    [0o020644, 'a device'],
    [0o140644, 'a socket'],
  ])('refuses an entry of the mode %o', async (mode, what) => {
    await expect(read(await zip([{ name: 'a', content: '/etc/passwd', mode }]))).rejects.toMatchObject({
      code: 'bundle.link',
      message: `"a" is ${what}; a bundle holds files only`,
    });
  });

  it('refuses what is encrypted', async () => {
    const bytes = patched(await zip([{ name: 'a' }]), field.flags, (at, copy) => copy.writeUInt16LE(0x0801, at));

    await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle.encrypted' });
  });

  it('refuses an unknown method, and a folder with content', async () => {
    const lzma = patched(await zip([{ name: 'a' }]), field.method, (at, copy) => copy.writeUInt16LE(14, at));
    await expect(read(lzma)).rejects.toMatchObject({ code: 'bundle.entry' });
    const folder = renamed(await zip([{ name: 'ab', content: 'x' }]), 'ab', 'a/');
    await expect(read(folder)).rejects.toMatchObject({ code: 'bundle.entry' });
  });

  it('refuses a name of which the encoding is not told', async () => {
    const bytes = patched(await zip([{ name: 'ä' }]), field.flags, (at, copy) => copy.writeUInt16LE(0, at));
    await expect(read(bytes)).rejects.toMatchObject({ code: 'bundle.path_encoding' });
    const broken = Buffer.from(
      (await zip([{ name: 'ä' }])).toString('latin1').replaceAll('\u00c3\u00a4', '\u00ff\u00ff'),
      'latin1',
    );
    await expect(read(broken)).rejects.toMatchObject({ code: 'bundle.path_encoding' });
  });

  it('refuses two entries for one file, and a file that is a folder', async () => {
    for (const names of [
      ['a.ts', 'a.ts'],
      ['a.ts', 'A.ts'],
      ['src', 'src/a.ts'],
      ['src/a.ts', 'src'],
    ]) {
      const bytes = await zip(names.map((name) => ({ name })));
      await expect(read(bytes), names.join(' ')).rejects.toMatchObject({ code: 'bundle.duplicate' });
    }
  });

  it('refuses the Zip64 form', async () => {
    await expect(read(await zip([{ name: 'a' }], true))).rejects.toMatchObject({
      code: 'bundle.zip64',
    });
  });

  it('refuses content that does not fit its check sum or its size', async () => {
    const whole = await zip([{ name: 'a', content: 'hello hello hello hello' }]);
    const crc = patched(whole, field.crc, (at, copy) => copy.writeUInt32LE(1, at));
    await expect(read(crc)).rejects.toMatchObject({ code: 'bundle.crc', details: [{ file: 'a' }] });
    for (const size of [5, 500]) {
      const lying = patched(whole, field.uncompressed, (at, copy) => copy.writeUInt32LE(size, at));
      await expect(read(lying), String(size)).rejects.toMatchObject({ code: 'bundle.not_zip' });
    }
  });

  it('inflates nothing beyond its limits', async () => {
    const megabyte = Buffer.alloc(1024 * 1024);
    const bomb = await zip(['a', 'b', 'c', 'd'].map((name) => ({ name, content: megabyte })));

    expect(bomb.length).toBeLessThan(16 * 1024);
    await expect(read(bomb)).rejects.toMatchObject({ code: 'bundle.ratio', kind: 'too_large' });
    await expect(read(bomb, { ratio: 1e6, totalBytes: 3e6 })).rejects.toMatchObject({ code: 'bundle.too_large' });
    await expect(read(bomb, { fileBytes: 1000 })).rejects.toMatchObject({ code: 'bundle.file_too_large' });
    await expect(read(bomb, { ratio: 1e6, files: 3 })).rejects.toMatchObject({ code: 'bundle.too_many_files' });
    await expect(read(bomb, { uploadBytes: 1000 })).rejects.toMatchObject({ code: 'bundle.too_large' });
    expect((await read(bomb, { ratio: 1e6 })).files.size).toBe(4);
  });

  it('survives every way of being cut short or changed', async () => {
    const whole = await zip([
      { name: 'a.txt', content: 'hello '.repeat(20) },
      { name: 'b.txt', content: 'other' },
    ]);
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed.writeUInt8((changed.readUInt8(at) + 0x55) & 0xff, at);
      for (const bytes of [whole.subarray(0, at), changed]) {
        const outcome = await read(bytes).then(
          ({ files }) => [...files.values()].map(String).join('|'),
          (error: unknown) => (error as { code?: string }).code ?? `raw ${String(error)}`,
        );
        expect(outcome, `at ${at}`).toMatch(/^bundle\.|^(?:hello ){20}\|other$/);
      }
    }
  });
});

it('computes the CRC-32 of zip', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});
