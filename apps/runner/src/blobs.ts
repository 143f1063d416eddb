import { createHash, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type BlobPart, blobPart, blobPartBytes, writeReply } from '@millrace/contracts/wire';
import { ConnectionLost, type GatewayClient } from './gateway-client.js';

/** Parts of one blob that are asked for at the same time. */
const window = 4;

/** Moves objects between this runner and the store behind the gateway. */
export class Blobs {
  constructor(private readonly gateway: GatewayClient) {}

  /** Downloads into a new file and checks the digest. */
  async download(grant: string, digest: string, path: string): Promise<void> {
    const file = await open(path, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      for await (const bytes of this.parts(grant, digest)) {
        hash.update(bytes);
        await file.writeFile(bytes);
      }
      check(digest, hash.digest('hex'));
    } finally {
      await file.close();
    }
  }

  /** Downloads into memory: inputs that are too large for the offer. */
  async read(grant: string, digest: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const bytes of this.parts(grant, digest)) parts.push(bytes);
    const whole = Buffer.concat(parts);
    check(digest, createHash('sha256').update(whole).digest('hex'));
    return whole;
  }

  /** Uploads bytes; gives their digest. */
  upload(grant: string, bytes: Buffer): Promise<string> {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    return this.send(grant, digest, bytes.length, (offset, length) =>
      Promise.resolve(bytes.subarray(offset, offset + length)),
    );
  }

  /** Uploads a file; gives its digest and size. */
  async uploadFile(grant: string, path: string): Promise<{ readonly digest: string; readonly sizeBytes: number }> {
    const file = await open(path, 'r');
    try {
      const hash = createHash('sha256');
      const buffer = Buffer.alloc(blobPartBytes);
      let sizeBytes = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, sizeBytes);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
        sizeBytes += bytesRead;
      }
      const digest = `sha256:${hash.digest('hex')}`;
      await this.send(grant, digest, sizeBytes, async (offset, length) => {
        const { bytesRead } = await file.read(buffer, 0, length, offset);
        return buffer.subarray(0, bytesRead);
      });
      return { digest, sizeBytes };
    } finally {
      await file.close();
    }
  }

  private async *parts(grant: string, digest: string): AsyncGenerator<Buffer> {
    const ask = (offset: number): Promise<BlobPart> =>
      this.gateway.ask({ type: 'blob.read', grant, digest, offset }, blobPart);
    const first = await ask(0);
    yield Buffer.from(first.data, 'base64');
    let asked = blobPartBytes;
    const underWay: Promise<BlobPart>[] = [];
    for (;;) {
      while (underWay.length < window && asked < first.totalBytes) {
        const part = ask(asked);
        // Whoever stops early leaves some of them unread.
        part.catch(() => undefined);
        underWay.push(part);
        asked += blobPartBytes;
      }
      const next = underWay.shift();
      if (next === undefined) return;
      yield Buffer.from((await next).data, 'base64');
    }
  }

  /** The parts of an upload hang on one connection; when it is lost, the upload begins again on the next. */
  private async send(
    grant: string,
    digest: string,
    sizeBytes: number,
    read: (offset: number, length: number) => Promise<Buffer>,
  ): Promise<string> {
    for (;;) {
      try {
        const upload = randomUUID();
        for (let offset = 0; ;) {
          const bytes = await read(offset, Math.min(blobPartBytes, sizeBytes - offset));
          const last = offset + bytes.length >= sizeBytes;
          const data = bytes.toString('base64');
          const part = { type: 'blob.write' as const, grant, upload, offset, data, ...(last ? { last: digest } : {}) };
          await this.gateway.ask(part, writeReply, { repeat: false });
          if (last) return digest;
          offset += bytes.length;
        }
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
      }
    }
  }
}

function check(digest: string, hex: string): void {
  if (digest !== `sha256:${hex}`) throw new Error(`the object ${digest} arrived with other bytes`);
}
