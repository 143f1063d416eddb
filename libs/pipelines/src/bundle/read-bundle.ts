import { DomainError } from '@millrace/kernel';
import { type Bundle, bundleLimits, type BundleLimits, tooLarge } from './bundle.js';
import { readJsonBundle } from './read-json.js';
import { readTarGz } from './read-tar.js';

const archiveTypes = ['application/gzip', 'application/x-gzip', 'application/x-tar+gzip', 'application/x-gtar'];

/** Content types that `readBundle` takes. */
export const bundleContentTypes: readonly string[] = [...archiveTypes, 'application/json'];

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
  if (archiveTypes.includes(type)) return { files: await readTarGz(bytes, limits), inline: [] };
  throw new DomainError(
    'invalid',
    'bundle.content_type',
    `a bundle is sent as application/gzip (tar.gz) or application/json, not as ${type === '' ? 'nothing' : type}`,
  );
}
