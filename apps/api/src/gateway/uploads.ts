import type { ObjectStore } from '@millrace/object-store';
import { DomainError, type TenantId } from '@millrace/kernel';
import { ProtocolError } from './frame-reader.js';

interface Waiting {
  resolve(result: IteratorResult<Buffer>): void;
}

/** Bytes on their way into the object store; `push` resolves when the store has taken them. */
class Upload implements AsyncIterable<Buffer> {
  receivedBytes = 0;
  readonly stored: Promise<{ readonly digest: string }>;
  private readonly parts: { readonly bytes: Buffer; readonly taken: () => void }[] = [];
  private waiting: Waiting | undefined;
  private ended = false;
  private failure: Error | undefined;

  constructor(store: ObjectStore, tenantId: TenantId, maxBytes: number) {
    this.stored = store.put(tenantId, this, { maxBytes });
    // A failure is reported to the part that meets it; without this it would also count as nobody's.
    this.stored.catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
      for (const part of this.parts.splice(0)) part.taken();
    });
  }

  async push(bytes: Buffer): Promise<void> {
    this.receivedBytes += bytes.length;
    if (this.failure === undefined) {
      await new Promise<void>((taken) => {
        this.parts.push({ bytes, taken });
        this.give();
      });
    }
    if (this.failure !== undefined) throw this.failure;
  }

  end(): void {
    this.ended = true;
    this.give();
  }

  /** Gives the upload up: the store keeps nothing. */
  abort(): void {
    this.failure ??= new DomainError('unavailable', 'upload.aborted', 'the upload was given up');
    this.give();
    for (const part of this.parts.splice(0)) part.taken();
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return {
      next: () =>
        new Promise<IteratorResult<Buffer>>((resolve, reject) => {
          if (this.failure !== undefined) reject(this.failure);
          else {
            this.waiting = { resolve };
            this.reject = reject;
            this.give();
          }
        }),
    };
  }

  private reject: ((error: Error) => void) | undefined;

  private give(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    if (this.failure !== undefined) {
      this.waiting = undefined;
      this.reject?.(this.failure);
      return;
    }
    const part = this.parts.shift();
    if (part === undefined && !this.ended) return;
    this.waiting = undefined;
    if (part === undefined) waiting.resolve({ done: true, value: undefined });
    else {
      waiting.resolve({ done: false, value: part.bytes });
      part.taken();
    }
  }
}

/** Uploads that one connection may have open at the same time. */
const maxUploads = 16;

/** The uploads of one connection. They end with it: a runner that comes back begins again. */
export class Uploads {
  private readonly open = new Map<string, Upload>();

  constructor(
    private readonly store: ObjectStore,
    private readonly tenantId: TenantId,
  ) {}

  /**
   * Takes one part; the last one names the digest of the whole. @throws ProtocolError where parts are out of order,
   * DomainError `upload.digest_mismatch` or `object.too_large` where the bytes are refused.
   */
  async write(
    key: string,
    part: { readonly offset: number; readonly bytes: Buffer; readonly last: string | undefined },
    maxBytes: number,
  ): Promise<number> {
    let upload = this.open.get(key);
    if (upload === undefined) {
      if (part.offset !== 0) throw new ProtocolError('upload.unknown', 'an upload begins at offset 0');
      if (this.open.size >= maxUploads)
        throw new ProtocolError('upload.too_many', `at most ${maxUploads} uploads at once`);
      upload = new Upload(this.store, this.tenantId, maxBytes);
      this.open.set(key, upload);
    } else if (part.offset === 0) {
      // Begun again: what came before is dropped.
      upload.abort();
      upload = new Upload(this.store, this.tenantId, maxBytes);
      this.open.set(key, upload);
    }
    if (part.offset !== upload.receivedBytes) {
      throw new ProtocolError('upload.out_of_order', `expected offset ${upload.receivedBytes}, not ${part.offset}`);
    }
    try {
      if (part.bytes.length > 0) await upload.push(part.bytes);
      if (part.last === undefined) return upload.receivedBytes;
      upload.end();
      const { digest } = await upload.stored;
      if (digest !== part.last) {
        throw new DomainError(
          'invalid',
          'upload.digest_mismatch',
          `the bytes have the digest ${digest}, not ${part.last}`,
        );
      }
      this.open.delete(key);
      return upload.receivedBytes;
    } catch (error) {
      upload.abort();
      this.open.delete(key);
      throw error;
    }
  }

  abort(): void {
    for (const upload of this.open.values()) upload.abort();
    this.open.clear();
  }
}
