import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { dirname, join, normalize, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

export interface UnpackLimits {
  readonly files: number;
  readonly bytes: number;
}

const standard: UnpackLimits = { files: 500_000, bytes: 4 * 1024 * 1024 * 1024 };

/** Takes a path of an archive only where it stays inside. */
function inside(name: string): string {
  const clean = posix.normalize(name.replaceAll('\\', '/')).replace(/\/$/, '');
  if (name.includes('\0') || clean.startsWith('/') || clean === '..' || clean.startsWith('../')) {
    throw new Error(`the archive names a file outside of itself: ${JSON.stringify(name)}`);
  }
  return clean;
}

/**
 * Unpacks a gzipped tar archive into an existing empty folder: files, folders, and links that stay inside. Archives
 * were checked when they were deployed or built; here nothing is taken on trust all the same.
 */
export async function unpack(archive: string, folder: string, limits: UnpackLimits = standard): Promise<void> {
  const entries = extract();
  const feeding = pipeline(createReadStream(archive), createGunzip(), entries as unknown as NodeJS.WritableStream);
  feeding.catch(() => undefined);
  const made = new Set<string>();
  let files = 0;
  let bytes = 0;
  for await (const entry of entries) {
    const { name, type, mode, linkname, size } = entry.header;
    const path = inside(name);
    files += 1;
    bytes += size;
    if (files > limits.files || bytes > limits.bytes) throw new Error('the archive is larger than is allowed');
    const target = join(folder, path);
    if (type === 'directory') await makeFolder(folder, path, made);
    else if (type === 'file' || type === 'contiguous-file') {
      await makeFolder(folder, dirname(path), made);
      await pipeline(
        entry as unknown as NodeJS.ReadableStream,
        createWriteStream(target, { flags: 'wx', mode: 0o600 }),
      );
      // The sandbox's own user reads it; nobody writes it any more.
      await chmod(target, (mode & 0o111) === 0 ? 0o444 : 0o555);
      continue;
    } else if (type === 'symlink') {
      inside(posix.isAbsolute(linkname) ? linkname : posix.join(posix.dirname(path), linkname));
      await makeFolder(folder, dirname(path), made);
      await symlink(linkname, target);
    } else throw new Error(`the archive holds a ${type}, which is neither file, folder nor link: ${path}`);
    entry.resume();
  }
  await feeding;
}

/** A file may not be written through a link that an earlier entry made, so folders are made one by one. */
async function makeFolder(root: string, path: string, made: Set<string>): Promise<void> {
  const clean = normalize(path);
  if (clean === '.' || clean === '' || made.has(clean)) return;
  await makeFolder(root, dirname(clean), made);
  await mkdir(join(root, clean), { mode: 0o755 });
  made.add(clean);
}
