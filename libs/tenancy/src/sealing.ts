import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes of every symmetric key. */
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** What AES-256-GCM makes of a plain text. */
export interface Sealed {
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly authTag: Buffer;
}

/** AES-256-GCM with a random nonce; `aad` binds the cipher text to its place, so that it opens nowhere else. */
export function seal(key: Buffer, plain: Buffer, aad: string): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(aad));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { nonce, ciphertext, authTag: cipher.getAuthTag() };
}

/** Undoes {@link seal}; throws where key, place or content are not the sealed ones. */
export function open(key: Buffer, sealed: Sealed, aad: string): Buffer {
  // A shorter tag would be accepted without this, and is far easier to forge.
  if (sealed.authTag.length !== tagBytes) throw new Error('the authentication tag has the wrong length');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.authTag);
  return Buffer.concat([decipher.update(sealed.ciphertext), decipher.final()]);
}

/** A key of its own for one purpose, so that no key is used for two. */
export function deriveKey(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `millrace/${purpose}`, keyBytes));
}

function pack({ nonce, authTag, ciphertext }: Sealed): Buffer {
  return Buffer.concat([nonce, authTag, ciphertext]);
}

function unpack(packed: Buffer): Sealed {
  if (packed.length < nonceBytes + tagBytes) throw new Error('the sealed value is too short');
  return {
    nonce: packed.subarray(0, nonceBytes),
    authTag: packed.subarray(nonceBytes, nonceBytes + tagBytes),
    ciphertext: packed.subarray(nonceBytes + tagBytes),
  };
}

/** {@link seal} as one buffer: nonce, tag, cipher text. */
export function sealPacked(key: Buffer, plain: Buffer, aad: string): Buffer {
  return pack(seal(key, plain, aad));
}

/** Undoes {@link sealPacked}. */
export function openPacked(key: Buffer, packed: Buffer, aad: string): Buffer {
  return open(key, unpack(packed), aad);
}

/** Keeps texts of the platform itself (stored responses) unreadable in the database. */
export class SealedText {
  private readonly key: Buffer;
  private readonly fingerprintKey: Buffer;

  constructor(masterKey: Buffer, purpose: string) {
    this.key = deriveKey(masterKey, purpose);
    this.fingerprintKey = deriveKey(masterKey, `${purpose}/fingerprint`);
  }

  /** A keyed hash (32 bytes): without the key nobody can guess at a short secret inside the parts. */
  fingerprint(...parts: readonly (string | Buffer)[]): Buffer {
    const hmac = createHmac('sha256', this.fingerprintKey);
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      // The length first, so that no two lists of parts run together to the same bytes.
      hmac.update(`${bytes.length}:`).update(bytes);
    }
    return hmac.digest();
  }

  /** Base64. */
  seal(text: string, aad: string): string {
    return sealPacked(this.key, Buffer.from(text), aad).toString('base64');
  }

  open(sealed: string, aad: string): string {
    return openPacked(this.key, Buffer.from(sealed, 'base64'), aad).toString('utf8');
  }
}
