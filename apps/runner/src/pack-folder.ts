import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';

/**
 * Packs a folder into a gzipped tar archive: sorted, without times and owners, so that the same content gives the same
 * archive. Links are kept as links; what is neither file, folder nor link is left out.
 */
export async function packFolder(folder: string, archive: string): Promise<void> {
  const tar = pack();
  const writing = pipeline(
    tar as unknown as NodeJS.ReadableStream,
    createGzip({ level: 6 }),
    createWriteStream(archive, { mode: 0o600 }),
  );
  writing.catch(() => undefined);
  await addFolder(tar, folder, '');
  tar.finalize();
  await writing;
}

async function addFolder(tar: Pack, root: string, path: string): Promise<void> {
  const names = (await readdir(join(root, path))).sort();
  for (const name of names) {
    const inside = path === '' ? name : `${path}/${name}`;
    const info = await lstat(join(root, inside));
    const header = { name: inside, mtime: new Date(0), uid: 0, gid: 0, mode: info.mode & 0o755 };
    if (info.isDirectory()) {
      await addEntry(tar, { ...header, type: 'directory' });
      await addFolder(tar, root, inside);
    } else if (info.isSymbolicLink()) {
      await addEntry(tar, { ...header, type: 'symlink', linkname: await readlink(join(root, inside)) });
    } else if (info.isFile()) await addFile(tar, join(root, inside), { ...header, type: 'file', size: info.size });
  }
}

function addEntry(tar: Pack, header: Parameters<Pack['entry']>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry(header, (error) => (error == null ? resolve() : reject(error)));
  });
}

async function addFile(tar: Pack, path: string, header: Parameters<Pack['entry']>[0]): Promise<void> {
  const sink = tar.entry(header);
  await pipeline(createReadStream(path), sink as unknown as NodeJS.WritableStream);
}
