import { createHash } from 'node:crypto';
import type { Digest } from './object-store.js';

/** The digest under which these bytes are stored. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
