import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { BundleFiles } from './bundle.js';

const compress = promisify(gzip);

export interface PackedFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** SHA-256 of its content. */
  readonly digest: string;
}

/** A bundle as it is stored and mounted. */
export interface PackedBundle {
  /** A gzipped tar archive. */
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, `sha256:…`: its name in the object store. */
  readonly digest: string;
  /** SHA-256 of the archive before compression: says whether two bundles have the same content, whatever zlib packed them. */
  readonly contentDigest: string;
  readonly files: readonly PackedFile[];
}

/** SHA-256 as digests are written everywhere: `sha256:…`. */
export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/**
 * Packs files so that the same contents always give the same archive: sorted by path, no times, no owners, two modes
 * (scripts with `#!` may be executed).
 */
export async function packBundle(files: BundleFiles): Promise<PackedBundle> {
  const archive = pack();
  const collected = buffer(archive);
  const listing: PackedFile[] = [];
  for (const path of [...files.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const bytes = files.get(path) as Buffer;
    const mode = bytes.subarray(0, 2).equals(Buffer.from('#!')) ? 0o755 : 0o644;
    archive.entry({ name: path, mode, mtime: new Date(0), uid: 0, gid: 0, type: 'file' }, bytes);
    listing.push({ path, sizeBytes: bytes.length, digest: sha256(bytes) });
  }
  archive.finalize();
  const tar = await collected;
  const bytes = await compress(tar, { level: 6 });
  return { bytes, digest: sha256(bytes), contentDigest: sha256(tar), files: listing };
}
