import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFolder } from './pack-folder.js';
import { unpack } from './unpack.js';

type Entry = Parameters<ReturnType<typeof pack>['entry']>[0];

describe('archives', () => {
  let folder: string;
  let target: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    target = join(folder, 'target');
    await mkdir(target);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const archiveOf = async (entries: readonly (Entry & { readonly text?: string })[]): Promise<string> => {
    const tar = pack();
    for (const { text, ...header } of entries) tar.entry(header, text ?? '');
    tar.finalize();
    const parts: Buffer[] = [];
    for await (const part of tar) parts.push(Buffer.from(part as Uint8Array));
    const path = join(folder, 'archive.tar.gz');
    await writeFile(path, gzipSync(Buffer.concat(parts)));
    return path;
  };

  it('come out as they went in, read-only, with their links, and are the same each time', async () => {
    const source = join(folder, 'source');
    await mkdir(join(source, 'node_modules', 'ä-package'), { recursive: true });
    await writeFile(join(source, 'node_modules', 'ä-package', 'index.js'), 'x'.repeat(300_000));
    await writeFile(join(source, 'run.sh'), '#!/bin/sh\n');
    await chmod(join(source, 'run.sh'), 0o755);
    await symlink('ä-package/index.js', join(source, 'node_modules', 'link.js'));
    const [first, second] = [join(folder, '1.tar.gz'), join(folder, '2.tar.gz')];
    await packFolder(source, first);
    await packFolder(source, second);
    const digest = async (path: string): Promise<string> =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    expect(await digest(first)).toBe(await digest(second));
    await unpack(first, target);
    expect(await readFile(join(target, 'node_modules', 'ä-package', 'index.js'), 'utf8')).toHaveLength(300_000);
    expect(await readlink(join(target, 'node_modules', 'link.js'))).toBe('ä-package/index.js');
    expect((await lstat(join(target, 'run.sh'))).mode & 0o777).toBe(0o555);
    expect((await lstat(join(target, 'node_modules', 'ä-package', 'index.js'))).mode & 0o777).toBe(0o444);
  });

  it.each([
    ['a path upwards', [{ name: '../evil.txt', text: 'x' }]],
    ['an absolute path', [{ name: '/tmp/evil.txt', text: 'x' }]],
    ['a path upwards in disguise', [{ name: 'a/../../evil.txt', text: 'x' }]],
    ['a backslash path upwards', [{ name: '..\\evil.txt', text: 'x' }]],
    ['an absolute link', [{ name: 'l', type: 'symlink', linkname: '/etc' }]],
    ['a link upwards', [{ name: 'a/l', type: 'symlink', linkname: '../../x' }]],
    [
      'a file through a link',
      [
        { name: 'd', type: 'symlink', linkname: 'e' },
        { name: 'd/f', text: 'x' },
      ],
    ],
    ['a device', [{ name: 'dev', type: 'character-device' }]],
    [
      'a file twice',
      [
        { name: 'f', text: 'x' },
        { name: 'f', text: 'y' },
      ],
    ],
  ] as const)('are refused with %s', async (_what, entries) => {
    await expect(unpack(await archiveOf(entries as unknown as Entry[]), target)).rejects.toThrow();
  });

  it('are refused when they are too large or not archives at all', async () => {
    const archive = await archiveOf([{ name: 'a', text: 'x'.repeat(10_000) }]);
    await expect(unpack(archive, target, { files: 10, bytes: 9_999 })).rejects.toThrow(/larger/);
    await writeFile(archive, 'no archive');
    await expect(unpack(archive, join(folder, 'target'))).rejects.toThrow();
  });
});
