import { DomainError } from '@millrace/kernel';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { badBundle, type BundleFiles, type BundleLimits, tooLarge } from './bundle.js';
import { FileCollector } from './file-collector.js';
import { shown } from './path.js';

/** Stops the stream once it has given more bytes than a bundle may have; nothing beyond that is ever inflated. */
async function* guarded(gunzip: Gunzip, packedBytes: number, limits: BundleLimits): AsyncGenerator<Buffer> {
  let inflated = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    inflated += chunk.length;
    if (inflated > limits.totalBytes) {
      throw tooLarge('bundle.too_large', `the bundle is larger than ${limits.totalBytes} bytes unpacked`);
    }
    if (inflated > limits.ratioFromBytes && inflated > packedBytes * limits.ratio) {
      throw tooLarge('bundle.ratio', `the bundle unpacks to more than ${limits.ratio} times its size`);
    }
    yield chunk;
  }
}

const kinds: Readonly<Record<string, string>> = {
  link: 'a hard link',
  symlink: 'a symbolic link',
  'character-device': 'a device',
  'block-device': 'a device',
  fifo: 'a pipe',
};

async function takeEntry(header: Header, entry: AsyncIterable<Buffer>, files: FileCollector): Promise<void> {
  const { name, type } = header;
  if (type === 'directory') {
    // A folder is only a prefix of paths, but its name must be as harmless as theirs.
    files.folder(name);
    for await (const _ of entry) throw badBundle('bundle.entry', `the folder ${shown(name)} has content`);
    return;
  }
  if (type !== 'file' && type !== 'contiguous-file') {
    throw badBundle(
      'bundle.link',
      `${shown(name)} is ${kinds[type ?? ''] ?? `an entry of the kind "${type ?? 'unknown'}"`}; a bundle holds files only`,
      { file: name },
    );
  }
  const path = files.announce(name, header.size ?? 0);
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  files.keep(path, Buffer.concat(chunks));
}

/**
 * Reads a gzipped tar archive; never inflates more than the limits allow. What follows the end blocks of the archive is
 * read like the rest, so nothing can hide there.
 */
export async function readTarGz(bytes: Buffer, limits: BundleLimits): Promise<BundleFiles> {
  const gunzip = createGunzip();
  const archive = extract();
  const files = new FileCollector(limits);
  gunzip.end(bytes);
  const inflating = pipeline(Readable.from(guarded(gunzip, bytes.length, limits), { objectMode: false }), archive);
  const taking = (async () => {
    for await (const entry of archive) await takeEntry(entry.header, entry as AsyncIterable<Buffer>, files);
  })();
  const failures = (await Promise.allSettled([taking, inflating])).flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  gunzip.destroy();
  const refusal = failures.find((failure) => failure instanceof DomainError);
  if (refusal !== undefined) throw refusal;
  if (failures.length > 0) throw broken(failures[0]);
  if (gunzip.bytesWritten !== bytes.length) {
    throw badBundle('bundle.trailing', 'something follows the end of the compressed data');
  }
  return files.finish();
}

function broken(cause: unknown): DomainError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badBundle('bundle.not_tar', `the body is not a gzipped tar archive: ${reason}`);
}
