import { DomainError } from '@millrace/kernel';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { badBundle, type BundleFiles, type BundleLimits, tooLarge } from './bundle.js';
import { crc32 } from './crc32.js';
import { FileCollector } from './file-collector.js';
import { shown } from './path.js';

const flags = { encrypted: 0x0001, strongEncryption: 0x0040, utf8: 0x0800, maskedHeader: 0x2000 } as const;
const zip64Field = 0x0001;
const locator = Buffer.from('PK\u0006\u0007', 'latin1');
/** Bytes of the end record, and of the locator that stands before it in a Zip64 archive. */
const endBytes = 22;
const locatorBytes = 20;

/** Kinds of entries in the mode of the system that packed them (the upper half of the external attributes). */
const modeKinds: Readonly<Record<number, string>> = {
  0x1000: 'a pipe',
  0x2000: 'a device',
  0x6000: 'a device',
  0xa000: 'a symbolic link',
  0xc000: 'a socket',
};

/**
 * Reads a zip archive by its central directory. Sizes that the archive declares are limits while it is inflated, and the
 * sums of them are judged before: nothing beyond the limits of a bundle is ever inflated.
 */
export async function readZip(bytes: Buffer, limits: BundleLimits): Promise<BundleFiles> {
  const zip = await open(bytes);
  const files = new FileCollector(limits);
  try {
    if (isZip64(bytes, zip)) throw zip64();
    let inflated = 0;
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      checkKind(entry, name);
      if (name.endsWith('/')) {
        if (entry.uncompressedSize > 0) throw badBundle('bundle.entry', `the folder ${shown(name)} has content`);
        files.folder(name);
        continue;
      }
      const path = files.announce(name, entry.uncompressedSize);
      inflated += entry.uncompressedSize;
      checkSizes(inflated, bytes.length, limits);
      const content = await contentOf(zip, entry, name);
      files.keep(path, content);
    }
  } catch (error) {
    throw error instanceof DomainError ? error : broken(error);
  } finally {
    zip.close();
  }
  return files.finish();
}

async function open(bytes: Buffer): Promise<ZipFile> {
  try {
    // Names are decoded here, so that every refusal has its own code.
    return await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true });
  } catch (error) {
    throw broken(error);
  }
}

/** Without the mark for UTF-8 a name's letters depend on the machine, but for ASCII. */
function nameOf(entry: Entry): string {
  const raw = entry.fileName as unknown as Buffer;
  const isAscii = raw.every((byte) => byte < 0x80);
  if (!isAscii && (entry.generalPurposeBitFlag & flags.utf8) === 0) {
    throw badBundle('bundle.path_encoding', `the path ${shown(raw.toString('latin1'))} is not marked as UTF-8`, {
      hint: 'pack it with a tool that writes names in UTF-8, or as tar.gz',
    });
  }
  return raw.toString('utf8');
}

function checkKind(entry: Entry, name: string): void {
  const { generalPurposeBitFlag: bits } = entry;
  if ((bits & (flags.encrypted | flags.strongEncryption | flags.maskedHeader)) !== 0) {
    throw badBundle('bundle.encrypted', `${shown(name)} is encrypted`, {
      file: name.slice(0, 300),
      hint: 'pack it without a password; secrets belong into the platform',
    });
  }
  const kind = modeKinds[(entry.externalFileAttributes >>> 16) & 0xf000];
  if (kind !== undefined) {
    throw badBundle('bundle.link', `${shown(name)} is ${kind}; a bundle holds files only`, {
      file: name.slice(0, 300),
    });
  }
  if (entry.extraFields.some(({ id }) => id === zip64Field)) throw zip64();
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw badBundle('bundle.entry', `${shown(name)} is packed by a method that is not "deflate"`, {
      file: name.slice(0, 300),
      hint: 'pack it with `zip -r bundle.zip .`, or as tar.gz',
    });
  }
}

function checkSizes(inflated: number, packed: number, limits: BundleLimits): void {
  if (inflated > limits.totalBytes) {
    throw tooLarge('bundle.too_large', `the bundle is larger than ${limits.totalBytes} bytes unpacked`);
  }
  if (inflated > limits.ratioFromBytes && inflated > packed * limits.ratio) {
    throw tooLarge('bundle.ratio', `the bundle unpacks to more than ${limits.ratio} times its size`);
  }
}

async function contentOf(zip: ZipFile, entry: Entry, name: string): Promise<Buffer> {
  const stream = await zip.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  if (crc32(content) !== entry.crc32 >>> 0) {
    throw badBundle('bundle.crc', `${shown(name)} is damaged: its check sum does not match`, {
      file: name.slice(0, 300),
      hint: 'pack the bundle again',
    });
  }
  return content;
}

function isZip64(bytes: Buffer, zip: ZipFile): boolean {
  const end = bytes.length - endBytes - (zip.comment as unknown as Buffer | string).length;
  const at = end - locatorBytes;
  return at >= 0 && bytes.subarray(at, at + locator.length).equals(locator);
}

function zip64(): DomainError {
  return badBundle('bundle.zip64', 'the archive is in the Zip64 form, which is for larger ones than a bundle may be', {
    hint: 'pack it with `zip -r bundle.zip .`, or as tar.gz',
  });
}

function broken(cause: unknown): DomainError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badBundle('bundle.not_zip', `the body is not a zip archive: ${reason.slice(0, 200)}`);
}
