import { DomainError } from '@millrace/kernel';
import { badBundle, type Bundle, type BundleFiles, bundleLimits, type BundleLimits, tooLarge } from './bundle.js';
import { readJsonBundle } from './read-json.js';
import { readTarGz } from './read-tar.js';
import { readZip } from './read-zip.js';

const tarTypes = ['application/gzip', 'application/x-gzip', 'application/x-tar+gzip', 'application/x-gtar'];
const zipTypes = ['application/zip', 'application/x-zip-compressed'];
const anyType = 'application/octet-stream';

/** Content types that `readBundle` takes. */
export const bundleContentTypes: readonly string[] = [...tarTypes, ...zipTypes, anyType, 'application/json'];

/**
 * Reads a pushed bundle. Refuses, with codes `bundle.…`, everything that could reach outside of its folder, differ from
 * machine to machine, or grow beyond the limits.
 */
export async function readBundle(
  bytes: Buffer,
  contentType: string,
  limits: BundleLimits = bundleLimits,
): Promise<Bundle> {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (bytes.length > limits.uploadBytes) {
    throw tooLarge('bundle.too_large', `the upload is larger than ${limits.uploadBytes} bytes`);
  }
  if (type === 'application/json') return readJsonBundle(bytes, limits);
  if (bundleContentTypes.includes(type)) return { files: await readArchive(bytes, type, limits), inline: [] };
  throw new DomainError(
    'invalid',
    'bundle.content_type',
    `a bundle is sent as application/gzip (tar.gz), application/zip or application/json, not as ${type === '' ? 'nothing' : type}`,
  );
}

/** The first bytes say what an archive is: tools are careless with media types. */
function readArchive(bytes: Buffer, type: string, limits: BundleLimits): Promise<BundleFiles> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return readTarGz(bytes, limits);
  if (isZip(bytes)) return readZip(bytes, limits);
  const hint = 'send the result of `tar -czf bundle.tgz .` or of `zip -r bundle.zip .`';
  if (zipTypes.includes(type)) throw badBundle('bundle.not_zip', 'the body is no zip archive', { hint });
  throw badBundle('bundle.not_gzip', 'the body is neither gzip nor a zip archive', { hint });
}

/** A local header, or the end record of an archive with nothing in it. */
function isZip(bytes: Buffer): boolean {
  const magic = bytes.subarray(0, 4).toString('latin1');
  return magic === 'PK\u0003\u0004' || magic === 'PK\u0005\u0006';
}
